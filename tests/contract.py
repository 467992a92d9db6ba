"""The served document as a referee: every answer of every test must be one that it shows."""

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from webhooks.api import calls, openapi
from webhooks.api.answers import Problem


def hold(app: Flask, method: str, answer: TestResponse) -> None:
    """Fail where an answer is not as the document says."""
    path = answer.request.path
    try:
        found, _ = app.url_map.bind("127.0.0.1").match(path, method)
    except HTTPException:
        return
    call = calls.of(app.view_functions[found])
    if call is None:
        return
    status = answer.status_code
    if answer.content_type == "application/problem+json":
        Problem.model_validate_json(answer.text)
        codes = openapi.problems(call).get(str(status), [])
        assert answer.json["code"] in codes, f"{method} {path}: {answer.text}"
        return
    if status == 304:
        assert call.tagged
        assert not answer.data
        return
    assert status in call.answers, f"{method} {path}: {status}"
    model = call.answers[status]
    if model is None:
        assert not answer.data
    else:
        model.model_validate_json(answer.text)
