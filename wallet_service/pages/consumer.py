"""What a member opens: the closed link, the pass behind it, and the card as a page.

There is no session: the token is the capability. Opening anything here changes nothing that a
second opening would not find the same, so mail scanners and chat previews may come first.
"""

from dataclasses import replace
from http import HTTPStatus
from urllib.parse import urlsplit

import structlog
from flask import Blueprint, Response, make_response, render_template, request
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from passes import barcode, faces
from passes.apple import bundle
from passes.card import Card
from wallet_service import brands, coupons
from wallet_service.db import Busy
from wallet_service.members.codes import spaced
from wallet_service.members.links import DeadLink, Kind, Opened
from wallet_service.pages import card_history, looks, visitor
from wallet_service.pages.visitor import Visitor
from wallet_service.phones import issued, told
from wallet_service.phones.issued import IssuedPass
from wallet_service.practice import phones
from wallet_service.web import current_wallet
from wallet_service.web.doors import by_token
from wallet_service.web.language import speak

bp = Blueprint("consumer", __name__, url_prefix="/c")
log = structlog.get_logger("consumer")


@bp.get("/<token>")
@by_token
def link(token: str) -> str:
    """The closed link: one screen, one right button for this phone."""
    wallet = current_wallet()
    seen_on = visitor.of(request.headers.get("User-Agent", ""))
    # Of two codes side by side a camera takes the wrong one: the link's stands alone there.
    is_carried_over = seen_on is Visitor.COMPUTER
    with wallet.database.read() as connection:
        opened = open_link(connection, token, "invitation")
        card, shown = _look(connection, opened, has_code=not is_carried_over)
        if card.voided:
            raise DeadLink
        card_url = wallet.links.card_url(connection, opened.member_id, opened.person_id)
    url = f"{wallet.config.base_url}/c/{token}"
    return render_template(
        "consumer/link.html",
        **shown,
        visitor=seen_on.value,
        apple_url=f"/c/{token}/apple",
        card_url=urlsplit(card_url).path,
        url=url,
        qr=barcode.svg(url),
        practice=practice_phone(card.language),
    )


@bp.get("/<token>/apple")
@by_token
def apple(token: str) -> Response:
    """The signed pass. Each download is the same serial number, token and date."""
    database = current_wallet().database
    with database.read() as connection:
        opened = open_link(connection, token, "invitation")
        the_pass = issued.of_person(connection, opened.member_id, opened.person_id)
        content = _build(connection, the_pass)
    if the_pass is None:
        the_pass = database.run(_issue, opened)
        with database.read() as connection:
            content = _build(connection, the_pass)
    if request.method == "GET":
        note_download(the_pass)
    response = Response(content, mimetype=bundle.MIMETYPE)
    # Plain ASCII, whatever the member or the shop is called: no header can carry more.
    response.headers["Content-Disposition"] = 'inline; filename="card.pkpass"'
    response.headers["Last-Modified"] = issued.last_modified_http(the_pass)
    return response


@bp.get("/<token>/card")
@by_token
def card_page(token: str) -> str:
    """The card as a page: the code is the largest thing on it."""
    with current_wallet().database.read() as connection:
        opened = open_link(connection, token, "card")
        card, shown = _look(connection, opened)
        if not card.voided:
            shown["visits"] = card_history.lately(connection, opened.brand_id, opened.member_id)
            shown["promised"] = card_history.promised(connection, opened.member_id)
            shown["own"] = _own_pages(connection, opened.member_id, token)
    return render_template(
        "consumer/card.html",
        **shown,
        visitor=visitor.of(request.headers.get("User-Agent", "")).value,
        code=spaced(card.code),
        qr=barcode.svg(card.code) if card.code else "",
    )


@bp.errorhandler(DeadLink)
def dead(_error: DeadLink) -> Response:
    """Unknown, old and revoked links look alike, and say whom to ask."""
    with current_wallet().database.read() as connection:
        brand = brands.the_only(connection)
    page = render_template("consumer/dead.html", brand=brand)
    return make_response(page, HTTPStatus.NOT_FOUND)


@bp.after_request
def keep_out_of_indexes(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _issue(connection: Connection, opened: Opened) -> IssuedPass:
    issuing = current_wallet().issuing
    return issued.issue(
        connection,
        member_id=opened.member_id,
        person_id=opened.person_id,
        brand_id=opened.brand_id,
        pass_type_identifier=issuing.pass_type_identifier,
        key_id=issuing.key_id,
    )


def _own_pages(connection: Connection, member_id: str, token: str) -> dict[str, str]:
    """Where each coupon that may be a pass of its own has its page."""
    return {
        each.code: f"/c/{token}/coupons/{each.code}"
        for each in coupons.of_member(connection, member_id, only_open=True)
        if each.may_be_a_pass
    }


def note_download(the_pass: IssuedPass) -> None:
    """Note which version went out, for the phone that will register with it."""
    try:
        current_wallet().database.run(told.downloaded, the_pass)
    except (OperationalError, Busy):
        # Whoever waits for the pass gets it; a note that is missing costs a push, not news.
        log.warning("a download could not be noted")


def _build(connection: Connection, the_pass: IssuedPass | None) -> bytes:
    # Scanners mostly ask with HEAD; drawing and signing are for those who want the file.
    if the_pass is None or request.method != "GET":
        return b""
    content: bytes = current_wallet().build_pkpass(connection, the_pass)
    return content


def open_link(connection: Connection, token: str, kind: Kind) -> Opened:
    """Whose link it is. Raises DeadLink, for one of the other kind too."""
    opened: Opened = current_wallet().links.open(connection, token)
    if opened.kind != kind:
        raise DeadLink
    return opened


def practice_phone(language: str) -> str | None:
    """The practice phone of a member who speaks `language`; None in earnest."""
    if not current_wallet().config.is_practice:
        return None
    return phones.of_language(language)


def _look(
    connection: Connection, opened: Opened, *, has_code: bool = True
) -> tuple[Card, dict[str, object]]:
    """The card, and what every page of a member shows of it; goes on in the member's language."""
    wallet = current_wallet()
    card: Card = wallet.card_of(connection, opened.member_id, opened.person_id)
    design = wallet.design_of(connection, opened.member_id)
    brand = brands.get(connection, opened.brand_id)
    speak(card.language)
    design_url = f"/design/{design.content_hash}"
    return card, {
        "card": card,
        "brand": brand,
        "front": faces.front(card if has_code else replace(card, code=""), design, design_url),
        "design": looks.of(design, card.stamps.have if card.stamps else 0),
    }
