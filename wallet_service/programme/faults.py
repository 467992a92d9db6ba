"""What is wrong in a programme whose parts are right by themselves: every fault, and its place."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from wallet_service.language import LANGUAGES
from wallet_service.programme.part import InLanguages

if TYPE_CHECKING:
    from wallet_service.programme.ruleset import Ruleset


def faults(rules: "Ruleset") -> Iterator[str]:
    """One clause a fault, beginning with its place."""
    yield from _languages(rules)
    yield from _units(rules)
    yield from _keys(rules)
    yield from _card(rules)
    yield from _rewards(rules)
    yield from _tiers(rules)


def _texts(rules: "Ruleset") -> Iterator[tuple[str, InLanguages]]:
    yield "name", rules.name
    for place, reward in enumerate(rules.reward):
        for field in ("name", "coming", "earned", "terms"):
            yield f"reward.{place}.{field}", getattr(reward, field)
    for place, multiplier in enumerate(rules.multiply):
        if multiplier.because is not None:
            yield f"multiply.{place}.because", multiplier.because
    for place, tier in enumerate(rules.tiers.tier if rules.tiers else ()):
        yield f"tiers.tier.{place}.name", tier.name
        if tier.benefit is not None:
            yield f"tiers.tier.{place}.benefit", tier.benefit
    for channel, words in rules.consents.items():
        yield f"consents.{channel}", words


def _languages(rules: "Ruleset") -> Iterator[str]:
    for where, words in _texts(rules):
        for language in rules.languages:
            if language not in words:
                yield f"{where} lacks {language}"
        for tag in sorted(words.keys() - set(LANGUAGES)):
            yield f"{where}.{tag} is no language of the service"


def _units(rules: "Ruleset") -> Iterator[str]:
    used = [(f"earn.{place}", rule.unit) for place, rule in enumerate(rules.earn)]
    used += [(f"multiply.{place}", each.unit) for place, each in enumerate(rules.multiply)]
    used += [(f"reward.{place}", reward.unit) for place, reward in enumerate(rules.reward)]
    used += [(f"expiry.{unit}", unit) for unit in rules.expiry]
    used += [(f"pending.{unit}", unit) for unit in rules.pending]
    if rules.tiers is not None:
        used.append(("tiers", rules.tiers.counts))
    for where, unit in used:
        if unit not in rules.units:
            yield f"{where}: {unit} is used but not among units"
    if len(set(rules.units)) < len(rules.units):
        yield "units names one twice"
    earned = {rule.unit for rule in rules.earn}
    for place, multiplier in enumerate(rules.multiply):
        if multiplier.unit in rules.units and multiplier.unit not in earned:
            yield f"multiply.{place}: no rule gives {multiplier.unit}"


def _keys(rules: "Ruleset") -> Iterator[str]:
    yield from _twice("two rules of earn", (key for key, _ in rules.keyed))
    yield from _twice("two of multiply", (each.key for each in rules.multiply))
    yield from _twice("two rewards", (each.key for each in rules.reward))
    if rules.tiers is not None:
        yield from _twice("two tiers", (each.key for each in rules.tiers.tier))


def _twice(what: str, keys: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            yield f"{what} have one key, {key}"
        seen.add(key)


def _card(rules: "Ruleset") -> Iterator[str]:
    if "stamps" not in rules.units:
        if rules.stamps is not None:
            yield "stamps has a card, but stamps is not among units"
        return
    if rules.stamps is None:
        yield "stamps.card is missing"
        return
    card = rules.stamps.card
    if rules.stamps.welcome >= card:
        yield "stamps.welcome fills the card at once"
    for place, reward in enumerate(rules.reward):
        if reward.unit == "stamps" and reward.cost > card:
            yield f"reward.{place}: the reward for stamps costs another number than the card has"
    full = rules.card_reward
    if full is not None and full.cost < card:
        yield "the dearest reward for stamps costs another number than the card has"


def _rewards(rules: "Ruleset") -> Iterator[str]:
    by_itself: set[tuple[str, int | None]] = set()
    for place, reward in enumerate(rules.reward):
        if reward.comes != "by_itself":
            continue
        # Stamps may bring several on the way; of points, the dearer one would never be reached.
        one = (reward.unit, reward.cost if reward.unit == "stamps" else None)
        if one in by_itself:
            yield f"reward.{place}: two rewards take one unit by themselves, {reward.unit}"
        by_itself.add(one)


def _tiers(rules: "Ruleset") -> Iterator[str]:
    keys = {each.key for each in rules.tiers.tier} if rules.tiers else set()
    for place, multiplier in enumerate(rules.multiply):
        for key in multiplier.tiers or ():
            if key not in keys:
                yield f"multiply.{place}.tiers: {key} is no tier"
    # Stamps alone can come from the counter without a rule.
    given = {"stamps", *(rule.unit for rule in rules.earn)}
    if rules.tiers is not None and rules.tiers.counts not in given:
        yield f"tiers.counts: no rule gives {rules.tiers.counts}"
