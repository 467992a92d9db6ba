"""What a counter is answered, and how an answer is kept for a repeat: ids, figures and reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from wallet_service import coupons
from wallet_service.coupons import Coupon, CouponState
from wallet_service.idempotency import Outcome
from wallet_service.language import Phrase
from wallet_service.ledger import Balance
from wallet_service.programme import Stamps
from wallet_service.programme.earn import Earned


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A part of what was asked that could not be done; the rest was."""

    what: str
    code: str
    say: Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """A coupon or a reward that was used with the sale, and what it was worth.

    `worth` is in minor units of money, where that can be said; `unit` and `amount` are what the
    member paid for a reward.
    """

    coupon: str
    offer: str
    worth: int | None = None
    unit: str | None = None
    amount: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a sale, a stamp or an undo did, and what the member has now.

    `coupons` can be used now, `brought` are the codes of those that came with this, `applied`
    the codes of those that were used and `uses` the same with their worth. `entry` is the number
    of the member's entry in the ledger, `tier` the key of the tier that the member has now.
    """

    member_id: str
    earned: tuple[Earned, ...]
    applied: tuple[str, ...]
    refused: tuple[Refused, ...]
    balances: Mapping[str, Balance]
    coupons: tuple[Coupon, ...]
    brought: tuple[str, ...]
    stamps: Stamps | None
    entry: int
    news: Phrase
    uses: tuple[Used, ...] = ()
    tier: str | None = None
    repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Redeemed:
    """The use of a coupon by itself."""

    member_id: str
    coupon: Coupon
    balances: Mapping[str, Balance]
    stamps: Stamps | None
    news: Phrase
    repeated: bool = False


def kept(answer: Answer) -> dict[str, Any]:
    """The answer as it is stored."""
    return {
        "earned": [[each.unit, each.amount, each.why.as_json()] for each in answer.earned],
        "applied": list(answer.applied),
        "refused": [[each.what, each.code, each.say.as_json()] for each in answer.refused],
        "balances": _kept_balances(answer.balances),
        "coupons": _kept_coupons(answer.coupons),
        "brought": list(answer.brought),
        "stamps": _kept_stamps(answer.stamps),
        "entry": answer.entry,
        "news": answer.news.as_json(),
        "member": answer.member_id,
        "uses": [[u.coupon, u.offer, u.worth, u.unit, u.amount] for u in answer.uses],
        "tier": answer.tier,
    }


def read(connection: Connection, outcome: Outcome) -> Answer:
    """The answer that was given just now, or else the one that was stored: they say the same."""
    if isinstance(outcome.given, Answer):
        return outcome.given
    stored = outcome.answer
    return Answer(
        member_id=stored["member"],
        earned=tuple(
            Earned(unit=unit, amount=amount, why=Phrase.from_json(why))
            for unit, amount, why in stored["earned"]
        ),
        applied=tuple(stored["applied"]),
        refused=tuple(
            Refused(what=what, code=code, say=Phrase.from_json(say))
            for what, code, say in stored["refused"]
        ),
        balances=_balances(stored["balances"]),
        coupons=_coupons(connection, stored["member"], stored["coupons"]),
        brought=tuple(stored["brought"]),
        stamps=_stamps(stored["stamps"]),
        entry=stored["entry"],
        news=Phrase.from_json(stored["news"]),
        # Answers that were kept before there were these have none.
        uses=tuple(
            Used(coupon=coupon, offer=offer, worth=worth, unit=unit, amount=amount)
            for coupon, offer, worth, unit, amount in stored.get("uses", ())
        ),
        tier=stored.get("tier"),
        repeated=outcome.repeated,
    )


def kept_redeemed(redeemed: Redeemed) -> dict[str, Any]:
    """The answer as it is stored."""
    return {
        "member": redeemed.member_id,
        "coupon": _kept_coupons([redeemed.coupon]),
        "balances": _kept_balances(redeemed.balances),
        "stamps": _kept_stamps(redeemed.stamps),
        "news": redeemed.news.as_json(),
    }


def read_redeemed(connection: Connection, outcome: Outcome) -> Redeemed:
    """The answer that was stored."""
    stored = outcome.answer
    return Redeemed(
        member_id=stored["member"],
        coupon=_coupons(connection, stored["member"], stored["coupon"])[0],
        balances=_balances(stored["balances"]),
        stamps=_stamps(stored["stamps"]),
        news=Phrase.from_json(stored["news"]),
        repeated=outcome.repeated,
    )


def _kept_balances(balances: Mapping[str, Balance]) -> list[list[Any]]:
    return [[unit, each.available, each.pending, each.lifetime] for unit, each in balances.items()]


def _balances(stored: Sequence[Sequence[Any]]) -> dict[str, Balance]:
    return {
        unit: Balance(available=available, pending=pending, lifetime=lifetime)
        for unit, available, pending, lifetime in stored
    }


def _kept_coupons(found: Sequence[Coupon]) -> list[list[str]]:
    return [[each.code, each.state.value] for each in found]


def _coupons(
    connection: Connection, member_id: str, stored: Sequence[Sequence[str]]
) -> tuple[Coupon, ...]:
    # Words come from the offer, states from the answer: they may have moved on since.
    states = {code: CouponState(state) for code, state in stored}
    found = coupons.by_codes(connection, member_id, list(states))
    return tuple(replace(each, state=states[each.code]) for each in found)


def _kept_stamps(stamps: Stamps | None) -> list[int] | None:
    return [stamps.have, stamps.of] if stamps else None


def _stamps(stored: Sequence[int] | None) -> Stamps | None:
    return Stamps(have=stored[0], of=stored[1]) if stored else None
