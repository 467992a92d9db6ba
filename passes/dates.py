"""Days as people write them, and moments as Apple reads them."""

from __future__ import annotations

from datetime import date, datetime

from passes.errors import TimeWithoutZone

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def long_day(day: date, language: str) -> str:
    """30 Nov 2026 in English, 30.11.2026 in Finnish and in Finland's Swedish."""
    if language.startswith("en"):
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    if language[:2] in {"fi", "sv"}:
        return f"{day.day}.{day.month}.{day.year}"
    return day.isoformat()


def short_day(day: date, language: str) -> str:
    """The same without the year, for what was told within the last weeks."""
    if language.startswith("en"):
        return f"{day.day} {_MONTHS[day.month - 1]}"
    if language[:2] in {"fi", "sv"}:
        return f"{day.day}.{day.month}."
    return f"{day.month:02}-{day.day:02}"


def w3c(moment: datetime, name: str) -> str:
    """A whole second with its zone; without a zone Wallet would take it for no date at all."""
    if moment.utcoffset() is None:
        raise TimeWithoutZone(name=name, value=moment.isoformat())
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
