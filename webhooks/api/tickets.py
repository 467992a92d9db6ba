"""Tickets over the API: people come in."""

from flask import Blueprint, Response
from sqlalchemy import Connection

from wallet_service.sales.tickets import Admission, admit
from wallet_service.web import current_wallet
from webhooks.api import body, calls, shapes
from webhooks.api.answers import AdmittedShown
from webhooks.api.at_counter import counter
from webhooks.api.coupon_models import AdmitBody
from webhooks.api.key import current, needs
from webhooks.api.reply import json_reply, repeatable


@needs("coupons")
@calls.call(
    "Let people in with a ticket",
    AdmittedShown,
    body=AdmitBody,
    refuses=(
        *calls.COUPON,
        *calls.CONDITIONS,
        *calls.COUNTER,
        *calls.NAMED,
        "not_a_ticket",
        "event_not_open",
        "event_over",
        "already_in",
        "no_admission_left",
        "bad_people",
        "in_the_future",
        "member_left",
    ),
    repeats="event_id",
)
def let_in(code: str) -> Response:
    """Let so many people in, and in again where the event allows it."""
    admission = current_wallet().database.run(_let_in, code, body.read(AdmitBody))
    return repeatable(json_reply(shapes.admitted(admission)), admission.repeated)


def add_to(blueprint: Blueprint) -> None:
    """Put this call under the API's address."""
    blueprint.post("/tickets/<code>/admit", endpoint="admit")(let_in)


def _let_in(connection: Connection, code: str, told: AdmitBody) -> Admission:
    at = counter(connection, current(), told)
    return admit(
        connection, at, told.event_id, code, count=told.count, occurred_at=told.occurred_at
    )
