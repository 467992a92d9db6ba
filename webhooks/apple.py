"""Apple's device web service, version 1: the five calls that keep a pass on a phone up to date.

https://developer.apple.com/documentation/walletpasses/adding-a-web-service-to-update-passes
(last checked 2026-11-22)
"""

import hmac
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from itertools import islice
from typing import Concatenate, ParamSpec

import structlog
from flask import Blueprint, Response, abort, request
from limits import RateLimitItemPerMinute
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from passes.apple import bundle
from wallet_service import clock
from wallet_service.db import Busy
from wallet_service.phones import device_log, issued, registrations, told
from wallet_service.phones.errors import PhonesError
from wallet_service.phones.issued import IssuedPass
from wallet_service.web import current_wallet, limits
from wallet_service.web.doors import by_device

blueprint = Blueprint("apple", __name__)
log = structlog.get_logger("apple")

P = ParamSpec("P")

BODY_BYTES_MAX = 64 * 1024
ANY_LENGTH = 2**62
REQUESTS_A_DEVICE = RateLimitItemPerMinute(600)
REPORTS_AN_ADDRESS = RateLimitItemPerMinute(10)

_NAME = re.compile(r"[A-Za-z0-9._-]{1,128}")
_PUSH_TOKEN = re.compile(r"[0-9a-fA-F]{64,200}")
_TAG = re.compile(r"[0-9]{1,18}")
_HTTP_DATE = "%a, %d %b %Y %H:%M:%S GMT"

_ONE_REGISTRATION = "/v1/devices/<device>/registrations/<pass_type_identifier>/<serial_number>"


@blueprint.post(_ONE_REGISTRATION)
@by_device
def register(device: str, pass_type_identifier: str, serial_number: str) -> tuple[str, int]:
    """Register a pass for updates: 201 if new, 200 if this device had it (its token is kept)."""
    card = _authorised(pass_type_identifier, serial_number)
    _named_device(device)
    push_token = _push_token()
    try:
        is_new = current_wallet().database.run(registrations.register, card, device, push_token)
    except PhonesError as error:
        log.warning("registration refused", why=str(error))
        abort(HTTPStatus.FORBIDDEN, str(error))
    return "", HTTPStatus.CREATED if is_new else HTTPStatus.OK


@blueprint.get("/v1/devices/<device>/registrations/<pass_type_identifier>")
@by_device
def list_changed(device: str, pass_type_identifier: str) -> Response | tuple[str, int]:
    """Which of this device's passes changed since its tag: 200, or 204 for none.

    No Authorization comes with it: the device's unguessable name is the secret, and an unknown
    one is answered like one with nothing new.
    """
    if not (_NAME.fullmatch(device) and _NAME.fullmatch(pass_type_identifier)):
        return "", HTTPStatus.NO_CONTENT
    _within_limit(device)
    with current_wallet().database.read() as connection:
        changed = registrations.list_changed(connection, device, pass_type_identifier, _since())
    if changed is None:
        return "", HTTPStatus.NO_CONTENT
    if request.method != "HEAD":
        _note("ask", told.asked, device, changed.visible_versions)
    # The tag is a string: a phone that gets a number never fetches, and does not say why.
    body = {"serialNumbers": changed.serial_numbers, "lastUpdated": str(changed.update_tag)}
    return Response(json.dumps(body), mimetype="application/json")


@blueprint.get("/v1/passes/<pass_type_identifier>/<serial_number>")
@by_device
def fetch(pass_type_identifier: str, serial_number: str) -> Response:
    """The pass as it is now: 200, or 304 for a phone that has it."""
    # The version is read before the pass is built: what is newer in it is called for again.
    card = _authorised(pass_type_identifier, serial_number)
    answer = Response(status=HTTPStatus.NOT_MODIFIED)
    if not _has_it(card):
        answer = Response(mimetype=bundle.MIMETYPE)
        if request.method != "HEAD":  # nobody signs for a look
            with current_wallet().database.read() as connection:
                answer.set_data(current_wallet().build_pkpass(connection, card))
    if request.method != "HEAD":
        _note("fetch", told.fetched, card)
    answer.headers["Last-Modified"] = issued.last_modified_http(card)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.delete(_ONE_REGISTRATION)
