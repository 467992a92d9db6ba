"""The sentences that a counter and a pass say: pure. Figures in, one phrase out.

Each carries the new count, so that it differs from the one before; a phone shows only a change.
And each is short: with ordinary names at most fifty letters, which is what a pass has room for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wallet_service.language import Phrase, Words, phrase, phrases
from wallet_service.ledger import Balance
from wallet_service.programme import Ruleset, Stamps, card_face
from wallet_service.programme.amount import bare, unit_amount
from wallet_service.programme.earn import Earned

_NUMBERS = (
    phrase("zero"), phrase("one"), phrase("two"), phrase("three"), phrase("four"), phrase("five"),
    phrase("six"), phrase("seven"), phrase("eight"), phrase("nine"), phrase("ten"),
)  # fmt: skip

# The others only count, for tiers.
_USED = ("stamps", "points", "bonus")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a member has: figures by unit, and how many reward coupons wait to be used."""

    rules: Ruleset
    balances: Mapping[str, Balance]
    open_rewards: int

    @property
    def stamps(self) -> Stamps | None:
        """What the card shows, or None where the programme has no stamps."""
        if self.rules.stamps is None:
            return None
        return card_face(
            self.balances["stamps"].available, self.rules.stamps.card, self.open_rewards > 0
        )


def amount_of(rules: Ruleset, unit: str, amount: int) -> Phrase:
    """An amount of a unit in words: 3 stamps, 1 point, and money as money."""
    return unit_amount(unit, amount, rules.currency)


def state(standing: Standing) -> Phrase:
    """How the card stands: 7 of 10. Three more and the bouquet is on us."""
    stamps, reward = standing.stamps, standing.rules.card_reward
    if stamps is None or reward is None:
        return _count_and_coming(standing)
    if stamps.have < stamps.of:
        rest: Phrase | Words = _coming(standing)
    elif standing.open_rewards < 2:
        rest = standing.rules.words(reward.earned)
    else:
        rest = _waiting(standing)
    return phrase("{have} of {of}. {rest}", have=stamps.have, of=stamps.of, rest=rest)


def to_say(standing: Standing, *, is_offered: bool = True) -> Phrase:
    """What a cashier may say when the card is scanned; of rewards only where they are offered."""
    stamps, reward = standing.stamps, standing.rules.card_reward
    if stamps is None or reward is None:
        return state(standing)
    if standing.open_rewards:
        if not is_offered:
            return _count(standing)
        return phrase("{words}", words=standing.rules.words(reward.earned))
    return phrase("{words}", words=_coming(standing))


def after_sale(
    standing: Standing,
    earned: Sequence[Earned],
    *,
    brought: int,
    used: Sequence[Words],
    on_the_way: Words | None = None,
) -> Phrase:
    """What a sale did to the card, in one sentence or two.

    `brought` are the full cards; `on_the_way` says what came besides.
    """
    if len(used) == 1:
        return after_use(standing, used[0])
    if used:
        many = phrases("{n} coupon used.", "{n} coupons used.", len(used))
        return phrase("{used} {rest}", used=many, rest=_left(standing))
    if on_the_way is not None and not brought:
        return _besides(standing, on_the_way)
    return _earned(standing, {each.unit: each.amount for each in earned}, brought)


def after_tier(standing: Standing, name: Words) -> Phrase:
    """What a sale did that brought a tier."""
    return phrase("You are {tier} now. {rest}", tier=name, rest=_count_and_coming(standing))


def after_use(standing: Standing, name: Words) -> Phrase:
    """What using a coupon did to the card."""
    return phrase("Used: {name}. {rest}", name=name, rest=_left(standing))


def after_undo(standing: Standing) -> Phrase:
    """What an undo did to the card."""
    return phrase("Corrected: {rest}", rest=_count(standing))


def after_confirmation(standing: Standing) -> Phrase | None:
    """What time did to the card: what was on the way can be used. Nothing is said of a unit that
    only counts."""
    rules = standing.rules
    unit = next((each for each in rules.units if each in rules.pending and each in _USED), None)
    if unit is None:
        return None
    amount = amount_of(rules, unit, standing.balances[unit].available)
    return phrase("Now to use: {amount}.", amount=amount)


