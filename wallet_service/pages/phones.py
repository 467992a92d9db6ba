"""The practice phones on one page: what they show, what can be done to them, and the wire.

Mounted in practice mode only, and answered to this machine alone. What a phone shows comes from
the pass that it holds, never from the service's database.
"""

import re
from collections.abc import Callable
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as TooSlow
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from wallet_service import clock
from wallet_service.language import phrase
from wallet_service.pages import phone_face, phone_screen, phone_wire
from wallet_service.practice.events import TooManyStreams
from wallet_service.practice.held import HeldPass
from wallet_service.practice.iphone import PhoneError
from wallet_service.practice.phones import Phones, PracticePhone
from wallet_service.practice.till import PracticeTill
from wallet_service.practice.verify import BadPass
from wallet_service.web import current_wallet
from wallet_service.web.doors import at_this_machine
from wallet_service.web.headers import PUBLIC_FOR_EVER
from wallet_service.web.language import chosen, said

bp = Blueprint("phones", __name__, url_prefix="/phones")

SIDES = ("lock", "card", "back")
LANGUAGE_NAMES = {"en": "English", "fi": "suomi", "sv": "svenska"}

_PATIENCE_SECONDS = 15
_NUMBER = re.compile(r"[0-9]{1,18}")
_COLOURS = re.compile(r"[0-9a-f]{6}-[0-9a-f]{6}-[0-9a-f]{6}")


@bp.get("")
@at_this_machine
def show() -> str | Response:
    """One phone, with the others beside it."""
    phones = _phones()
    if phones is None:
        return render_template("phones/none.html", apns_url=_pushes_go_to())
    last_event = phones.events.last
    shown = _chosen(phones)
    held = _held(shown)
    look = shown.look
    side = request.args.get("shows", "lock")
    now = clock.now()
    return render_template(
        "phones/phones.html",
        phones=phones.all,
        shown=shown,
        look=look,
        held=held,
        screen=phone_screen.of(shown, held, now),
        under=phone_screen.under(shown, held),
        colours=sorted({phone_face.colours(each) for each in shown.phone.passes}),
        here=_here(shown),
        side=side if side in SIDES else "lock",
        sides=SIDES,
        clock=phone_screen.local(now, "HH:mm", look.language),
        date=phone_screen.day(now, look.language),
        on_phone=lambda words: words.say(look.language),
        words=phone_screen.WORDS,
        names=LANGUAGE_NAMES,
        sentence=phone_screen.sentence(shown, held),
        stories=phone_wire.told(shown.phone.wire_log.stories()),
        time=lambda moment: phone_screen.local(moment, "HH:mm", chosen()),
        exact_time=lambda moment: phone_screen.local(moment, "HH:mm:ss", chosen()),
        has_till=current_wallet().practice_key is not None,
        last_event=last_event,
    )


