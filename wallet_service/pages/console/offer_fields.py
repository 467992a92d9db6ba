"""The fields of an offer, each with what can be wrong with it by itself."""

import re
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from wallet_service.pages.console import offer_typed
from wallet_service.pages.console.settings_forms import Refusable

filled = InputRequired(_("Please fill this in."))
_empty = Optional(strip_whitespace=True)
_some = NumberRange(min=1, max=1_000_000, message=_("Write a whole number, 1 or more."))


def at_most(length: int) -> Length:
    return Length(max=length, message=_("That is too long."))


def _near(_form: object, field: DateField) -> None:
    # A year of two digits, typed in a hurry, is one of the first century.
    if field.data is not None and not 2000 <= field.data.year <= 2100:
        raise ValidationError(_("Write a year from 2000 to 2100."))


def _moment(label: object, checks: list[Any]) -> DateTimeLocalField:
    # As a browser writes and reads it; it shows nothing where seconds or a space stand.
    return DateTimeLocalField(
        label, [*checks, _near], format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
    )


def _count(label: object, **more: Any) -> IntegerField:
    return IntegerField(label, [_empty, _some], **more)


class OfferFields(Refusable):
    """All that may be said of an offer, whatever its kind."""

    kind = HiddenField()
    name_en = StringField()
    name_fi = StringField()
    name_sv = StringField()
    terms_en = TextAreaField()
    terms_fi = TextAreaField()
    terms_sv = TextAreaField()
    much = StringField(_("How much"), [at_most(100)])
    much_as = SelectField(_("A share or a sum"))
    event = StringField(_("Event"), [filled, at_most(100)])
    place = StringField(_("Place"), [at_most(100)])
    starts_at = _moment(_("Begins"), [filled])
    ends_at = _moment(_("Ends"), [filled])
    admissions = IntegerField(
        _("How many come in with one ticket"),
        [filled, NumberRange(1, 1000, _("Write a whole number from 1 to 1000."))],
        default=1,
    )
    re_entry = BooleanField(_("Whoever goes out may come in again"))
    first_day = DateField(_("First day"), [_empty, _near])
    last_day = DateField(_("Last day"), [_empty, _near])
    admits_from = _moment(_("Doors open"), [_empty])
    admits_to = _moment(_("Doors close"), [_empty])
    days = IntegerField(
        _("Good for so many days after it is given"),
        [_empty, NumberRange(0, 3650, _("Write a whole number from 0 to 3650."))],
    )
    weekdays = SelectMultipleField(_("Days of the week"), [_empty])
    from_hour = TimeField(_("From, by the clock"), [_empty])
    to_hour = TimeField(_("To, by the clock"), [_empty])
    locations = SelectMultipleField(_("Shops"), [_empty])
    purchase_min = StringField(_("Least purchase"), [at_most(20)])
    products = StringField(_("Only for these products"), [at_most(2000)])
    categories = StringField(_("Only for these kinds of goods"), [at_most(2000)])
    quota = _count(_("How many in all"))
    per_member = _count(_("For each member"))
    alone = BooleanField(_("Not together with another coupon in one sale"))
    own_pass = BooleanField(_("May be a pass of its own in Wallet, beside the card"))
    then = SelectField(_("Once used, it brings"))
    shared_code = StringField(_("Shared code"), [at_most(20)])

    currency = "EUR"
    language = "en"  # the brand's own

    def validate_much(self, field: StringField) -> None:
        typed, way = (field.data or "").strip(), self.much_as.data
        if not typed:
            if self.kind.data == "discount" or way:
                raise ValidationError(_("Say how much."))
            return
        if way == "percent" and not offer_typed.percent(typed):
            raise ValidationError(_("Write a whole number from 1 to 100."))
        if way == "amount" and offer_typed.minor(typed, self.currency) is None:
            raise ValidationError(_("Write a sum like 5 or 5,50."))
        if not way:
            raise ValidationError(_("Choose what the figure beside it is."))

    def validate_purchase_min(self, field: StringField) -> None:
        if (field.data or "").strip() and offer_typed.minor(field.data, self.currency) is None:
            raise ValidationError(_("Write a sum like 5 or 5,50."))

    def validate_shared_code(self, field: StringField) -> None:
        if field.data and not re.fullmatch(r"[A-Za-z0-9]{3,20}", field.data.strip()):
            raise ValidationError(_("A code is 3 to 20 letters A–Z and digits, without spaces."))

    def validate_last_day(self, field: DateField) -> None:
        if field.data and self.first_day.data and field.data < self.first_day.data:
            raise ValidationError(_("This day is before the first one."))

    def validate_ends_at(self, field: DateTimeLocalField) -> None:
        if field.data and self.starts_at.data and field.data <= self.starts_at.data:
            raise ValidationError(_("It cannot end before it begins."))

    def validate_to_hour(self, field: TimeField) -> None:
        if field.data is not None and field.data == self.from_hour.data:
            raise ValidationError(_("The two hours are the same."))
