"""A sale as it was told and as it stands: what of it is back, and what the rest of it earns."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import programme
from wallet_service.ledger.tables import entry as ledger_entry
from wallet_service.programme import Ruleset
from wallet_service.programme.earn import (
    Context,
    Counted,
    Earnings,
    Goods,
    Purchase,
    earn,
)
from wallet_service.sales import context, tables


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLine:
    """One line of a sale, and how many of it are back."""

    goods: Goods
    returned: int = 0

    @property
    def left(self) -> int:
        return self.goods.quantity - self.returned


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSale:
    """A sale in the books. `amount` is None where a cashier only stamped."""

    member_id: str
    source: str
    sale_id: str
    entry: int
    amount: int | None
    returned: int
    currency: str | None
    occurred_at: datetime
    is_undone: bool
    lines: Mapping[int, KeptLine] = field(default_factory=dict)
    context: Context = field(default_factory=Context)
    told_counted: tuple[Counted, ...] = ()  # as it was before anything came back

    @property
    def left(self) -> int:
        """How much of its money is not back yet."""
        return (self.amount or 0) - self.returned

    def without(self, amount: int, goods: Mapping[int, int]) -> "KeptSale":
        """The sale when so much of its money and so many of its lines are back. Pure."""
        lines = {
            place: replace(line, returned=line.returned + goods.get(place, 0))
            for place, line in self.lines.items()
        }
        return replace(self, returned=self.returned + amount, lines=lines)

    def earnings(self, rules: Ruleset) -> Earnings:
        """What is left of it would have given, at its time and under what held then. Pure."""
        if self.left <= 0:
            return Earnings()
        return earn(rules, self.purchase, self.context)

    def counted(self, rules: Ruleset) -> dict[tuple[str, str], tuple[int, int]]:
        """How far it carried each rule: money and units, by rule and period. Pure."""
        counted = self.earnings(rules).counted if self.returned else self.told_counted
        return {(each.rule, each.period): (each.amount, each.given) for each in counted}

    @property
    def purchase(self) -> Purchase:
        """What is left of it, as the rules see it. Pure."""
        return Purchase(amount=self.left, lines=self._goods(), at=self.occurred_at)

    def _goods(self) -> tuple[Goods, ...]:
        rest = [(line.goods, line.left) for line in self.lines.values() if line.left]
        worth = sum(goods.price * left for goods, left in rest)
        told = sum(line.goods.worth for line in self.lines.values())
        # Money that came back without its goods came off all that is left, in proportion.
        covered = told * self.left // self.amount if self.amount else 0
        if worth <= covered:
            return tuple(replace(goods, quantity=left) for goods, left in rest)
        return tuple(
            replace(goods, quantity=1, price=goods.price * left * covered // worth)
            for goods, left in rest
        )


def of(connection: Connection, member_id: str, source: str, sale_id: str) -> KeptSale | None:
    """The sale, or None. The member is locked by the caller."""
    sale, line = tables.sale, tables.sale_line
    row = connection.execute(sa.select(sale).where(is_it(sale, member_id, source, sale_id))).first()
    if row is None:
        return None
    lines = connection.execute(
        sa.select(line).where(is_it(line, member_id, source, sale_id)).order_by(line.c.line)
    )
    before, counted = context.of_sale(row.context)
    return KeptSale(
        member_id=member_id,
        source=source,
        sale_id=sale_id,
        entry=row.entry,
        amount=row.amount,
        returned=row.returned,
        currency=row.currency,
        occurred_at=row.occurred_at,
        is_undone=row.voided_at is not None,
        lines={each.line: line_of(each) for each in lines},
        context=before,
        told_counted=counted,
    )


def rules_of(connection: Connection, programme_id: str, sale: KeptSale) -> Ruleset:
    """The rules that gave what it gave."""
    number = connection.execute(
        sa.select(ledger_entry.c.rule_version).where(
            ledger_entry.c.member_id == sale.member_id, ledger_entry.c.number == sale.entry
        )
    ).scalar_one()
    return programme.numbered(connection, programme_id, number).rules


def is_it(table: sa.Table, member_id: str, source: str, sale_id: str) -> sa.ColumnElement[bool]:
    """The rows of a table that are of this sale."""
    return (
        (table.c.member_id == member_id) & (table.c.source == source) & (table.c.sale_id == sale_id)
    )


def line_of(row: sa.Row[tuple[object, ...]]) -> KeptLine:
    """A line of a sale as it stands."""
    goods = Goods(
        product=row.product, category=row.category, quantity=row.quantity, price=row.price
    )
    return KeptLine(goods=goods, returned=row.returned)
