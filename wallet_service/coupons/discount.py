"""Discount: what a coupon takes off a purchase, in minor units; pure, never more than the sale."""

from collections.abc import Sequence

from wallet_service.coupons.promise import Promise
from wallet_service.coupons.use import Line


def worth_of(promise: Promise, amount: int | None, lines: Sequence[Line] = ()) -> int | None:
    """What the promise takes off, or None where that cannot be known from what was told.

    `amount` is what is paid for all of it; left out, the lines say.
    """
    worth = promise.worth
    if worth is None:
        return None
    if amount is None:
        if not lines:
            return None
        amount = _price(lines)
    if worth.product is not None:
        prices = [each.price for each in lines if each.product == worth.product and each.quantity]
        # The dearest, where one product has several prices: the doubt is the member's.
        return _within(amount, max(prices)) if prices else None
    base = _base(promise, amount, lines)
    if base is None:
        return None
    if worth.amount is not None:
        return _within(base, worth.amount)
    assert worth.percent is not None
    return _within(base, (base * worth.percent + 50) // 100)  # half a cent goes to the member


def fits(promise: Promise, line: Line) -> bool:
    """Whether a line is of the goods that the promise is for."""
    of = promise.conditions
    if of.products is None and of.categories is None:
        return True
    return line.product in (of.products or ()) or line.category in (of.categories or ())


def _base(promise: Promise, amount: int, lines: Sequence[Line]) -> int | None:
    of = promise.conditions
    if of.products is None and of.categories is None:
        return max(0, amount)
    if not lines:
        return None
    return _within(amount, _price([each for each in lines if fits(promise, each)]))


def _price(lines: Sequence[Line]) -> int:
    return sum(each.quantity * each.price for each in lines)


def _within(most: int, wanted: int) -> int:
    return max(0, min(most, wanted))