@by_device
def unregister(device: str, pass_type_identifier: str, serial_number: str) -> tuple[str, int]:
    """Unregister: 200, also where nothing was, as some systems say it twice or first."""
    card = _authorised(pass_type_identifier, serial_number)
    if _NAME.fullmatch(device):
        current_wallet().database.run(registrations.unregister, card, device)
    return "", HTTPStatus.OK


@blueprint.post("/v1/log")
@by_device
def report() -> tuple[str, int]:
    """What a phone complains about: always 200, kept short and redacted; too much is dropped."""
    request.max_content_length = ANY_LENGTH  # a body too long is read in part, not refused
    lines = _log_lines(request.stream.read(BODY_BYTES_MAX))
    if lines and limits.take(REPORTS_AN_ADDRESS, "device log", limits.address()):
        _note("report", device_log.keep, lines)
    return "", HTTPStatus.OK


def _authorised(pass_type_identifier: str, serial_number: str) -> IssuedPass:
    """The pass that this request proves to be about, or 401: the same whatever was wrong."""
    card = None
    if _NAME.fullmatch(pass_type_identifier) and _NAME.fullmatch(serial_number):
        with current_wallet().database.read() as connection:
            card = issued.by_serial(connection, pass_type_identifier, serial_number)
    # Derived for an unknown pass too, so that both take as long.
    keyring = current_wallet().keyring
    key_id = card.key_id if card else keyring.current_id
    try:
        right = issued.authentication_token(keyring, serial_number, key_id)
    except LookupError:
        log.error("a key is missing", key_id=key_id)
        card, right = None, ""
    genuine = hmac.compare_digest(_shown_token(), right.encode())
    if card is None or not genuine:
        raise Unauthorized(
            "This is not the pass's authentication token.", www_authenticate=_CHALLENGE
        )
    return card


def _shown_token() -> bytes:
    # By hand: the framework reads a token with `=` in it as parameters. As bytes: a comparison of
    # text raises on letters outside ASCII.
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip().encode("utf-8", "replace") if scheme.lower() == "applepass" else b""


def _named_device(device: str) -> None:
    if not _NAME.fullmatch(device):
        abort(HTTPStatus.BAD_REQUEST, "The device library identifier is not one.")
    _within_limit(device)


def _within_limit(device: str) -> None:
    if not limits.take(REQUESTS_A_DEVICE, "device", device):
        limits.refuse(REQUESTS_A_DEVICE, "device", device)


def _push_token() -> str:
    request.max_content_length = BODY_BYTES_MAX
    try:
        body = json.loads(request.get_data(cache=False))
    except (ValueError, RecursionError):
        body = None
    push_token = body.get("pushToken") if isinstance(body, dict) else None
    if not isinstance(push_token, str) or not _PUSH_TOKEN.fullmatch(push_token):
        abort(
            HTTPStatus.BAD_REQUEST,
            'The body must be JSON like {"pushToken": "…"}, a token of 64 to 200 hex digits.',
        )
    return push_token


def _since() -> int | None:
    tag = request.args.get("passesUpdatedSince", "")
    return int(tag) if _TAG.fullmatch(tag) else None


def _has_it(card: IssuedPass) -> bool:
    """Whether the phone's copy is this version; a date that is none tells us nothing."""
    header = request.headers.get("If-Modified-Since", "")
    try:
        written = datetime.strptime(header, _HTTP_DATE).replace(tzinfo=UTC)
    except ValueError:
        return False
    seconds = int(written.timestamp())
    # Our own date may lie some seconds ahead, after many changes at once; no other may.
    return seconds == card.last_modified or card.last_modified < seconds <= clock.seconds()


def _note(
    what: str, intention: Callable[Concatenate[Connection, P], None], *args: P.args, **kw: P.kwargs
) -> None:
    """Write down what the phone does not wait for, if the database can be written."""
    try:
        current_wallet().database.run(intention, *args, **kw)
    except (OperationalError, Busy):
        # The phone has its answer; that we could not note it costs a push, not news.
        log.warning("a phone's request could not be noted", request=what)


def _log_lines(body: bytes) -> list[str]:
    try:
        logs = json.loads(body)["logs"]
    except (ValueError, RecursionError, TypeError, LookupError):
        return []
    if not isinstance(logs, list):
        return []
    lines = (line for line in logs if isinstance(line, str))
    return list(islice(lines, device_log.LINES_A_REPORT_MAX))


_CHALLENGE = WWWAuthenticate("ApplePass")
