"""The forms of the settings."""

import re
from datetime import date, time

from flask_babel import lazy_gettext as _
from wtforms import (
    DateField,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms import Form as Part
from wtforms.validators import InputRequired, Length, Optional

from wallet_service.brands.opening import DAYS, SPECIAL_MAX, BadOpening, Hours, Opening, hours_of
from wallet_service.errors import Refusal
from wallet_service.language import phrase
from wallet_service.pages.console.sign_in_forms import Form
from wallet_service.web.language import said

SPECIAL_BLANK = 3
SPOKEN = {"en": "English", "fi": "Suomi", "sv": "Svenska"}

_filled = InputRequired(_("Please fill this in."))
_CLOCK = re.compile(r"([01]?\d|2[0-3])(?:[:.]?([0-5]\d))?|24(?:[:.]?00)?")


def _at_most(length: int) -> Length:
    return Length(max=length, message=_("That is too long."))


class Refusable(Form):
    """A form that finds the field that a room's refusal is about."""

    notice = ""

    def take(self, refusal: Refusal, otherwise: str = "") -> None:
        """Put what the room said beside its field, or above the form."""
        field = str(refusal.facts.get("field", otherwise))
        if field in self:
            self.refuse(field, refusal)
        else:
            self.notice = said(refusal.say)


class BrandForm(Refusable):
    """Who the brand is, to its members."""

    name = StringField(_("Name"), [_filled, _at_most(60)])
    contact_email = StringField(_("E-mail for members"), [_filled, _at_most(254)])
    contact_phone = StringField(_("Telephone for members"), [_at_most(120)])
    website = StringField(_("The shop’s own pages"), [_at_most(200)])
    language = SelectField(
        _("Language"), choices=[SelectChoice(tag, name) for tag, name in SPOKEN.items()]
    )
    time_zone = StringField(_("Time zone"), [_filled, _at_most(60)])


class ClockField(StringField):  # type: ignore[misc]
    """A time of day as people write it: 10, 10.30 or 10:30. (A browser's own field speaks of AM
    and PM to whoever has an English one.)"""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        found = _CLOCK.fullmatch(typed)
        if typed and not found:
            self.data = None
            raise ValueError(_("A time of day is written as 10:30."))
        self.data = time(int(found[1] or 0), int(found[2] or 0)) if found else None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])[:8]
        return f"{self.data:%H:%M}" if self.data else ""


class _DayPart(Part):  # type: ignore[misc]  # it has no types
    opens = ClockField()
    closes = ClockField()

    def hours(self, where: object) -> Hours | None:
        return hours_of(self.opens.data, self.closes.data, where=where)


class _SpecialPart(_DayPart):
    day = DateField(validators=[Optional()])


class LocationForm(Refusable):
    """A shop: what it is called, where it is, when it is open."""

    hours_notice = ""
    name = StringField(_("Name"), [_filled, _at_most(60)])
    address = StringField(_("Address"), [_at_most(120)])
    time_zone = StringField(_("Time zone"), [_at_most(60)])
    mon = FormField(_DayPart)
    tue = FormField(_DayPart)
    wed = FormField(_DayPart)
    thu = FormField(_DayPart)
    fri = FormField(_DayPart)
    sat = FormField(_DayPart)
    sun = FormField(_DayPart)
    special = FieldList(
        FormField(_SpecialPart), min_entries=SPECIAL_BLANK, max_entries=SPECIAL_MAX + SPECIAL_BLANK
    )

    def opening(self, today: date) -> Opening:
        """What was typed. Raises BadOpening, whose `where` is a weekday's name or a date."""
        week = {number: self[day].hours(day) for number, day in enumerate(DAYS)}
        special = {}
        for entry in self.special:
            if entry.day.data is not None:
                special[entry.day.data] = entry.form.hours(entry.day.data)
            elif entry.opens.data or entry.closes.data:
                raise BadOpening(phrase("Say which day these hours are for."), where=entry.name)
        kept = {number: hours for number, hours in week.items() if hours}
        return Opening(week=kept, special=special, is_said=bool(kept or special)).since(today)

    def show(self, opening: Opening) -> None:
        """Fill the rows with what is kept."""
        for number, day in enumerate(DAYS):
            _fill(self[day], opening.week.get(number))
        while self.special.entries:
            self.special.pop_entry()
        for day_of, hours in opening.special.items():
            entry = self.special.append_entry()
            entry.day.data = day_of
            _fill(entry, hours)
        for _blank in range(SPECIAL_BLANK):
            self.special.append_entry()


class StaffForm(Refusable):
    """Somebody's name, role and places."""

    name = StringField(_("Name"), [_filled, _at_most(60)])
    role = RadioField(_("Role"), [InputRequired(_("Choose a role."))])
    locations = SelectMultipleField(_("Shops"), [Optional()])


class NewStaffForm(StaffForm):
    """Somebody new, with the way they come in."""

    email = StringField(_("E-mail to sign in with"), [_at_most(254)])
    # Not a password's field: whoever gives a PIN reads it out.
    pin = StringField(_("PIN for the till"), [_at_most(16)])
    once = HiddenField(validators=[_filled, _at_most(40)])


class PinForm(Refusable):
    """Another PIN."""

    pin = StringField(_("New PIN"), [_filled, _at_most(16)])


class InviteForm(Refusable):
    """An address to sign in with."""

    email = StringField(_("E-mail to sign in with"), [_filled, _at_most(254)])
    once = HiddenField(validators=[_filled, _at_most(40)])


class OnceForm(Refusable):
    """A button whose answer is shown once."""

    once = HiddenField(validators=[_filled, _at_most(40)])


class TillForm(Refusable):
    """What a till is called, and where it stands."""

    name = StringField(_("Name"), [_filled, _at_most(60)])
    location_id = SelectField(_("Shop"))


class KeyForm(Refusable):
    """A key, what it opens, and where."""

    name = StringField(_("Who will hold it"), [_filled, _at_most(60)])
    scopes = SelectMultipleField(_("What it may do"), [InputRequired(_("Choose at least one."))])
    locations = SelectMultipleField(_("Shops that it speaks for"), [Optional()])
    once = HiddenField(validators=[_filled, _at_most(40)])


def _fill(row: object, hours: Hours | None) -> None:
    row.opens.data = hours.opens if hours else None  # type: ignore[attr-defined]
    row.closes.data = hours.closes if hours else None  # type: ignore[attr-defined]
