"""Settling: the rewards that a card has reached, and the tier that its member stands in. Pure."""

from datetime import datetime

from wallet_service.backtest.book import Book
from wallet_service.backtest.card import Card
from wallet_service.language import verbatim
from wallet_service.ledger.entry import ended, spent
from wallet_service.programme import Ruleset
from wallet_service.programme.reached import reached
from wallet_service.programme.standing import standing, window

NO_WORDS = verbatim("")  # nobody reads the lines of a replay


def settle(card: Card, book: Book, rules: Ruleset) -> None:
    """Give every reward that comes by itself for what is on the card."""
    now = reached(rules, {unit: card.available(unit) for unit in rules.units}, card.marks)
    for reward in now.paid:
        card.post(spent(reward.unit, reward.cost, why=NO_WORDS), book.version)
    for reward in (*now.paid, *now.free):
        card.tally.reward(book, reward, 1, is_chosen=False)
    if now.dropped:
        card.post(ended("stamps", now.dropped, expires_at=None, why=NO_WORDS), book.version)
        card.tally.ended["stamps"] += now.dropped
    card.marks = now.marks


def stand(card: Card, rules: Ruleset, at: datetime) -> None:
    """Look again at what counts towards a tier."""
    if rules.tiers is None:
        return
    gains = card.gains.get(rules.tiers.counts)
    total = gains.since(window(rules, at)) if gains is not None else 0
    card.held = standing(rules, total, card.held, at)
