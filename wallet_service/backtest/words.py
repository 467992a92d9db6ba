"""A report in words: plain text for a terminal of eighty columns."""

from collections.abc import Iterator, Mapping

from wallet_service.backtest.layout import (
    Say,
    counted,
    head,
    item,
    line,
    money_of,
    plainly,
    row,
    signed,
    text,
)
from wallet_service.backtest.report import Report
from wallet_service.backtest.verdict import Fate, Verdict
from wallet_service.language import day, money
from wallet_service.programme.differing import Change
from wallet_service.programme.part import MONEY_UNITS
from wallet_service.programme.plan import plan


def words(report: Report, file: str) -> str:
    """The whole report."""
    parts = (
        _about(report, file),
        _changes(report),
        _given(report),
        _rewards(report),
        _cost(report),
        _members(report),
        _tiers(report),
        _worst(report),
        _how_exact(report),
    )
    return "\n\n".join("\n".join(lines) for part in parts if (lines := list(part))) + "\n"


def _about(report: Report, file: str) -> Iterator[str]:
    zone = report.today.zone
    first, last = (
        day(moment.astimezone(zone).date(), "en") for moment in (report.since, report.until)
    )
    title = report.today.title.say("en")
    where = f" at {report.location}" if report.location else ""
    yield from text(f"{title}: {file} beside today's rules, {first} to {last}{where}.")
    purchases = counted(report.purchases, "purchase", "purchases")
    said = [f"{purchases} of {counted(report.members, 'member', 'members')}"]
    if report.earlier:
        said.append(
            f"what was bought before that ({report.earlier:,}) is replayed by today's rules, "
            "so that cards stand as they stood"
        )
    yield from text("; ".join(said) + ".")
    if report.only_stamped:
        yield from text(
            f"Stamps without an amount: {report.only_stamped:,} of them; a rule about money gives "
            "nothing for these, whichever rules hold."
        )
    only = (
        ("only today's rules count", set(report.today.units) - set(report.tried.units)),
        ("only the file counts", set(report.tried.units) - set(report.today.units)),
    )
    if said := [f"{who} {', '.join(sorted(units))}" for who, units in only if units]:
        sentence = "; ".join(said)
        yield from text(
            f"{sentence[0].upper()}{sentence[1:]}. What cannot be compared as a unit is compared "
            "by the money that its rewards are worth."
        )


def _changes(report: Report) -> Iterator[str]:
    changes = plan(report.today, report.tried)
    if not changes:
        yield "The file says what holds already."
        return
    yield "What would change:"
    for change in changes:
        yield from _change(change)


def _change(change: Change) -> list[str]:
    return item(change.say.say("en"), mark="- " if change.worsens else "+ ")


def _given(report: Report) -> Iterator[str]:
    yield head("Units", "today", "file", "difference")
    for unit in report.units:
        say = _said(report, unit)
        yield row(f"{unit} given", _of(report, "given", unit), say)
        for name, called in (("ended", "ended unused"), ("left", "left at the end")):
            if any(_of(report, name, unit)):
                yield row(f"  {called}", _of(report, name, unit), say)


def _rewards(report: Report) -> Iterator[str]:
    if not report.rewards:
        return
    yield head("Rewards", "today", "file", "difference")
    for key in report.rewards:
        came, chosen, missed = (_of(report, name, key) for name in ("came", "chosen", "missed"))
        if any(came) or not any(chosen + missed):
            yield row(f"{key}, by itself" if any(chosen) else key, came, plainly)
        if any(chosen):
            yield row(f"{key}, chosen", chosen, plainly)
        if any(missed):
            yield row("  chosen, but no longer in reach", missed, plainly)


def _cost(report: Report) -> Iterator[str]:
    currency = report.today.currency
    say = money_of(currency)
    yield head(f"Cost in {currency}", "today", "file", "difference")
    for funder in report.funders:
        yield row(f"{funder} pays", (report.before.cost(funder), report.after.cost(funder)), say)
        yield row("  rewards that members got", _of(report, "got", funder), say)
        owed = report.before.owing(funder), report.after.owing(funder)
        yield row("  owed for what is left", owed, say)
    if not report.funders:
        yield "  Nothing here has a worth in money."
    if report.unpriced:
        keys = ", ".join(report.unpriced)
        example = f"--worth {report.unpriced[0]}=2500"
        yield from text(
            f"Not in it, as no worth in money is said: {keys}. Say what one costs you, in the "
            f"smallest unit of money, as with {example}."
        )


