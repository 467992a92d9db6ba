"""Charts as plain geometry: figures in, places out; templates/pages/parts/chart.html draws them.

x is in per cent of the width and y in pixels from the top, so that bars stretch and words do not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT, FLOOR, CEILING = 150, 122, 26

_BAR_SHARE = 0.52  # of its day's width; the mark of what is usual is wider
_USUAL_SHARE = 0.9


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
    """Where a bar stands, and what it says; `left` and `right` are the ends of its usual mark."""

    x: float
    width: float
    left: float
    middle: float
    right: float
    y: float
    height: float
    usual_y: float | None
    label: str
    name: str
    value: int
    is_said: bool
    is_now: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """A chart of bars with the table under it. `words` is what it tells, in a sentence."""

    id: str
    title: str
    words: str
    bars: tuple[Bar, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]
    height: int = HEIGHT
    floor: int = FLOOR


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """One end of a line: its name under it, its value over it."""

    x: float
    y: float
    text: str
    value: int
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A chart of a line with the table under it."""

    id: str
    title: str
    words: str
    points: str
    area: str
    labels: tuple[End, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]
    height: int = HEIGHT
    floor: int = FLOOR


def bars(id: str, title: str, words: str, days: Sequence[Day], heads: tuple[str, ...]) -> Bars:
    """Bars by day. `heads` names the table's columns: the day, the value, and the usual one."""
    most = max([1.0, *(day.value for day in days), *(day.usual or 0 for day in days)])
    highest = max((day.value for day in days), default=0)
    return Bars(
        id=id,
        title=title,
        words=words,
        bars=tuple(_bar(day, number, len(days), most, highest) for number, day in enumerate(days)),
        heads=heads,
        # The newest first: whoever reads a table wants to know how it is.
        rows=tuple(
            (day.name, day.value, *_usual(day))[: len(heads)] for day in reversed(list(days))
        ),
    )


def line(
    id: str, title: str, words: str, values: Sequence[tuple[str, int]], heads: tuple[str, str]
) -> Line:
    """A line through named values, the oldest first; at least two. It stands on nought."""
    most = max([1.0, *(value for _, value in values)])
    last = len(values) - 1
    places = [
        (round(100 * number / last, 2), _y(value, most)) for number, (_, value) in enumerate(values)
    ]
    points = " ".join(f"{x},{y}" for x, y in places)
    return Line(
        id=id,
        title=title,
        words=words,
        points=points,
        area=f"0,{FLOOR} {points} 100,{FLOOR}",
        labels=tuple(
            End(x=x, y=y, text=text, value=value, anchor=anchor)
            for (x, y), (text, value), anchor in (
                (places[0], values[0], "start"),
                (places[-1], values[-1], "end"),
            )
        ),
        heads=heads,
        rows=tuple(reversed(values)),
    )


def _bar(day: Day, number: int, days: int, most: float, highest: int) -> Bar:
    step = 100 / days
    middle = number * step + step / 2
    y = _y(day.value, most)
    return Bar(
        x=round(middle - step * _BAR_SHARE / 2, 2),
        width=round(step * _BAR_SHARE, 2),
        left=round(middle - step * _USUAL_SHARE / 2, 2),
        middle=round(middle, 2),
        right=round(middle + step * _USUAL_SHARE / 2, 2),
        y=y,
        height=round(FLOOR - y, 1),
        usual_y=None if day.usual is None else _y(day.usual, most),
        label=day.label,
        name=day.name,
        value=day.value,
        # The eye needs two figures: where it is now, and how high it went.
        is_said=bool(day.value) and (day.is_now or day.value == highest),
        is_now=day.is_now,
    )


def _y(value: float, most: float) -> float:
    return round(FLOOR - (FLOOR - CEILING) * value / most, 1)


def _usual(day: Day) -> tuple[str | int, ...]:
    return ("" if day.usual is None else round(day.usual),)
