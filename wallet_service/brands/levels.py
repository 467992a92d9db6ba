"""The named levels of security: what each of them sets, as plain values.

`shop` is for few people who know each other, `chain` for many at several places, `strict` for
whoever must show that no one person can do harm alone. Nothing else is set one by one: a level
is chosen whole, and its page says what it means.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from wallet_service.language import Phrase, phrase


class LevelName(StrEnum):
    SHOP = "shop"
    CHAIN = "chain"
    STRICT = "strict"


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What a level of security sets for a brand.

    `proof_lasts` is how long after showing the password or passkey the grave things may be done.
    A correction by hand of more than `alone_max` units, and an erasure where `erase_alone` is
    False, wait for a second person. A till takes goods back of what was bought within
    `returns_within`, by a cashier only where `cashier_returns`.
    """

    name: LevelName
    session_idle: timedelta
    session_lasts: timedelta
    till_idle: timedelta
    shift_lasts: timedelta
    proof_lasts: timedelta
    second_factor: bool
    pin_digits_min: int
    by_hand_max: int
    alone_max: int
    erase_alone: bool
    returns_within: timedelta
    cashier_returns: bool
    invitation_lasts: timedelta
    device_log_kept: timedelta
    sign_ins_kept: timedelta


LEVELS: dict[LevelName, Level] = {
    LevelName.SHOP: Level(
        name=LevelName.SHOP,
        session_idle=timedelta(hours=12),
        session_lasts=timedelta(days=14),
        till_idle=timedelta(minutes=15),
        shift_lasts=timedelta(hours=12),
        proof_lasts=timedelta(hours=1),
        second_factor=False,
        pin_digits_min=4,
        by_hand_max=20,
        alone_max=20,
        erase_alone=True,
        returns_within=timedelta(days=90),
        cashier_returns=True,
        invitation_lasts=timedelta(days=7),
        device_log_kept=timedelta(days=30),
        sign_ins_kept=timedelta(days=90),
    ),
    LevelName.CHAIN: Level(
        name=LevelName.CHAIN,
        session_idle=timedelta(hours=2),
        session_lasts=timedelta(hours=12),
        till_idle=timedelta(minutes=10),
        shift_lasts=timedelta(hours=10),
        proof_lasts=timedelta(minutes=15),
        second_factor=True,
        pin_digits_min=4,
        by_hand_max=20,
        alone_max=5,
        erase_alone=True,
        returns_within=timedelta(days=60),
        cashier_returns=True,
        invitation_lasts=timedelta(days=3),
        device_log_kept=timedelta(days=14),
        sign_ins_kept=timedelta(days=180),
    ),
    LevelName.STRICT: Level(
        name=LevelName.STRICT,
        session_idle=timedelta(minutes=20),
        session_lasts=timedelta(hours=8),
        till_idle=timedelta(minutes=5),
        shift_lasts=timedelta(hours=8),
        proof_lasts=timedelta(minutes=5),
        second_factor=True,
        pin_digits_min=6,
        by_hand_max=10,
        alone_max=0,
        erase_alone=False,
        returns_within=timedelta(days=30),
        cashier_returns=False,
        invitation_lasts=timedelta(days=1),
        device_log_kept=timedelta(days=7),
        sign_ins_kept=timedelta(days=365),
    ),
}


def level(name: str) -> Level:
    """The level of a name. Raises ValueError."""
    return LEVELS[LevelName(name)]


def is_stricter(one: Level, other: Level) -> bool:
    """Whether `one` asks for more than `other`."""
    order = list(LEVELS)
    return order.index(one.name) > order.index(other.name)


def name_of(name: LevelName) -> Phrase:
    """What a level is called."""
    match name:
        case LevelName.SHOP:
            return phrase("shop")
        case LevelName.CHAIN:
            return phrase("chain")
        case LevelName.STRICT:
            return phrase("strict")


def strictest(some: Iterable[Level]) -> Level:
    """The strictest of some levels; the mildest there is when there are none."""
    order = list(LEVELS)
    return max(some, key=lambda each: order.index(each.name), default=LEVELS[LevelName.SHOP])