@bp.get("/events")
@at_this_machine
def events() -> Response:
    """What happens on the phones, as it happens."""
    phones = _phones()
    if phones is None:
        abort(HTTPStatus.NOT_FOUND)
    after = request.headers.get("Last-Event-ID") or request.args.get("after", "")
    try:
        stream = phones.events.stream(int(after) if _NUMBER.fullmatch(after) else None)
    except TooManyStreams:
        abort(HTTPStatus.SERVICE_UNAVAILABLE)
    response = Response(stream, mimetype="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"
    return response


@bp.post("/add")
@at_this_machine
def add() -> AnyResponse:
    """Open a card's link on a phone, as its owner would."""
    shown = _chosen(_running())
    link = _pkpass_link(request.form.get("link", ""))
    if link is None:
        flash(said(phrase("This is not a card's link.")), "bad")
    elif _asked(shown, lambda: shown.phone.add(link)):
        flash(said(phrase("The card is on {name}'s phone.", name=shown.look.name)), "good")
    return _back_to(shown)


@bp.post("/act")
@at_this_machine
def act() -> AnyResponse:
    """Press one of the buttons."""
    shown = _chosen(_running())
    button = _BUTTONS.get(request.form.get("do", ""))
    if button is None:
        abort(HTTPStatus.BAD_REQUEST)
    button(shown)
    return _back_to(shown)


@bp.get("/colours/<colours>.css")
@at_this_machine
def colours(colours: str) -> Response:
    """The colours of a pass, which a page may not write into its markup."""
    if not _COLOURS.fullmatch(colours):
        abort(HTTPStatus.NOT_FOUND)
    response = Response(phone_face.stylesheet(colours), mimetype="text/css")
    response.headers["Cache-Control"] = PUBLIC_FOR_EVER
    return response


@bp.get("/<key>/<content_hash>/<path:name>")
@at_this_machine
def picture(key: str, content_hash: str, name: str) -> Response:
    """A picture out of a pass that this phone holds."""
    found = _running().get(key)
    for held in found.phone.passes if found else ():
        if (file := phone_face.picture(held, name, content_hash)) is not None:
            return Response(file, mimetype="image/png")
    abort(HTTPStatus.NOT_FOUND)


# The buttons


def _stamp(shown: PracticePhone) -> None:
    told = _till().stamp(shown.phone)
    flash(said(told.say), "good" if told.is_good else "bad")


def _coupon(shown: PracticePhone) -> None:
    held, till = _held(shown), _till()
    is_own = held is not None and held.is_coupon
    told = till.use_own(shown.phone, held) if held and is_own else till.use_coupon(shown.phone)
    flash(said(told.say), "good" if told.is_good else "bad")


def _airplane(shown: PracticePhone) -> None:
    _asked(shown, lambda: shown.phone.airplane(True))


def _land(shown: PracticePhone) -> None:
    _asked(shown, lambda: shown.phone.airplane(False))


def _refresh(shown: PracticePhone) -> None:
    _asked(shown, shown.phone.refresh)


def _remove(shown: PracticePhone) -> None:
    held = _held(shown)
    if held is not None:
        _asked(shown, lambda: shown.phone.remove(held.serial_number))


_BUTTONS: dict[str, Callable[[PracticePhone], None]] = {
    "stamp": _stamp,
    "coupon": _coupon,
    "airplane": _airplane,
    "land": _land,
    "refresh": _refresh,
    "remove": _remove,
}


def _asked(shown: PracticePhone, action: Callable[[], object]) -> bool:
    """Have the phone do it and wait a moment; a refusal becomes a notice on the page."""
    try:
        shown.ask(action).result(timeout=_PATIENCE_SECONDS)
    except PhoneError as refused:
        flash(said(refused.say), "bad")
    except BadPass as refused:
        flash(said(phrase("The phone refuses this card: {why}", why=str(refused))), "bad")
    except (TooSlow, CancelledError):
        flash(said(phrase("The phone is still trying.")), "warn")
    else:
        return True
    return False


# Finding things


def _phones() -> Phones | None:
    phones: Phones | None = current_wallet().phones
    return phones


def _running() -> Phones:
    phones = _phones()
    if phones is None:
        abort(HTTPStatus.NOT_FOUND)
    return phones


def _chosen(phones: Phones) -> PracticePhone:
    """The phone that is named; the first, where none is."""
    key = request.values.get("phone")
    found = phones.get(key) if key else phones.all[0]
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    return found


def _held(shown: PracticePhone) -> HeldPass | None:
    """The pass that is looked at: the one that is named, else the one that came last."""
    passes = shown.phone.passes
    named = request.values.get("pass")
    return next((each for each in passes if each.serial_number == named), None) or (
        passes[-1] if passes else None
    )


def _here(shown: PracticePhone) -> dict[str, str]:
    """What an address says to show this phone, and this pass on it, again."""
    here = {"phone": shown.look.key}
    named, held = request.values.get("pass"), _held(shown)
    if named and held is not None:
        here["pass"] = held.serial_number
    return here


def _till() -> PracticeTill:
    wallet = current_wallet()
    if wallet.practice_key is None:
        abort(HTTPStatus.NOT_FOUND)
    return PracticeTill(wallet.config.base_url, wallet.practice_key, chosen())


def _pkpass_link(link: str) -> str | None:
    """Where the pass lies that a person's link leads to.

    A member's link, the page of a coupon, the pass behind either, or the file of a pass: never any
    other page, which might stream without end.
    """
    link = link.strip()
    if link.startswith("/c/"):
        link = current_wallet().config.base_url + link
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    if found := re.fullmatch(r"(/c/[^/]+(?:/coupons/[^/]+)?)(/apple)?/?", parts.path):
        # The link page's own button; an iPhone's owner would press it now.
        return parts._replace(path=f"{found[1]}/apple", query="", fragment="").geturl()
    return link if parts.path.endswith(".pkpass") else None


def _back_to(shown: PracticePhone) -> AnyResponse:
    side = request.form.get("shows", "lock")
    there: dict[str, Any] = _here(shown)
    if side in SIDES and side != "lock":
        there["shows"] = side
    return redirect(url_for("phones.show", **there), HTTPStatus.SEE_OTHER)


def _pushes_go_to() -> str:
    """The origin that pushes go to, for people."""
    parts = urlsplit(str(current_wallet().config.apple.apns_url))
    return f"{parts.scheme}://{parts.netloc}"
