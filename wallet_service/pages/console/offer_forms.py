"""The form of an offer: what a shop types, and the promise that it makes."""

from collections.abc import Mapping, Sequence
from typing import Any, Self
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _
from wtforms import SelectChoice

from wallet_service.coupons import promise as promises
from wallet_service.coupons.promise import Promise
from wallet_service.errors import Refusal
from wallet_service.language import LANGUAGES
from wallet_service.pages.console import offer_typed, offers_words
from wallet_service.pages.console.offer_fields import OfferFields, at_most, filled
from wallet_service.pages.console.offer_typed import DOORS, TICKET
from wallet_service.pages.console.settings_forms import SPOKEN

KINDS = ("discount", "benefit", "ticket")

_WORDS = ("name", "terms")
_NAME_MAX, _TERMS_MAX = 100, 2000
_GOODS = ("much", "much_as", "first_day", "last_day")
_AT_TILL = ("days", "weekdays", "from_hour", "to_hour", "purchase_min", "products", "categories")
_AT_TILL_TOO = ("alone", "then")
# What stands folded away until somebody wants it, or has it.
MORE = (*DOORS, *_AT_TILL, "locations", "quota", "per_member", *_AT_TILL_TOO, "shared_code")

# Where the room's own word for a place is not the form's.
_PLACES = {
    "worth": "much", "worth.amount": "much", "worth.percent": "much", "worth.product": "much",
    "validity": "last_day", "conditions": "to_hour", "ticket": "ends_at",
}  # fmt: skip


