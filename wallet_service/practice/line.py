"""The phone's line to the world: requests that are tried again, timed and written down."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import requests

from wallet_service import clock
from wallet_service.language import Phrase, phrase
from wallet_service.practice.wire import Wire

PKPASS = "application/vnd.apple.pkpass"

_BODY_MAX = 20_000_000
_TIMEOUTS = (3, 10)
# Apple: "several times with growing delay", then it gives up. The numbers are ours.
_DELAYS = (1.0, 5.0, 25.0)
_PASSD = "passd/1.0 CFNetwork/3826.400.120 Darwin/25.0.0"
_SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back; `status` is None where nothing did."""

    at: datetime
    method: str
    path: str
    status: int | None
    headers: Mapping[str, str]
    body: bytes
    ms: int

    @property
    def content_type(self) -> str:
        return self.headers.get("Content-Type", "")


class Line:
    """One phone's connections. Cookies and proxies are not for Wallet."""

    def __init__(
        self,
        wire: Wire,
        wait: Callable[[float], object],
        language: str,
        tls_root: str | None,
    ) -> None:
        self._wire = wire
        self._wait = wait
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Accept-Language"] = language
        if tls_root is not None:
            self._session.verify = tls_root

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
        self._session.close()

    def _once(
        self, method: str, url: str, headers: Mapping[str, str], body: object, *, follow: bool
    ) -> Answer:
        at, began = clock.now(), time.monotonic()
        status: int | None = None
        received: Mapping[str, str] = {}
        content = b""
        # A new session would forget the connection; this one must only forget the cookies.
        self._session.cookies.clear()
        try:
            with self._session.request(
                method,
                url,
                headers=headers,
                json=body,
                timeout=_TIMEOUTS,
                allow_redirects=follow,
                stream=True,
            ) as response:
                content = b"".join(_chunks(response))
                status, received = response.status_code, response.headers
        except (requests.RequestException, ValueError):
            content = b""
        parts = urlsplit(url)
        return Answer(
            at=at,
            method=method,
            path=parts.path + (f"?{parts.query}" if parts.query else ""),
            status=status,
            headers=received,
            body=content,
            ms=round((time.monotonic() - began) * 1000),
        )


def _chunks(response: requests.Response) -> list[bytes]:
    chunks, size = [], 0
    for chunk in response.iter_content(65536):
        size += len(chunk)
        if size > _BODY_MAX:
            raise ValueError("The answer is too large for a phone.")
        chunks.append(chunk)
    return chunks
