"""A report as plain values, for machines: JSON of the whole, and a row of a table for a member."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from wallet_service import clock
from wallet_service.backtest.report import Report, Side
from wallet_service.backtest.verdict import Fate, Verdict

HEAD = (
    "member_id", "purchases", "verdict", "money_before", "money_after", "money_difference",
    "other_rewards_difference", "tier_before", "tier_after",
)  # fmt: skip


def plain(report: Report, file: str) -> dict[str, Any]:
    """The whole report. Money is in minor units of `currency`."""
    return {
        "file": file,
        "programme": report.today.key,
        "currency": report.today.currency,
        "since": clock.written(report.since),
        "until": clock.written(report.until),
        "months": report.months,
        "location": report.location,
        "purchases": report.purchases,
        "purchases_only_stamped": report.only_stamped,
        "purchases_earlier": report.earlier,
        "members": {
            "all": report.members,
            "passive": report.passive,
            **{each.value: report.verdicts[each] for each in Verdict},
        },
        "money": {
            each.value: {"median": report.median(each), "total": report.total(each)}
            for each in Verdict
        },
        "today": _side(report, report.before),
        "file_rules": _side(report, report.after),
        "rewards_without_worth": report.unpriced,
        "tiers": {"higher": report.higher, "lower": report.lower},
        "running_cards": {"kept_size": report.kept_cards, "worse_all_the_same": report.worse_kept},
        "worst": [dict(zip(HEAD, row(each), strict=True)) for each in report.worst],
        "books": {
            "given": dict(report.really_given),
            "by_hand": dict(report.by_hand),
            "rewards": dict(report.really_rewards),
        },
    }


def head(units: Sequence[str]) -> list[str]:
    """The names of a member's columns."""
    sides = ("before", "after")
    return [*HEAD, *(f"{unit}_given_{side}" for unit in units for side in sides)]


def row(fate: Fate, units: Sequence[str] = ()) -> list[Any]:
    """A member's row; no name stands in it."""
    counted = (fate.counted_before, fate.counted_after)
    return [
        fate.member_id,
        fate.purchases,
        fate.verdict.value,
        round(fate.before.money),
        round(fate.after.money),
        round(fate.money),
        _decimal(fate.unpriced),
        fate.tier_before or "",
        fate.tier_after or "",
        *(each.given[unit] for unit in units for each in counted),
    ]


def _side(report: Report, side: Side) -> dict[str, Any]:
    return {
        "units": {
            unit: {"given": side.given[unit], "ended": side.ended[unit], "left": side.left[unit]}
            for unit in report.units
        },
        "rewards": {
            key: {
                "by_itself": side.came[key],
                "chosen": side.chosen[key],
                "out_of_reach": side.missed[key],
            }
            for key in report.rewards
        },
        "cost": {
            funder: {"got": side.got[funder], "owed": side.owing(funder)}
            for funder in report.funders
        },
        "tiers": {tier: side.tiers[tier] for tier in report.tiers},
    }


def _decimal(part: Fraction) -> float:
    return round(float(part), 4)
