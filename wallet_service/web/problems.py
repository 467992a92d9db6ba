"""What went wrong, as a person or a machine can read it; never a trace.

Machines get RFC 9457 problem details with a stable `code`, people a calm page in their language.
https://www.rfc-editor.org/rfc/rfc9457 (checked 2026-11-25)
"""

import json
from http import HTTPStatus

from flask import Flask, Response, g, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from wallet_service.errors import Refusal
from wallet_service.language import Phrase
from wallet_service.web import language
from wallet_service.web.language import gettext as _
from wallet_service.web.paths import is_machine

# What a refusal means over HTTP. A code that is not listed is 422: understood, and refused.
STATUS_OF_CODE = {
    "unknown_card": HTTPStatus.NOT_FOUND,
    "unknown_member": HTTPStatus.NOT_FOUND,
    "unknown_coupon": HTTPStatus.NOT_FOUND,
    "unknown_sale": HTTPStatus.NOT_FOUND,
    "unknown_location": HTTPStatus.UNPROCESSABLE_ENTITY,
    "location_needed": HTTPStatus.UNPROCESSABLE_ENTITY,
    "other_location": HTTPStatus.FORBIDDEN,
    "not_yours": HTTPStatus.FORBIDDEN,
    "already_redeemed": HTTPStatus.CONFLICT,
    "coupon_used": HTTPStatus.CONFLICT,
    "coupon_expired": HTTPStatus.CONFLICT,
    "coupon_void": HTTPStatus.CONFLICT,
    "idempotency_conflict": HTTPStatus.CONFLICT,
    "member_exists": HTTPStatus.CONFLICT,
    "member_left": HTTPStatus.CONFLICT,
    "ended_card": HTTPStatus.GONE,
    "other_brands_card": HTTPStatus.NOT_FOUND,
    "other_members_coupon": HTTPStatus.CONFLICT,
    "not_enough": HTTPStatus.CONFLICT,
    "second_person_needed": HTTPStatus.CONFLICT,
    "changed_meanwhile": HTTPStatus.PRECONDITION_FAILED,
    "reserved": HTTPStatus.CONFLICT,
    "offer_ended": HTTPStatus.CONFLICT,
    "quota_used": HTTPStatus.CONFLICT,
    "member_limit": HTTPStatus.CONFLICT,
    "nothing_to_roll_back": HTTPStatus.CONFLICT,
    "no_admission_left": HTTPStatus.CONFLICT,
    "already_in": HTTPStatus.CONFLICT,
    "event_over": HTTPStatus.CONFLICT,
    "event_not_open": HTTPStatus.CONFLICT,
    "not_yet_valid": HTTPStatus.CONFLICT,
    "return_too_much": HTTPStatus.CONFLICT,
    "unknown_offer": HTTPStatus.NOT_FOUND,
    "too_fast": HTTPStatus.TOO_MANY_REQUESTS,
    "unauthorised": HTTPStatus.UNAUTHORIZED,
    "crowded": HTTPStatus.TOO_MANY_REQUESTS,
    "missing_scope": HTTPStatus.FORBIDDEN,
    "invalid": HTTPStatus.BAD_REQUEST,
}

CODE_OF_STATUS = {
    400: "bad_request",
    401: "unauthorised",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid",
    429: "too_many_requests",
    500: "internal_error",
    503: "unavailable",
}


def problem(
    status: int, code: str, detail: str, say: Phrase | str | None = None, **extra: object
) -> Response:
    """Problem details: `code` is stable, `detail` is for developers, `say` may be read aloud."""
    told: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "code": code,
        "detail": detail,
    }
    if say is not None:
        told["say"] = language.said(say) if isinstance(say, Phrase) else say
    response = Response(
        json.dumps(told | extra, default=str, ensure_ascii=False) + "\n",
        status=status,
        content_type="application/problem+json",
    )
    return _with_retry_after(response)


def status_of(refusal: Refusal) -> HTTPStatus:
    """The HTTP status that a refusal has."""
    return STATUS_OF_CODE.get(refusal.code, HTTPStatus.UNPROCESSABLE_ENTITY)


def refused(refusal: Refusal) -> Response:
    """A refusal as problem details, its facts beside it."""
    facts = {name: value for name, value in refusal.facts.items() if name not in _OURS}
    return problem(
        status_of(refusal), refusal.code, refusal.say.say("en"), say=refusal.say, **facts
    )


def answer(status: int, detail: str | None = None) -> Response:
    """What a bare status becomes: problem details for machines, a page for people."""
    code = CODE_OF_STATUS.get(status, "error")
    if is_machine(request.path):
        return problem(status, code, detail or HTTPStatus(status).description or code)
    title, words = _words(status)
    return _page(status, title, words)


def install(app: Flask) -> None:
    @app.errorhandler(HTTPException)
    def plain(error: HTTPException) -> Response:
        if error.response is not None:
            return error.response  # type: ignore[return-value]
        status = error.code or 500
        response = answer(status, error.description if status < 500 else None)
        for name, value in error.get_headers():
            if name in ("Allow", "WWW-Authenticate"):
                response.headers[name] = value
        return response

    @app.errorhandler(CSRFError)
    def stale_form(_error: CSRFError) -> Response:
        return _page(
            HTTPStatus.BAD_REQUEST,
            _("This page has grown old"),
            _("Go back, load it again, and press once more. Nothing was changed."),
        )

    @app.errorhandler(Refusal)
    def refusal(error: Refusal) -> Response:
        if is_machine(request.path):
            return refused(error)
        g.retry_after = error.facts.get("retry_after", g.get("retry_after", 60))
        return _page(status_of(error), language.said(error.say), "")


_OURS = ("type", "title", "status", "code", "detail", "say")


def _page(status: int, title: str, words: str) -> Response:
    page = render_template("problem.html", title=title, words=words)
    return _with_retry_after(Response(page, status=status, mimetype="text/html"))


def _with_retry_after(response: Response) -> Response:
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        response.headers["Retry-After"] = str(g.get("retry_after", 60))
    return response


def _words(status: int) -> tuple[str, str]:
    match status:
        case 404:
            return _("There is nothing here"), _("The address may be mistyped, or old.")
        case 405:
            return _("This address is for reading only"), _("Go back and try another way.")
        case 413:
            return _("That is too much at once"), _("Send something smaller.")
        case 429:
            return _("One moment, please"), _(
                "There were too many tries from here. Wait a minute, then try again."
            )
        case 403:
            return _("That is not allowed from here"), _("Nothing was changed.")
        case status if status >= 500:
            return _("Something went wrong on our side"), _(
                "It has been written down. Please try again in a moment."
            )
        case _:
            return _("That did not arrive whole"), _("Go back and try again.")
