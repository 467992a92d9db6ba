"""Which part of a sale comes back: pure. A sale and what was told in; money and lines out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from wallet_service.language import Money, phrase
from wallet_service.sales import told
from wallet_service.sales.errors import BadReturn, ReturnTooMuch
from wallet_service.sales.kept_sale import KeptSale


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsBack:
    """So many of one line of the sale: by its place from 1, or by its product."""

    quantity: int = 1
    line: int | None = None
    product: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """So much money, and so many of the lines by their number in the books."""

    amount: int
    goods: Mapping[int, int] = field(default_factory=dict)
    is_whole: bool = False  # with it, nothing of the sale is left


def part_of(sale: KeptSale, amount: int | None, back: Sequence[GoodsBack]) -> Part:
    """What comes back. Raises ReturnTooMuch or BadReturn."""
    if sale.amount is None:
        raise BadReturn(phrase("These were stamps and no goods. Undo them instead."))
    if sale.is_undone or not sale.left:
        raise ReturnTooMuch(phrase("Nothing is left of this sale to take back."), left=0)
    if amount is None and not back:
        rest = {place: line.left for place, line in sale.lines.items() if line.left}
        return Part(amount=sale.left, goods=rest, is_whole=True)
    goods = _goods(sale, back)
    if amount is None:
        amount = _worth(sale, goods)
    else:
        told.check_amount(amount)
    if amount > sale.left:
        left = Money(amount=sale.left, currency=sale.currency or "EUR")
        raise ReturnTooMuch(
            phrase("Only {left} of this sale can still come back.", left=left), left=sale.left
        )
    is_whole = amount == sale.left
    if is_whole:  # nothing was paid for what may be left of the goods
        goods = {place: line.left for place, line in sale.lines.items() if line.left}
    return Part(amount=amount, goods=goods, is_whole=is_whole)


def _goods(sale: KeptSale, back: Sequence[GoodsBack]) -> dict[int, int]:
    goods: dict[int, int] = {}
    places = sorted(sale.lines)
    for each in back:
        if each.quantity < 1 or (each.line is None) == (each.product is None):
            raise BadReturn(
                phrase("Say which line or which product comes back, and how many."), field="lines"
            )
        if each.line is not None:
            found = [places[each.line - 1]] if 1 <= each.line <= len(places) else []
        else:
            found = [p for p in places if sale.lines[p].goods.product == each.product]
        if not found:
            raise BadReturn(phrase("The sale has no such line."), field="lines")
        wanted = each.quantity
        for place in found:
            taken = min(wanted, sale.lines[place].left - goods.get(place, 0))
            if taken > 0:
                goods[place] = goods.get(place, 0) + taken
                wanted -= taken
        if wanted:
            raise ReturnTooMuch(
                phrase("More of these would come back than were bought."),
                left=each.quantity - wanted,
            )
    return goods


def _worth(sale: KeptSale, goods: Mapping[int, int]) -> int:
    """What was paid for some lines: their share of what was paid for all, so that the parts of a
    discounted sale add up to it."""
    told_worth = sum(line.goods.worth for line in sale.lines.values())
    before = sum(line.goods.price * line.returned for line in sale.lines.values())
    coming = sum(sale.lines[place].goods.price * quantity for place, quantity in goods.items())
    if all(line.left == goods.get(place, 0) for place, line in sale.lines.items()):
        return sale.left
    paid = sale.amount or 0
    share = (
        paid * (before + coming) // told_worth - paid * before // told_worth if told_worth else 0
    )
    return min(share, sale.left)
