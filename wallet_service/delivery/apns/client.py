"""Pushes to APNs, each with one outcome in the end, by a thread of its own."""

import logging
from collections import deque
from collections.abc import Callable
from datetime import timedelta
from threading import Thread, current_thread
from time import monotonic
from typing import Literal

from wallet_service import clock
from wallet_service.delivery import answers
from wallet_service.delivery.answers import Fate, Scope
from wallet_service.delivery.apns.flight import Flight, Trouble
from wallet_service.delivery.apns.identity import Identity
from wallet_service.delivery.apns.pace import Pace, Patience
from wallet_service.delivery.apns.pushes import Outcome, Push
from wallet_service.delivery.apns.wire import Wire
from wallet_service.delivery.errors import WayClosed

_CONNECTIONS_KEPT = 100
# A server that does not like our certificate may just hang up after the handshake; so does one in
# trouble of its own. Twice in a row we come again at once, then a few times in half a minute; only
# after that, with no answer between, it is probably the certificate.
_CUTS_AT_ONCE = 2
_CUTS_BEFORE_SUSPICION = 5

log = logging.getLogger(__name__)


class Apns:
    """One way to APNs: a certificate, a topic, one long-lived HTTP/2 connection.

    `submit` never blocks; `on_outcome` is called once for each push, in this way's own thread, and
    must return soon. While the way is down or has been refused, `capacity()` is 0, and what waits
    is handed back as PASSING with the time to come again: the outbox is the place to wait.
    """

    def __init__(
        self,
        *,
        url: str,
        certificate: bytes,
        key: bytes,
        key_password: str | None = None,
        root: bytes | None = None,
        topic: str,
        on_outcome: Callable[[Outcome], None],
        push_type: Literal["background", "alert"] = "background",
        priority: int = 5,
        expires_after: timedelta = timedelta(days=7),
        streams: int = 200,
        waiting_max: int = 1000,
        patience: Patience | None = None,
    ) -> None:
        self._patience = patience or Patience()
        identity = Identity.load(certificate, key, key_password, root)
        self._topic = topic
        self._on_outcome = on_outcome
        self._push_type = push_type
        self._priority = priority
        self._expires_after = expires_after
        self._waiting_max = waiting_max
        self._pace = Pace(streams, self._patience)
        self._wire = Wire(url, identity, streams, self._patience)
        self._waiting: deque[Push] = deque()
        self._headers: list[str] = []
        self._headers_until = clock.now()
        self._answered_at: dict[int, float] = {}
        self._cuts = 0
        self._is_asleep = False
        self._closing = False
        self._thread = Thread(target=self._run, name=f"apns {topic}", daemon=True)
        self._thread.start()

    # For any thread

    def submit(self, push: Push) -> None:
        """Push as soon as possible. Raises WayClosed."""
        if self._closing:
            raise WayClosed(WayClosed.__doc__)
        self._waiting.append(push)
        # The order matters here and in _run: the sleeper says that it will sleep, then looks
        # once more; we leave the push, then look whether anybody sleeps. One ring wakes for all.
        if self._is_asleep:
            self._is_asleep = False
            self._wire.ring()

    def capacity(self) -> int:
        """How many more pushes may be submitted now: 0 while down, 1 to see whether it is up."""
        if self._closing or self.held_for() > 0:
            return 0
        most = 1 if self._pace.is_recovering else self._waiting_max
        return max(0, most - len(self._waiting) - self._wire.flying)

    def held_for(self) -> float:
        """Seconds until the next try; 0.0 when the way is open."""
        return self._pace.held_for(monotonic())

    def close(self) -> None:
        """Hand back what waits, give what flies a moment, flight. Safe to call twice."""
        self._closing = True
        self._wire.ring()
        if self._thread is not current_thread():
            self._thread.join()

    # The thread

    def _run(self) -> None:
        while not self._closing:
            self._send_waiting()
            self._is_asleep = True
            if self._can_send() or self._closing:
                self._is_asleep = False
                continue
            ended = self._wire.wait()
            self._is_asleep = False
            if ended:
                self._take(ended)
        self._finish()

    def _can_send(self) -> bool:
        if not self._waiting:
            return False
        return self.held_for() > 0 or self._pace.room(self._wire.flying) > 0

    def _send_waiting(self) -> None:
        now = monotonic()
        if self._waiting and self._pace.held_for(now) > 0:
            self._hand_back_waiting("held")
            return
        room = min(len(self._waiting), self._pace.room(self._wire.flying))
        if not room:
            return
        headers, connection = self._header(), self._pace.connection
        for _ in range(room):
            self._wire.send(self._waiting.popleft(), headers, connection, now)

    def _header(self) -> list[str]:
        # One list for an hour: libcurl's handles keep it, and are told only when it is another.
        now = clock.now()
        if not self._headers or not now < self._headers_until:
            self._headers_until = now + timedelta(hours=1)
            self._headers = [
                f"apns-topic: {self._topic}",
                f"apns-push-type: {self._push_type}",
                f"apns-priority: {self._priority}",
                f"apns-expiration: {int((now + self._expires_after).timestamp())}",
                "content-type: application/json",
                "accept:",
            ]
        return self._headers

    def _take(self, ended: list[Flight]) -> None:
        now = monotonic()
        for flight in ended:
            if flight.trouble is not None:
                self._take_trouble(flight, flight.trouble, now)
                continue
            self._heard(flight, now)
            if flight.status == 200:
                self._pace.answered()
                self._tell(Outcome(push=flight.push, fate=Fate.DELIVERED, status=200))
            else:
                self._take_answer(flight, now)

    def _take_answer(self, flight: Flight, now: float) -> None:
        reason, timestamp = answers.said(bytes(flight.body))
        verdict = answers.verdict(flight.status, reason, flight.retry_after)
        retry_after = verdict.retry_after
        if verdict.scope is Scope.PUSH:
            self._pace.answered()
        elif verdict.fate is Fate.CONFIGURATION:
            self._distrusted(flight, f"{flight.status} {reason}", now)
        else:
            was_recovering = self._pace.is_recovering
            if self._pace.refused(flight.connection, now):
                self._warn(f"APNs is in trouble ({flight.status} {reason})", was_recovering)
        self._tell(
            Outcome(
                push=flight.push,
                status=flight.status,
                reason=reason,
                timestamp=timestamp,
                fate=verdict.fate,
                retry_after=retry_after,
            )
        )

    def _take_trouble(self, flight: Flight, trouble: Trouble, now: float) -> None:
        fate = Fate.PASSING
        is_deaf = False
        match trouble:
            case Trouble.RESET:
                self._pace.answered()
            case Trouble.CROWDED:
                self._pace.crowded()
            case Trouble.DISTRUST:
                fate = self._distrusted(flight, flight.reason, now)
            case Trouble.CUT:
                fate = self._cut(flight, now)
            case Trouble.SILENT:
                # libcurl would go on using a connection that answers nobody. One stalled push
                # among others that were answered is its own matter.
                is_deaf = self._answered_at.get(flight.connection_id, 0.0) < flight.sent_at
                if is_deaf:
                    self._lost(flight, "no answer", now)
            case Trouble.LOST:
                self._lost(flight, flight.reason, now)
        self._tell(
            Outcome(
                push=flight.push,
                reason=flight.reason,
                fate=fate,
                retry_after=self._pace.held_for(now) or None,
            )
        )
        if is_deaf:
            self._leave_connections()

    def _heard(self, flight: Flight, now: float) -> None:
        if flight.connection_id not in self._answered_at:
            # libcurl opens another connection beside one that is full.
            if any(at > flight.sent_at for at in self._answered_at.values()):
                self._pace.crowded()
            if len(self._answered_at) >= _CONNECTIONS_KEPT:
                del self._answered_at[next(iter(self._answered_at))]
        self._answered_at[flight.connection_id] = now
        self._cuts = 0

    def _distrusted(self, flight: Flight, why: str, now: float) -> Fate:
        if self._pace.misconfigured(flight.connection, now):
            self._alarm(why)
        return Fate.CONFIGURATION

    def _cut(self, flight: Flight, now: float) -> Fate:
        self._cuts += 1
        if self._cuts > _CUTS_BEFORE_SUSPICION:
            why = f"it hung up {self._cuts} times in a row after the handshake; {flight.reason}"
            return self._distrusted(flight, why, now)
        if self._cuts <= _CUTS_AT_ONCE:
            self._lost(flight, flight.reason, now)
        elif self._pace.hung_up(flight.connection, now):
            self._warn("APNs hangs up after the handshake", was_recovering=True)
        return Fate.PASSING

    def _lost(self, flight: Flight, why: str, now: float) -> None:
        was_recovering = self._pace.is_recovering
        if self._pace.lost(flight.connection, now):
            self._warn(f"The connection to APNs was lost ({why})", was_recovering)
            if not self._answered_at:
                self._wire.other_version()

    def _leave_connections(self) -> None:
        self._answered_at.clear()
        for push in self._wire.renew():
            self._hand_back(push, "no answer", was_tried=True)

    def _warn(self, what: str, was_recovering: bool) -> None:
        # Once an outage, not once a try.
        level = logging.DEBUG if was_recovering else logging.WARNING
        log.log(level, "%s; %s waits %.1f seconds.", what, self._topic, self.held_for())

    def _alarm(self, why: str) -> None:
        log.error(
            "APNs and our certificate for %s do not accept each other (%s). No phone is dropped; "
            "the next try is in %.0f seconds.",
            self._topic,
            why,
            self.held_for(),
        )

    # Handing back

    def _hand_back_waiting(self, reason: str) -> None:
        for _ in range(len(self._waiting)):
            self._hand_back(self._waiting.popleft(), reason, was_tried=False)

    def _hand_back(self, push: Push, reason: str, *, was_tried: bool) -> None:
        self._tell(
            Outcome(
                push=push,
                reason=reason,
                fate=Fate.PASSING,
                retry_after=self.held_for() or None,
                was_tried=was_tried,
            )
        )

    def _tell(self, outcome: Outcome) -> None:
        try:
            self._on_outcome(outcome)
        except Exception:
            # As in the worker's loop: one caller's fault must not end the way for all.
            log.exception("An outcome of a push could not be taken.")

    def _finish(self) -> None:
        self._hand_back_waiting("closed")
        until = monotonic() + self._patience.close_seconds
        while self._wire.flying and monotonic() < until:
            self._take(self._wire.wait(at_most=until - monotonic()))
        for push in self._wire.close():
            self._hand_back(push, "closed", was_tried=True)
        # A push may have come in between the last look and the close.
        self._hand_back_waiting("closed")
