"""Take back: goods come back, so what they gave is taken off the card again. One transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from wallet_service.sales.answer import Answer
from wallet_service.sales.told import Counter


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsBack:
    """So many of one line of the sale: by its place from 1, or by its product."""

    quantity: int = 1
    line: int | None = None
    product: str | None = None

    def canonical(self) -> Mapping[str, Any]:
        return {"quantity": self.quantity, "line": self.line, "product": self.product}


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """Goods of a sale that came back: by their money or by their lines; neither means all that
    is left of it. With both, `amount` is what was paid back for the lines.

    `coupons` are codes that were used with the sale and are given back with a part of it; the
    whole sale gives back every one.
    """

    return_id: str
    sale_id: str
    amount: int | None = None
    lines: tuple[GoodsBack, ...] = ()
    coupons: tuple[str, ...] = ()
    occurred_at: datetime | None = None  # left out: now


def take_back(connection: Connection, counter: Counter, back: Return) -> Answer:
    """Take back what the goods gave: exactly what the sale would have given less without them.

    Raises UnknownSale, ReturnTooMuch, BadReturn, NothingToReturn or MemberLeft.
    """
    raise NotImplementedError
