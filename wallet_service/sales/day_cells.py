"""The cells of a day file: an amount, a count, a moment, as shops write them. Pure."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision

from wallet_service.sales.told import AMOUNT_MAX, QUANTITY_MAX

_SPACES = str.maketrans("", "", " \u00a0\u202f'")
_GROUPED = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_MOMENT = re.compile(
    r"(\d{1,2})[./](\d{1,2})[./](\d{4})[ T]+(?:klo )?(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?"
)


class BadCell(Exception):
    """A cell cannot be read; the message is a sentence about it."""


def money(text: str, currency: str) -> int:
    """An amount in whole money, with a point or a comma, as minor units. Raises BadCell."""
    digits: int = get_currency_precision(currency)
    plain = text.translate(_SPACES)
    whole, point, rest = _parted(plain, digits)
    # Never int() alone: it reads signs, underscores and other scripts' figures.
    if not _is_number(whole) or (point and not _is_number(rest)) or len(rest) > digits:
        raise BadCell(f"“{text}” is no amount; write it as 12.50 or 12,50.")
    amount = int(whole + rest.ljust(digits, "0"))
    if amount > AMOUNT_MAX:
        raise BadCell(f"“{text}” is too large an amount.")
    return amount


def count(text: str) -> int:
    """A whole number of things. Raises BadCell."""
    whole, point, rest = text.translate(_SPACES).replace(",", ".").partition(".")
    if not _is_number(whole) or (point and rest.strip("0")) or not 1 <= int(whole) <= QUANTITY_MAX:
        raise BadCell(f"“{text}” is no quantity; write a whole number, as 2.")
    return int(whole)


def moment(text: str, zone: ZoneInfo) -> datetime:
    """A day and a time; without a zone, by the shop's own clock. Raises BadCell."""
    told = _as_written(text)
    if told.tzinfo is None:
        told = told.replace(tzinfo=zone)
        if told.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != told.replace(tzinfo=None):
            raise BadCell(f"“{text}” never was: the clocks were put forward over it.")
    return told.astimezone(UTC)


def _as_written(text: str) -> datetime:
    told: datetime | None = None
    try:
        if found := _MOMENT.fullmatch(text):
            day, month, year, hour, minute, second = (int(each or 0) for each in found.groups())
            return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001
        told = datetime.fromisoformat(text)
        told.astimezone(UTC)  # the first and the last year have no room for a zone
    except (ValueError, OverflowError):
        told = None
    if told is None or len(text) < len("2026-11-25T10:15"):
        raise BadCell(f"“{text}” is no day and time; write it as 2026-11-25T10:15.")
    return told


def _parted(plain: str, digits: int) -> tuple[str, str, str]:
    if "," in plain and "." in plain:
        # 1.250,00 and 1,250.00: what stands last parts the cents, the other one thousands.
        last = max(",", ".", key=plain.rfind)
        whole, point, rest = plain.rpartition(last)
        return ("".join(re.split(r"[.,]", whole)) if _GROUPED.fullmatch(whole) else "", point, rest)
    if digits and _GROUPED.fullmatch(plain) and plain.count(",") + plain.count(".") > 1:
        return "".join(re.split(r"[.,]", plain)), "", ""
    # A single 1.250 may be a thousand or a little more than one: three figures are refused.
    return plain.replace(",", ".").partition(".")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 12
