"""libcurl: one CurlMulti, its sockets, and a bell that wakes its sleeper.

Not for several threads: only `ring` may be called from another one.
"""

import selectors
import socket
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from time import monotonic
from typing import Any
from urllib.parse import quote

import pycurl

from wallet_service.delivery.apns.identity import Identity
from wallet_service.delivery.apns.pace import Patience

_HTTP2_STREAM = 92  # pycurl has no name for it
_BODY_BYTES_MAX = 4096
_EVENTS = {
    pycurl.POLL_IN: selectors.EVENT_READ,
    pycurl.POLL_OUT: selectors.EVENT_WRITE,
    pycurl.POLL_INOUT: selectors.EVENT_READ | selectors.EVENT_WRITE,
}


class Trouble(Enum):
    """Why there was no HTTP answer."""

    RESET = auto()
    """APNs reset this stream alone."""
    CROWDED = auto()
    """APNs took fewer streams than we opened."""
    SILENT = auto()
    """No answer in time."""
    DISTRUST = auto()
    """One side does not accept the other's certificate."""
    CUT = auto()
    """A new connection ended between its handshake and its first answer."""
    LOST = auto()
    """No connection, or it ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """One transfer's end: a status, or a trouble."""

    flight: Any
    connection_id: int
    status: int = 0
    body: bytes = b""
    retry_after: float | None = None
    trouble: Trouble | None = None
    reason: str = ""


class Wire:
    """Carries POSTs of `{}` to paths below one origin."""

    def __init__(self, origin: str, identity: Identity, streams: int, patience: Patience) -> None:
        self._origin = origin.rstrip("/")
        self._identity = identity
        self._streams = streams
        self._patience = patience
        self._idle: list[_Handle] = []
        self._flying: dict[Any, _Handle] = {}
        self._selector = selectors.DefaultSelector()
        self._bell, self._ear = socket.socketpair()
        for end in (self._bell, self._ear):
            end.setblocking(False)
        self._selector.register(self._ear, selectors.EVENT_READ)
        self._deadline: float | None = None
        # Plain http is for loopback in practice mode: HTTP/2 at once, or 1.1 if that is not heard.
        self._is_plain = self._origin.startswith("http://")
        self._version = (
            pycurl.CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE
            if self._is_plain
            else pycurl.CURL_HTTP_VERSION_2TLS
        )
        self._multi = self._new_multi()

    @property
    def flying(self) -> int:
        return len(self._flying)

    def send(self, flight: Any, token: str, headers: Sequence[str]) -> None:
        """Let one push fly. `flight` comes back in its Ended."""
        handle = self._idle.pop() if self._idle else self._new_handle()
        handle.send(flight, f"{self._origin}/3/device/{quote(token, safe='')}", headers)
        self._flying[handle.easy] = handle
        self._multi.add_handle(handle.easy)

    def wait(self, at_most: float | None = None) -> list[Ended]:
        """Sleep until something happens or the bell rings; what ended meanwhile."""
        for key, events in self._selector.select(self._sleep(at_most)):
            if key.fileobj is self._ear:
                with suppress(BlockingIOError):
                    self._ear.recv(4096)
                continue
            mask = (pycurl.CSELECT_IN if events & selectors.EVENT_READ else 0) | (
                pycurl.CSELECT_OUT if events & selectors.EVENT_WRITE else 0
            )
            self._multi.socket_action(key.fd, mask)
        if self._deadline is not None and self._deadline <= monotonic():
            self._deadline = None
            self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)
        return self._ended()

    def ring(self) -> None:
        """Wake the sleeper. From any thread."""
        with suppress(BlockingIOError, OSError):
            self._bell.send(b"\0")

    def renew(self) -> list[Any]:
        """Leave every connection behind; the flights that were still on them."""
        left = self._close_multi()
        self._multi = self._new_multi()
        return left

    def other_version(self) -> None:
        """On plain http, try the other version of HTTP from now on."""
        if self._is_plain:
            self._version = (
                pycurl.CURL_HTTP_VERSION_1_1
                if self._version == pycurl.CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE
                else pycurl.CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE
            )
            while self._idle:
                self._idle.pop().easy.close()

    def close(self) -> list[Any]:
        """End everything; the flights that were still under way."""
        left = self._close_multi()
        while self._idle:
            self._idle.pop().easy.close()
        self._selector.close()
        self._bell.close()
        self._ear.close()
        return left

    # libcurl's callbacks and settings

    def _new_multi(self) -> Any:
        multi = pycurl.CurlMulti()
        multi.setopt(pycurl.M_PIPELINING, pycurl.PIPE_MULTIPLEX)
        multi.setopt(pycurl.M_MAX_CONCURRENT_STREAMS, self._streams)
        # No M_MAX_HOST_CONNECTIONS: after a GOAWAY one stalled stream would keep the old
        # connection, and everything would queue behind it.
        multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)
        return multi

    def _close_multi(self) -> list[Any]:
        left = [handle.flight for handle in self._flying.values()]
        for easy in self._flying:
            self._multi.remove_handle(easy)
            easy.close()
        self._flying.clear()
        self._multi.close()
        self._deadline = None
        for key in tuple(self._selector.get_map().values()):
            if key.fileobj is not self._ear:
                self._selector.unregister(key.fileobj)
        return left

    def _watch(self, what: int, fd: int, _multi: Any, _assigned: Any) -> None:
        known = fd in self._selector.get_map()
        if what == pycurl.POLL_REMOVE:
            if known:
                self._selector.unregister(fd)
        elif known:
            self._selector.modify(fd, _EVENTS[what])
        else:
            self._selector.register(fd, _EVENTS[what])

    def _set_timer(self, milliseconds: int) -> None:
        self._deadline = None if milliseconds < 0 else monotonic() + milliseconds / 1000

    def _sleep(self, at_most: float | None) -> float | None:
        if self._deadline is None:
            return at_most
        seconds = max(0.0, self._deadline - monotonic())
        return seconds if at_most is None else min(seconds, at_most)

    def _new_handle(self) -> "_Handle":
        return _Handle(self._identity, self._version, self._patience, self._is_plain)

    def _ended(self) -> list[Ended]:
        if not self._flying:
            return []
        ended: list[Ended] = []
        left = 1
        while left:
            left, good, bad = self._multi.info_read()
            for easy in good:
                ended.append(self._land(easy).answer())
            for easy, code, says in bad:
                ended.append(self._land(easy).failure(code, says))
        return ended

    def _land(self, easy: Any) -> "_Handle":
        self._multi.remove_handle(easy)
        handle = self._flying.pop(easy)
        self._idle.append(handle)
        return handle


