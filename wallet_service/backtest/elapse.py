"""Elapse: what time alone does to a card, each thing at its own moment. Pure."""

from collections.abc import Iterator
from datetime import datetime

from wallet_service.backtest.book import Book
from wallet_service.backtest.card import Card
from wallet_service.backtest.settling import NO_WORDS, settle, stand
from wallet_service.ledger import Account
from wallet_service.ledger.entry import confirmed, ended
from wallet_service.ledger.lots import Lot
from wallet_service.programme.ending import idle_ends
from wallet_service.programme.part import Unit


def elapse(card: Card, book: Book, until: datetime) -> None:
    """Confirm, end and look again at tiers, as the clock of a shop would have until then."""
    while (at := min(_moments(card, book), default=None)) is not None and at <= until:
        _confirm(card, book, at)
        _end(card, book, at)
        if book.rules.tiers is not None and card.held is not None and card.held.until <= at:
            stand(card, book.rules, at)


def _moments(card: Card, book: Book) -> Iterator[datetime]:
    """When something comes due on the card, if nothing happens before."""
    for lot in card.lots.values():
        moment = _due(lot)
        if moment is not None:
            yield moment
    for _, moment in _absent(card, book):
        yield moment
    if book.rules.tiers is not None and card.held is not None:
        yield card.held.until


def _due(lot: Lot) -> datetime | None:
    return lot.confirm_at if lot.account is Account.PENDING else lot.expires_at


def _absent(card: Card, book: Book) -> Iterator[tuple[Unit, datetime]]:
    """The units that end with the member's absence, and when."""
    for unit, expiry in book.rules.expiry.items():
        if expiry.inactive_months is None or card.seen_at is None or not card.available(unit):
            continue
        moment = idle_ends(book.rules, unit, card.seen_at)
        if moment is not None:
            yield unit, moment


def _confirm(card: Card, book: Book, at: datetime) -> None:
    due = [
        lot
        for lot in card.lots.values()
        if lot.account is Account.PENDING and lot.confirm_at is not None and lot.confirm_at <= at
    ]
    for lot in due:
        lines = confirmed(
            lot.unit,
            lot.remaining,
            funder=lot.funder,
            expires_at=lot.expires_at,
            confirm_at=lot.confirm_at,
        )
        card.post(lines, card.versions[lot.number], confirms=lot.number)
    if due:
        settle(card, book, book.of_card(card.begun))


def _end(card: Card, book: Book, at: datetime) -> None:
    over = [
        lot
        for lot in card.lots.values()
        if lot.account is Account.AVAILABLE and lot.expires_at is not None and lot.expires_at <= at
    ]
    for lot in over:
        _close(card, book, lot.unit, lot.remaining, lot.expires_at)
    absent = [unit for unit, moment in _absent(card, book) if moment <= at]
    for unit in absent:
        _close(card, book, unit, card.available(unit), None)


def _close(card: Card, book: Book, unit: str, amount: int, expires_at: datetime | None) -> None:
    card.post(ended(unit, amount, expires_at=expires_at, why=NO_WORDS), book.version)
    card.tally.ended[unit] += amount
