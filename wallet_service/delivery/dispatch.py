"""Dispatch: take from the outbox, draw, see who must be called, call, and note what came of it.

All that matters stands in the tables: a worker may be killed anywhere, and whoever comes after
it finds the rows when their leases end. What is in memory is only what flies.
"""

import random
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from datetime import timedelta
from threading import Event
from time import monotonic
from typing import Protocol

import structlog
from sqlalchemy import Connection

from wallet_service import clock
from wallet_service.db import Database
from wallet_service.delivery import backoff, claims, settle
from wallet_service.delivery.answers import Fate
from wallet_service.delivery.apns import Outcome, Push
from wallet_service.delivery.calls import Call, Errand, plan
from wallet_service.delivery.claims import Claim, PutBack
from wallet_service.delivery.decide import Drawn, decide
from wallet_service.delivery.errors import WayClosed
from wallet_service.delivery.faults import Alarm
from wallet_service.delivery.settle import Harvest
from wallet_service.phones import issued
from wallet_service.phones.issued import IssuedPass
from wallet_service.phones.rendered import Rendered

# Small, so that a counter's change never waits long behind a campaign's, nor a sale for our
# transaction; and so that what flies is heard of within a round trip.
BATCH_MAX = 32
FLYING_MAX = 256
LEASE = timedelta(seconds=30)
LOOK_EVERY_SECONDS = 0.4

log = structlog.get_logger("delivery")

Render = Callable[[Connection, IssuedPass], Rendered]


class Way(Protocol):
    """A way out, such as `Apns`."""

    def submit(self, push: Push) -> None: ...
    def capacity(self) -> int: ...


