"""Sales and stamps over the API. What the caller names makes a repeat safe."""

from flask import Blueprint, Response
from sqlalchemy import Connection

from wallet_service import sales
from wallet_service.sales import Answer
from wallet_service.sales.returns import take_back
from wallet_service.web import current_wallet
from webhooks.api import as_told, body, calls, shapes
from webhooks.api.answers import SaleShown
from webhooks.api.at_counter import counter
from webhooks.api.key import current, needs
from webhooks.api.models import ReturnBody, SaleBody, SaleQuery, StampsBody, VoidBody
from webhooks.api.reply import json_reply, repeatable


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
        "bad_lines",
        "wrong_currency",
        "too_fast",
    ),
    repeats="sale_id",
)
def record(sale_id: str) -> Response:
    """Record a sale, or with dry=1 try it out; a refused coupon never refuses the sale."""
    is_dry = body.read_query(SaleQuery).dry == "1"
    told = body.read(SaleBody)
    return answered(current_wallet().database.run(_record, sale_id, told, is_dry=is_dry))


@needs("sales")
@calls.call(
    "Give stamps",
    SaleShown,
    body=StampsBody,
    refuses=(
        *calls.CARD,
        *calls.COUNTER,
        *calls.NAMED,
        *calls.TIMED,
        "bad_count",
        "no_stamps",
        "too_fast",
    ),
    repeats="event_id",
)
def stamp() -> Response:
    """Give stamps where no till knows the amount."""
    return answered(current_wallet().database.run(_stamp, body.read(StampsBody)))


@needs("sales")
@calls.call(
    "Take goods back",
    SaleShown,
    body=ReturnBody,
    refuses=(
        *calls.COUNTER,
        *calls.NAMED,
        "unknown_sale",
        "bad_amount",
        "bad_return",
        "return_too_much",
        "in_the_future",
        "not_enough",
        "coupon_used",
        "member_left",
    ),
    repeats="return_id",
)
def take_goods_back(sale_id: str) -> Response:
    """Take back what goods that came back had given: in part, or the whole sale."""
    return answered(current_wallet().database.run(_take_back, sale_id, body.read(ReturnBody)))


@needs("sales")
@calls.call(
    "Undo a sale, stamps or the use of a coupon",
    SaleShown,
    body=VoidBody,
    bare=True,
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
    blueprint.post("/sales/<sale_id>/returns")(take_goods_back)
    blueprint.post("/sales/<sale_id>/void")(void)
    blueprint.post("/stamps")(stamp)


def _record(connection: Connection, sale_id: str, told: SaleBody, *, is_dry: bool) -> Answer:
    at = counter(connection, current(), told)
    sale = as_told.sale(sale_id, told)
    return sales.dry(connection, at, sale) if is_dry else sales.record(connection, at, sale)


def _take_back(connection: Connection, sale_id: str, told: ReturnBody) -> Answer:
    at = counter(connection, current(), told)
    return take_back(connection, at, as_told.goods_back(sale_id, told))


def _stamp(connection: Connection, told: StampsBody) -> Answer:
    return sales.stamp(connection, counter(connection, current(), told), as_told.stamps(told))


def _void(connection: Connection, sale_id: str, told: VoidBody) -> Answer:
    return sales.void(connection, counter(connection, current(), told), sale_id)


def answered(answer: Answer) -> Response:
    """What a sale did, or its like; a repeat says that it is one."""
    return repeatable(json_reply(shapes.answer(answer)), answer.repeated)
