"""One request of a practice phone and its answer, bounded in bytes and in time.

A socket's timeout counts from the last byte that came, so a service that sends a byte a second
would hold its reader for ever. An exchange is cut off when its time is over, or by another thread.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit

_BODY_MAX = 20_000_000
_CONNECT_SECONDS = 3
_SILENCE_SECONDS = 10
_REDIRECTS_MAX = 5
_REDIRECTS = (301, 302, 303, 307, 308)
# What a path may hold as it stands: everything that has a meaning there, escapes included.
_PATH_SAFE = "!#$%&'()*+,/:;=?@[]~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What came back. The names of headers are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class CutOff(OSError):
    """The exchange took too long, or the phone was switched off."""


class Exchange:
    """One exchange; `ask` may be called once, `cut` at any moment and from any thread."""

    def __init__(self, seconds: float, tls: ssl.SSLContext | None = None) -> None:
        self._seconds = seconds
        self._tls = tls
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._is_cut = False

    def ask(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None = None,
        *,
        follow: bool = False,
    ) -> Received:
        """Send the request and read the answer; `follow` redirects, as a browser does.

        Raises OSError, HTTPException or ValueError.
        """
        with self._in_time():
            for _ in range(_REDIRECTS_MAX + 1):
                received = self._once(method, url, headers, body)
                there = received.headers.get("location")
                if not follow or received.status not in _REDIRECTS or not there:
                    return received
                url = urljoin(url, there)
        raise ValueError("The link leads from one to the next without an end.")

    def cut(self) -> None:
        """End it now: whoever reads the answer gets CutOff."""
        with self._lock:
            self._is_cut = True
            if self._socket is not None:
                # Shut down and not closed: only the thread that reads it may give its number back.
                with suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        clock = threading.Timer(self._seconds, self.cut)
        clock.daemon = True
        clock.start()
        try:
            yield
        finally:
            clock.cancel()

    def _once(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None
    ) -> Received:
        parts = urlsplit(url)
        with closing(self._connection(parts)) as connection:
            self._check()
            connection.connect()
            assert connection.sock is not None
            with self._lock:
                self._socket = connection.sock
            self._check()
            connection.sock.settimeout(_SILENCE_SECONDS)
            target = quote(parts.path or "/", safe=_PATH_SAFE)
            if parts.query:
                target += "?" + quote(parts.query, safe=_PATH_SAFE)
            connection.request(method, target, body, {**headers, "Connection": "close"})
            with connection.getresponse() as response:
                # Where a redirect leads is all that it says.
                content = b"" if response.status in _REDIRECTS else self._whole(response)
                return Received(
                    status=response.status,
                    headers={name.lower(): value for name, value in response.headers.items()},
                    body=content,
                )

    def _connection(self, parts: SplitResult) -> http.client.HTTPConnection:
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("This is not a web address.")
        if parts.scheme == "https":
            return http.client.HTTPSConnection(
                parts.hostname, parts.port or 443, timeout=_CONNECT_SECONDS, context=self._tls
            )
        return http.client.HTTPConnection(
            parts.hostname, parts.port or 80, timeout=_CONNECT_SECONDS
        )

    def _whole(self, response: http.client.HTTPResponse) -> bytes:
        pieces, size = [], 0
        while piece := response.read1(65536):
            size += len(piece)
            if size > _BODY_MAX:
                raise ValueError("The answer is too large for a phone.")
            pieces.append(piece)
        # What was cut off looks like an end.
        self._check()
        if response.length:
            raise http.client.IncompleteRead(b"", response.length)
        return b"".join(pieces)

    def _check(self) -> None:
        if self._is_cut:
            raise CutOff("The answer did not come in time.")
