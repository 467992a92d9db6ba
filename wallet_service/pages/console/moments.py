"""Times on pages that belong to no brand: by the clock of the first shop somebody works for."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from wallet_service.access.entry import Entry
from wallet_service.pages import when


def of(entry: Entry) -> Callable[[datetime], str]:
    """What a template calls with a moment."""
    zone = entry.works[0][0].zone if entry.works else ZoneInfo("UTC")
    return lambda moment: when.near(moment, zone)
