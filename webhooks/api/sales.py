"""Sales and stamps over the API. What the caller names makes a repeat safe."""

from http import HTTPStatus

from flask import Blueprint, Response
from sqlalchemy import Connection

from wallet_service import sales
from wallet_service.errors import Refusal
from wallet_service.language import phrase
from wallet_service.sales import Answer, Sale, StampsTold
from wallet_service.web import current_wallet
from webhooks.api import body, calls, shapes
from webhooks.api.answers import SaleShown
from webhooks.api.at_counter import counter
from webhooks.api.key import current, needs
from webhooks.api.models import SaleBody, SaleQuery, StampsBody, VoidBody
from webhooks.api.reply import json_reply


class NotYet(Refusal):
    """This part of the call comes with a later release."""

    code = "not_yet"


@needs("sales")
@calls.call(
    "Record a sale",
    SaleShown,
    query=SaleQuery,
    body=SaleBody,
    refuses=(
        *calls.CARD,
        *calls.COUNTER,
        *calls.NAMED,
        *calls.TIMED,
        "bad_amount",
        "wrong_currency",
        "not_yet",
    ),
    repeats="sale_id",
)
def record(sale_id: str) -> Response:
    """Record a sale by its amount; a refused coupon never refuses the sale."""
    if body.read_query(SaleQuery).dry == "1":
        raise NotYet(phrase("A sale cannot be tried out yet; leave out dry=1."))
    told = body.read(SaleBody)
    if told.lines is not None:
        raise NotYet(phrase("Lines are not counted yet; send the amount."))
    if any(each.reward is not None for each in told.redeem):
        raise NotYet(phrase("Rewards come by themselves as coupons; name the coupon."))
    return answered(current_wallet().database.run(_record, sale_id, told))


@needs("sales")
@calls.call(
    "Give stamps",
    SaleShown,
    body=StampsBody,
    refuses=(*calls.CARD, *calls.COUNTER, *calls.NAMED, *calls.TIMED, "bad_count", "no_stamps"),
    repeats="event_id",
)
def stamp() -> Response:
    """Give stamps where no till knows the amount."""
    return answered(current_wallet().database.run(_stamp, body.read(StampsBody)))


@needs("sales")
@calls.call(
    "Undo a sale, stamps or the use of a coupon",
    SaleShown,
    body=VoidBody,
    refuses=(*calls.COUNTER, "bad_id", "unknown_sale", "coupon_used", "not_enough", "member_left"),
    repeats="sale_id",
)
def void(sale_id: str) -> Response:
    """Undo what this source told under that name, whole; a second time changes nothing."""
    told = body.read_any(VoidBody)
    return answered(current_wallet().database.run(_void, sale_id, told))


def add_to(blueprint: Blueprint) -> None:
    """Put these calls under the API's address."""
    blueprint.put("/sales/<sale_id>")(record)
    blueprint.post("/sales/<sale_id>/void")(void)
    blueprint.post("/stamps")(stamp)


def _record(connection: Connection, sale_id: str, told: SaleBody) -> Answer:
    assert told.amount is not None
    sale = Sale(
        sale_id=sale_id,
        amount=told.amount,
        currency=told.currency,
        code=told.code,
        member_id=told.member,
        occurred_at=told.occurred_at,
        redeem=tuple(each.coupon for each in told.redeem if each.coupon),
    )
    return sales.record(connection, counter(connection, current(), told), sale)


def _stamp(connection: Connection, told: StampsBody) -> Answer:
    stamps = StampsTold(
        event_id=told.event_id,
        count=told.count,
        code=told.code,
        member_id=told.member,
        occurred_at=told.occurred_at,
    )
    return sales.stamp(connection, counter(connection, current(), told), stamps)


def _void(connection: Connection, sale_id: str, told: VoidBody) -> Answer:
    return sales.void(connection, counter(connection, current(), told), sale_id)


def answered(answer: Answer) -> Response:
    """What a sale did, or its like; a repeat says that it is one."""
    response = json_reply(shapes.answer(answer), HTTPStatus.OK)
    if answer.repeated:
        response.headers["Idempotent-Replayed"] = "true"
    return response
