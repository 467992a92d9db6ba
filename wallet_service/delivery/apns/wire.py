"""libcurl: one CurlMulti, its sockets, and a bell that wakes its sleeper.

Not for several threads: only `ring` may be called from another one.
"""

import selectors
import socket
from collections.abc import Sequence
from contextlib import suppress
from time import monotonic
from typing import Any
from urllib.parse import quote

import pycurl

from wallet_service.delivery.apns.flight import Flight
from wallet_service.delivery.apns.identity import Identity
from wallet_service.delivery.apns.pace import Patience
from wallet_service.delivery.apns.pushes import Push

_EVENTS = {
    pycurl.POLL_IN: selectors.EVENT_READ,
    pycurl.POLL_OUT: selectors.EVENT_WRITE,
    pycurl.POLL_INOUT: selectors.EVENT_READ | selectors.EVENT_WRITE,
}


class Wire:
    """Carries POSTs of `{}` to paths below one origin."""

    def __init__(self, origin: str, identity: Identity, streams: int, patience: Patience) -> None:
        self._origin = origin.rstrip("/")
        self._below = self._origin + "/3/device/"
        self._identity = identity
        self._streams = streams
        self._patience = patience
        self._idle: list[Flight] = []
        self._flying: dict[Any, Flight] = {}
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

    def send(self, push: Push, headers: Sequence[str], connection: int, now: float) -> None:
        """Let one push fly."""
        flight = self._idle.pop() if self._idle else self._new_flight()
        flight.push = push
        flight.connection = connection
        flight.sent_at = now
        token = push.token
        # A token is hex digits; one that is not must stay one segment of the path all the same.
        segment = token if token.isalnum() and token.isascii() else quote(token, safe="")
        flight.aim(self._below + segment, headers)
        self._flying[flight.easy] = flight
        self._multi.add_handle(flight.easy)

    def wait(self, at_most: float | None = None) -> list[Flight]:
        """Sleep until something happens or the bell rings; what ended meanwhile.

        The flights are good until the next `send`, which takes them for other pushes.
        """
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

    def renew(self) -> list[Push]:
        """Leave every connection behind; the pushes that were still on them."""
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

    def close(self) -> list[Push]:
        """End everything; the pushes that were still under way."""
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

    def _close_multi(self) -> list[Push]:
        left = [flight.push for flight in self._flying.values()]
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

    def _new_flight(self) -> Flight:
        return Flight(self._identity, self._version, self._patience, self._is_plain)

    def _ended(self) -> list[Flight]:
        if not self._flying:
            return []
        ended: list[Flight] = []
        left = 1
        while left:
            left, good, bad = self._multi.info_read()
            for easy in good:
                flight = self._flying.pop(easy)
                flight.landed()
                self._multi.remove_handle(easy)
                ended.append(flight)
            for easy, code, says in bad:
                flight = self._flying.pop(easy)
                flight.failed(code, says)
                self._multi.remove_handle(easy)
                ended.append(flight)
        self._idle += ended
        return ended
