"""The server: its thread, its certificate, and what it has been told to answer."""

import asyncio
import socket
import ssl
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Self

from wallet_service import clock
from wallet_service.errors import StartError
from wallet_service.practice.apns.connection import Connection
from wallet_service.practice.apns.faults import DELIVERED, Answer, Fault, Orders, unregistered
from wallet_service.practice.apns.requests import Request, fault
from wallet_service.practice.certificates import PracticeCertificates

_PUSHES_REMEMBERED = 10_000


class CannotListen(StartError):
    """The pretend APNs cannot use a port."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedPush:
    """One request that came in, and what was done with it."""

    token: str
    topic: str
    push_type: str
    priority: str
    expiration: str
    outcome: Answer | Fault
    at: datetime

    @property
    def was_delivered(self) -> bool:
        return self.outcome == DELIVERED


class PretendApns:
    """Takes pushes as Apple does, on loopback, in a thread of its own.

    It demands the pass certificate, and checks method, path, topic, headers and payload. `on_push`
    is called after each delivered push, in the server's thread: it must return at once. A token
    that `known` does not know, or that was forgotten, is answered 410.
    """

    def __init__(
        self,
        certificates: PracticeCertificates,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        streams_max: int = 1000,
        on_push: Callable[[str, str], None] | None = None,
        known: Callable[[str], bool] | None = None,
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self.on_push = on_push
        self.known = known
        self.pushes: deque[ReceivedPush] = deque(maxlen=_PUSHES_REMEMBERED)
        self.connections_made = 0
        self._certificates = certificates
        self._host = host
        self._port = port
        self._streams_max = streams_max
        self._now = now
        self._orders = Orders()
        self._forgotten: dict[str, datetime] = {}
        self._lock = Lock()
        self._connections: set[Connection] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: Thread | None = None

    @property
    def url(self) -> str:
        """Its origin; the port is known once it has been started, and kept over a restart."""
        return f"https://{self._host}:{self._port}"

    @property
    def connections_open(self) -> int:
        return len(self._connections)

    def start(self) -> None:
        """Listen, and return once pushes can come. Raises CannotListen."""
        if self._thread is not None:
            raise RuntimeError("The pretend APNs has been started already.")
        tls = self._tls()
        try:
            listening = socket.create_server((self._host, self._port), backlog=128)
        except OSError as error:
            raise CannotListen(
                f"The pretend APNs cannot listen on {self._host}:{self._port}: "
                f"{error.strerror or error}."
            ) from error
        self._port = listening.getsockname()[1]
        # The loop lives wholly in its thread: the caller's may be running a loop of its own.
        self._loop = asyncio.new_event_loop()
        runs = Event()
        self._thread = Thread(
            target=self._run,
            args=(self._loop, listening, tls, runs),
            name="pretend-apns",
            daemon=True,
        )
        self._thread.start()
        runs.wait()

    def stop(self) -> None:
        """Cut every connection and free the port. Safe to call twice."""
        loop, thread, self._loop, self._thread = self._loop, self._thread, None, None
        if loop is None or thread is None:
            return
        loop.call_soon_threadsafe(loop.stop)
        thread.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _run(
        self,
        loop: asyncio.AbstractEventLoop,
        listening: socket.socket,
        tls: ssl.SSLContext,
        runs: Event,
    ) -> None:
        def connection() -> Connection:
            return Connection(
                self._decide, self._streams_max, self._opened, self._connections.discard
            )

        server = loop.run_until_complete(loop.create_server(connection, sock=listening, ssl=tls))
        loop.call_soon(runs.set)
        try:
            loop.run_forever()
        finally:
            server.close()
            _end(loop, tuple(self._connections))
            self._connections.clear()

    def _tls(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self._certificates.apns_certificate, self._certificates.apns_key)
        context.verify_mode = ssl.CERT_REQUIRED
        # Clients send their own certificate alone, so the intermediate must be known here.
        context.load_verify_locations(self._certificates.root)
        context.load_verify_locations(self._certificates.intermediate)
        context.set_alpn_protocols(["h2"])
        return context

    def _opened(self, connection: Connection) -> None:
        self.connections_made += 1
        self._connections.add(connection)

    # What it is told

    def tell(self, token: str | None, answer: Answer | Fault, *, times: int = 1) -> None:
        """Answer the next pushes of `token` (None: of anybody) so, that many times."""
        self._orders.add(token, answer, times)

    def untell(self) -> None:
        """Forget every answer that is still waiting for its push."""
        self._orders.clear()

    def forget(self, token: str, *, since: datetime | None = None) -> None:
        """From now on this token is answered 410, dead since then (left out: since now)."""
        with self._lock:
            self._forgotten[token.lower()] = since or self._now()

    def remember(self, token: str) -> None:
        """A forgotten token lives again."""
        with self._lock:
            self._forgotten.pop(token.lower(), None)

    def deafen(self) -> None:
        """Every connection that is open now stays so, and is never answered again."""
        self._on_each(Connection.deafen)

    def go_away(self) -> None:
        """Every connection that is open now is drained and closed."""
        self._on_each(Connection.go_away)

    def cut(self) -> None:
        """Every connection that is open now ends without a word."""
        self._on_each(Connection.abort)

    def _on_each(self, act: Callable[[Connection], None]) -> None:
        def on_each() -> None:
            for connection in tuple(self._connections):
                act(connection)

        if self._loop is not None:
            self._loop.call_soon_threadsafe(on_each)

    # What it answers

    def _decide(self, request: Request, certificate_topic: str | None) -> Answer | Fault:
        outcome = (
            fault(request, certificate_topic)
            or self._orders.take(request.token)
            or self._dead(request.token)
            or DELIVERED
        )
        self.pushes.append(
            ReceivedPush(
                token=request.token,
                topic=request.topic,
                push_type=request.headers.get("apns-push-type", ""),
                priority=request.headers.get("apns-priority", ""),
                expiration=request.headers.get("apns-expiration", ""),
                outcome=outcome,
                at=self._now(),
            )
        )
        if outcome == DELIVERED and self.on_push is not None and self._loop is not None:
            # On the loop's next turn: the answer goes out first, and asyncio logs what is raised.
            self._loop.call_soon(self.on_push, request.token, request.topic)
        return outcome

    def _dead(self, token: str) -> Answer | None:
        with self._lock:
            since = self._forgotten.get(token)
        if since is None and self.known is not None and not self.known(token):
            since = self._now()
        return None if since is None else unregistered(since)


def _end(loop: asyncio.AbstractEventLoop, connections: Iterable[Connection]) -> None:
    for connection in connections:
        connection.abort()
    # A TLS transport tells its protocol two turns after it is aborted.
    for _ in range(3):
        loop.run_until_complete(asyncio.sleep(0))
    unfinished = asyncio.all_tasks(loop)
    for task in unfinished:
        task.cancel()
    if unfinished:
        loop.run_until_complete(asyncio.wait(unfinished))
    loop.close()
