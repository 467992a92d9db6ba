"""Days and moments as callers write them: ISO 8601, read by hand.

To pydantic a text of digits is a number of seconds, even where it is strict.
"""

import re
from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from wallet_service import clock

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?"
    r"(Z|[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?)",
    re.IGNORECASE,
)


def _birthday(told: object) -> date:
    if not isinstance(told, str) or not _DAY.fullmatch(told):
        raise ValueError("write a day like 1988-05-17")
    day = date.fromisoformat(told)
    if not date(1900, 1, 1) <= day <= clock.now().date():
        raise ValueError("a birthday lies between 1900 and today")
    return day


def _at(told: object) -> datetime:
    if not isinstance(told, str) or not _MOMENT.fullmatch(told):
        raise ValueError("write a time with its zone, like 2026-11-25T10:30:00+02:00 (ISO 8601)")
    moment = datetime.fromisoformat(told.upper())
    if not 2000 <= moment.year < 2100:
        raise ValueError("this is too far from now")
    return moment.astimezone(UTC)


Birthday = Annotated[
    date,
    PlainValidator(_birthday),
    PlainSerializer(date.isoformat),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["1988-05-17"]}),
]
At = Annotated[
    datetime,
    PlainValidator(_at),
    WithJsonSchema(
        {"type": "string", "format": "date-time", "examples": ["2026-11-25T10:30:00+02:00"]}
    ),
]
