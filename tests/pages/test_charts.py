"""Charts: figures in, places out."""

import pytest

from wallet_service.pages import charts
from wallet_service.pages.charts import CEILING, FLOOR, Bars, Day

HEADS = ("Day", "Visits", "Usual")


def chart(*values: int, usual: float | None = None) -> Bars:
    days = [
        Day(label=f"{n}", name=f"day {n}", value=value, usual=usual, is_now=n == len(values) - 1)
        for n, value in enumerate(values)
    ]
    return charts.bars("visits", "Visits", "Words.", days, HEADS)


def test_the_highest_bar_reaches_the_ceiling_and_none_stands_below_the_floor() -> None:
    low, none, high = chart(20, 0, 40).bars
    assert (high.y, high.height) == (CEILING, FLOOR - CEILING)
    assert low.height == high.height / 2
    assert (none.y, none.height) == (FLOOR, 0)


def test_the_usual_may_be_higher_than_every_bar() -> None:
    (bar,) = chart(10, usual=20).bars
    assert bar.usual_y == CEILING
    assert bar.y > CEILING


def test_bars_share_the_width_and_stand_in_the_middle_of_their_day() -> None:
    first, last = chart(1, 2).bars
    assert (first.middle, last.middle) == (25, 75)
    for bar in (first, last):
        assert bar.left < bar.x < bar.middle < bar.x + bar.width < bar.right


def test_only_today_and_the_best_day_say_their_figure() -> None:
    assert [bar.is_said for bar in chart(3, 9, 0, 4).bars] == [False, True, False, True]
    assert [bar.is_said for bar in chart(0, 0).bars] == [False, False]


def test_the_table_begins_with_today() -> None:
    assert chart(3, 9, usual=4.4).rows == (("day 1", 9, 4), ("day 0", 3, 4))
    assert chart(3).rows == (("day 0", 3, ""),)


def test_a_chart_of_no_days_is_empty() -> None:
    assert chart().bars == ()


@pytest.mark.parametrize("values", [[0, 0], [5, 5], [1062, 1284], [9, 0, 3]])
def test_a_line_goes_from_edge_to_edge_and_stands_on_nought(values: list[int]) -> None:
    named = [(f"month {n}", value) for n, value in enumerate(values)]
    line = charts.line("members", "Members", "Words.", named, ("Month", "Members"))
    places = [tuple(map(float, place.split(","))) for place in line.points.split()]
    assert (places[0][0], places[-1][0]) == (0, 100)
    for (_, y), value in zip(places, values, strict=True):
        assert (y == FLOOR) == (value == 0)
        assert CEILING <= y <= FLOOR
    assert [(end.text, end.value) for end in line.labels] == [named[0], named[-1]]
    assert line.rows == tuple(reversed(named))
