"""Replaying by itself: what must hold whatever was bought."""

from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from backtest_rules import DEARER, LUNCH, PLAIN, RICHER, WHOLE
from hypothesis import given, settings
from hypothesis import strategies as st

from wallet_service.backtest import book
from wallet_service.backtest.card import Card
from wallet_service.backtest.history import Chosen, Corrected, Happening, History, Joined, Sold
from wallet_service.backtest.replay import replay
from wallet_service.backtest.verdict import Fate, Verdict, standing
from wallet_service.backtest.worth import worth
from wallet_service.programme import Goods, Purchase, ruleset
from wallet_service.shipped import shipped

BEGIN = datetime(2026, 1, 1, 8, 0, tzinfo=UTC)
SINCE = BEGIN + timedelta(days=100)
UNTIL = BEGIN + timedelta(days=400)

moments = st.integers(0, 399 * 24 * 60).map(lambda minute: BEGIN + timedelta(minutes=minute))
goods = st.builds(
    Goods,
    category=st.sampled_from(["coffee", "cake", None]),
    quantity=st.integers(1, 3),
    price=st.integers(1, 3000),
)
purchases = st.one_of(
    st.integers(1, 20_000).map(lambda cents: {"amount": cents}),
    st.integers(1, 6).map(lambda n: {"stamps": n}),
    st.lists(goods, min_size=1, max_size=3).map(lambda lines: {"lines": tuple(lines)}),
)
sold = st.builds(
    lambda at, facts: Sold(at=at, purchase=Purchase(at=at, **facts)), moments, purchases
)
chosen = st.builds(
    Chosen, at=moments, reward=st.sampled_from(["euros", "money"]), times=st.integers(1, 3)
)
corrected = st.builds(
    Corrected,
    at=moments,
    unit=st.sampled_from(["stamps", "points"]),
    amount=st.integers(-5, 30).filter(bool),
)


read = cache(ruleset.read)


def history(joined_at: datetime, happened: list[Happening]) -> History:
    ordered = sorted([Joined(at=joined_at), *happened], key=lambda each: each.at)
    return History(member_id="m", is_active=True, happenings=tuple(ordered))


def fared(toml: str, other: str, what: History, *, also_running: bool = False) -> tuple[Fate, Card]:
    today, tried = read(toml), read(other)
    books = (
        book.of_today(today, {}),
        book.on_trial(today, tried, {}, also_running=also_running),
    )
    before, after = replay(what, *books, SINCE, UNTIL)
    tiers = before.tier(UNTIL), after.tier(UNTIL)
    fate = Fate(
        member_id="m",
        purchases=1,
        before=worth(before, books[0]),
        after=worth(after, books[1]),
        counted_before=before.tally,
        counted_after=after.tally,
        tier_before=tiers[0],
        tier_after=tiers[1],
        standing=standing(today, tried, *tiers),
    )
    return fate, after


JOINED = st.sampled_from([BEGIN, SINCE + timedelta(days=1)])
LIVES = st.builds(
    history, JOINED, st.lists(st.one_of(sold, sold, sold, chosen, corrected), max_size=25)
)
BUYERS = st.builds(history, JOINED, st.lists(sold, max_size=25))


SHIPPED = [file.read_text() for file in sorted(shipped("templates", "programmes").glob("*.toml"))]


@settings(max_examples=30, deadline=None)
@given(LIVES)
def test_the_same_rules_make_no_difference(what: History) -> None:
    for toml in (PLAIN, WHOLE, *SHIPPED):
        fate, _ = fared(toml, f"{toml}\n# the same rules in another file", what)
        assert (fate.verdict, fate.money) == (Verdict.SAME, 0)
        assert fate.counted_before == fate.counted_after


LIGHTER = PLAIN.replace("card = 10", "card = 8").replace(LUNCH, LUNCH.replace("= 10", "= 8"))
WELCOMING = PLAIN.replace("card = 10", "card = 10\nwelcome = 1")


@pytest.mark.parametrize(
    ("toml", "richer"), [(PLAIN, RICHER), (PLAIN, LIGHTER), (PLAIN, WELCOMING)]
)
@settings(max_examples=30, deadline=None)
@given(what=BUYERS)
def test_nobody_loses_by_rules_that_give_more(toml: str, richer: str, what: History) -> None:
    fate, _ = fared(toml, richer, what)
    assert fate.verdict in (Verdict.SAME, Verdict.BETTER)
    back, _ = fared(richer, toml, what, also_running=True)
    assert back.verdict in (Verdict.SAME, Verdict.WORSE)


@settings(max_examples=30, deadline=None)
@given(BUYERS)
def test_a_running_card_is_never_worse_off_by_a_dearer_one_until_it_is_full(what: History) -> None:
    fate, after = fared(PLAIN, DEARER, what)
    if after.kept_size and not after.tally.came["lunch"]:
        assert fate.counted_before.came["lunch"] == 0
    followed, _ = fared(PLAIN, DEARER, what, also_running=True)
    assert followed.after.money <= fate.after.money


@settings(max_examples=30, deadline=None)
@given(BUYERS)
def test_every_unit_is_somewhere(what: History) -> None:
    """What was given is left, ended or spent; nothing is made or lost on the way."""
    today = book.of_today(read(WHOLE), {})
    card, _ = replay(what, today, today, BEGIN, UNTIL)
    left, tally = card.left(), card.tally
    spent = {"points": 400 * tally.came["bag"], "stamps": 10 * tally.came["lunch"]}
    for unit, given_ in tally.given.items():
        assert given_ == left.get(unit, 0) + tally.ended[unit] + spent.get(unit, 0)
    assert all(lot.remaining > 0 for lot in card.lots.values())
