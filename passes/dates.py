"""Days as people write them, and moments as Apple reads them."""

from __future__ import annotations

from datetime import date, datetime

from passes.errors import TimeWithoutZone

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_WEEKDAYS = {
    "en": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    "fi": ["ma", "ti", "ke", "to", "pe", "la", "su"],
    "sv": ["mån", "tis", "ons", "tors", "fre", "lör", "sön"],
}


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


def named_day(day: date, language: str, *, in_full: bool = False) -> str:
    """A day with its weekday before it: Thu 3 Dec, to 3.12.; in full with its year."""
    names = _WEEKDAYS.get(language[:2])
    said = long_day(day, language) if in_full else short_day(day, language)
    return f"{names[day.weekday()]} {said}" if names else said


def clock(moment: datetime, language: str) -> str:
    """An hour and a minute: 18:00, and 18.00 in Finnish."""
    return f"{moment:%H.%M}" if language.startswith("fi") else f"{moment:%H:%M}"


def w3c(moment: datetime, name: str) -> str:
    """A whole second with its zone; without a zone Wallet would take it for no date at all."""
    if moment.utcoffset() is None:
        raise TimeWithoutZone(name=name, value=moment.isoformat())
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
