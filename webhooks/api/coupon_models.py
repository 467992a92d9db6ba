"""The bodies and queries of offers, coupons and tickets."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

from wallet_service.coupons.promise import (
    Conditions,
    Kind,
    SharedCode,
    Ticket,
    Validity,
    Worth,
)
from wallet_service.programme.part import Key
from wallet_service.sales import told
from wallet_service.sales.reserve import TTL_SECONDS, TTL_SECONDS_MAX
from webhooks.api.models import AtCounter, Body, Code, Id, OfSomebody
from webhooks.api.texts import SOME, Pattern, plain, text
from webhooks.api.times import At

People = Annotated[int, WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 1000})]
Sentence = Annotated[str, text(2000), AfterValidator(plain), Pattern(SOME)]
InWords = Sentence | dict[Literal["en", "fi", "sv"], Sentence]


class OffersQuery(Body):
    cursor: Id | None = None
    limit: int = Field(default=50, ge=1, le=100)


class OfferBody(Body):
    """An offer. `name` and `words` are texts by language, or a text in the brand's own."""

    name: InWords
    kind: Kind
    words: InWords = Field(default={})
    worth: Worth | None = None
    validity: Validity | None = None
    conditions: Conditions | None = None
    quota: Annotated[int, Field(ge=1, le=told.AMOUNT_MAX)] | None = None
    per_member: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    alone: bool = False
    then: Key | None = None
    shared_code: SharedCode | None = None
    ticket: Ticket | None = None
    own_pass: bool | None = None


class GiveBody(OfSomebody):
    event_id: Id
    offer: Code


class ReserveBody(AtCounter):
    event_id: Id
    ttl_seconds: Annotated[
        int, WithJsonSchema({"type": "integer", "minimum": 1, "maximum": TTL_SECONDS_MAX})
    ] = TTL_SECONDS


class RollbackBody(AtCounter):
    event_id: Id


class AdmitBody(AtCounter):
    event_id: Id
    count: People = 1
    occurred_at: At | None = None


class RedeemBody(AtCounter):
    event_id: Id
    sale: Id | None = None