class Dispatch:
    """The worker's loop over the outbox. Any number of them may run, in any number of processes.

    `ways` maps a lane to its way out, and may be filled after this is made: each way's
    `on_outcome` is `heard`.
    """

    def __init__(
        self,
        database: Database,
        render: Render,
        ways: Mapping[str, Way],
        *,
        lease: timedelta = LEASE,
    ) -> None:
        self._database = database
        self._render = render
        self._ways = ways
        self._lease = lease
        self._alarm = Alarm()
        self._outcomes: deque[Outcome] = deque()
        self._harvest = Harvest()
        self._errands: set[Errand] = set()
        self._waiting: dict[str, deque[Call]] = defaultdict(deque)
        self._flying: dict[str, int] = defaultdict(int)

    def heard(self, outcome: Outcome) -> None:
        """Take an outcome, from the thread of its way; written in the next turn."""
        self._outcomes.append(outcome)
        self._database.woken.set()

    @property
    def is_idle(self) -> bool:
        """Nothing flies, and nothing learned is unwritten."""
        return not (self._errands or self._outcomes or self._harvest)

    def run(self, stop: Event, *, alone: bool = False) -> None:
        """Turn until `stop`. `alone`: no other worker exists, so any lease is a dead one's."""
        if alone:
            self._database.run(claims.free_all)
        troubles = 0
        while not stop.is_set():
            self._database.woken.clear()
            try:
                is_busy = self.turn()
                troubles = 0
            except Exception:  # the worker's loop: it logs, waits, and goes on
                log.exception("a turn of the delivery failed")
                troubles += 1
                stop.wait(min(5.0, 0.1 * 2.0 ** min(troubles, 10)) * _jitter())
                continue
            if not is_busy:
                self._database.woken.wait(LOOK_EVERY_SECONDS * _jitter())
        self.finish()

    def turn(self) -> bool:
        """Write what was heard, then take what is due; true if there may be more at once."""
        has_settled = self._settle()
        for lane, way in self._ways.items():
            self._submit_waiting(lane, way)
        open_lanes = {
            lane: room for lane, way in self._ways.items() if (room := self._room(lane, way))
        }
        if not open_lanes:
            return has_settled
        with self._database.read() as connection:
            due = claims.due_lanes(connection, open_lanes)
        for lane in sorted(due):
            self._take(lane, open_lanes[lane])
        return has_settled or bool(due)

    def finish(self, at_most_seconds: float = 2.0) -> None:
        """Give what flies a moment, then hand back the rest for whoever comes next."""
        until = monotonic() + at_most_seconds
        while sum(self._flying.values()) and monotonic() < until:
            self._database.woken.clear()
            if not self._settle():
                self._database.woken.wait(0.02)
        self._settle()
        self._harvest.returned += [
            PutBack(claim=errand.claim, due_at=clock.now(), attempts=errand.claim.attempts)
            for errand in self._errands
        ]
        self._errands.clear()
        self._waiting.clear()
        self._write()

    # Taking

    def _room(self, lane: str, way: Way) -> int:
        if self._waiting[lane]:
            return 0
        return max(0, min(way.capacity(), FLYING_MAX - self._flying[lane], BATCH_MAX))

    def _take(self, lane: str, room: int) -> None:
        taken = self._database.run(claims.claim, lane, limit=room, lease=self._lease)
        if not taken:
            return
        drawn = self._draw(taken)
        needed = self._database.run(decide, drawn) if drawn else ()
        errands, calls = plan(lane, needed)
        self._errands |= set(errands)
        self._waiting[lane] += calls
        self._submit_waiting(lane, self._ways[lane])

    def _draw(self, taken: tuple[Claim, ...]) -> list[Drawn]:
        drawn: list[Drawn] = []
        left = deque(taken)
        while left:
            # A new transaction after a failure: PostgreSQL's is of no use any more.
            with self._database.read() as connection:
                cards = issued.by_keys(connection, [claim.key for claim in left])
                while left:
                    claim = left.popleft()
                    at = clock.now()
                    card = cards[claim.key]
                    try:
                        rendered = self._render(connection, card)
                    except Exception as error:  # noqa: BLE001 - one broken pass stops no other
                        self._cannot_draw(claim, error)
                        break
                    drawn.append(Drawn(claim=claim, card=card, rendered=rendered, at=at))
        return drawn

    def _cannot_draw(self, claim: Claim, error: Exception) -> None:
        log.exception("a pass cannot be drawn", pass_id=claim.pass_id)
        self._harvest.returned.append(
            PutBack(
                claim=claim,
                due_at=clock.now() + backoff.wait(Fate.CONFIGURATION, claim.attempts),
                attempts=claim.attempts + 1,
                error=f"drawing: {type(error).__name__}",
            )
        )

    # Calling

    def _submit_waiting(self, lane: str, way: Way) -> None:
        waiting = self._waiting[lane]
        room = min(way.capacity(), FLYING_MAX - self._flying[lane]) if waiting else 0
        while waiting and room > 0:
            call = waiting.popleft()
            call.called_at = clock.now()
            self._flying[lane] += 1
            room -= 1
            push = Push(token=call.push_token, reference=call)
            try:
                way.submit(push)
            except WayClosed:
                self.heard(_handed_back(push, "closed"))
        if waiting and not self._flying[lane] and way.capacity() == 0:
            # The way went down: the outbox is the place to wait, not here.
            for call in waiting:
                call.called_at = clock.now()
                self._flying[lane] += 1
                self.heard(_handed_back(Push(token=call.push_token, reference=call), "down"))
            waiting.clear()

    # Noting

    def _settle(self) -> bool:
        while self._outcomes:
            outcome = self._outcomes.popleft()
            call = outcome.push.reference
            assert isinstance(call, Call)
            self._flying[call.lane] -= 1
            self._errands -= set(self._harvest.take(call, outcome, self._alarm))
        return self._write()

    def _write(self) -> bool:
        if not self._harvest:
            return False
        # Kept until it is written: a database that is away for a moment loses us nothing.
        self._database.run(settle.write, self._harvest)
        self._harvest = Harvest()
        return True


def _handed_back(push: Push, reason: str) -> Outcome:
    return Outcome(push=push, fate=Fate.PASSING, reason=reason, was_tried=False)


def _jitter() -> float:
    return random.uniform(0.5, 1.0)  # noqa: S311
