"""What the pretend APNs can be told to answer, and how long it remembers."""

from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from threading import Lock


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP answer of APNs: no reason means an empty body."""

    status: int
    reason: str = ""
    timestamp: datetime | None = None
    retry_after: int | None = None


class Fault(Enum):
    """What goes wrong below HTTP."""

    GOAWAY = "the server drains the connection and refuses this push and all after it"
    STALL = "this push is never answered"
    DEAF = "nothing on this connection is ever answered again"
    RESET = "the stream is reset"
    CUT = "the connection ends without a word"


DELIVERED = Answer(status=200)
BAD_DEVICE_TOKEN = Answer(status=400, reason="BadDeviceToken")
TOO_MANY_REQUESTS = Answer(status=429, reason="TooManyRequests")
INTERNAL_SERVER_ERROR = Answer(status=500, reason="InternalServerError")
SERVICE_UNAVAILABLE = Answer(status=503, reason="ServiceUnavailable")


def unregistered(since: datetime) -> Answer:
    """410: the token has been known to be dead since that moment."""
    return Answer(status=410, reason="Unregistered", timestamp=since)


class Orders:
    """Answers waiting for their push: those for its token come before those for anybody."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._for_token: defaultdict[str, deque[Answer | Fault]] = defaultdict(deque)
        self._for_anybody: deque[Answer | Fault] = deque()

    def add(self, token: str | None, answer: Answer | Fault, times: int) -> None:
        with self._lock:
            waiting = self._for_anybody if token is None else self._for_token[token.lower()]
            waiting.extend([answer] * times)

    def take(self, token: str) -> Answer | Fault | None:
        with self._lock:
            if waiting := self._for_token.get(token):
                return waiting.popleft()
            return self._for_anybody.popleft() if self._for_anybody else None

    def clear(self) -> None:
        with self._lock:
            self._for_token.clear()
            self._for_anybody.clear()