class _Handle:
    """One easy handle, used again and again."""

    __slots__ = ("body", "easy", "flight", "headers")

    def __init__(
        self, identity: Identity, version: int, patience: Patience, is_plain: bool
    ) -> None:
        self.flight: Any = None
        self.headers: Sequence[str] = ()
        self.body = bytearray()
        self.easy = easy = pycurl.Curl()
        easy.setopt(pycurl.HTTP_VERSION, version)
        easy.setopt(pycurl.PIPEWAIT, 1)
        easy.setopt(pycurl.NOSIGNAL, 1)
        easy.setopt(pycurl.PROXY, "")
        easy.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTP if is_plain else pycurl.PROTO_HTTPS)
        easy.setopt(pycurl.SSLCERTTYPE, "PEM")
        easy.setopt(pycurl.SSLKEYTYPE, "PEM")
        easy.setopt(pycurl.SSLCERT_BLOB, identity.certificate)
        easy.setopt(pycurl.SSLKEY_BLOB, identity.key)
        easy.setopt(pycurl.CAINFO_BLOB, identity.roots)
        easy.setopt(pycurl.SSLVERSION, pycurl.SSLVERSION_TLSv1_2)
        easy.setopt(pycurl.CONNECTTIMEOUT_MS, int(patience.connect_seconds * 1000))
        easy.setopt(pycurl.TIMEOUT_MS, int(patience.push_seconds * 1000))
        easy.setopt(pycurl.TCP_KEEPALIVE, 1)
        easy.setopt(pycurl.MAXAGE_CONN, 3600)
        easy.setopt(pycurl.USERAGENT, "wallet-service")
        easy.setopt(pycurl.POSTFIELDS, b"{}")
        easy.setopt(pycurl.WRITEFUNCTION, self._write)

    def send(self, flight: Any, url: str, headers: Sequence[str]) -> None:
        self.flight = flight
        self.body.clear()
        self.easy.setopt(pycurl.URL, url)
        if headers is not self.headers:
            self.headers = headers
            self.easy.setopt(pycurl.HTTPHEADER, list(headers))

    def answer(self) -> Ended:
        easy = self.easy
        status = easy.getinfo(pycurl.RESPONSE_CODE)
        connection_id = easy.getinfo(pycurl.CONN_ID)
        if status == 200:
            return Ended(flight=self.flight, connection_id=connection_id, status=200)
        return Ended(
            flight=self.flight,
            connection_id=connection_id,
            status=status,
            body=bytes(self.body),
            retry_after=float(easy.getinfo(pycurl.RETRY_AFTER)) or None,
        )

    def failure(self, code: int, says: str) -> Ended:
        easy = self.easy
        is_new = easy.getinfo(pycurl.NUM_CONNECTS) > 0 and easy.getinfo(pycurl.APPCONNECT_TIME) > 0
        trouble = _trouble(code, says)
        if trouble is Trouble.LOST and is_new:
            trouble = Trouble.CUT
        return Ended(
            flight=self.flight,
            connection_id=easy.getinfo(pycurl.CONN_ID),
            trouble=trouble,
            reason=f"libcurl {code}: {says[:200]}",
        )

    def _write(self, chunk: bytes) -> None:
        if len(self.body) < _BODY_BYTES_MAX:
            self.body += chunk[: _BODY_BYTES_MAX - len(self.body)]


def _trouble(code: int, says: str) -> Trouble:
    if code == _HTTP2_STREAM:
        return Trouble.RESET
    if code == pycurl.E_OPERATION_TIMEDOUT:
        return Trouble.SILENT
    if code in {pycurl.E_PEER_FAILED_VERIFICATION, pycurl.E_SSL_CERTPROBLEM}:
        return Trouble.DISTRUST
    # TLS 1.3 refuses a client after the handshake, as an alert on a connection that stood (a
    # server need not even send the alert: that is a CUT).
    if "alert" in says and ("certificate" in says or "unknown ca" in says):
        return Trouble.DISTRUST
    if "Connection died, tried" in says:
        return Trouble.CROWDED
    return Trouble.LOST
