"""The shapes of what the API answers. The OpenAPI document shows them, and the tests hold every
answer to them; `shapes` fills them."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from wallet_service.coupons.promise import Conditions, Ticket, Validity, Worth


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
    say: str | None = None


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


class CouponWhole(CouponShown):
    """A coupon, with what it is worth, on what conditions, and who holds it now."""

    opens_at: datetime | None
    reserved_until: datetime | None
    worth: Worth | None
    conditions: Conditions
    ticket: Ticket | None
    admissions: int | None
    admitted: int


class GivenShown(CouponShown):
    """A coupon that was given."""

    say: str


class ReservedShown(CouponShown):
    """A coupon that is held."""

    reserved_until: datetime


class AdmittedShown(_Answer):
    """How many came in now, how many still may, and whether they had been in before."""

    code: str
    offer: str
    name: str
    member: str
    admitted: int
    left: int
    is_return: bool
    say: str


class OfferShown(_Answer):
    """What is promised, with its conditions, and how many copies of it are out."""

    key: str
    kind: str
    name: dict[str, str]
    words: dict[str, str]
    worth: Worth | None
    validity: Validity
    conditions: Conditions
    quota: int | None
    per_member: int | None
    alone: bool
    then: str | None
    shared_code: str | None
    ticket: Ticket | None
    own_pass: bool
    issued: int
    redeemed: int
    changed_at: datetime
    ended_at: datetime | None


class RewardShown(_Answer):
    """What the programme gives for a unit: by itself, or for asking. Its file changes it."""

    key: str
    kind: Literal["reward"]
    name: dict[str, str]
    words: dict[str, str]
    unit: str
    cost: int
    comes: Literal["by_itself", "bought"]
    any_amount: bool
    worth: int | None
    valid_days: int | None
    funder: str


class OffersPage(_Answer):
    """A page of offers; `next` is the cursor of the page after, or nothing. `rewards` are all
    that the programme gives, on every page."""

    items: list[OfferShown]
    next: str | None
    rewards: list[RewardShown]


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


class UseShown(_Answer):
    """A use: what it was worth in minor units, or what of a unit it cost."""

    coupon: str
    offer: str
    worth: int | None
    unit: str | None
    amount: int | None


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
    uses: list[UseShown]
    refused: list[RefusedShown]
    balances: dict[str, BalanceShown]
    stamps: StampsShown | None
    tier: str | None
    coupons: list[CouponShown]
    brought: list[str]
    entry: int
    say: str


class RedeemedShown(CouponShown):
    """A coupon that was used, and what its member has now."""

    balances: dict[str, BalanceShown]
    stamps: StampsShown | None
    say: str


class FaultShown(_Answer):
    """A place in an event, and what is wrong there."""

    where: str
    says: str


class ItemShown(_Answer):
    """What became of one event of a batch. A conflict has a code, and mostly a sentence."""

    key: str
    status: Literal["accepted", "duplicate", "conflict"]
    code: str | None
    say: str | None
    errors: list[FaultShown]
    answer: SaleShown | RedeemedShown | AdmittedShown | None


class BatchShown(_Answer):
    """What became of each event, in their order."""

    items: list[ItemShown]


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
