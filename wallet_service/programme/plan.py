"""What changes from one rule set to the next: pure, one sentence a change."""

from collections.abc import Iterator, Mapping
from typing import Any

from wallet_service.language import Phrase, phrase, verbatim
from wallet_service.programme import plan_fields as fields
from wallet_service.programme import rate
from wallet_service.programme.amount import UNITS
from wallet_service.programme.differing import Change, differing, in_money, in_percent
from wallet_service.programme.earning import EarnRule
from wallet_service.programme.part import InLanguages, Part
from wallet_service.programme.ruleset import Ruleset

__all__ = ["Change", "plan"]

# Purchases that two rates are compared by: from a coffee to a journey, in minor units.
SAMPLES = tuple(
    amount * 10**power - less
    for power in range(2, 7)
    for amount in (1, 2, 3, 5, 7, 9)
    for less in (0, 1)
)


def plan(before: Ruleset | None, after: Ruleset) -> tuple[Change, ...]:
    """Every change from `before` (nothing: a programme begins) to `after`."""
    if before is None:
        return (Change(say=phrase("The programme {name} begins.", name=after.title)),)
    found = [
        *_whole(before, after),
        *_units(before, after),
        *_card(before, after),
        *_earning(before, after),
        *_keyed(before, after, "multiply"),
        *_keyed(before, after, "reward"),
        *_tiers(before, after),
        *_lifetimes(before, after),
        *_switches(before, after),
        *_consents(before, after),
    ]
    return tuple(found)


def _whole(before: Ruleset, after: Ruleset) -> Iterator[Change]:
    where = phrase("The programme")
    yield from differing(where, before, after, fields.WHOLE, after.currency)
    yield from _words(where, before.name, after.name)


def _units(before: Ruleset, after: Ruleset) -> Iterator[Change]:
    for unit in after.units:
        if unit not in before.units:
            yield Change(say=phrase("{unit}: counted from now on.", unit=UNITS[unit]))
    for unit in before.units:
        if unit not in after.units:
            say = phrase("{unit}: counted no more.", unit=UNITS[unit])
            yield Change(say=say, worsens=True)


def _card(before: Ruleset, after: Ruleset) -> Iterator[Change]:
    if before.stamps is not None and after.stamps is not None:
        where = phrase("The stamp card")
        yield from differing(where, before.stamps, after.stamps, fields.CARD, after.currency)


def _earning(before: Ruleset, after: Ruleset) -> Iterator[Change]:
    old, new = dict(before.keyed), dict(after.keyed)
    yield from _come_and_gone("earn", old, new)
    for key, was in old.items():
        if (becomes := new.get(key)) is None:
            continue
        where = fields.place("earn", key)
        if was.unit != becomes.unit:
            say = phrase("{where}: it gives another unit.", where=where)
            yield Change(say=say, worsens=True)
            continue
        if (rates := _rate(was, before)) != (now := _rate(becomes, after)):
            yield Change(
                say=phrase(
                    "{where}: it gives {new} instead of {old}.", where=where, new=now, old=rates
                ),
                worsens=any(rate.plain(becomes, a) < rate.plain(was, a) for a in SAMPLES),
            )
        yield from differing(where, was, becomes, fields.EARN, after.currency)


def _rate(rule: EarnRule, rules: Ruleset) -> Phrase:
    if rule.steps is not None:
        said = [
            phrase(
                "{share} from {total} on",
                share=in_percent(step.share, ""),
                total=in_money(step.from_total, rules.currency),
            )
            for step in rule.steps
        ]
        whole = said[0]
        for each in said[1:]:
            whole = phrase("{this}, {that}", this=whole, that=each)
        return whole
    if rule.share is not None:
        return phrase("{share} of the money", share=in_percent(rule.share, ""))
    if rule.per is not None:
        money = in_money(rule.per, rules.currency)
        return phrase("{n} for each {money}", n=rule.amount, money=money)
    return phrase("{n} a purchase", n=rule.amount)


