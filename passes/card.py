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
    points: int | None = None
    next_reward: str | None = None
    earlier_news: tuple[News, ...] = ()
    coupons: tuple[CardCoupon, ...] = ()
    expires_at: datetime | None = None
    voided: bool = False
    foreign: tuple[tuple[str, str], ...] = ()
