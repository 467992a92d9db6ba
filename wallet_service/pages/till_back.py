"""What the till shows of goods that come back: the purchases, and what a return does, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy import Connection

from wallet_service import coupons
from wallet_service.brands import Brand
from wallet_service.coupons import Coupon
from wallet_service.language import Money, Phrase, Words, phrase
from wallet_service.pages import visit_words, when
from wallet_service.pages.till_sale import Row, stands
from wallet_service.programme import Ruleset
from wallet_service.programme.amount import unit_amount
from wallet_service.sales import visits
from wallet_service.sales.came_back import CameBack
from wallet_service.sales.kept_sale import KeptSale
from wallet_service.web.language import gettext as _
from wallet_service.web.language import said

# These only count, for tiers; nobody asks about them at a counter.
_COUNTED = ("visits", "purchase_total")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of a purchase of which something is left; `place` from 1."""

    place: int
    name: str
    price: Money
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """A purchase that goods may come back of."""

    source: str
    sale_id: str
    paid: Money
    left: Money
    when: str
    told: Markup
    items: tuple[Item, ...]
    used: tuple[Coupon, ...]

    @property
    def is_begun(self) -> bool:
        """Whether a part of it is back already."""
        return self.left != self.paid


@dataclass(frozen=True, slots=True, kw_only=True)
class Says:
    """A return in words, before it is told or after."""

    amount: Money
    rows: tuple[Row, ...]
    say: Phrase
    figures: tuple[str, ...]


def bought(connection: Connection, brand: Brand, sale: KeptSale) -> Bought:
    """A purchase as a cashier finds it again: when, how much, and what it gave."""
    currency = sale.currency or "EUR"
    visit = visits.one(connection, sale.member_id, sale.source, sale.sale_id)
    used = coupons.codes_used_in(connection, sale.member_id, sale.source, sale.sale_id)
    return Bought(
        source=sale.source,
        sale_id=sale.sale_id,
        paid=Money(amount=sale.amount or 0, currency=currency),
        left=Money(amount=sale.left, currency=currency),
        when=when.near(sale.occurred_at, brand.zone),
        told=visit_words.told(visit, currency) if visit is not None else Markup(""),
        items=tuple(
            Item(
                place=number,
                name=line.goods.product or line.goods.category or _("Line %(n)s", n=number),
                price=Money(amount=line.goods.price, currency=currency),
                left=line.left,
            )
            for number, (_place, line) in enumerate(sorted(sale.lines.items()), start=1)
            if line.left
        ),
        used=coupons.by_codes(connection, sale.member_id, used),
    )


def says(rules: Ruleset, back: CameBack) -> Says:
    """What a return takes off the card and gives back, each in a row. Pure."""
    answer = back.answer
    gone = [each for each in back.withdrawn if not each.was_used]
    again = [each for each in answer.coupons if each.code in answer.brought]
    # What went and came again at once has not gone.
    for each in list(gone):
        same = next((one for one in again if one.name == each.coupon.name), None)
        if same is not None:
            gone.remove(each)
            again.remove(same)
    rows = [
        Row(words=phrase("Off the card: {amount}", amount=each), kind="back")
        for each in _amounts(rules, back.taken)
    ]
    rows += [
        Row(words=phrase("{name} is taken back", name=each.coupon.name), kind="back")
        for each in gone
    ]
    rows += [
        Row(
            words=phrase(
                "On the card again: {amount}, for {name}", amount=each, name=one.coupon.name
            )
        )
        for one in back.withdrawn
        if one.was_used
        for each in _amounts(rules, one.price)
    ]
    rows += [
        Row(words=phrase("{name} can be used again", name=each.name)) for each in back.usable_again
    ]
    rows += [Row(words=phrase("It brings: {name}", name=each.name)) for each in again]
    rows += [Row(words=_stays(rules, each), kind="warn") for each in _amounts(rules, back.kept)]
    figures = [
        stands(rules, unit, balance)
        for unit, balance in answer.balances.items()
        if unit not in (*_COUNTED, "stamps")
    ]
    if answer.stamps is not None:
        stamps = answer.stamps
        figures.insert(0, said(phrase("{have} of {of} stamps", have=stamps.have, of=stamps.of)))
    return Says(
        amount=back.amount,
        rows=tuple(rows) or (Row(words=phrase("Nothing changes on the card."), kind="back"),),
        say=_aloud(rules, back, gone=[each.coupon.name for each in gone]),
        figures=tuple(figures),
    )


def _stays(rules: Ruleset, amount: Phrase) -> Phrase:
    if rules.returns.policy == "only_pending":
        return phrase("Stays on the card, as the shop has it: {amount}", amount=amount)
    return phrase("Used already, so it is not taken back: {amount}", amount=amount)


def _aloud(rules: Ruleset, back: CameBack, gone: Sequence[Words]) -> Phrase:
    """What to say to the member."""
    taken = _amounts(rules, back.taken)
    freed = [each.name for each in back.usable_again]
    if taken and gone:
        said = phrase(
            "That takes {taken} off your card, and with them: {gone}.",
            taken=_listed(taken),
            gone=_listed(gone),
        )
    elif taken or gone:
        said = phrase("That takes {taken} off your card.", taken=_listed(taken or gone))
    else:
        said = phrase("Your card stays as it is.")
    if not freed:
        return said
    again = phrase("You can use {freed} again.", freed=_listed(freed))
    return phrase("{said} {again}", said=said, again=again) if taken or gone else again


def _amounts(rules: Ruleset, units: Mapping[str, int]) -> list[Phrase]:
    return [
        unit_amount(unit, units[unit], rules.currency)
        for unit in rules.units
        if unit not in _COUNTED and units.get(unit)
    ]


def _listed(several: Sequence[Phrase] | Sequence[Words]) -> Phrase:
    """A, B and C."""
    *first, last = several
    if not first:
        return phrase("{one}", one=last)
    listed = phrase("{one}", one=first[0])
    for each in first[1:]:
        listed = phrase("{first}, {then}", first=listed, then=each)
    return phrase("{first} and {last}", first=listed, last=last)
