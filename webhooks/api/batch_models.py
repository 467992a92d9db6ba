"""The body of an offline batch. An event that is wrong is a conflict alone; the others stand."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from wallet_service.errors import Refusal
from wallet_service.sales.offline import EVENTS_MAX
from webhooks.api.coupon_models import AdmitBody, RedeemBody
from webhooks.api.models import (
    Body,
    Code,
    Id,
    ReturnBody,
    SaleBody,
    StampsBody,
    VoidBody,
)
from webhooks.api.reply import faults_of
from webhooks.api.texts import Note
from webhooks.api.times import At


@dataclass(frozen=True, slots=True, kw_only=True)
class Faulty:
    """An event that cannot be read: its name, where it says one, and what is wrong with it."""

    key: str
    faults: tuple[tuple[str, str], ...] = ()
    refusal: Refusal | None = None


class SaleEvent(SaleBody):
    kind: Literal["sale"]
    sale_id: Id


class StampsEvent(StampsBody):
    kind: Literal["stamps"]


class ReturnEvent(ReturnBody):
    kind: Literal["return"]
    sale_id: Id


class RedeemEvent(RedeemBody):
    kind: Literal["redeem"]
    coupon: Code
    occurred_at: At | None = None


class AdmitEvent(AdmitBody):
    kind: Literal["admit"]
    ticket: Code


class VoidEvent(VoidBody):
    kind: Literal["void"]
    sale_id: Id
    occurred_at: At | None = None


EventBody = SaleEvent | StampsEvent | ReturnEvent | RedeemEvent | AdmitEvent | VoidEvent


def _by_itself(told: Any, read: ValidatorFunctionWrapHandler) -> Any:
    try:
        return read(told)
    except ValidationError as error:
        return Faulty(key=_name(told), faults=faults_of(error))
    except Refusal as refusal:
        return Faulty(key=_name(told), refusal=refusal)


def _name(told: Any) -> str:
    if not isinstance(told, dict):
        return ""
    kind = told.get("kind")
    name = {"sale": "sale_id", "return": "return_id", "void": "sale_id"}.get(str(kind), "event_id")
    return str(told.get(name, ""))[:128]


class BatchBody(Body):
    """`events` holds a `Faulty` in the place of each that cannot be read."""

    device: Note | None = None
    events: Annotated[
        list[Annotated[EventBody, Field(discriminator="kind"), WrapValidator(_by_itself)]],
        Field(max_length=EVENTS_MAX),
    ]
