"""Reading what was sent: JSON of a known shape, no larger than it need be."""

import json
from http import HTTPStatus
from typing import TypeVar

from flask import abort, request
from pydantic import BaseModel, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

BODY_BYTES_MAX = 64 * 1024

Model = TypeVar("Model", bound=BaseModel)


def read(model: type[Model], bytes_max: int = BODY_BYTES_MAX) -> Model:
    """The body as `model`. Raises ValidationError, or answers 413 or 415."""
    request.max_content_length = bytes_max
    if (request.content_length or 0) > bytes_max:
        most = f"A body has at most {bytes_max // 1024} KiB."
        abort(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, most)
    if not request.is_json:
        abort(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send JSON, with Content-Type: application/json.")
    body = request.get_data()
    _require_no_twins(body)
    return model.model_validate_json(body, strict=True)


def read_any(model: type[Model]) -> Model:
    """The body as `model`, for a call that asks for nothing: no body is an empty one."""
    if not request.content_length and not request.headers.get("Transfer-Encoding"):
        return model()
    return read(model)


def read_query(model: type[Model]) -> Model:
    """The query as `model`; a name that comes twice counts once. Raises ValidationError."""
    return model.model_validate(request.args.to_dict())


def _require_no_twins(body: bytes) -> None:
    """Raises ValidationError for keys that stand twice in one object.

    Readers of JSON take the first or the last as they please (RFC 8259, 4), so that what we read
    might not be what was checked before it came to us.
    """
    twins: list[str] = []

    def see(pairs: list[tuple[str, object]]) -> None:
        known: set[str] = set()
        for key, _ in pairs:
            if key in known:
                twins.append(key)
            known.add(key)

    try:
        json.loads(body, object_pairs_hook=see, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return  # the model says what is wrong
    if twins:
        raise ValidationError.from_exception_data(
            "body", [InitErrorDetails(type=_TWICE, loc=(key,), input=None) for key in twins]
        )


_TWICE = PydanticCustomError("twice", "this key stands twice")
