"""Times on pages that belong to no brand: in the zone of the first shop that somebody works for."""

from collections.abc import Callable
from datetime import datetime

from wallet_service import language
from wallet_service.access.entry import Entry
from wallet_service.web.language import chosen


def of(entry: Entry) -> Callable[[datetime], str]:
    """What a template calls with a moment."""
    zone = entry.works[0][0].time_zone if entry.works else "UTC"
    return lambda moment: language.moment(moment, zone, chosen())
