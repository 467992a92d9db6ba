"""One coupon or ticket of a member as a page, and the pass of its own behind it.

The card's link opens it: whoever holds that has every coupon's code before them already.
"""

from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Blueprint, Response, redirect, render_template, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from passes import faces
from passes.apple import bundle
from wallet_service import brands, coupons
from wallet_service.coupons import Coupon, UnknownCoupon
from wallet_service.members.links import DeadLink, Opened
from wallet_service.pages import consumer, looks, visitor
from wallet_service.phones import issued
from wallet_service.phones.issued import IssuedPass
from wallet_service.web import current_wallet
from wallet_service.web.doors import by_token
from wallet_service.web.language import speak

bp = Blueprint("consumer_coupon", __name__, url_prefix="/c/<token>/coupons/<code>")
bp.register_error_handler(DeadLink, consumer.dead)
bp.after_request(consumer.keep_out_of_indexes)


@bp.get("")
@by_token
def show(token: str, code: str) -> str:
    """The coupon with its own code, its terms, and the way into Wallet while it is good."""
    wallet = current_wallet()
    with wallet.database.read() as connection:
        opened, coupon = _open(connection, token, code)
        card = wallet.coupon_card_of(connection, opened.member_id, opened.person_id, coupon.code)
        design = wallet.design_of(connection, opened.member_id)
        brand = brands.get(connection, opened.brand_id)
        card_url = wallet.links.card_url(connection, opened.member_id, opened.person_id)
    speak(card.language)
    here = f"/c/{token}/coupons/{coupon.code}"
    is_good = coupon.may_be_a_pass and not card.voided
    return render_template(
        "consumer/coupon.html",
        card=card,
        brand=brand,
        front=faces.coupon_front(card, design, f"/design/{design.content_hash}"),
        design=looks.of(design),
        visitor=visitor.of(request.headers.get("User-Agent", "")).value,
        apple_url=f"{here}/apple" if is_good else "",
        card_url=urlsplit(card_url).path,
        url=f"{wallet.config.base_url}{here}",
        practice=consumer.practice_phone(card.language) if is_good else None,
    )


@bp.get("/apple")
@by_token
def apple(token: str, code: str) -> AnyResponse:
    """The signed pass of the coupon, the same at each download; of one that is over, its page."""
    wallet = current_wallet()
    with wallet.database.read() as connection:
        opened, coupon = _open(connection, token, code)
        card = wallet.coupon_card_of(connection, opened.member_id, opened.person_id, coupon.code)
        the_pass = issued.of_person(
            connection, opened.member_id, opened.person_id, coupon_code=coupon.code
        )
    if card.voided or not coupon.may_be_a_pass:
        return redirect(f"/c/{token}/coupons/{coupon.code}", HTTPStatus.SEE_OTHER)
    response = Response(mimetype=bundle.MIMETYPE)
    name = "ticket" if card.event else "coupon"
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pkpass"'
    if request.method == "GET":  # a scanner's HEAD makes no pass
        the_pass = the_pass or wallet.database.run(_issue, opened, coupon.code)
        with wallet.database.read() as connection:
            response.set_data(wallet.build_pkpass(connection, the_pass))
        consumer.note_download(the_pass)
    if the_pass is not None:
        response.headers["Last-Modified"] = issued.last_modified_http(the_pass)
    return response


def _open(connection: Connection, token: str, code: str) -> tuple[Opened, Coupon]:
    """Whose link it is, and which of their coupons. Raises DeadLink for anybody else's."""
    opened = consumer.open_link(connection, token, "card")
    try:
        coupon = coupons.find(connection, opened.brand_id, code)
    except UnknownCoupon:
        raise DeadLink from None
    if coupon.member_id != opened.member_id:
        raise DeadLink
    return opened, coupon


def _issue(connection: Connection, opened: Opened, code: str) -> IssuedPass:
    issuing = current_wallet().issuing
    return issued.issue(
        connection,
        member_id=opened.member_id,
        person_id=opened.person_id,
        brand_id=opened.brand_id,
        pass_type_identifier=issuing.pass_type_identifier,
        key_id=issuing.key_id,
        coupon_code=code,
    )
