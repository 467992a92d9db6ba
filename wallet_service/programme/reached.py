"""What units become by themselves: pure. What is on a card in; the rewards that it reached out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from wallet_service.programme.rewards import Reward
from wallet_service.programme.ruleset import Ruleset


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Which stamp card is at hand, from 1, and on which one each reward on the way came last."""

    card: int = 1
    last: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """Rewards that are paid for with their cost; those on the way to a full card, which cost
    nothing; and the stamps beyond a full card that go, where they do not roll over."""

    paid: tuple[Reward, ...] = ()
    free: tuple[Reward, ...] = ()
    dropped: int = 0
    marks: Marks = field(default_factory=Marks)


def reached(rules: Ruleset, available: Mapping[str, int], marks: Marks) -> Reached:
    """Every reward that comes by itself for what is there. One event, where stamps do not roll
    over, fills one card and no more."""
    comes = [each for each in rules.reward if each.comes == "by_itself"]
    paid: list[Reward] = []
    for reward in comes:
        if reward.unit != "stamps":
            paid += [reward] * (max(0, available.get(reward.unit, 0)) // reward.cost)
    full = rules.card_reward
    if full is None:
        return Reached(paid=tuple(paid), marks=marks)

    on_the_way = sorted(
        (each for each in comes if each.unit == "stamps" and each is not full),
        key=lambda each: each.cost,
    )
    card, last = marks.card, dict(marks.last)
    have, dropped = available.get("stamps", 0), 0
    free: list[Reward] = []
    while True:
        for reward in on_the_way:
            if reward.cost <= min(have, full.cost) and last.get(reward.key, 0) < card:
                free.append(reward)
                last[reward.key] = card
        if have < full.cost:
            break
        paid.append(full)
        have -= full.cost
        card += 1
        if rules.stamps is not None and not rules.stamps.roll_over:
            dropped = have
            break
    return Reached(
        paid=tuple(paid), free=tuple(free), dropped=dropped, marks=Marks(card=card, last=last)
    )
