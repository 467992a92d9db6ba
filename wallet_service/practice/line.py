"""The phone's line to the world: requests that are tried again, timed and written down."""

import json
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from http.client import HTTPException
from urllib.parse import urlsplit

from wallet_service import clock
from wallet_service.language import Phrase, phrase
from wallet_service.practice.exchange import Exchange, Received
from wallet_service.practice.wire import Wire

PKPASS = "application/vnd.apple.pkpass"

_SECONDS_IN_ALL = 20
# Apple: "several times with growing delay", then it gives up. The numbers are ours.
_DELAYS = (1.0, 5.0, 25.0)
_PASSD = "passd/1.0 CFNetwork/3826.400.120 Darwin/25.0.0"
_SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back; `status` is None where nothing did. Names of headers are lower-case."""

    at: datetime
    method: str
    path: str
    status: int | None
    headers: Mapping[str, str]
    body: bytes
    ms: int

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")


class Line:
    """One phone's way out, one exchange after the other; `seconds` is all that one may take.

    Cookies and proxies are not for Wallet.
    """

    def __init__(
        self,
        wire: Wire,
        wait: Callable[[float], object],
        language: str,
        tls_root: str | None,
        seconds: float = _SECONDS_IN_ALL,
    ) -> None:
        self._wire = wire
        self._wait = wait
        self._language = language
        self._tls_root = tls_root
        self._seconds = seconds
        self._lock = threading.Lock()
        self._live: Exchange | None = None
        self._is_closed = False

    def download(self, url: str) -> Answer:
        """As Safari does it: redirects are followed, nothing is tried twice."""
        headers = {"User-Agent": _SAFARI, "Accept": "*/*"}
        return self._once("GET", url, headers, None, follow=True)

    def call(
        self,
        method: str,
        url: str,
        *,
        token: str | None = None,
        since: str | None = None,
        body: object = None,
        tries: int = len(_DELAYS) + 1,
    ) -> Answer:
        """As Wallet does it: no redirects, a few tries with growing delay."""
        headers = {"User-Agent": _PASSD, "Accept": "*/*"}
        if token is not None:
            headers["Authorization"] = f"ApplePass {token}"
        if since is not None:
            headers["If-Modified-Since"] = since
        for delay in _DELAYS[: tries - 1]:
            answer = self._once(method, url, headers, body, follow=False)
            if answer.status is not None and answer.status < 500 and answer.status != 429:
                return answer
            self.note(answer, phrase("Will be tried again"), bad=True)
            if self._wait(delay):
                return answer
        return self._once(method, url, headers, body, follow=False)

    def note(self, answer: Answer, note: Phrase, *, bad: bool = False) -> None:
        """Write an answer down, with what it meant."""
        self._wire.write(
            "phone",
            at=answer.at,
            method=answer.method,
            path=answer.path,
            status=answer.status,
            ms=answer.ms,
            size=len(answer.body),
            note=note,
            bad=bad,
        )

    def close(self) -> None:
        """Hang up: what is being read ends at once, and nothing more is asked."""
        with self._lock:
            self._is_closed = True
            if self._live is not None:
                self._live.cut()

    def _once(
        self, method: str, url: str, headers: Mapping[str, str], body: object, *, follow: bool
    ) -> Answer:
        at, began = clock.now(), time.monotonic()
        received = self._received(method, url, headers, body, follow=follow)
        return Answer(
            at=at,
            method=method,
            path=_path(url),
            status=received.status if received else None,
            headers=received.headers if received else {},
            body=received.body if received else b"",
            ms=round((time.monotonic() - began) * 1000),
        )

    def _received(
        self, method: str, url: str, headers: Mapping[str, str], body: object, *, follow: bool
    ) -> Received | None:
        said = {**headers, "Accept-Language": self._language}
        content = None
        if body is not None:
            content = json.dumps(body).encode()
            said["Content-Type"] = "application/json"
        exchange = Exchange(self._seconds, self._tls if url.startswith("https:") else None)
        with self._lock:
            if self._is_closed:
                return None
            self._live = exchange
        try:
            return exchange.ask(method, url, said, content, follow=follow)
        except (OSError, HTTPException, ValueError):
            return None

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._tls_root)


def _path(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:  # not even an address
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")
