"""When a shop is open: weeks, single days, nights, and what cannot be."""

from datetime import date, datetime, time

import pytest

from wallet_service.brands import opening
from wallet_service.brands.opening import UNSAID, BadOpening, Hours, Opening

MONDAY, SATURDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 28), date(2026, 11, 29)
DAY = Hours(opens=time(10), closes=time(18))
NIGHT = Hours(opens=time(18), closes=time(2))
ALWAYS = Hours(opens=time(0), closes=time(0))

FLORIST = Opening(
    week=dict.fromkeys(range(5), DAY),
    special={date(2026, 12, 24): None, SUNDAY: Hours(opens=time(12), closes=time(15))},
)
BAR = Opening(week={5: NIGHT})


@pytest.mark.parametrize(
    ("shop", "day", "is_open"),
    [
        (FLORIST, MONDAY, True),
        (FLORIST, SATURDAY, False),
        (FLORIST, SUNDAY, True),
        (FLORIST, date(2026, 12, 24), False),
        (BAR, SATURDAY, True),
        (BAR, SUNDAY, False),
        (UNSAID, SUNDAY, True),
    ],
)
def test_on_a_day_it_opens_or_does_not(shop: Opening, day: date, is_open: bool) -> None:
    assert shop.is_open_on(day) is is_open


@pytest.mark.parametrize(
    ("shop", "day", "at", "is_open"),
    [
        (FLORIST, MONDAY, time(9, 59), False),
        (FLORIST, MONDAY, time(10), True),
        (FLORIST, MONDAY, time(17, 59), True),
        (FLORIST, MONDAY, time(18), False),
        (FLORIST, SUNDAY, time(12, 30), True),
        (FLORIST, SUNDAY, time(11), False),
        (BAR, SATURDAY, time(1), False),
        (BAR, SATURDAY, time(23), True),
        (BAR, SUNDAY, time(1, 59), True),
        (BAR, SUNDAY, time(2), False),
        (UNSAID, SUNDAY, time(4), True),
        (Opening(week={0: ALWAYS}), MONDAY, time(23, 59), True),
        (Opening(week={0: ALWAYS}), MONDAY, time(0), True),
        (Opening(week={0: ALWAYS}), date(2026, 11, 24), time(0), False),
    ],
)
def test_at_a_moment_it_is_open_or_is_not(
    shop: Opening, day: date, at: time, is_open: bool
) -> None:
    assert shop.is_open_at(datetime.combine(day, at)) is is_open


@pytest.mark.parametrize("shop", [FLORIST, BAR, UNSAID, Opening(), Opening(week={0: ALWAYS})])
def test_what_is_kept_is_what_was_said(shop: Opening) -> None:
    assert Opening.from_json(shop.as_json()) == shop


def test_days_that_are_over_are_forgotten() -> None:
    assert list(FLORIST.since(date(2026, 12, 1)).special) == [date(2026, 12, 24)]
    assert FLORIST.since(SUNDAY) == FLORIST


def test_a_shop_does_not_close_when_it_opens() -> None:
    with pytest.raises(BadOpening, match="same moment"):
        Opening(week={2: Hours(opens=time(10), closes=time(10))})


def test_there_is_an_end_to_special_days() -> None:
    days = {date.fromordinal(MONDAY.toordinal() + n): None for n in range(opening.SPECIAL_MAX + 1)}
    with pytest.raises(BadOpening, match="special days"):
        Opening(special=days)


@pytest.mark.parametrize(
    ("shop", "language", "says"),
    [
        (FLORIST, "en", "Mon–Fri 10:00–18:00"),
        (BAR, "sv", "lör 18:00–02:00"),
        (Opening(week={0: DAY, 1: DAY, 5: NIGHT}), "fi", "ma–ti 10.00–18.00, la 18.00–02.00"),
    ],
)
def test_a_week_is_said_in_a_line(shop: Opening, language: str, says: str) -> None:
    assert opening.summary(shop, language) == says
