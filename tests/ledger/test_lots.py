"""Lots: used soonest-expiring first, put back where they came from, the same in any replay."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from wallet_service.ledger import Account, Line, lots

START = datetime(2026, 11, 25, tzinfo=UTC)


def gain(amount: int, days: int | None = None) -> list[Line]:
    expires_at = None if days is None else START + timedelta(days=days)
    return [
        Line(unit="points", account=Account.AVAILABLE, amount=amount, expires_at=expires_at),
        Line(unit="points", account=Account.ISSUED, amount=-amount),
    ]


def loss(amount: int) -> list[Line]:
    return [
        Line(unit="points", account=Account.AVAILABLE, amount=-amount),
        Line(unit="points", account=Account.REDEEMED, amount=amount),
    ]


def left(found: dict[lots.LotKey, lots.Lot]) -> dict[int, int]:
    return {number: lot.remaining for (number, _), lot in found.items()}


def after(*entries: list[Line]) -> lots.Applied:
    applied = lots.Applied(lots={}, uses=(), owed={}, astray={})
    for number, lines in enumerate(entries, start=1):
        applied = lots.apply(applied.lots, number, lines)
    return applied


def test_what_expires_first_is_used_first_and_what_never_does_last() -> None:
    applied = after(gain(5), gain(5, days=90), gain(5, days=30), loss(8))

    assert left(applied.lots) == {1: 5, 2: 2, 3: 0}
    assert [(use.lot[0], use.amount) for use in applied.uses] == [(2, 3), (3, 5)]


def test_lots_that_expire_together_are_used_in_the_order_they_were_recorded() -> None:
    assert left(after(gain(5, days=30), gain(5, days=30), loss(6)).lots) == {1: 0, 2: 4}


def test_what_is_not_there_is_named_and_nothing_goes_below_zero() -> None:
    applied = after(gain(5), loss(8))
    assert applied.owed == {"points": 3}
    assert left(applied.lots) == {1: 0}


def test_an_undone_use_comes_back_to_the_lots_it_came_from() -> None:
    used = after(gain(5, days=30), gain(5), loss(7))
    undone = lots.apply(
        used.lots, 4, [_back(line) for line in loss(7)], undone=used.uses, undone_numbers=[3]
    )
    assert left(undone.lots) == {1: 5, 2: 5}
    assert [(use.lot[0], use.amount) for use in undone.uses] == [(1, -5), (2, -2)]


def test_an_undone_gain_takes_its_own_lot_before_any_other() -> None:
    gained = after(gain(5, days=30), gain(5))
    undone = lots.apply(gained.lots, 3, [_back(line) for line in gain(5)], undone_numbers=[2])
    assert left(undone.lots) == {1: 5, 2: 0}


def _back(line: Line) -> Line:
    return Line(unit=line.unit, account=line.account, amount=-line.amount)


moves = st.lists(
    st.tuples(st.integers(-20, 20).filter(bool), st.none() | st.integers(1, 5)), max_size=30
)


@given(moves)
def test_open_lots_are_enough_for_the_next_entry_and_sum_to_the_balance(
    told: list[tuple[int, int | None]],
) -> None:
    """The hot path reads open lots alone; the audit replays everything. They must agree."""
    whole: dict[lots.LotKey, lots.Lot] = {}
    hot: dict[lots.LotKey, lots.Lot] = {}
    balance = 0
    for number, (amount, days) in enumerate(told, start=1):
        if balance + amount < 0:
            continue
        lines = gain(amount, days) if amount > 0 else loss(-amount)
        of_all, of_open = lots.apply(whole, number, lines), lots.apply(hot, number, lines)
        assert of_all.uses == of_open.uses
        assert not of_all.owed
        whole = of_all.lots
        hot = {key: lot for key, lot in of_open.lots.items() if lot.remaining}
        balance += amount
        assert {key: lot for key, lot in whole.items() if lot.remaining} == hot
        assert sum(lot.remaining for lot in hot.values()) == balance
        assert all(0 <= lot.remaining <= lot.amount for lot in whole.values())
