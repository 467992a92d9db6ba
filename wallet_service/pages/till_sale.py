"""What the till shows of a sale by its amount: what it gives, and what may be bought with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from wallet_service import clock, programme
from wallet_service.language import Money, Phrase, Words, phrase
from wallet_service.ledger import Balance
from wallet_service.ledger.in_force import in_force
from wallet_service.members.member import get as get_member
from wallet_service.pages.console import offer_typed
from wallet_service.programme import Ruleset
from wallet_service.programme.amount import unit_amount
from wallet_service.programme.part import ONLY_COUNTED
from wallet_service.programme.rewards import Reward
from wallet_service.sales import Answer, Wanted
from wallet_service.web.language import gettext as _
from wallet_service.web.language import said

_SUM = re.compile(r"[0-9]{1,9}([.,][0-9]{0,3})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A reward that the member may buy with units now."""

    key: str
    name: Words
    terms: Words
    price: Phrase
    reward: Reward
    held: int

    def wanted(self, paid: int) -> Wanted:
        """As it is asked for with a purchase: where the amount is open, what the purchase takes."""
        if not self.reward.any_amount or self.reward.worth is None:
            return Wanted(reward=self.key)
        steps = min(self.held // self.reward.cost, paid // self.reward.worth)
        return Wanted(reward=self.key, amount=self.reward.cost * max(1, steps))


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What the programme of a card counts, and what that buys."""

    rules: Ruleset
    figures: tuple[str, ...]  # beside the stamps, which the card shows itself
    choices: tuple[Choice, ...]

    @property
    def has_stamps(self) -> bool:
        return self.rules.stamps is not None

    def choice(self, key: str) -> Choice | None:
        return next((each for each in self.choices if each.key == key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing that a sale does, with the kind of sign that stands beside it."""

    words: Phrase | Words
    kind: str = "good"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """A sale in words, before it is recorded or after."""

    paid: Money
    rows: tuple[Row, ...]
    say: Phrase
    figures: tuple[str, ...]


def counted(connection: Connection, member_id: str, balances: Mapping[str, Balance]) -> Counted:
    """What the card of a member counts, by the rules that hold for it."""
    member = get_member(connection, member_id)
    current = programme.at(connection, member.programme_id, clock.now())
    rules = in_force(connection, member, current).rules
    choices = []
    for reward in rules.reward:
        held = balances[reward.unit].available if reward.unit in balances else 0
        if reward.comes == "bought" and held >= reward.cost:
            choices.append(
                Choice(
                    key=reward.key,
                    name=rules.words(reward.name),
                    terms=rules.words(reward.terms),
                    price=_amount(rules, reward.unit, reward.cost),
                    reward=reward,
                    held=held,
                )
            )
    return Counted(
        rules=rules,
        figures=tuple(
            stands(rules, unit, balances[unit])
            for unit in rules.units
            if unit not in (*ONLY_COUNTED, "stamps") and unit in balances
        ),
        choices=tuple(choices),
    )


def minor(typed: str, currency: str) -> int | None:
    """A sum as a cashier types it, in minor units: 12,50 and 12.50; None where it is none."""
    bare = re.sub(rf"[\s€]|{currency}", "", typed, flags=re.IGNORECASE)
    return offer_typed.minor(bare.rstrip(".,"), currency) if _SUM.fullmatch(bare) else None


def sold(rules: Ruleset, answer: Answer, paid: Money) -> Sold:
    """What a sale gives or gave, each with its reason."""
    rows = [Row(words=each.why) for each in answer.earned if each.unit not in ONLY_COUNTED]
    rows += [
        Row(words=phrase("It brings: {name}", name=each.name))
        for each in answer.coupons
        if each.code in answer.brought
    ]
    rows += [
        Row(words=_used(rules, each.offer, each.unit, each.amount, each.worth))
        for each in answer.uses
    ]
    rows += [Row(words=each.say, kind="bad") for each in answer.refused]
    if not rows:
        rows = [Row(words=phrase("This purchase gives nothing."), kind="warn")]
    figures = [
        stands(rules, unit, balance)
        for unit, balance in answer.balances.items()
        if unit not in (*ONLY_COUNTED, "stamps")
    ]
    if answer.stamps is not None:
        stamps = answer.stamps
        figures.insert(0, said(phrase("{have} of {of} stamps", have=stamps.have, of=stamps.of)))
    return Sold(paid=paid, rows=tuple(rows), say=answer.news, figures=tuple(figures))


def _used(
    rules: Ruleset, offer: str, unit: str | None, amount: int | None, worth: int | None
) -> Phrase:
    reward = rules.reward_of(offer)
    name: Words | str = rules.words(reward.name) if reward else offer
    price = _amount(rules, unit, amount) if unit and amount else phrase("nothing")
    if worth is None:
        return phrase("{name}, for {price}", name=name, price=price)
    off = Money(amount=worth, currency=rules.currency)
    return phrase("{name}, for {price}: take {money} off", name=name, price=price, money=off)


def stands(rules: Ruleset, unit: str, balance: Balance) -> str:
    """What a card has of a unit, and what is on the way to it."""
    amount = said(_amount(rules, unit, balance.available))
    if not balance.pending:
        return amount
    coming = said(_amount(rules, unit, balance.pending))
    return _("%(amount)s (%(coming)s on the way)", amount=amount, coming=coming)


def _amount(rules: Ruleset, unit: str, amount: int) -> Phrase:
    return unit_amount(unit, amount, rules.currency)
