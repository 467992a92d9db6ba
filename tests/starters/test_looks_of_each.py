"""The pages of each kind of shop, as a member and a cashier meet them."""

from collections.abc import Callable

import pytest
from first_day import FirstDay
from looking import look_at, watch
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("kind", ["restaurant", "hotel", "dealer"])
def test_a_card_and_its_pages_can_be_read_by_day_and_by_night(
    kind: str, opens: Callable[[str], FirstDay], browser: Browser
) -> None:
    day = opens(kind)
    for amount in ("24.50", "90", "640"):
        day.buys(amount)
    if kind == "restaurant":
        for _ in range(4):
            day.stamp()
    day.later(days=4)
    till = watch(browser, day.running.url)
    member = watch(browser, day.running.url)
    try:
        member.goto(day.card_path())
        look_at(member, f"starter-{kind}-card")
        day.scan()
        till.keep(day.till.cookies())
        till.goto(f"/till/card/{day.code}")
        look_at(till, f"starter-{kind}-till")
    finally:
        till.close()
        member.close()