class OfferForm(OfferFields):
    """What a kind of offer is asked; `of` leaves only that."""

    @classmethod
    def of(
        cls,
        kind: str,
        *,
        languages: Sequence[str],
        language: str,
        currency: str,
        shops: Mapping[str, str],
        others: Mapping[str, str],
        sent: bool,
        there: Mapping[str, Any] | None = None,
    ) -> Self:
        """The form for a kind: as it was sent, or with what is `there`."""
        stands = {"own_pass": kind == "ticket", **(there or {}), "kind": kind}
        form = cls(kind=kind) if sent else cls(formdata=None, **stands)
        form.language, form.currency = language, currency
        unasked = {*_GOODS, *_AT_TILL, *_AT_TILL_TOO} if kind == "ticket" else {*TICKET, *DOORS}
        if len(shops) < 2 and not (there and there.get("locations")):
            unasked.add("locations")
        if not others:
            unasked.add("then")
        for tag in set(LANGUAGES) - {language, *languages}:
            unasked |= {f"name_{tag}", f"terms_{tag}"}
        for name in unasked & set(form._fields):
            del form[name]
        form._offer_choices(kind, shops, others)
        form._name_languages()
        if kind == "discount":
            form.much.flags.required = True
        return form

    @property
    def in_languages(self) -> list[tuple[str, str]]:
        """Its languages and what they are called; the brand's own comes first."""
        there = sorted(
            (tag for tag in LANGUAGES if f"name_{tag}" in self),
            key=lambda tag: tag != self.language,
        )
        return [(tag, SPOKEN[tag]) for tag in there]

    @property
    def more_is_said(self) -> bool:
        """Whether something that is folded away is filled in, or wrong."""
        return any(self[name].data or self[name].errors for name in MORE if name in self)

    @property
    def others_are_said(self) -> bool:
        """Whether the words of another language are filled in, or wrong."""
        names = [f"{field}_{tag}" for tag, _name in self.in_languages[1:] for field in _WORDS]
        return any(self[name].data or self[name].errors for name in names)

    def words(self, field: str, before: Mapping[str, str] | None = None) -> dict[str, str]:
        """The name or the terms in each language; a language not asked for keeps its words."""
        found = dict(before or {})
        for tag, _name in self.in_languages:
            typed = (self[f"{field}_{tag}"].data or "").strip()
            found.pop(tag, None)
            if typed:
                found[tag] = typed
        return found

    def promise(self, zone: ZoneInfo, before: Promise | None = None) -> Promise:
        """What was typed; what the form does not ask for stays. Raises BadOffer."""
        said: dict[str, Any] = before.model_dump(mode="json", exclude_none=True) if before else {}
        said["kind"] = before.kind if before else self.kind.data
        if said["kind"] == "ticket":
            ticket = said.setdefault("ticket", {})
            for name in (*TICKET, *DOORS):
                ticket[name] = offer_typed.plain(self[name].data, zone)
        else:
            said["worth"] = self._worth()
            valid = said.setdefault("validity", {})
            for name in ("first_day", "last_day", "days"):
                valid[name] = offer_typed.plain(self[name].data, zone)
        asked = said.setdefault("conditions", {})
        for name in ("weekdays", "from_hour", "to_hour", "locations"):
            if name in self:
                asked[name] = offer_typed.plain(self[name].data, zone)
        for name in ("products", "categories"):
            if name in self:
                asked[name] = offer_typed.listed(self[name].data)
        if "purchase_min" in self:
            asked["purchase_min"] = offer_typed.minor(self.purchase_min.data, self.currency)
        for name in ("quota", "per_member", "alone", "then", "shared_code"):
            if name in self:
                said[name] = offer_typed.plain(self[name].data, zone)
        # Said only where it is another than the kind's own, so that it stays the same promise.
        wanted = bool(self.own_pass.data)
        said["own_pass"] = wanted if wanted != (said["kind"] == "ticket") else None
        return promises.read({name: value for name, value in said.items() if value is not None})

    def take(self, refusal: Refusal, otherwise: str = "") -> None:
        """Each fault beside its field, in words of this page where it has them."""
        faults = refusal.facts.get("faults")
        if not isinstance(faults, list):
            super().take(refusal, otherwise)
            return
        for each in faults:
            field, words = self._field_of(each["at"]), offer_typed.sentence(each["fault"])
            if field in self:
                self[field].errors = [*self[field].errors, words]
            else:
                self.notice = f"{self.notice} {words}".strip()

    def _worth(self) -> dict[str, object] | None:
        typed, way = (self.much.data or "").strip(), self.much_as.data
        if not typed:
            return None
        if way == "percent":
            return {"percent": offer_typed.percent(typed)}
        return {way: offer_typed.minor(typed, self.currency) if way == "amount" else typed}

    def _field_of(self, place: str) -> str:
        steps = place.split(".")
        if steps[0] in ("name", "terms"):
            tag = steps[1] if len(steps) > 1 else self.language
            return f"{steps[0]}_{tag}"
        if steps[0] == "key":
            return f"name_{self.language}"
        steps = [each for each in steps if not each.isdigit()]
        return _PLACES.get(".".join(steps), steps[-1])

    def _offer_choices(
        self, kind: str, shops: Mapping[str, str], others: Mapping[str, str]
    ) -> None:
        if "much_as" in self:
            none = [] if kind == "discount" else [SelectChoice("", _("the words say it"))]
            self.much_as.choices = [
                *none,
                SelectChoice("percent", _("per cent off")),
                SelectChoice(
                    "amount", _("%(currency)s off", currency=offer_typed.symbol(self.currency))
                ),
                SelectChoice("product", _("this product for nothing")),
            ]
        if "weekdays" in self:
            named = offers_words.weekday_names()
            self.weekdays.choices = [SelectChoice(day, name) for day, name in named.items()]
        if "locations" in self:
            self.locations.choices = [SelectChoice(*each) for each in shops.items()]
        if "then" in self:
            self.then.choices = [
                SelectChoice("", _("nothing")), *(SelectChoice(*each) for each in others.items())
            ]  # fmt: skip

    def _name_languages(self) -> None:
        there = self.in_languages
        for tag, language in there:
            name, terms = self[f"name_{tag}"], self[f"terms_{tag}"]
            name.validators, terms.validators = [at_most(_NAME_MAX)], [at_most(_TERMS_MAX)]
            if tag == self.language:
                name.validators = [filled, *name.validators]
                name.flags.required = True
            alone = len(there) == 1
            name.label.text = _("Name") if alone else _("Name, %(language)s", language=language)
            terms.label.text = (
                _("What the member reads")
                if alone
                else _("What the member reads, %(language)s", language=language)
            )
