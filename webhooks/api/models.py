"""The bodies and queries that the API takes. An unknown key is refused with its place."""

import re
from collections.abc import Callable
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)

from wallet_service.sales import told
from webhooks.api.attributes import Attributes
from webhooks.api.texts import ANY, SHORT, SOME, Note, Pattern, name, plain, seen, text
from webhooks.api.times import At, Birthday

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{3,24}")


def _email(text: str) -> str:
    if not _EMAIL.fullmatch(text):
        raise ValueError("this is no e-mail address")
    return text


def _phone(text: str) -> str:
    if not _PHONE.fullmatch(text):
        raise ValueError("this is no phone number; write it like +358 40 1234567")
    return text


def _amount(amount: object) -> object:
    told.check_amount(amount)  # raises a refusal of its own, with words for the cashier
    return amount


def _count(count: object) -> object:
    told.check_count(count)
    return count


Name = Annotated[str, text(100), AfterValidator(name), Pattern(SOME)]
GoodsName = Annotated[str, text(100), AfterValidator(plain), Pattern(SOME)]
FamilyName = Annotated[str, text(100, 0), AfterValidator(name), Pattern(ANY)]
Email = Annotated[
    str,
    text(254),
    AfterValidator(_email),
    AfterValidator(seen),
    Field(json_schema_extra={"format": "email"}),
]
Phone = Annotated[
    str, text(32), AfterValidator(_phone), Pattern(r"^\+?[0-9][0-9 ()./-]{2,23}[0-9()./-]$")
]
Id = Annotated[str, text(128), AfterValidator(plain), Pattern(SOME)]
Code = Annotated[str, text(128), AfterValidator(plain), Pattern(SOME)]
Amount = Annotated[
    int,
    PlainValidator(_amount),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": told.AMOUNT_MAX}),
]
# Bounds are told of here and refused with words for the cashier by whoever counts.
Quantity = Annotated[
    int, WithJsonSchema({"type": "integer", "minimum": 1, "maximum": told.QUANTITY_MAX})
]
Price = Annotated[
    int, WithJsonSchema({"type": "integer", "minimum": 0, "maximum": told.AMOUNT_MAX})
]
Count = Annotated[
    int,
    PlainValidator(_count),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": told.STAMPS_MAX}),
]
# A unit may be so much more, or (below zero) less; nothing at all is refused with words.
Change = Annotated[int, Field(ge=-told.AMOUNT_MAX, le=told.AMOUNT_MAX)]
Language = Literal["en", "fi", "sv"]
Channel = Literal["pass", "email", "sms", "web_push"]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def one_of(*names: str) -> Callable[[dict[str, Any]], None]:
    """Says in the schema that exactly one of these is told; null is as left out."""

    def said(schema: dict[str, Any]) -> None:
        told = [{"required": [name], "properties": {name: {"type": "string"}}} for name in names]
        schema["oneOf"] = told

    return said


def some_of(*names: str) -> Callable[[dict[str, Any]], None]:
    """Says in the schema that one of these is told, or more."""

    def said(schema: dict[str, Any]) -> None:
        schema["anyOf"] = [
            {"required": [name], "properties": {name: {"not": {"type": "null"}}}} for name in names
        ]

    return said


def both(*each: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
    """Says all of it."""

    def said(schema: dict[str, Any]) -> None:
        for say in each:
            say(schema)

    return said


class NewMemberBody(Body):
    given_name: Name
    family_name: FamilyName = ""
    email: Email | None = None
    phone: Phone | None = None
    language: Language | None = None
    birthday: Birthday | None = None
    external_id: Id | None = None
    attributes: Attributes = {}
    consents: dict[Channel, bool] = {}


def _without_defaults(schema: dict[str, Any]) -> None:
    """What is left out of a change stays as it is: there is nothing that it would be instead."""
    for each in schema["properties"].values():
        each.pop("default", None)


class MemberChanges(Body):
    model_config = ConfigDict(json_schema_extra=_without_defaults)

    given_name: Name = ""
    family_name: FamilyName = ""
    email: Email | None = None
    phone: Phone | None = None
    language: Language = "en"
    birthday: Birthday | None = None
    external_id: Id | None = None
    attributes: Attributes = {}
    consents: dict[Channel, bool] = {}


class MembersQuery(Body):
    query: Annotated[str, text(200, 0), AfterValidator(plain), Pattern(ANY)] | None = None
    external_id: Id | None = None
    cursor: Id | None = None
    limit: int = Field(default=50, ge=1, le=100)


class AtCounter(Body):
    location: Id | None = None
    till: Note | None = None
    staff: Note | None = None


class OfSomebody(AtCounter):
    model_config = ConfigDict(json_schema_extra=one_of("code", "member"))

    code: Code | None = None
    member: Id | None = None

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.code is None) == (self.member is None):
            raise ValueError("name either the card's code or the member")
        return self


class _Told(OfSomebody):
    occurred_at: At | None = None


class LineBody(Body):
    product: GoodsName | None = None
    category: GoodsName | None = None
    quantity: Quantity
    price: Price


class ToRedeem(Body):
    model_config = ConfigDict(json_schema_extra=one_of("coupon", "reward"))

    coupon: Code | None = None
    reward: Code | None = None
    amount: Annotated[int, Field(ge=1, le=told.AMOUNT_MAX)] | None = None

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.coupon is None) == (self.reward is None):
            raise ValueError("name either a coupon or a reward")
        return self


class SaleBody(_Told):
    model_config = ConfigDict(
        json_schema_extra=both(one_of("code", "member"), some_of("amount", "lines"))
    )

    amount: Amount | None = None
    lines: Annotated[list[LineBody], Field(min_length=1, max_length=told.LINES_MAX)] | None = None
    currency: Annotated[str, text(3, 3), AfterValidator(plain), Pattern(SHORT)]
    redeem: Annotated[list[ToRedeem], Field(max_length=20)] = []

    @model_validator(mode="after")
    def _says_how_much(self) -> Self:
        if self.amount is None and self.lines is None:
            raise ValueError("amount is missing")
        return self


class SaleQuery(Body):
    dry: Literal["0", "1"] = "0"


class VoidBody(AtCounter):
    """Where it is undone; may be empty."""


class AdjustmentBody(OfSomebody):
    event_id: Id
    unit: Note
    amount: Change
    reason: Annotated[str, text(200), AfterValidator(plain), Pattern(SOME)]


class LedgerQuery(Body):
    member: Id | None = None
    sale: Id | None = None
    location: Id | None = None
    since: At | None = None
    cursor: Annotated[str, text(512), AfterValidator(plain), Pattern(SOME)] | None = None
    limit: int = Field(default=50, ge=1, le=100)


class StampsBody(_Told):
    event_id: Id
    count: Count = 1


class GoodsBackBody(Body):
    quantity: Quantity = 1
    line: Annotated[int, Field(ge=1, le=told.LINES_MAX)] | None = None
    product: GoodsName | None = None


class ReturnBody(AtCounter):
    return_id: Id
    amount: Amount | None = None
    lines: Annotated[list[GoodsBackBody], Field(min_length=1, max_length=told.LINES_MAX)] | None = (
        None
    )
    coupons: Annotated[list[Code], Field(max_length=20)] = []
    occurred_at: At | None = None
