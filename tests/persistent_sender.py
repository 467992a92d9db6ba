"""A caller of the way to APNs that behaves as the outbox does: it comes again until all is told."""

import heapq
import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from wallet_service.delivery.apns import Apns, Fate, Outcome, Patience, Push
from wallet_service.practice.apns import PretendApns
from wallet_service.practice.certificates import PracticeCertificates

# Little patience after trouble, much with a machine that has other work; where silence itself is
# the story, it is not waited for so long.
QUICK = Patience(
    connect_seconds=10,
    push_seconds=30,
    backoff_seconds=0.05,
    backoff_max_seconds=0.4,
    cut_seconds=0.1,
    configuration_seconds=30,
    close_seconds=0.2,
)
NOT_LONG = replace(QUICK, push_seconds=1)


def some_tokens(count: int) -> list[str]:
    return [secrets.token_hex(32) for _ in range(count)]


def a_way(url: str, certificates: PracticeCertificates, **otherwise: Any) -> Apns:
    """A way to the pretend APNs with the practice certificate, and little patience."""
    facts: dict[str, Any] = {
        "url": url,
        "certificate": certificates.certificate.read_bytes(),
        "key": certificates.key.read_bytes(),
        "root": certificates.apns_root.read_bytes(),
        "topic": certificates.pass_type_identifier,
        "patience": QUICK,
    }
    return Apns(**(facts | otherwise))


class PersistentSender:
    """Submits no more than there is room for, and puts passing faults back until they are due."""

    def __init__(
        self, server: PretendApns, certificates: PracticeCertificates, **otherwise: Any
    ) -> None:
        self.outcomes: list[Outcome] = []
        self._changed = threading.Condition()
        self.way = a_way(server.url, certificates, **({"on_outcome": self._take} | otherwise))

    def _take(self, outcome: Outcome) -> None:
        with self._changed:
            self.outcomes.append(outcome)
            self._changed.notify_all()

    def close(self) -> None:
        self.way.close()

    def fates(self) -> Counter[Fate]:
        return Counter(outcome.fate for outcome in self.outcomes)

    def tokens(self, fate: Fate) -> set[str]:
        return {outcome.push.token for outcome in self.outcomes if outcome.fate is fate}

    def once(self, token: str, within: float = 10) -> Outcome:
        """Submit one push, and wait for its outcome."""
        before = len(self.outcomes)
        self.way.submit(Push(token=token, reference=token))
        self.wait_for(lambda: len(self.outcomes) > before, within)
        return self.outcomes[before]

    def wait_for(self, what: Any, within: float = 10) -> None:
        with self._changed:
            assert self._changed.wait_for(what, within), "It did not happen in time."

    def deliver(self, tokens: Iterable[str], within: float = 20) -> None:
        """Push each token until its fate is final."""
        due = [(0.0, token) for token in tokens]
        heapq.heapify(due)
        waiting = {token for _, token in due}
        seen = len(self.outcomes)
        until = time.monotonic() + within
        while waiting:
            now = time.monotonic()
            assert now < until, f"{len(waiting)} pushes have no final fate."
            for _ in range(self.way.capacity()):
                if not due or due[0][0] > now:
                    break
                token = heapq.heappop(due)[1]
                self.way.submit(Push(token=token, reference=token))
            with self._changed:
                if len(self.outcomes) == seen:
                    self._changed.wait(0.01)
                fresh = self.outcomes[seen:]
                seen += len(fresh)
            for outcome in fresh:
                if outcome.fate is Fate.PASSING:
                    again = time.monotonic() + (outcome.retry_after or 0.05)
                    heapq.heappush(due, (again, outcome.push.token))
                else:
                    waiting.discard(outcome.push.token)


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def delivered(server: PretendApns) -> Sequence[str]:
    return [push.token for push in server.pushes if push.was_delivered]
