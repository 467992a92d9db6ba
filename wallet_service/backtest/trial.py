"""Trial: other rules over the sales that were recorded, beside today's. Nothing is written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time

from wallet_service import programme
from wallet_service.backtest import book
from wallet_service.backtest.book import Book
from wallet_service.backtest.card import Card
from wallet_service.backtest.histories import histories
from wallet_service.backtest.history import History, Sold
from wallet_service.backtest.replay import replay
from wallet_service.backtest.report import Report
from wallet_service.backtest.span import Span
from wallet_service.backtest.verdict import Fate, standing
from wallet_service.backtest.worth import worth
from wallet_service.brands import Brand, Location
from wallet_service.db import Database
from wallet_service.errors import StartError
from wallet_service.language import day
from wallet_service.programme import Ruleset, Version
from wallet_service.programme.ending import months_before


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What is tried: rules, over so many months before `now`. `prices` are what rewards are worth
    in minor units of money, by their keys; with a `location`, only its sales count."""

    brand: Brand
    rules: Ruleset
    now: datetime
    months: int = 12
    prices: Mapping[str, int] = field(default_factory=dict)
    location: Location | None = None
    also_running: bool = False


Told = Callable[[Report, Fate], None]


def ignore(report: Report, fate: Fate) -> None:
    """Do nothing with a member's fate but count it."""


def run(database: Database, trial: Trial, each: Told = ignore) -> Report:
    """Replay every member's purchases by today's rules and by the trial's; `each` is told of every
    member, in the order of their ids. Raises StartError where there is nothing to compare."""
    today = _todays(database, trial)
    _require_rewards(trial, today.rules)
    since = _since(today.rules, trial)
    books = (
        book.of_today(today.rules, trial.prices),
        book.on_trial(today.rules, trial.rules, trial.prices, also_running=trial.also_running),
    )
    report = Report(
        today=today.rules,
        tried=trial.rules,
        since=since,
        until=trial.now,
        months=trial.months,
        location=trial.location.name if trial.location else None,
    )
    span = Span(
        brand_id=trial.brand.brand_id,
        programme_id=today.programme_id,
        since=since,
        until=trial.now,
        location_id=trial.location.location_id if trial.location else None,
    )
    for history in histories(database, span):
        _member(report, history, books, is_of_location=trial.location is not None, each=each)
    if not report.purchases:
        first = day(since.astimezone(today.rules.zone).date(), "en")
        where = f" at {report.location}" if report.location else ""
        raise StartError(
            f"No sale was recorded{where} since {first}, so there is nothing to try the rules on."
        )
    return report


def _member(
    report: Report,
    history: History,
    books: tuple[Book, Book],
    *,
    is_of_location: bool,
    each: Told,
) -> None:
    sold = [happening for happening in history.happenings if isinstance(happening, Sold)]
    lately = [happening for happening in sold if happening.at >= report.since]
    # Whoever left, and bought nothing in that time, is no member that a rule could reach; nor is
    # one who never came to the location that is looked at.
    if not lately and (is_of_location or not history.is_active):
        return
    report.purchases += len(lately)
    report.only_stamped += sum(bool(each.purchase.stamps) for each in lately)
    report.earlier += len(sold) - len(lately)
    report.books(history)
    cards = replay(history, *books, report.since, report.until)
    fate = _fate(report, history.member_id, len(lately), cards, books)
    before, after = cards
    report.before.add(before, fate.before, fate.tier_before)
    report.after.add(after, fate.after, fate.tier_after)
    report.fate(fate, kept=after.kept_size)
    each(report, fate)


def _fate(
    report: Report,
    member_id: str,
    purchases: int,
    cards: tuple[Card, Card],
    books: tuple[Book, Book],
) -> Fate:
    before, after = (worth(card, each) for card, each in zip(cards, books, strict=True))
    was, becomes = (
        _tier(card, each.rules, report.until) for card, each in zip(cards, books, strict=True)
    )
    return Fate(
        member_id=member_id,
        purchases=purchases,
        before=before,
        after=after,
        counted_before=cards[0].tally,
        counted_after=cards[1].tally,
        tier_before=was,
        tier_after=becomes,
        standing=standing(books[0].rules, books[1].rules, was, becomes),
    )


def _tier(card: Card, rules: Ruleset, at: datetime) -> str | None:
    """The tier that is held at a moment, where the rules know it."""
    held = card.tier(at)
    known = {each.key for each in rules.tiers.tier} if rules.tiers is not None else set()
    return held if held in known else None


def _todays(database: Database, trial: Trial) -> Version:
    """The rules that hold of the file's programme. Raises StartError."""
    brand, rules = trial.brand, trial.rules
    with database.read() as connection:
        try:
            joined = programme.of_brand(connection, brand.brand_id)
        except LookupError:
            raise StartError(f"{brand.name} has no programme yet.") from None
        try:
            found = programme.by_key(connection, brand.brand_id, rules.key)
        except LookupError:
            raise StartError(
                f"{brand.name} has no programme {rules.key}, so there are no sales to try it on. "
                f'Members collect in {joined.rules.key}; say key = "{joined.rules.key}".'
            ) from None
    if found.rules.currency != rules.currency:
        raise StartError(
            f"The sales of {rules.key} are in {found.rules.currency}, and the file counts in "
            f"{rules.currency}; amounts of the one say nothing in the other."
        )
    return found


def _require_rewards(trial: Trial, today: Ruleset) -> None:
    """Raise StartError where a price is said of a reward that there is not."""
    known = {each.key for rules in (today, trial.rules) for each in rules.reward}
    if strange := sorted(trial.prices.keys() - known):
        there = ", ".join(sorted(known)) or "none"
        raise StartError(f"There is no reward {strange[0]}; the rewards are: {there}.")


def _since(rules: Ruleset, trial: Trial) -> datetime:
    """The midnight, at the shop, that begins the time that is looked at."""
    today = trial.now.astimezone(rules.zone).date()
    first = datetime.combine(months_before(today, trial.months), time(), rules.zone)
    return first.astimezone(UTC)