def after_adjustment(standing: Standing, unit: str, *, brought: int) -> Phrase:
    """What a correction by hand did to the card."""
    if brought:
        return phrase("Corrected: {rest}", rest=state(standing))
    if unit == "stamps":
        return after_undo(standing)
    amount = amount_of(standing.rules, unit, standing.balances[unit].available)
    return phrase("Corrected: {rest}", rest=phrase("{amount}.", amount=amount))


def unlike(said: Phrase, before: Mapping[str, str] | None, standing: Standing) -> Phrase:
    """`said`, or the count with one more figure when the pass says just that already."""
    if before is None or not any(before.get(tag) == text for tag, text in said.in_all().items()):
        return said
    unit = standing.rules.units[0]
    return phrase(
        "{rest} {gained} in all.",
        rest=_count(standing),
        gained=amount_of(standing.rules, unit, standing.balances[unit].lifetime),
    )


def _earned(standing: Standing, earned: Mapping[str, int], brought: int) -> Phrase:
    stamps, reward = standing.stamps, standing.rules.card_reward
    if brought and stamps is not None and reward is not None and stamps.have < stamps.of:
        return phrase(
            "Full. {rest} {have} of {of} on the next.",
            rest=standing.rules.words(reward.earned)
            if standing.open_rewards < 2
            else _waiting(standing),
            have=stamps.have,
            of=stamps.of,
        )
    rules = standing.rules
    unit = next((each for each in rules.units if earned.get(each)), None)
    if unit is None or "stamps" in earned:
        return state(standing)
    given, balance = amount_of(rules, unit, earned[unit]), standing.balances[unit]
    if balance.pending:
        return phrase(
            "{given} more, {pending} on the way.",
            given=given,
            pending=bare(unit, balance.pending, rules.currency),
        )
    total = bare(unit, balance.available, rules.currency)
    return phrase("{given} more, {total} in all.", given=given, total=total)


def _besides(standing: Standing, words: Words) -> Phrase:
    stamps = standing.stamps
    if stamps is None:
        return phrase("{words} {rest}", words=words, rest=_count(standing))
    return phrase("{have} of {of}. {rest}", have=stamps.have, of=stamps.of, rest=words)


def _coming(standing: Standing) -> Words:
    stamps, reward = standing.stamps, standing.rules.card_reward
    assert stamps is not None
    assert reward is not None
    left = stamps.of - stamps.have
    return standing.rules.words(
        reward.coming, left=_NUMBERS[left] if left < len(_NUMBERS) else left
    )


def _left(standing: Standing) -> Phrase:
    """The count after a coupon was used, with those that can still be."""
    stamps = standing.stamps
    if stamps is None or not standing.open_rewards:
        return _count(standing)
    return phrase("{have} of {of}. {rest}", have=stamps.have, of=stamps.of, rest=_waiting(standing))


def _waiting(standing: Standing) -> Phrase:
    return phrases("{n} coupon to use.", "{n} coupons to use.", standing.open_rewards)


def _count(standing: Standing) -> Phrase:
    if standing.stamps is not None:
        return phrase("{have} of {of} stamps.", have=standing.stamps.have, of=standing.stamps.of)
    unit, rules = standing.rules.units[0], standing.rules
    balance = standing.balances[unit]
    return phrase("{amount}.", amount=amount_of(rules, unit, balance.available))


def _count_and_coming(standing: Standing) -> Phrase:
    """The count, with what is on the way to it where there is room to say so."""
    unit, rules = standing.rules.units[0], standing.rules
    balance = standing.balances[unit]
    if standing.stamps is not None or not balance.pending:
        return _count(standing)
    return phrase(
        "{amount}, {pending} on the way.",
        amount=amount_of(rules, unit, balance.available),
        pending=bare(unit, balance.pending, rules.currency),
    )
