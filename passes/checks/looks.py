"""Whether the words can be read on their ground."""

from __future__ import annotations

from collections.abc import Iterator

from passes.colours import contrast
from passes.issues import Issue, error, warning
from passes.plan import Plan
from passes.reading import DESIGN, NO_COLOURS

GOOD, POOR = 4.5, 3.0
"""WCAG 2: enough for small words; not enough even for large ones."""


def check(plan: Plan) -> Iterator[Issue]:
    colours = plan.colours
    if colours is NO_COLOURS:
        return
    for name, colour in (("foreground", colours.foreground), ("label", colours.label)):
        found = contrast(colour, colours.background)
        if found >= GOOD:
            continue
        say = error if found < POOR else warning
        yield say(
            f"{DESIGN}, [colours] {name}",
            f"Its contrast with the background is {found:.1f}; small words need {GOOD}.",
            "Make one of the two lighter or darker.",
        )
