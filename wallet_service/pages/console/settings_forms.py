"""The forms of the settings."""

import re
from datetime import date, time

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
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

from wallet_service.brands.opening import DAYS, SPECIAL_MAX, BadOpening, Hours, Opening
from wallet_service.errors import Refusal
from wallet_service.language import phrase
from wallet_service.pages.console.sign_in_forms import Form
from wallet_service.web.language import said

SPECIAL_BLANK = 3
SPOKEN = {"en": "English", "fi": "Suomi", "sv": "Svenska"}

_filled = InputRequired(_("Please fill this in."))
_CLOCK = r"([01]?\d|2[0-4])(?:[:.]([0-5]\d))?"
_HOURS = re.compile(rf"(?:klo?|kl\.)?\s*{_CLOCK}\s*[-–]\s*{_CLOCK}", re.IGNORECASE)


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


class HoursField(StringField):  # type: ignore[misc]  # it has no types
    """Hours as people write them: 10–18, 10.30-18 or 10:30–18:00; left empty, the day is closed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        found = _HOURS.fullmatch(typed)
        self.data = None
        if typed and not found:
            raise ValueError(_("Hours are written as 10:00–18:00."))
        if found:
            opens, closes = (time(int(found[n]) % 24, int(found[n + 1] or 0)) for n in (1, 3))
            self.data = Hours(opens=opens, closes=closes)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])[:20]
        return str(self.data or "")


class _SpecialPart(Part):  # type: ignore[misc]
    day = DateField(validators=[Optional(strip_whitespace=True)])
    hours = HoursField()


class LocationForm(Refusable):
    """A shop: what it is called, where it is, when it is open."""

    name = StringField(_("Name"), [_filled, _at_most(60)])
    address = StringField(_("Address"), [_at_most(120)])
    time_zone = StringField(_("Time zone"), [_at_most(60)])
    mon = HoursField()
    tue = HoursField()
    wed = HoursField()
    thu = HoursField()
    fri = HoursField()
    sat = HoursField()
    sun = HoursField()
    special = FieldList(
        FormField(_SpecialPart), min_entries=SPECIAL_BLANK, max_entries=SPECIAL_MAX + SPECIAL_BLANK
    )

    def opening(self, today: date) -> Opening:
        """What was typed. Raises BadOpening; its `field` is the row's."""
        week = {n: self[day].data for n, day in enumerate(DAYS) if self[day].data}
        special = {}
        for entry in self.special:
            if entry.day.data is not None:
                special[entry.day.data] = entry.hours.data
            elif entry.hours.data:
                raise BadOpening(phrase("Say which day these hours are for."), field="special")
        try:
            said = Opening(week=week, special=special, is_said=bool(week or special))
        except BadOpening as refusal:
            where = refusal.facts.get("where")
            refusal.facts["field"] = DAYS[where] if isinstance(where, int) else "special"
            raise
        return said.since(today)

    def show(self, opening: Opening) -> None:
        """Fill the rows with what is kept."""
        for number, day in enumerate(DAYS):
            self[day].data = opening.week.get(number)
        while self.special.entries:
            self.special.pop_entry()
        for day_of, hours in opening.special.items():
            entry = self.special.append_entry()
            entry.day.data, entry.hours.data = day_of, hours
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


class RecoverForm(OnceForm):
    """What was lost: the password alone, or the phone as well."""

    whole = BooleanField(_("Lost the phone too: also take away codes and passkeys"))


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
