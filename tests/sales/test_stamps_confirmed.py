"""Stamps that wait for the time of returns: the card is full when the clock says so, and once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from wallet_service import clock, sales
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled
from wallet_service.phones import news
from wallet_service.programme import versions
from wallet_service.sales import Return, by_clock
from wallet_service.shipped import shipped

FLORIST = shipped("templates", "programmes", "florist.toml").read_text()
WAITING = FLORIST + "\n[pending.stamps]\ndays = 14\n"
pytestmark = pytest.mark.usefixtures("driven_clock")


@pytest.fixture
def aino(database: Database, till: Any, enrol: Callable[..., Enrolled]) -> Enrolled:
    """Somebody with ten purchases whose stamps wait."""
    database.run(versions.apply, till.counter.brand_id, WAITING)
    member = enrol("Aino")
    for number in range(10):
        answer = till.sale(member, 600, f"s{number}")
    assert answer.brought == ()
    assert (answer.balances["stamps"].available, answer.balances["stamps"].pending) == (0, 10)
    return member


def rewards(till: Any, who: Enrolled) -> list[str]:
    return [each.offer for each in till.scan(who).coupons]


def test_the_clock_fills_the_card_and_gives_its_reward_once(
    database: Database, till: Any, aino: Enrolled
) -> None:
    clock.advance(timedelta(days=15))
    assert by_clock.confirm(database, clock.now()) == 1
    assert by_clock.confirm(database, clock.now()) == 0
    assert rewards(till, aino) == ["bouquet"]
    scan = till.scan(aino)
    assert (scan.stamps.have, scan.stamps.of) == (10, 10)
    with database.read() as connection:
        [told] = news.latest(connection, aino.member_id, 1)
    assert told.words["en"] == "10 of 10. A bouquet is on us."
    assert till.books(aino) == ()


def test_a_sale_that_comes_before_the_clock_gives_it_and_the_clock_does_not_again(
    database: Database, till: Any, aino: Enrolled
) -> None:
    clock.advance(timedelta(days=15))
    sold = till.sale(aino, 600)
    assert len(sold.brought) == 1
    assert by_clock.confirm(database, clock.now()) == 0
    clock.advance(timedelta(days=15))
    by_clock.confirm(database, clock.now())
    assert rewards(till, aino) == ["bouquet"]
    assert till.scan(aino).balances["stamps"].available == 1
    assert till.books(aino) == ()


def test_two_clocks_at_once_give_one_reward(database: Database, till: Any, aino: Enrolled) -> None:
    clock.advance(timedelta(days=15))
    now = clock.now()
    with ThreadPoolExecutor(2) as clocks:
        list(clocks.map(lambda _: by_clock.confirm(database, now), range(2)))
    assert rewards(till, aino) == ["bouquet"]
    assert till.books(aino) == ()


def test_goods_that_came_back_meanwhile_leave_the_card_short(
    database: Database, till: Any, aino: Enrolled
) -> None:
    database.run(sales.take_back, till.counter, Return(return_id="back", sale_id="s3"))
    clock.advance(timedelta(days=15))
    by_clock.confirm(database, clock.now())
    assert rewards(till, aino) == []
    assert till.scan(aino).stamps.have == 9
    assert till.books(aino) == ()
