"""How many pushes may fly at once, and how long to wait after trouble.

No thread, no socket, no clock: the time is handed in, in monotonic seconds.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

# Refusals in a row before all must wait: at first, and while no answer has been good since. Never
# one: a single token that APNs stumbles over must not stop the others.
_REFUSALS_MAX = 10
_REFUSALS_MAX_RECOVERING = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait for what."""

    connect_seconds: float = 5.0
    push_seconds: float = 10.0
    backoff_seconds: float = 0.5
    backoff_max_seconds: float = 60.0
    cut_seconds: float = 30.0
    configuration_seconds: float = 300.0
    close_seconds: float = 2.0


class Pace:
    """A window that opens with answers and halves on refusals; a pause that doubles with losses.

    It begins with one push as a probe, and does so again after each loss: a client that has not
    heard the server yet knows neither its limits nor whether it is there. From there the window
    grows as TCP's does: with each answer until the first refusal, then by one in a window's time.
    """

    def __init__(
        self,
        window_max: int,
        patience: Patience,
        jitter: Callable[[], float] = lambda: random.uniform(0.5, 1.0),  # noqa: S311
    ) -> None:
        self.connection = 0
        """Counts lost connections, so that a loss is counted once and not once for each push."""
        self._window_max = window_max
        self._window = 1.0
        self._opens_until = float(window_max)
        self._patience = patience
        self._jitter = jitter
        self._held_until = 0.0
        self._losses = 0
        self._refusals = 0

    @property
    def is_recovering(self) -> bool:
        """Something went wrong, and no answer has come since."""
        return self._losses > 0

    def room(self, flying: int) -> int:
        return max(0, int(self._window) - flying)

    def held_for(self, now: float) -> float:
        return max(0.0, self._held_until - now)

    def answered(self) -> None:
        """APNs spoke, whatever it said about the push."""
        self._refusals = 0
        self._losses = 0
        if self._window < self._window_max:
            step = 1.0 if self._window < self._opens_until else 1 / self._window
            self._window = min(self._window + step, float(self._window_max))

    def crowded(self) -> None:
        """The server takes fewer streams than we opened."""
        self._window = self._opens_until = max(1.0, self._window / 2)

    def refused(self, connection: int, now: float) -> bool:
        """APNs answered that it is in trouble. True when that was once too often."""
        self._refusals += 1
        most = _REFUSALS_MAX_RECOVERING if self.is_recovering else _REFUSALS_MAX
        return self._refusals >= most and self.lost(connection, now)

    def lost(self, connection: int, now: float) -> bool:
        """The connection failed. True for the first who says so."""
        pause = self._patience.backoff_seconds * 2 ** min(self._losses, 30)
        return self._hold(connection, now, min(pause, self._patience.backoff_max_seconds))

    def hung_up(self, connection: int, now: float) -> bool:
        """APNs hangs up again and again before it answers. True for the first who says so."""
        return self._hold(connection, now, self._patience.cut_seconds)

    def misconfigured(self, connection: int, now: float) -> bool:
        """APNs will not take anything of ours. True for the first who says so."""
        return self._hold(connection, now, self._patience.configuration_seconds)

    def _hold(self, connection: int, now: float, pause: float) -> bool:
        if connection != self.connection:
            return False
        self.connection += 1
        self._losses += 1
        self._refusals = 0
        self._held_until = now + pause * self._jitter()
        self._window = 1.0
        self._opens_until = float(self._window_max)
        return True
