"""Adjustments over the API: a balance corrected by hand, with its reason."""

from flask import Blueprint, Response
from sqlalchemy import Connection

from wallet_service import audit
from wallet_service.language import phrase
from wallet_service.members import codes
from wallet_service.sales import Answer, by_hand, reasons
from wallet_service.sales.adjust import Adjustment, adjust
from wallet_service.sales.by_hand import Correct
from wallet_service.web import current_wallet
from webhooks.api import body, calls
from webhooks.api.answers import SaleShown
from webhooks.api.at_counter import counter
from webhooks.api.key import actor, current, needs
from webhooks.api.models import AdjustmentBody
from webhooks.api.sales import answered


@needs("sales")
@calls.call(
    "Correct a balance",
    SaleShown,
    body=AdjustmentBody,
    refuses=(
        *calls.CARD,
        *calls.COUNTER,
        *calls.NAMED,
        "bad_adjustment",
        "bad_reason",
        "not_enough",
    ),
    repeats="event_id",
)
def correct() -> Response:
    """Give or take so much of a unit, with a reason; no balance goes below zero."""
    return answered(current_wallet().database.run(_correct, body.read(AdjustmentBody)))


def add_to(blueprint: Blueprint) -> None:
    """Put this call under the API's address."""
    blueprint.post("/adjustments", endpoint="adjust")(correct)


def _correct(connection: Connection, told: AdjustmentBody) -> Answer:
    words = reasons.read(told.reason)
    at = counter(connection, current(), told)
    member_id = told.member
    if told.code is not None:
        member_id = codes.find(connection, at.brand_id, told.code).member_id
    assert member_id is not None
    adjustment = Adjustment(
        event_id=told.event_id, member_id=member_id, unit=told.unit, amount=told.amount
    )
    answer = adjust(connection, at, adjustment, actor=actor())
    if not answer.repeated:
        reasons.keep(connection, at, member_id, told.event_id, words)
        wish = Correct(
            event_id=told.event_id,
            member_id=member_id,
            reason=words,
            unit=told.unit,
            amount=told.amount,
        )
        audit.write(
            connection,
            at.brand_id,
            actor(),
            phrase("{who}: {deed}", deed=by_hand.said(wish)),
            what=f"member.{by_hand.kind_of(wish)}",
            subject=member_id,
        )
    return answer
