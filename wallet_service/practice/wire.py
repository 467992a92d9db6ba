"""What a practice phone has seen on the wire, told as stories: one act, and what came of it."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from wallet_service import clock
from wallet_service.language import Phrase

_KEPT = 400
# A push that comes this soon after the till's call is its consequence, and part of its story.
_JOINS_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its answer, or (without a method) something the phone itself did.

    `who` is "phone", "APNs" or "till". `status` is None where no answer came.
    """

    at: datetime
    who: str
    method: str = ""
    path: str = ""
    status: int | None = None
    ms: int | None = None
    bytes: int | None = None
    note: Phrase | None = None
    story: int = 0
    bad: bool = False
    seconds_after: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An act and the exchanges that belong to it, in order."""

    number: int
    title: Phrase
    at: datetime
    exchanges: tuple[Exchange, ...]


@dataclass(slots=True, kw_only=True)
class _Open:
    number: int
    title: Phrase
    at: datetime
    began: float
    awaits_push: bool


class Wire:
    """The log of one phone; safe to write to and read from several threads."""

    def __init__(self, on_write: Callable[[], None] | None = None) -> None:
        self._on_write = on_write or (lambda: None)
        self._lock = threading.Lock()
        self._exchanges: list[Exchange] = []
        self._stories: dict[int, _Open] = {}
        self._current: _Open | None = None
        self._count = 0
        # A till and the phone act at the same time, each on a thread of its own: what a thread
        # writes belongs to the story that it opened.
        self._mine = threading.local()

    def begin(self, title: Phrase, *, awaits_push: bool = False) -> int:
        """Open a new story; what is written from now on belongs to it."""
        with self._lock:
            self._count += 1
            self._current = _Open(
                number=self._count,
                title=title,
                at=clock.now(),
                began=time.monotonic(),
                awaits_push=awaits_push,
            )
            self._stories[self._count] = self._current
            self._mine.story = self._count
            return self._count

    def begin_push(self, title: Phrase) -> int:
        """Go on with the story of the till's call that caused this push, or open a new one."""
        with self._lock:
            open_story = self._current
            if open_story is not None and open_story.awaits_push:
                open_story.awaits_push = False
                if time.monotonic() - open_story.began < _JOINS_SECONDS:
                    self._mine.story = open_story.number
                    return open_story.number
        return self.begin(title)

    def retitle(self, number: int, title: Phrase) -> None:
        """Say what the story turned out to be."""
        with self._lock:
            self._stories[number].title = title

    def write(
        self,
        who: str,
        *,
        at: datetime | None = None,
        method: str = "",
        path: str = "",
        status: int | None = None,
        ms: int | None = None,
        size: int | None = None,
        note: Phrase | None = None,
        bad: bool = False,
    ) -> Exchange:
        """Write one line into the story that this thread is in."""
        with self._lock:
            number: int = getattr(self._mine, "story", self._count)
            open_story = self._stories.get(number)
            exchange = Exchange(
                at=at or clock.now(),
                who=who,
                method=method,
                path=path,
                status=status,
                ms=ms,
                bytes=size,
                note=note,
                story=number,
                bad=bad,
                seconds_after=time.monotonic() - open_story.began if open_story else None,
            )
            self._exchanges.append(exchange)
            if len(self._exchanges) > _KEPT:
                del self._exchanges[: -_KEPT // 2]
                oldest = self._exchanges[0].story
                self._stories = {n: s for n, s in self._stories.items() if n >= oldest}
        self._on_write()
        return exchange

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        with self._lock:
            return tuple(self._exchanges)

    def stories(self) -> tuple[Story, ...]:
        """Newest first; within a story in the order in which things began."""
        with self._lock:
            told = [
                Story(
                    number=story.number,
                    title=story.title,
                    at=story.at,
                    exchanges=tuple(
                        sorted(
                            (line for line in self._exchanges if line.story == story.number),
                            key=lambda line: line.at,
                        )
                    ),
                )
                for story in self._stories.values()
            ]
        return tuple(story for story in reversed(told) if story.exchanges)