def _keyed(before: Ruleset, after: Ruleset, kind: str) -> Iterator[Change]:
    old = {each.key: each for each in getattr(before, kind)}
    new = {each.key: each for each in getattr(after, kind)}
    yield from _come_and_gone(kind, old, new)
    for key, was in old.items():
        if (becomes := new.get(key)) is not None:
            where = fields.place(kind, key)
            yield from differing(where, was, becomes, fields.KEYED[kind], after.currency)
            for name in ("name", "coming", "earned", "terms", "because"):
                words = getattr(was, name, None), getattr(becomes, name, None)
                yield from _words(where, *words)


def _come_and_gone(kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for key in new:
        if key not in old:
            yield Change(say=phrase("{where} is new.", where=fields.place(kind, key)))
    for key in old:
        if key not in new:
            say = phrase("{where} is gone.", where=fields.place(kind, key))
            yield Change(say=say, worsens=True)


def _tiers(before: Ruleset, after: Ruleset) -> Iterator[Change]:
    if before.tiers is None or after.tiers is None:
        if after.tiers is not None:
            yield Change(say=phrase("There are tiers from now on."))
        elif before.tiers is not None:
            yield Change(say=phrase("There are tiers no more."), worsens=True)
        return
    where = phrase("The tiers")
    yield from differing(where, before.tiers, after.tiers, fields.TIERS, after.currency)
    old = {each.key: each for each in before.tiers.tier}
    new = {each.key: each for each in after.tiers.tier}
    yield from _come_and_gone("tier", old, new)
    for key, was in old.items():
        if (becomes := new.get(key)) is not None:
            place = fields.place("tier", key)
            yield from differing(place, was, becomes, fields.TIER, after.currency)
            yield from _words(place, was.name, becomes.name)
            yield from _words(place, was.benefit, becomes.benefit)


def _lifetimes(before: Ruleset, after: Ruleset) -> Iterator[Change]:
    for unit in after.units:
        called = UNITS[unit]
        was, becomes = before.expiry.get(unit), after.expiry.get(unit)
        if was is None and becomes is not None:
            yield Change(say=phrase("{unit}: with an end from now on.", unit=called), worsens=True)
        elif was is not None and becomes is None:
            yield Change(say=phrase("{unit}: without an end from now on.", unit=called))
        elif was is not None and becomes is not None:
            where = phrase("The end of {unit}", unit=called)
            yield from differing(where, was, becomes, fields.EXPIRY, after.currency)
        old = before.pending[unit].days if unit in before.pending else 0
        new = after.pending[unit].days if unit in after.pending else 0
        if old != new:
            yield Change(
                say=phrase(
                    "{unit}: counting after {new} days instead of {old}.",
                    unit=called,
                    new=new,
                    old=old,
                ),
                worsens=new > old,
            )


def _switches(before: Ruleset, after: Ruleset) -> Iterator[Change]:
    pairs: tuple[tuple[Phrase, Part, Part, Any], ...] = (
        (phrase("Returns"), before.returns, after.returns, fields.RETURNS),
        (phrase("The limits"), before.limits, after.limits, fields.LIMITS),
        (phrase("The loyal switches"), before.loyal, after.loyal, fields.LOYAL),
    )
    for where, was, becomes, table in pairs:
        yield from differing(where, was, becomes, table, after.currency)


def _consents(before: Ruleset, after: Ruleset) -> Iterator[Change]:
    for channel in sorted(before.consents.keys() | after.consents.keys()):
        was, becomes = before.consents.get(channel), after.consents.get(channel)
        where = phrase("The consent to {channel}", channel=verbatim(channel))
        if was is None:
            yield Change(say=phrase("{where} is new.", where=where))
        elif becomes is None:
            yield Change(say=phrase("{where} is gone.", where=where))
        else:
            yield from _words(where, was, becomes)


def _words(where: Phrase, was: InLanguages | None, becomes: InLanguages | None) -> Iterator[Change]:
    if was != becomes:
        yield Change(say=phrase("{where}: other words.", where=where))
