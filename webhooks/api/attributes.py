"""Attributes: what a caller keeps beside a member, in values that every reader of JSON can read."""

import json
import math
from typing import Annotated

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema

from webhooks.api.texts import ANY, SOME, Note, plain

COUNT_MAX = 50
BYTES_MAX = 8 * 1024
TEXT_LENGTH_MAX = 500
# Beyond it JavaScript, and many a CRM, reads another number than was written (RFC 8259, 6).
INTEGER_MAX = 2**53


def _value(told: object) -> object:
    match told:
        case bool() | None:
            return told
        case int():
            if abs(told) > INTEGER_MAX:
                raise ValueError("a whole number lies between -2^53 and 2^53")
            return told
        case float():
            if not math.isfinite(told):
                raise ValueError("a number is finite")
            if abs(told) > INTEGER_MAX:
                raise ValueError("a number lies between -2^53 and 2^53")
            return told
        case str():
            stripped = plain(told.strip())
            if len(stripped) > TEXT_LENGTH_MAX:
                raise ValueError(f"a text has at most {TEXT_LENGTH_MAX} characters")
            return stripped
    raise ValueError("a value is a text, a number, true, false or null")


_SCHEMA = {
    "anyOf": [
        {"type": "string", "maxLength": TEXT_LENGTH_MAX, "pattern": ANY},
        {"type": "number", "minimum": -INTEGER_MAX, "maximum": INTEGER_MAX},
        {"type": "boolean"},
        {"type": "null"},
    ]
}
Value = Annotated[str | int | float | bool | None, PlainValidator(_value), WithJsonSchema(_SCHEMA)]


def _small(attributes: dict[str, Value]) -> dict[str, Value]:
    if len(json.dumps(attributes, ensure_ascii=False).encode()) > BYTES_MAX:
        raise ValueError("attributes have at most 8 KiB together")
    return attributes


_NAMES = {"propertyNames": {"minLength": 1, "maxLength": 64, "pattern": SOME}}
Attributes = Annotated[
    dict[Note, Value], Field(max_length=COUNT_MAX, json_schema_extra=_NAMES), AfterValidator(_small)
]
