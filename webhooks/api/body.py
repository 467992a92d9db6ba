"""Reading what was sent: JSON of a known shape, no larger than it need be."""

from http import HTTPStatus
from typing import TypeVar

from flask import abort, request
from pydantic import BaseModel

BODY_BYTES_MAX = 64 * 1024

Model = TypeVar("Model", bound=BaseModel)


def read(model: type[Model]) -> Model:
    """The body as `model`. Raises ValidationError, or answers 413 or 415."""
    request.max_content_length = BODY_BYTES_MAX
    if (request.content_length or 0) > BODY_BYTES_MAX:
        abort(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "A body has at most 64 KiB.")
    if not request.is_json:
        abort(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send JSON, with Content-Type: application/json.")
    return model.model_validate_json(request.get_data(), strict=True)


def read_query(model: type[Model]) -> Model:
    """The query as `model`; a name that comes twice counts once. Raises ValidationError."""
    return model.model_validate(request.args.to_dict())
