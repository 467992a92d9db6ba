"""What happened on the practice phones, for pages that watch: a history and its subscribers.

Server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import json
import threading
import time
from collections import deque
from dataclasses import dataclass

_KEPT = 500
# A server notices that a browser has left only when it writes, so it writes often.
_HEARTBEAT_SECONDS = 3.0


class TooManyStreams(Exception):
    """As many pages watch as may at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that a page shows: its kind, and the phone's name."""

    number: int
    kind: str
    phone: str

    def as_sent(self) -> str:
        told = json.dumps({"phone": self.phone})
        return f"id: {self.number}\nevent: {self.kind}\ndata: {told}\n\n"


class Events:
    """The history of all phones. Each open stream holds a thread of the server, so few may be."""

    def __init__(self, *, streams_max: int = 8) -> None:
        self._streams_max = streams_max
        self._changed = threading.Condition()
        self._history: deque[Event] = deque(maxlen=_KEPT)
        self._last = 0
        self._open = 0
        self._closed = False

    @property
    def last(self) -> int:
        """The number of the newest event."""
        return self._last

    @property
    def streams_open(self) -> int:
        return self._open

    def tell(self, kind: str, phone: str) -> None:
        """Something happened; every open stream hears of it at once."""
        with self._changed:
            self._last += 1
            self._history.append(Event(number=self._last, kind=kind, phone=phone))
            self._changed.notify_all()

    def stream(self, after: int | None = None, stop: threading.Event | None = None) -> "Stream":
        """A stream of what comes after event `after` (None: from now on). Raises TooManyStreams.

        It ends when `close` is called, or soon after `stop` is set.
        """
        with self._changed:
            if self._closed or self._open >= self._streams_max:
                raise TooManyStreams
            self._open += 1
            # A number from before a restart is higher than ours: then all that we have is new.
            start = self._last if after is None else after
            return Stream(self, 0 if start > self._last else start, stop)

    def close(self) -> None:
        """End every stream."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _after(self, number: int, seconds: float) -> list[Event] | None:
        """What came after `number`, waiting `seconds` for it at most; None when closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._last > number, seconds)
            if self._closed:
                return None
            return [event for event in self._history if event.number > number]

    def _leave(self) -> None:
        with self._changed:
            self._open -= 1


class Stream:
    """The text of one stream, piece by piece. The web server calls `close` when it is done."""

    def __init__(self, events: Events, after: int, stop: threading.Event | None) -> None:
        self._events = events
        self._after = after
        self._stop = stop
        self._began = False
        self._left = False

    def __iter__(self) -> "Stream":
        return self

    def __next__(self) -> str:
        if not self._began:
            self._began = True
            return "retry: 1000\n\n"
        quiet_until = time.monotonic() + _HEARTBEAT_SECONDS
        while not self._left:
            # A second at most, so that an event which is not ours is seen in time too.
            found = self._events._after(self._after, 1.0 if self._stop else _HEARTBEAT_SECONDS)
            if found is None or (self._stop is not None and self._stop.is_set()):
                break
            if found:
                self._after = found[-1].number
                return "".join(event.as_sent() for event in found)
            if time.monotonic() >= quiet_until:
                return ": still here\n\n"
        self.close()
        raise StopIteration

    def close(self) -> None:
        if not self._left:
            self._left = True
            self._events._leave()
