"""How the OpenAPI document is made: from the routes, the doors, the calls and their models."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from flask import Flask
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from werkzeug.routing import Rule

from wallet_service.brands import scope_words
from wallet_service.web import doors
from wallet_service.web.doors import Door
from wallet_service.web.problems import CODE_OF_STATUS, STATUS_OF_CODE
from webhooks.api import calls
from webhooks.api.answers import Problem
from webhooks.api.calls import Call

VERSION = "1"
_REF = "#/components/schemas/{model}"
_UNASKED = {"HEAD", "OPTIONS"}
# What every call may be answered, whatever it is about.
_ALWAYS = (
    "unauthorised",
    "missing_scope",
    "not_found",
    "too_many_requests",
    "internal_error",
    "busy",
)
_WITH_BODY = ("invalid", "too_large", "unsupported_media_type")
_STATUS = {code: HTTPStatus(status) for status, code in CODE_OF_STATUS.items()} | {
    "busy": HTTPStatus.SERVICE_UNAVAILABLE
}
_TEXT = {"type": "string"}


def document(app: Flask) -> dict[str, Any]:
    """The whole document."""
    found = list(_calls(app))
    paths: dict[str, dict[str, Any]] = defaultdict(dict)
    for rule, method, door, call in found:
        paths[_path(rule)][method.lower()] = _operation(rule, door, call)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "wallet-service",
            "version": VERSION,
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/api/v1"}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": _schemas([call for _, _, _, call in found]),
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key. "
                    + " ".join(
                        f"`{scope}`: {words.say('en')}." for scope, words in scope_words.offered()
                    ),
                }
            },
        },
    }


_ABOUT = """Our own API for tills, POS, CRM and apps.

Times are ISO 8601 with a zone; money is a whole number in the currency's smallest unit. An unknown
key in a body is refused with its place. What the caller names (`sale_id`, `event_id`, `return_id`,
`external_id`) makes a repeat safe: the same name with the same body from the same source gives the
answer of the first time, with `Idempotent-Replayed: true`; with another body it is 409
`idempotency_conflict`. Only successes are kept. Errors are problem details (RFC 9457) with a stable
`code`. A whole scope opens its `:read` too."""


def _calls(app: Flask) -> Iterator[tuple[Rule, str, Door, Call]]:
    for rule in app.url_map.iter_rules():
        call = calls.of(app.view_functions[rule.endpoint])
        door = doors.of(app, rule.endpoint)
        if call is None or door is None:
            continue
        for method in sorted((rule.methods or set()) - _UNASKED):
            yield rule, method, door, call


def _path(rule: Rule) -> str:
    path = rule.rule.removeprefix("/api/v1")
    return path.replace("<", "{").replace(">", "}")


def _operation(rule: Rule, door: Door, call: Call) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": rule.endpoint.removeprefix("api."),
        "summary": call.summary,
        "description": _described(call),
        "tags": [_path(rule).split("/")[1]],
        "security": [{"key": [scope]} for scope in door.scopes],
        "parameters": [*_of_path(rule), *_of_query(call), *_of_headers(call)],
        "responses": _responses(call),
    }
    if call.body is not None:
        operation["requestBody"] = {
            "required": not call.bare,
            "content": {"application/json": {"schema": _ref(call.body)}},
        }
    return operation


def _described(call: Call) -> str:
    said = [f"{call.summary}."]
    if call.repeats:
        said.append(
            f"Safe to repeat: `{call.repeats}` names it, and the same again gives the same answer."
        )
    if call.tagged:
        said.append("Answers with a strong ETag.")
    if call.guarded:
        said.append("With `If-Match` it changes only what is still as you saw it.")
    return " ".join(said)


def _of_path(rule: Rule) -> list[dict[str, Any]]:
    schema = {"type": "string", "minLength": 1}
    return [
        {"name": name, "in": "path", "required": True, "schema": schema}
        for name in sorted(rule.arguments)
    ]


def _of_query(call: Call) -> list[dict[str, Any]]:
    if call.query is None:
        return []
    schema = call.query.model_json_schema(ref_template=_REF)
    needed = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in needed, "schema": _untitled(each)}
        for name, each in schema["properties"].items()
    ]


def _untitled(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A schema of a query's part: what is left out is not sent, and nothing is ever null there."""
    plain = {name: value for name, value in schema.items() if name not in ("title", "default")}
    kinds = [each for each in plain.pop("anyOf", []) if each != {"type": "null"}]
    return plain | (kinds[0] if len(kinds) == 1 else {"anyOf": kinds} if kinds else {})


def _of_headers(call: Call) -> list[dict[str, Any]]:
    found = [
        {
            "name": "Accept-Language",
            "in": "header",
            "required": False,
            "description": "The language of `say` and of the shop's words: en, fi or sv.",
            "schema": _TEXT,
        }
    ]
    if call.tagged and not call.guarded:
        found.append(_tag("If-None-Match", "An ETag that is known already; it is then 304."))
    if call.guarded:
        found.append(_tag("If-Match", "The ETag that was last seen; another state is then 412."))
    return found


def _tag(name: str, says: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": False,
        "description": says,
        "schema": _TEXT,
    }


def _responses(call: Call) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    headers: dict[str, Any] = {}
    if call.tagged:
        headers["ETag"] = {"schema": _TEXT}
    if call.repeats:
        headers["Idempotent-Replayed"] = {
            "description": "`true` on the answer of a repeat.",
            "schema": _TEXT,
        }
    for status, model in call.answers.items():
        shown: dict[str, Any] = {"description": status.phrase, "headers": headers}
        if model is not None:
            shown["content"] = {"application/json": {"schema": _ref(model)}}
        responses[str(int(status))] = shown
    if call.tagged and not call.guarded:
        responses["304"] = {"description": "It is still as the ETag says", "headers": headers}
    return responses | _problems(call)


def problems(call: Call) -> dict[str, list[str]]:
    """The codes that a call may be refused with, by their status."""
    codes = [*_ALWAYS, *call.refuses, *(_WITH_BODY if call.body is not None else ())]
    if call.query is not None:
        codes.append("invalid")
    by_status: dict[str, list[str]] = defaultdict(list)
    for code in dict.fromkeys(codes):
        by_status[str(int(status_of(code)))].append(code)
    return dict(sorted(by_status.items()))


def _problems(call: Call) -> dict[str, Any]:
    return {
        status: {
            "description": ", ".join(f"`{code}`" for code in codes),
            "content": {"application/problem+json": {"schema": _ref(Problem)}},
        }
        for status, codes in problems(call).items()
    }


def status_of(code: str) -> HTTPStatus:
    """The status that a code has."""
    return STATUS_OF_CODE.get(code) or _STATUS.get(code, HTTPStatus.UNPROCESSABLE_ENTITY)


def _schemas(found: list[Call]) -> dict[str, Any]:
    taken = {call.body for call in found if call.body is not None}
    given: set[type[BaseModel]] = {Problem}
    given |= {model for call in found for model in call.answers.values() if model is not None}
    order = sorted(taken | given, key=lambda model: model.__name__)
    _, whole = models_json_schema(
        [(model, "validation" if model in taken else "serialization") for model in order],
        ref_template=_REF,
    )
    schemas: dict[str, Any] = whole["$defs"]
    return schemas


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _REF.format(model=model.__name__)}
