"""Asking: calls of the API as tills make them, one by one or many at the same moment."""

import json
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import count
from typing import Any
from urllib.parse import quote

SECONDS = 60
NO_ANSWER = "no_answer"
_BUSY = 503
_BUSY_TRIES = 50
_SOON = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call; `key` is the API key that makes it."""

    method: str
    path: str
    body: Any
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was answered: `code` is "ok" or the refusal's own; `repeated`: it is one of before."""

    status: int
    code: str
    body: Any
    repeated: bool = False

    @property
    def is_ok(self) -> bool:
        return self.code == "ok"

    @property
    def is_fresh(self) -> bool:
        """Whether this very call did it."""
        return self.is_ok and not self.repeated


NOBODY = Answer(status=0, code=NO_ANSWER, body=None)


def put(key: str, path: str, body: Any) -> Call:
    return Call(method="PUT", path=path, body=body, key=key)


def post(key: str, path: str, body: Any) -> Call:
    return Call(method="POST", path=path, body=body, key=key)


def get(key: str, path: str) -> Call:
    return Call(method="GET", path=path, body=None, key=key)


def step(text: str) -> str:
    """A name as a step of a path."""
    return quote(text, safe="")


@dataclass(slots=True)
class Asking:
    """Whoever asks, over the addresses of a service in turn; it counts what is answered."""

    ports: Sequence[int]
    heard: Counter[str] = field(default_factory=Counter)
    busy: int = 0
    _turn: "count[int]" = field(default_factory=count)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, call: Call) -> Answer:
        """One call over a line of its own."""
        return self._over(self._line(), call)

    def at_once(self, calls: Sequence[Call]) -> list[Answer]:
        """All of them at the same moment, each over its own line; answers in the calls' order."""
        start = threading.Barrier(len(calls))
        lines = [self._line() for _ in calls]

        def one(line: HTTPConnection, call: Call) -> Answer:
            with suppress(OSError):  # asking will say so, too; the others must not wait for it
                line.connect()
            start.wait(SECONDS)
            return self._over(line, call)

        with ThreadPoolExecutor(max_workers=len(calls)) as tills:
            return list(tills.map(one, lines, calls))

    def _line(self) -> HTTPConnection:
        port = self.ports[next(self._turn) % len(self.ports)]
        return HTTPConnection("127.0.0.1", port, timeout=SECONDS)

    def _over(self, line: HTTPConnection, call: Call) -> Answer:
        try:
            for _ in range(_BUSY_TRIES):
                answer = _asked(line, call)
                if answer.status != _BUSY:
                    break
                # Nothing was changed, and a till sends the same again.
                with self._guard:
                    self.busy += 1
                time.sleep(_SOON)
        except (OSError, HTTPException):
            answer = NOBODY
        finally:
            line.close()
        with self._guard:
            self.heard[str(answer.status) if answer.status else NO_ANSWER] += 1
        return answer


def _asked(line: HTTPConnection, call: Call) -> Answer:
    headers: Mapping[str, str] = {"Authorization": f"Bearer {call.key}"}
    body = None
    if call.body is not None:
        headers = {**headers, "Content-Type": "application/json"}
        body = json.dumps(call.body).encode()
    line.request(call.method, call.path, body, dict(headers))
    response = line.getresponse()
    said = json.loads(response.read() or b"null")
    is_ok = response.status < 300
    return Answer(
        status=response.status,
        code="ok" if is_ok else str(said.get("code", response.status)),
        body=said,
        repeated=response.headers.get("Idempotent-Replayed") == "true",
    )
