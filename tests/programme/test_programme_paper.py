"""docs/programme.md is true: its examples are one programme, and no field is left out."""

import re
from pathlib import Path

import pytest

from wallet_service.programme import Ruleset, ruleset
from wallet_service.programme.earning import EarnRule, Multiplier, Step
from wallet_service.programme.lifetimes import Expiry, Pending
from wallet_service.programme.part import Part
from wallet_service.programme.returning import Returns
from wallet_service.programme.rewards import Reward
from wallet_service.programme.ruleset import StampCard
from wallet_service.programme.switches import Limits, Loyal
from wallet_service.programme.tiers import Tier, Tiers

PAPER = (Path(__file__).parents[2] / "docs/programme.md").read_text()
EXAMPLES = re.findall(r"```toml\n(.*?)```", PAPER, re.DOTALL)
PARTS: tuple[type[Part], ...] = (
    Ruleset,
    StampCard,
    EarnRule,
    Step,
    Multiplier,
    Reward,
    Tier,
    Tiers,
    Expiry,
    Pending,
    Returns,
    Loyal,
    Limits,
)


def test_the_examples_together_are_a_programme() -> None:
    whole = "".join(EXAMPLES).replace(
        '"points"]', '"points", "bonus", "visits", "purchase_total"]', 1
    )
    rules = ruleset.read(whole)
    assert rules.loyal == Loyal()
    assert rules.limits == Limits()
    assert len(rules.earn) == 6


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_field_stands_in_the_paper(part: type[Part]) -> None:
    assert [name for name in part.model_fields if not re.search(rf"\b{name}\b", PAPER)] == []
