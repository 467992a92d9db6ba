"""Cursors: where the next page begins, as a text that means nothing to anybody but us."""

import base64
import binascii
import json
from datetime import datetime

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from wallet_service.ledger.recorded import Mark


def written(mark: Mark | None) -> str | None:
    """The cursor of a mark in the ledger."""
    if mark is None:
        return None
    text = json.dumps([mark.recorded_at.isoformat(), mark.member_id, mark.number])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(cursor: str | None) -> Mark | None:
    """The mark of a cursor. Raises ValidationError for one that we never gave out."""
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        at, member_id, number = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        recorded_at = datetime.fromisoformat(at)
        is_ours = member_id.isprintable() and 0 < number < 2**63 and 2000 <= recorded_at.year < 2200
        if recorded_at.tzinfo is None or not is_ours:
            raise unknown()
    except (binascii.Error, ValueError, TypeError, AttributeError, RecursionError):
        raise unknown() from None
    return Mark(recorded_at=recorded_at, member_id=member_id, number=number)


def unknown() -> ValidationError:
    """What is raised for a cursor that we never gave out."""
    fault = PydanticCustomError("cursor", "this is no cursor of ours; send `next` as it came")
    return ValidationError.from_exception_data(
        "query", [InitErrorDetails(type=fault, loc=("cursor",), input=None)]
    )
