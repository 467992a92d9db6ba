"""A card: what a pass says, before it is known on which phone it will stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamps:
    """So many of so many."""

    have: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CardBalance:
    """What the card holds of one unit, in the words of its language: Bonus, 12,50 €. `coming` is
    what is on the way to it and cannot be used yet."""

    unit: str
    label: str
    value: str
    coming: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardTier:
    """The tier that is held, what it brings, and the day on which its time ends."""

    name: str
    benefit: str | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """A sentence that was told, and when."""

    at: datetime
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardCoupon:
    """An open coupon as the member reads it on the back."""

    code: str
    name: str
    until: date | None = None
    terms: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Everything that one person's pass says, as plain text: nothing in it is ever interpreted.

    `news` is the one sentence that a phone speaks aloud when it changes; `earlier_news` are those
    before it, the newest first. A fact that is None or empty is left off the pass, the code too.
    `balances` are all that the programme counts, in its order; `stamps` are those of the picture.
    `foreign` are the shop's words on it that are in another language than the card's, each with
    its language: a page has them spoken right, a pass has no means to.
    """

    code: str
    language: str
    holder: str
    programme: str
    news: str
    card_link: str
    stamps: Stamps | None = None
    balances: tuple[CardBalance, ...] = ()
    tier: CardTier | None = None
    next_reward: str | None = None
    earlier_news: tuple[News, ...] = ()
    coupons: tuple[CardCoupon, ...] = ()
    expires_at: datetime | None = None
    voided: bool = False
    foreign: tuple[tuple[str, str], ...] = ()