def _members(report: Report) -> Iterator[str]:
    currency = report.today.currency
    yield head("Members", "members", "median", "together")
    for verdict, called in _CALLED.items():
        number = report.verdicts[verdict]
        middle = money(report.median(verdict), currency, "en") if number else ""
        together = money(report.total(verdict), currency, "en") if number else ""
        if verdict is Verdict.SAME:
            middle = together = ""
        yield line(called, f"{number:,}", middle, together)
    yield line("all", f"{report.members:,}", "", "")
    if report.passive:
        share = f"{100 * report.passive / report.members:.0f} %"
        yield from text(
            f"{report.passive:,} of them ({share}) bought nothing in this time; what is said of "
            "them is what they have left."
        )
    if report.kept_cards:
        worse = f"Worse off all the same: {report.worse_kept:,} of their members."
        if not report.worse_kept:
            worse = "None of their members is worse off."
        cards = counted(report.kept_cards, "running card", "running cards")
        yield from text(f"{cards} kept the size of their beginning (changes_never_worsen). {worse}")
    if not report.tried.loyal.changes_never_worsen:
        yield from text("Running cards were not spared: changes_never_worsen is off in the file.")


def _tiers(report: Report) -> Iterator[str]:
    if not report.tiers:
        return
    yield head("Tiers at the end", "today", "file", "difference")
    for tier in report.tiers:
        yield row(tier, _of(report, "tiers", tier), plainly)
    yield from text(f"Members who stand higher: {report.higher:,}; lower: {report.lower:,}.")


def _worst(report: Report) -> Iterator[str]:
    if not report.worst:
        return
    currency = report.today.currency
    yield head("Who loses most", "purchases", "in money", "other rewards")
    for fate in report.worst:
        yield line(fate.member_id, f"{fate.purchases:,}", *_loss(fate, currency))


def _loss(fate: Fate, currency: str) -> tuple[str, str]:
    other = f"{float(fate.unpriced):+.1f}" if fate.unpriced else ""
    if fate.standing < 0:
        other = f"{other} tier".strip()
    return signed(round(fate.money), money_of(currency)), other


def _how_exact(report: Report) -> Iterator[str]:
    """How far today's rules, replayed, are what the books say."""
    yield from text("Today's rules replayed, beside what the books say was really given:")
    differs = False
    for unit in report.units:
        replayed, really = report.before.given[unit], report.really_given[unit]
        by_hand = report.by_hand[unit]
        differs |= replayed != really
        if replayed or really or by_hand:
            say = _said(report, unit)
            hand = f", and {say(by_hand)} by hand, the same for both" if by_hand else ""
            share = _share(replayed, really)
            yield from item(f"{unit}: {say(replayed)} of {say(really)} ({share}){hand}")
    for key in report.rewards:
        replayed = report.before.came[key] + report.before.chosen[key]
        really = report.really_rewards[key]
        differs |= replayed != really
        if replayed or really:
            yield from item(f"{key}: {replayed:,} of {really:,} ({_share(replayed, really)})")
    if differs:
        yield from text(
            "What differs was given under other rules than today's, came from cards that staff "
            "corrected, or was kept when a purchase was undone."
        )
    yield from text("Whether people would have bought more under other rules, nobody knows.")


def _share(replayed: int, really: int) -> str:
    if replayed == really:
        return "exact"
    return f"{100 * replayed / really:.1f} %" if really else "none in the books"


_CALLED: Mapping[Verdict, str] = {
    Verdict.BETTER: "better off",
    Verdict.WORSE: "worse off",
    Verdict.MIXED: "more of one, less of another",
    Verdict.SAME: "the same",
}


def _of(report: Report, counter: str, name: str) -> tuple[int, int]:
    return getattr(report.before, counter)[name], getattr(report.after, counter)[name]


def _said(report: Report, unit: str) -> Say:
    return money_of(report.today.currency) if unit in MONEY_UNITS else plainly
