"""The forms about a member."""

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    DateField,
    EmailField,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
)
from wtforms.validators import InputRequired, Optional, ValidationError

from wallet_service import clock, ids
from wallet_service.enrolment import Changes, NewMember
from wallet_service.members import plain
from wallet_service.members.people import Person
from wallet_service.pages.console import frame, offer_typed
from wallet_service.pages.console.settings_forms import Refusable
from wallet_service.programme import Ruleset
from wallet_service.programme.part import MONEY_UNITS
from wallet_service.sales.by_hand import Correct, GiveStamps, TakeBack
from wallet_service.web.language import chosen

_filled = InputRequired(_("Please fill this in."))
_LANGUAGES = [
    SelectChoice("fi", "Suomi"), SelectChoice("sv", "Svenska"), SelectChoice("en", "English")
]  # fmt: skip


def _name(_form: object, field: StringField) -> None:
    if not plain.is_name((field.data or "").strip()):
        raise ValidationError(_("A name has at most 100 letters, on one line."))


def _email(_form: object, field: StringField) -> None:
    if not plain.is_email((field.data or "").strip()):
        raise ValidationError(_("This is no e-mail address."))


def _phone(_form: object, field: StringField) -> None:
    if not plain.is_phone((field.data or "").strip()):
        raise ValidationError(_("This is no phone number; write it like +358 40 1234567."))


def _birthday(_form: object, field: DateField) -> None:
    today = clock.now().astimezone(frame.current().brand.zone).date()
    if field.data is None or not plain.is_birthday(field.data, today):
        raise ValidationError(_("Nobody can have been born then."))


class DetailsForm(Refusable):
    """What is known of a person, and what they said yes to, by channel."""

    given_name = StringField(_("First name"), [_filled, _name])
    family_name = StringField(_("Last name"), [Optional(), _name])
    email = EmailField(_("E-mail"), [Optional(), _email])
    phone = TelField(_("Telephone"), [Optional(), _phone])
    language = SelectField(_("Language of the card"), choices=_LANGUAGES)
    birthday = DateField(_("Birthday"), [Optional(), _birthday])
    consents = SelectMultipleField(_("Said yes to"), validate_choice=True)

    def ask_for(self, rules: Ruleset) -> None:
        """Ask only for consents that the programme has a wording for."""
        self.consents.choices = [
            SelectChoice(channel, rules.consent_wording(channel, chosen()))
            for channel in rules.consents
        ]

    @property
    def said_yes(self) -> Mapping[str, bool]:
        """What the member answers, by every channel that was asked for."""
        return {each.value: each.value in (self.consents.data or []) for each in self._asked()}

    def as_changes(self) -> Changes:
        """The whole form, as a correction."""
        changes: Changes = {
            "given_name": self.given_name.data.strip(),
            "family_name": (self.family_name.data or "").strip(),
            "email": (self.email.data or "").strip() or None,
            "phone": (self.phone.data or "").strip() or None,
            "birthday": self.birthday.data.isoformat() if self.birthday.data else None,
            "language": self.language.data,
            "consents": self.said_yes,
        }
        return changes

    def _asked(self) -> list[SelectChoice]:
        return list(self.consents.choices or [])


class NewMemberForm(DetailsForm):
    """Somebody who comes. `event` makes a second press the first."""

    event = HiddenField(default=ids.new_id)

    def as_new_member(self) -> NewMember:
        return NewMember(
            given_name=self.given_name.data.strip(),
            family_name=(self.family_name.data or "").strip(),
            email=(self.email.data or "").strip() or None,
            phone=(self.phone.data or "").strip() or None,
            language=self.language.data,
            birthday=self.birthday.data,
            consents={channel: True for channel, yes in self.said_yes.items() if yes},
        )


class _WithReason(Refusable):
    event = HiddenField(default=ids.new_id)
    reason = StringField(_("Why"), [_filled])


class StampsForm(_WithReason):
    """Stamps by hand."""

    count = IntegerField(_("How many"), [InputRequired(_("Say how many."))], default=1)

    def wish(self, member_id: str) -> GiveStamps:
        return GiveStamps(
            event_id=self.event.data, member_id=member_id, reason=self.reason.data,
            count=self.count.data,
        )  # fmt: skip


class BalanceForm(_WithReason):
    """A balance that is wrong."""

    _currency = "EUR"
    unit = SelectField(_("What"))
    way = SelectField(
        _("Which way"),
        choices=[SelectChoice("up", _("add")), SelectChoice("down", _("take off"))],
    )
    amount = StringField(_("How many"), [InputRequired(_("Say how many."))])

    def ask_for(self, rules: Ruleset) -> None:
        """Only what the programme counts."""
        names = {
            "stamps": _("stamps"), "points": _("points"), "visits": _("visits"),
            "bonus": _("bonus, in %(currency)s", currency=offer_typed.symbol(rules.currency)),
            "purchase_total": _(
                "purchases, in %(currency)s", currency=offer_typed.symbol(rules.currency)
            ),
        }  # fmt: skip
        self._currency = rules.currency
        self.unit.choices = [SelectChoice(unit, names[unit]) for unit in rules.units]

    def wish(self, member_id: str) -> Correct:
        sign = -1 if self.way.data == "down" else 1
        return Correct(
            event_id=self.event.data, member_id=member_id, reason=self.reason.data,
            unit=self.unit.data, amount=sign * (self._typed() or 0), currency=self._currency,
        )  # fmt: skip

    def validate_amount(self, _field: StringField) -> None:
        if self._typed() is not None:
            return
        if self.unit.data in MONEY_UNITS:
            raise ValidationError(_("Write the sum like 12.50."))
        raise ValidationError(_("Say how many, as a number above zero."))

    def _typed(self) -> int | None:
        """In the unit's own smallest part; None for what is no amount of it."""
        typed = (self.amount.data or "").strip()
        if self.unit.data in MONEY_UNITS:
            return offer_typed.minor(typed, self._currency)
        return int(typed) if re.fullmatch(r"[0-9]{1,9}", typed) and int(typed) else None


class TakeBackForm(_WithReason):
    """A visit that should not have been."""

    source = HiddenField(validators=[_filled])
    key = HiddenField(validators=[_filled])

    def wish(self, member_id: str) -> TakeBack:
        return TakeBack(
            event_id=self.event.data, member_id=member_id, reason=self.reason.data,
            source=self.source.data, sale_id=self.key.data,
        )  # fmt: skip


class EventForm(Refusable):
    """A button that is pressed once."""

    event = HiddenField(default=ids.new_id)


class RefuseForm(Refusable):
    """Why not."""

    reason = StringField(_("Why not"), [_filled])


def of(person: Person, consents: Mapping[str, bool]) -> dict[str, Any]:
    """What is known already, as the details' form begins."""
    return {
        "given_name": person.given_name,
        "family_name": person.family_name,
        "email": person.email or "",
        "phone": person.phone or "",
        "language": person.language,
        "birthday": person.birthday,
        "consents": [channel for channel, yes in consents.items() if yes],
    }
