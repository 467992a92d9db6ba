"""Replay: pure. A member's history in; what is on her card under today's rules, and under others.

The rules are the programme's own functions, and the lots the ledger's. What is here is the order
in which a counter asks them.
"""

from datetime import datetime

from wallet_service.backtest.book import Book
from wallet_service.backtest.card import Card
from wallet_service.backtest.elapse import elapse
from wallet_service.backtest.history import Chosen, Corrected, Happening, History, Joined, Sold
from wallet_service.backtest.settling import NO_WORDS, settle, stand
from wallet_service.ledger.entry import adjusted, gained, spent
from wallet_service.programme import Context, Progress, Ruleset
from wallet_service.programme.earn import earn
from wallet_service.programme.ending import confirm_at, ends


def replay(
    history: History, today: Book, tried: Book, since: datetime, until: datetime
) -> tuple[Card, Card]:
    """The card at `until` under `today`, and where `tried` was applied at `since`.

    What came before `since` is replayed by today's rules for both, and not counted.
    """
    card = Card()
    later = [each for each in history.happenings if each.at >= since]
    for happening in history.happenings[: len(history.happenings) - len(later)]:
        live(card, happening, today)
    elapse(card, today, since)
    other = card = card.copy()
    if today.rules is not tried.rules:
        other = card.copy()
        other.kept_size = tried.of_card(other.begun) is not tried.rules
        other = _go_on(other, later, tried, until)
    return _go_on(card, later, today, until), other


def live(card: Card, happening: Happening, book: Book) -> None:
    """Let it happen on a card, after what time did to it."""
    elapse(card, book, happening.at)
    rules = book.of_card(card.begun)  # of the card as it is found, for all that this brings
    match happening:
        case Joined():
            _joined(card, book, rules, happening.at)
        case Sold():
            _sold(card, book, rules, happening)
        case Chosen():
            _chosen(card, book, rules, happening)
        case Corrected():
            _corrected(card, book, rules, happening)


def _go_on(card: Card, happenings: list[Happening], book: Book, until: datetime) -> Card:
    for happening in happenings:
        live(card, happening, book)
    elapse(card, book, until)
    return card


def _joined(card: Card, book: Book, rules: Ruleset, at: datetime) -> None:
    card.seen_at = max(card.seen_at or at, at)
    welcome = rules.stamps.welcome if rules.stamps is not None else 0
    if welcome:
        _give(card, book, rules, {"stamps": welcome}, at)


def _sold(card: Card, book: Book, rules: Ruleset, sold: Sold) -> None:
    tier = card.tier(sold.at) if rules.tiers is not None else None
    earnings = earn(rules, sold.purchase, Context(tier=tier, progress=card.progress))
    earned = {each.unit: each.amount for each in earnings.earned}
    _give(card, book, rules, earned, sold.at, is_pending=True)
    for each in earnings.counted:
        before = card.progress.get((each.rule, each.period), Progress())
        card.progress[each.rule, each.period] = Progress(
            amount=before.amount + each.amount, given=before.given + each.given
        )
    card.seen_at = max(card.seen_at or sold.at, sold.at)
    settle(card, book, rules)
    stand(card, rules, sold.at)


def _give(
    card: Card,
    book: Book,
    rules: Ruleset,
    amounts: dict[str, int],
    at: datetime,
    *,
    is_pending: bool = False,
) -> None:
    lines = [
        line
        for unit, amount in amounts.items()
        for line in gained(
            unit,
            amount,
            funder="brand",
            why=NO_WORDS,
            expires_at=ends(rules, unit, at),  # type: ignore[arg-type]
            confirm_at=confirm_at(rules, unit, at) if is_pending else None,  # type: ignore[arg-type]
        )
    ]
    if not lines:
        return
    card.post(lines, book.version)
    for unit, amount in amounts.items():
        card.tally.given[unit] += amount
        card.gained(unit, amount, at)


def _chosen(card: Card, book: Book, rules: Ruleset, chosen: Chosen) -> None:
    """A reward that is dearer now is had less often, and one that is gone not at all."""
    reward = rules.reward_of(chosen.reward)
    times = 0
    if reward is not None and reward.comes == "bought":
        times = min(chosen.times, card.available(reward.unit) // reward.cost)
        if times:
            card.post(spent(reward.unit, reward.cost * times, why=NO_WORDS), book.version)
            card.tally.reward(book, reward, times, is_chosen=True)
    card.tally.missed[chosen.reward] += chosen.times - times


def _corrected(card: Card, book: Book, rules: Ruleset, corrected: Corrected) -> None:
    if corrected.unit not in rules.units:
        return
    # Down, no more than there is: with less on the card the same correction would take less.
    amount = max(corrected.amount, -card.available(corrected.unit))
    if amount:
        card.post(adjusted(corrected.unit, amount, funder="brand", why=NO_WORDS), book.version)
        card.gained(corrected.unit, amount, corrected.at)
        settle(card, book, rules)
