"""How long to wait after a fault: longer each time, never in step with others, never for ever."""

import random
from datetime import timedelta

from wallet_service.delivery.answers import Fate

# A fault of our own does not go away by trying: somebody must mend it.
FIRST_SECONDS = {Fate.PASSING: 1.0, Fate.CONFIGURATION: 15.0, Fate.DEAD: 1.0}
LONGEST_SECONDS = {Fate.PASSING: 600.0, Fate.CONFIGURATION: 900.0, Fate.DEAD: 900.0}
UNTRIED = timedelta(seconds=1)


def wait(fate: Fate, attempts: int, retry_after: float | None = None) -> timedelta:
    """The wait before try number `attempts` + 1; APNs's own wish is kept where it is longer."""
    if fate is Fate.DEAD and attempts == 0:
        # Whoever is still registered after that has renewed the token, and may be called.
        return timedelta(0)
    seconds = min(FIRST_SECONDS[fate] * 2.0 ** min(attempts, 30), LONGEST_SECONDS[fate])
    seconds *= random.uniform(0.5, 1.0)  # noqa: S311
    if fate is Fate.PASSING and retry_after is not None:
        seconds = max(seconds, retry_after)
    return timedelta(seconds=seconds)
