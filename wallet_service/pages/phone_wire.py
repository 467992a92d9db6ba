"""The wire log of a practice phone, as the page tells it."""

import re
from dataclasses import dataclass
from datetime import datetime

from wallet_service.language import Phrase, phrase
from wallet_service.practice.wire import Exchange, Story

_SHOWN = 8

# What is the same in every line, or nobody's business, is cut; the tag and the serial stay.
_SHORTER = (
    (re.compile(r"^/c/[^/]+"), "/c/…"),
    (re.compile(r"^.*/v1/devices/[^/]+/registrations/[^/?]+"), "…/registrations/…"),
    (re.compile(r"^.*/v1/passes/[^/]+"), "…/passes/…"),
    (re.compile(r"^.+/v1/log$"), "…/log"),
    (re.compile(r"(?<=/…/)([A-Za-z0-9._-]{8})[A-Za-z0-9._-]+"), r"\1…"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table; with `what` instead of a request where the phone itself acted."""

    at: datetime
    who: str
    request: str
    what: Phrase | None
    status: int | None
    ms: int | None
    note: Phrase | None
    is_bad: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldStory:
    number: int
    title: Phrase
    at: datetime
    rows: tuple[Row, ...]


def told(stories: tuple[Story, ...]) -> tuple[ToldStory, ...]:
    """The newest stories, ready to be shown."""
    return tuple(
        ToldStory(
            number=story.number,
            title=story.title,
            at=story.at,
            rows=tuple(_row(line, story) for line in story.exchanges),
        )
        for story in stories[:_SHOWN]
    )


def shorter(path: str) -> str:
    """A path that fits a table and gives no secret away."""
    for pattern, replacement in _SHORTER:
        path = pattern.sub(replacement, path)
    return path


def _row(line: Exchange, story: Story) -> Row:
    if line.method:
        request = f"{line.method} {shorter(line.path)}"
        return _as_row(line, request=request, what=None, note=line.note)
    note = None
    at_till = any(other.who == "till" for other in story.exchanges)
    if at_till and line.seconds_after is not None:
        note = phrase("{seconds} s after the till", seconds=f"{line.seconds_after:.1f}")
    return _as_row(line, request="", what=line.note, note=note)


def _as_row(line: Exchange, *, request: str, what: Phrase | None, note: Phrase | None) -> Row:
    return Row(
        at=line.at,
        who=line.who,
        request=request,
        what=what,
        status=line.status,
        ms=line.ms,
        note=note,
        is_bad=line.bad,
    )
