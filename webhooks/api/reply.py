"""What the API answers with: JSON in the order it was written, problems for what was wrong."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response
from pydantic import ValidationError

from wallet_service.language import Phrase
from wallet_service.web import language
from wallet_service.web.problems import problem


def json_reply(body: Mapping[str, Any], status: int = HTTPStatus.OK) -> Response:
    """A JSON answer."""
    return Response(as_text(body), status=status, content_type="application/json")


def repeatable(response: Response, is_repeated: bool) -> Response:
    """An answer that says so where it was given before."""
    if is_repeated:
        response.headers["Idempotent-Replayed"] = "true"
    return response


def as_text(body: Mapping[str, Any]) -> str:
    """The body of an answer, as it is sent."""
    return json.dumps(body, ensure_ascii=False, allow_nan=False) + "\n"


def said(sentence: Phrase) -> str:
    """A sentence in the language that the caller asked for."""
    return language.said(sentence)


def install(blueprint: Blueprint) -> None:
    """Answer what the doors raise and nobody else knows."""
    blueprint.register_error_handler(ValidationError, _invalid)


def _invalid(error: ValidationError) -> Response:
    """Everything that is wrong with a body or a query, each with its place, at once."""
    faults = [{"where": where, "says": says} for where, says in faults_of(error)]
    detail = "; ".join(f"{fault['where']}: {fault['says']}" for fault in faults[:10])
    return problem(HTTPStatus.BAD_REQUEST, "invalid", detail, errors=faults[:100])


def faults_of(error: ValidationError) -> tuple[tuple[str, str], ...]:
    """Each place that is wrong, and what is wrong there."""
    return tuple(
        (_where(each["loc"]), _says(each["msg"]))
        for each in error.errors(include_url=False, include_input=False, include_context=False)
    )


def _where(place: tuple[int | str, ...]) -> str:
    # A key that we do not know may be as long as the body.
    return ".".join(str(step)[:64] for step in place) or "body"


def _says(message: str) -> str:
    if message == "Extra inputs are not permitted":
        return "is not known here"
    return message.removeprefix("Value error, ")
