"""The shapes of what the API answers. The OpenAPI document shows them, and the tests hold every
answer to them; `shapes` fills them."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Figure = Annotated[int, Field(description="A whole number")]


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Problem(BaseModel):
    """What went wrong (RFC 9457). `code` is stable; `say` may be read aloud to a customer."""

    model_config = ConfigDict(extra="allow")

    type: Literal["about:blank"]
    title: str
    status: int
    code: str
    detail: str
    say: str | None = Field(
        default=None, json_schema_extra=lambda of: of.update(anyOf=[{"type": "string"}])
    )


class BalanceShown(_Answer):
    """What a member has of a unit. `lifetime` is gained less reversed."""

    available: int
    pending: int
    lifetime: int


class StampsShown(_Answer):
    """A card of stamps, as the pass shows it."""

    have: int
    of: int


class CouponShown(_Answer):
    """One member's copy of an offer."""

    code: str
    state: Literal["issued", "reserved", "redeemed", "reversed", "expired", "void"]
    offer: str
    kind: str
    name: str
    terms: str
    member: str
    issued_at: datetime
    last_day: date | None
    expires_at: datetime | None


class MemberShown(_Answer):
    """A member, its first person, and all that it has."""

    id: str
    code: str
    link: str
    given_name: str
    family_name: str
    email: str | None
    phone: str | None
    language: str
    birthday: date | None
    external_id: str | None
    attributes: dict[str, Any]
    joined_at: datetime
    balances: dict[str, BalanceShown]
    coupons: list[CouponShown]
    consents: dict[str, bool]


class MembersPage(_Answer):
    """A page of members; `next` is the cursor of the page after, or nothing."""

    items: list[MemberShown]
    next: str | None


class SomebodyShown(_Answer):
    """As much of a member as a counter may know."""

    id: str
    name: str
    language: str


class ScanShown(_Answer):
    """A card at the counter."""

    member: SomebodyShown
    code: str
    balances: dict[str, BalanceShown]
    stamps: StampsShown | None
    coupons: list[CouponShown]
    last_visit: datetime | None
    say: str


class EarnedShown(_Answer):
    """So much of a unit, and why."""

    unit: str
    amount: int
    why: str


class AppliedShown(_Answer):
    """A coupon that was used with the sale."""

    coupon: str


class RefusedShown(_Answer):
    """What was asked beside the sale and could not be; the sale stands."""

    what: str
    code: str
    say: str


class SaleShown(_Answer):
    """What a sale, stamps, a correction or an undo did, and what the member has now."""

    member: str
    earned: list[EarnedShown]
    applied: list[AppliedShown]
    refused: list[RefusedShown]
    balances: dict[str, BalanceShown]
    stamps: StampsShown | None
    coupons: list[CouponShown]
    entry: int
    say: str


class RedeemedShown(CouponShown):
    """A coupon that was used, and what its member has now."""

    balances: dict[str, BalanceShown]
    stamps: StampsShown | None
    say: str


class LineShown(_Answer):
    """So much of a unit on an account; the lines of an entry sum to zero for each unit."""

    unit: str
    account: str
    amount: int
    expires_at: datetime | None
    confirm_at: datetime | None
    funder: str | None
    why: str | None


class EntryShown(_Answer):
    """One event in the ledger: never changed, and chained to the member's entry before it."""

    member: str
    number: int
    kind: Literal["accrual", "redemption", "expiry", "adjustment", "reversal"]
    source: str
    key: str
    part: int
    sale: str | None
    reverses: int | None
    confirms: int | None
    rule_version: int
    location: str | None
    till: str | None
    staff: str | None
    occurred_at: datetime
    recorded_at: datetime
    lines: list[LineShown]
    hash: str
    previous_hash: str


class LedgerPage(_Answer):
    """A page of entries; `next` is the cursor of the page after, or nothing."""

    items: list[EntryShown]
    next: str | None
