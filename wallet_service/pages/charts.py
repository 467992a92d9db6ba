"""Charts as plain geometry: figures in, places out; templates/pages/parts/chart.html draws them.

x is in per cent of the width and y in pixels from the top, so that bars stretch and words do not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT, FLOOR, CEILING = 150, 122, 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One bar: a short label, a long one, the value, and what is usual there (None: unknown)."""

    label: str
    name: str
    value: int
    usual: float | None = None
    is_now: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Where a bar stands, and what it says."""

    x: float
    width: float
    middle: float
    y: float
    height: float
    usual_y: float | None
    label: str
    shown: str
    says: str
    is_now: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """A chart of bars with the table under it. `words` is what it tells, in a sentence."""

    id: str
    title: str
    words: str
    bars: tuple[Bar, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    height: int = HEIGHT
    floor: int = FLOOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A word under a line."""

    x: float
    text: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A chart of a line with the table under it."""

    id: str
    title: str
    words: str
    points: str
    area: str
    labels: tuple[Label, ...]
    last: str
    last_y: float
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    height: int = HEIGHT
    floor: int = FLOOR


def bars(id: str, title: str, words: str, days: Sequence[Day], heads: tuple[str, ...]) -> Bars:
    """Bars by day. `heads` names the table's columns: the day, the value, and the usual one."""
    most = max([1.0, *(day.value for day in days), *(day.usual or 0 for day in days)])
    step = 100 / max(1, len(days))
    highest = max((day.value for day in days), default=0)
    return Bars(
        id=id,
        title=title,
        words=words,
        bars=tuple(
            Bar(
                x=round(number * step + step * 0.24, 2),
                width=round(step * 0.52, 2),
                middle=round(number * step + step / 2, 2),
                y=_y(day.value, most),
                height=round(FLOOR - _y(day.value, most), 1),
                usual_y=None if day.usual is None else _y(day.usual, most),
                label=day.label,
                # The eye needs two figures: where it is now, and how high it went.
                shown=str(day.value) if day.value and (day.is_now or day.value == highest) else "",
                says=f"{day.name}: {day.value}",
                is_now=day.is_now,
            )
            for number, day in enumerate(days)
        ),
        heads=heads,
        rows=tuple((day.name, str(day.value), *_usual(day, len(heads))) for day in days),
    )


def line(
    id: str,
    title: str,
    words: str,
    values: Sequence[tuple[str, int]],
    heads: tuple[str, str],
    last: str,
) -> Line:
    """A line through named values, the oldest first; at least two."""
    most = max([1.0, *(value for _, value in values)])
    last_place = max(1, len(values) - 1)
    places = [
        (round(100 * number / last_place, 2), _y(value, most))
        for number, (_, value) in enumerate(values)
    ]
    points = " ".join(f"{x},{y}" for x, y in places)
    ends = [(0.0, values[0][0], "start"), (100.0, values[-1][0], "end")]
    return Line(
        id=id,
        title=title,
        words=words,
        points=points,
        area=f"0,{FLOOR} {points} 100,{FLOOR}",
        labels=tuple(Label(x=x, text=text, anchor=anchor) for x, text, anchor in ends),
        last=last,
        last_y=places[-1][1],
        heads=heads,
        rows=tuple((name, str(value)) for name, value in values),
    )


def _y(value: float, most: float) -> float:
    return round(FLOOR - (FLOOR - CEILING) * value / most, 1)


def _usual(day: Day, columns: int) -> tuple[str, ...]:
    if columns < 3:
        return ()
    return ("" if day.usual is None else f"{day.usual:.0f}",)
