"""Offline batches over the API: what tills did while they had no line, told later."""

from typing import Any, assert_never, cast

import structlog
from flask import Blueprint, Response
from sqlalchemy import Connection

from wallet_service.sales import Answer, Counter, Redeemed, offline
from wallet_service.sales.offline import Event, Happened, Item
from wallet_service.web import current_wallet
from webhooks.api import as_told, body, calls, shapes
from webhooks.api.answers import BatchShown
from webhooks.api.at_counter import counter
from webhooks.api.batch_models import (
    AdmitEvent,
    BatchBody,
    EventBody,
    Faulty,
    RedeemEvent,
    ReturnEvent,
    SaleEvent,
    StampsEvent,
    VoidEvent,
)
from webhooks.api.key import current, needs
from webhooks.api.reply import json_reply, said

log = structlog.get_logger("api")
BYTES_MAX = 1024 * 1024


@needs("sales")
@calls.call("Tell what happened offline", BatchShown, body=BatchBody)
def replay() -> Response:
    told = body.read(BatchBody, bytes_max=BYTES_MAX)
    events = cast("list[EventBody | Faulty]", told.events)
    log.info("an offline batch", device=told.device, events=len(events))
    sound = [each for each in events if not isinstance(each, Faulty)]
    items = iter(offline.replay(current_wallet().database, [_happened(each) for each in sound]))
    shown = [_faulty(each) if isinstance(each, Faulty) else _item(next(items)) for each in events]
    return json_reply({"items": shown})


def add_to(blueprint: Blueprint) -> None:
    """Put this call under the API's address."""
    blueprint.post("/offline-batches", endpoint="replay")(replay)


def _happened(told: EventBody) -> Happened:
    key = current()

    def counter_of(connection: Connection) -> Counter:
        return counter(connection, key, told)

    return Happened(what=_event(told), counter_of=counter_of)


def _event(told: EventBody) -> Event:
    match told:
        case SaleEvent():
            return as_told.sale(told.sale_id, told)
        case StampsEvent():
            return as_told.stamps(told)
        case ReturnEvent():
            return as_told.goods_back(told.sale_id, told)
        case RedeemEvent():
            return offline.Used(
                event_id=told.event_id,
                coupon=told.coupon,
                sale_id=told.sale,
                occurred_at=told.occurred_at,
            )
        case AdmitEvent():
            return offline.LetIn(
                event_id=told.event_id,
                ticket=told.ticket,
                count=told.count,
                occurred_at=told.occurred_at,
            )
        case VoidEvent():
            return offline.Undone(sale_id=told.sale_id, occurred_at=told.occurred_at)
        case _:
            assert_never(told)


def _item(of: Item) -> dict[str, Any]:
    return {
        "key": of.key,
        "status": of.status,
        "code": of.code,
        "say": said(of.say) if of.say else None,
        "errors": [],
        "answer": _answer(of),
    }


def _answer(of: Item) -> dict[str, Any] | None:
    match of.answer:
        case None:
            return None
        case Answer():
            return shapes.answer(of.answer)
        case Redeemed():
            return shapes.redeemed(of.answer)
        case _:
            return shapes.admitted(of.answer)


def _faulty(of: Faulty) -> dict[str, Any]:
    refusal = of.refusal
    return {
        "key": of.key,
        "status": "conflict",
        "code": refusal.code if refusal else "invalid",
        "say": said(refusal.say) if refusal else None,
        "errors": [{"where": where, "says": says} for where, says in of.faults],
        "answer": None,
    }
