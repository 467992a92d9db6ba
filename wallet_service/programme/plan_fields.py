"""Plan fields: how each field of a programme is called in a plan, and when a change is for the
worse."""

from typing import Any

from wallet_service.language import Phrase, phrase
from wallet_service.programme.differing import (
    Field,
    Say,
    Worse,
    always,
    if_less,
    if_more,
    if_narrower,
    if_off,
    in_money,
    never,
)
from wallet_service.programme.switches import Limits, Loyal


def _plain(value: Any, _: str) -> Any:
    return value


def _field(name: str, called: Phrase, worse: Worse, say: Say = _plain) -> Field:
    return Field(name=name, called=called, worse=worse, say=say)


def _shorter(old: Any, new: Any) -> bool:
    order = ("month", "year", "ever")
    return order.index(new) < order.index(old)


def _farther(old: Any, new: Any) -> bool:
    order = ("only_pending", "within_balance", "unlimited")
    return order.index(new) > order.index(old)


def _lower_limit(old: Any, new: Any) -> bool:
    return bool(new) and (not old or new < old)


def _sooner(old: Any, new: Any) -> bool:
    # "00:00" as an end is the end of the day, as is none.
    ends = ["24:00" if each in (None, "00:00") else each for each in (old, new)]
    return bool(ends[1] < ends[0])


def _not_carried(old: Any, new: Any) -> bool:
    return new is False and old is not False


def place(kind: str, key: str) -> Phrase:
    """What has a key, as the beginning of a sentence."""
    match kind:
        case "earn":
            return phrase("The rule {key}", key=key)
        case "multiply":
            return phrase("The multiplier {key}", key=key)
        case "reward":
            return phrase("The reward {key}", key=key)
        case _:
            return phrase("The tier {key}", key=key)


_WARN_DAYS = _field(
    "warn_days",
    phrase("the list of days on which a warning comes before"),
    lambda old, new: max(new, default=0) < max(old, default=0) or len(new) < len(old),
)
WHOLE = (
    _field("currency", phrase("the currency"), always),
    _field("time_zone", phrase("the time zone"), never),
    _field("languages", phrase("what it speaks"), if_narrower),
)
CARD = (
    _field("card", phrase("the number of stamps that fill it"), if_more),
    _field("welcome", phrase("the number of stamps at the start"), if_less),
    _field("roll_over", phrase("putting stamps beyond a full card on the next"), if_off),
)
EARN = (
    _field("purchase_min", phrase("the least purchase"), if_more, in_money),
    _field("accumulates", phrase("the time that its steps look back on"), _shorter),
    _field("products", phrase("the list of products"), if_narrower),
    _field("categories", phrase("the list of categories"), if_narrower),
    _field("leftovers_carry", phrase("carrying over what is left"), _not_carried),
    _field("cap_sale", phrase("the most for one purchase"), if_less),
    _field("cap_day", phrase("the most for one day"), if_less),
    _field("cap_member", phrase("the most for one member"), if_less),
)
MULTIPLY = (
    _field("unit", phrase("the unit"), always),
    _field("percent", phrase("how many per cent are earned"), if_less),
    _field("weekdays", phrase("the list of weekdays"), if_narrower),
    _field("from_hour", phrase("the first hour"), if_more),
    _field("to_hour", phrase("the hour of its end"), _sooner),
    _field("first_day", phrase("the first day"), if_more),
    _field("last_day", phrase("the last day"), if_less),
    _field("tiers", phrase("the list of tiers"), if_narrower),
    _field("products", phrase("the list of products"), if_narrower),
    _field("categories", phrase("the list of categories"), if_narrower),
)
REWARD = (
    _field("unit", phrase("the unit"), always),
    _field("cost", phrase("the cost"), if_more),
    _field("comes", phrase("how it comes"), always),
    _field("any_amount", phrase("buying any amount"), if_off),
    _field(
        "worth",
        phrase("what it is worth"),
        lambda old, new: old is not None and (new is None or new < old),
        in_money,
    ),
    _field("valid_days", phrase("the number of days it can be used"), if_less),
    _field("funder", phrase("who pays for it"), never),
)
TIERS = (
    _field("counts", phrase("what counts"), always),
    _field("qualifying", phrase("the time that counts"), always),
    _field("qualifying_months", phrase("the number of months that count"), if_less),
    _field("holding_months", phrase("the number of months it is held"), if_less),
    _WARN_DAYS,
)
TIER = (_field("from_total", phrase("what it takes"), if_more),)
EXPIRY = (
    _field("months", phrase("the number of months"), if_less),
    _field("day_of_year", phrase("the day of the year"), always),
    _field("months_min", phrase("the least number of months"), if_less),
    _field("inactive_months", phrase("the number of months without a visit"), if_less),
    _WARN_DAYS,
)
RETURNS = (_field("policy", phrase("how far they reach"), _farther),)
LIMITS = tuple(
    _field(name, phrase("the limit {name}", name=name), _lower_limit)
    for name in Limits.model_fields
)
LOYAL = tuple(
    _field(name, phrase("the switch {name}", name=name), if_off) for name in Loyal.model_fields
)
KEYED = {"multiply": MULTIPLY, "reward": REWARD}
