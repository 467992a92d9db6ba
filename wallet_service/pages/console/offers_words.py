"""What an offer is, in one sentence; how it stands; and all that there is to say of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import get_day_names
from babel.numbers import format_percent

from wallet_service.coupons.offering import Offering
from wallet_service.coupons.promise import Conditions, Promise, Ticket, Validity, Worth
from wallet_service.language import (
    Day,
    Money,
    Phrase,
    clock_time,
    locale_of,
    phrase,
    phrases,
)
from wallet_service.pages import when
from wallet_service.programme.part import WEEKDAYS
from wallet_service.programme.rewards import Reward
from wallet_service.web.language import chosen, said
from wallet_service.web.language import gettext as _

SOON = timedelta(days=7)  # an offer that ends within a week is about to

Width = Literal["wide", "abbreviated"]
Said = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sayer:
    """What the words of one shop's offers need to know beside the offers."""

    currency: str
    zone: ZoneInfo
    now: datetime
    shops: Mapping[str, str]  # location_id: name
    names: Mapping[str, str]  # key of an offer: its name

    def sentence(self, promise: Promise) -> str:
        """20 % off, only Mon, Tue, until 30 November 2026."""
        parts = [said(each) for each in self._parts(promise)]
        return _("%(words)s.", words=", ".join(parts))

    def worth(self, promise: Promise) -> str:
        """20 % off, for coffee, only Mon, Tue; empty where its name alone says what it is."""
        parts = [self._worth(promise.worth)] if promise.worth is not None else []
        anywhere = promise.conditions.model_copy(update={"locations": None})
        return ", ".join(said(each) for each in (*parts, *self._conditions(anywhere)))

    def reward(self, reward: Reward) -> str:
        """For 10 stamps, as soon as there are enough."""
        cost = _cost(reward, self.currency)
        if reward.comes == "by_itself":
            return said(phrase("For {cost}, as soon as there is enough.", cost=cost))
        return said(phrase("For {cost}, when the member asks for it at the counter.", cost=cost))

    def state(self, offer: Offering) -> tuple[str, str]:
        """How an offer stands: the kind of its badge, and the words on it."""
        if offer.ended_at is not None:
            return "", _("ended")
        promise, today = offer.promise, self.now.astimezone(self.zone).date()
        begins, ends = _begins(promise), self._ends(promise)
        if ends is not None and ends < today:
            return "warn", _("its time is over")
        if promise.quota is not None and offer.issued >= promise.quota:
            return "warn", _("all given")
        if begins is not None and begins > today:
            return "", said(phrase("from {day}", day=Day(date=begins)))
        if ends is not None and ends - today < SOON:
            return "warn", said(phrase("ends on {day}", day=Day(date=ends)))
        return "good", _("open")

    def counts(self, offer: Offering) -> str:
        """How many were given, of how many; how many of them were used."""
        if not offer.issued and offer.promise.quota is None:
            return _("Nobody has one yet")
        given = said(phrases("{n} given", "{n} given", offer.issued))
        if (quota := offer.promise.quota) is not None:
            given = _("%(given)s of %(quota)s given", given=offer.issued, quota=quota)
        used = said(phrases("{n} used", "{n} used", offer.redeemed))
        return _("%(given)s, %(used)s", given=given, used=used)

    def whole(self, offer: Offering) -> Said:
        """Every condition by its name; what is not said is left out."""
        promise = offer.promise
        rows = [(_("What it is"), kind_name(offer.kind)), *self._worth_rows(promise)]
        rows += self._ticket_rows(promise.ticket) if promise.ticket else []
        rows += [(_("When"), self._joined(self._when(promise.validity)))]
        rows += self._condition_rows(promise.conditions)
        most = promise.most_per_member
        rows += [
            (_("How many in all"), str(promise.quota or "")),
            (_("For each member"), str(most or "")),
            (_("In one sale"), _("not together with another coupon") if promise.alone else ""),
            (_("Once used, it brings"), self.names.get(promise.then or "", promise.then or "")),
            (_("Shared code"), promise.shared_code or ""),
            (_("In Wallet"), _("may be a pass of its own") if promise.may_be_a_pass else ""),
            (_("Unchanged since"), when.near(offer.created_at, self.zone)),
        ]
        return rows

    def _parts(self, promise: Promise) -> Iterator[Phrase]:
        if promise.ticket is not None:
            yield self._ticket(promise.ticket)
        elif promise.worth is not None:
            yield self._worth(promise.worth)
        else:
            yield phrase("A gift or a benefit")
        yield from self._conditions(promise.conditions)
        if promise.alone:
            yield phrase("not together with another coupon")
        if promise.shared_code is not None:
            yield phrase("for whoever says {code}", code=promise.shared_code)
        yield from self._when(promise.validity)

    def _worth(self, worth: Worth) -> Phrase:
        if worth.percent is not None:
            share = format_percent(worth.percent / 100, locale=locale_of(chosen()))
            return phrase("{worth} off", worth=share)
        if worth.amount is not None:
            return phrase("{worth} off", worth=self._money(worth.amount))
        return phrase("{product} for nothing", product=worth.product or "")

    def _conditions(self, asked: Conditions) -> Iterator[Phrase]:
        goods = [*(asked.products or ()), *(asked.categories or ())]
        if goods:
            yield phrase("for {goods}", goods=", ".join(goods))
        if asked.purchase_min is not None:
            yield phrase("from a purchase of {amount}", amount=self._money(asked.purchase_min))
        if asked.weekdays:
            yield phrase("only {days}", days=_days(asked.weekdays, "abbreviated"))
        if asked.from_hour or asked.to_hour:
            yield self._hours(asked)
        if asked.locations:
            yield phrase("at {shops}", shops=self._shops(asked.locations))

    def _hours(self, asked: Conditions) -> Phrase:
        if asked.to_hour is None:
            return phrase("from {hour} o’clock", hour=_hour(asked.from_hour))
        if asked.from_hour is None:
            return phrase("before {hour} o’clock", hour=_hour(asked.to_hour))
        begins, ends = _hour(asked.from_hour), _hour(asked.to_hour)
        return phrase("between {begins} and {ends}", begins=begins, ends=ends)

    def _when(self, valid: Validity) -> Iterator[Phrase]:
        if valid.first_day and valid.last_day:
            yield phrase(
                "from {first} to {last}", first=_day(valid.first_day), last=_day(valid.last_day)
            )
        elif valid.first_day:
            yield phrase("from {day}", day=_day(valid.first_day))
        elif valid.last_day:
            yield phrase("until {day}", day=_day(valid.last_day))
        if valid.days is not None:
            yield phrases(
                "for {n} day once it is given", "for {n} days once it is given", valid.days
            )

    def _ticket(self, ticket: Ticket) -> Phrase:
        starts = ticket.starts_at.astimezone(self.zone)
        return phrase(
            "A ticket to {event}, {day} {time}",
            event=ticket.event,
            day=Day(date=starts.date()),
            time=clock_time(starts),
        )

    def _worth_rows(self, promise: Promise) -> Iterator[tuple[str, str]]:
        if promise.worth is not None:
            yield _("Worth"), said(self._worth(promise.worth))

    def _ticket_rows(self, ticket: Ticket) -> Said:
        return [
            (_("Event"), ticket.event),
            (_("Place"), ticket.place or ""),
            (_("Begins"), self._moment(ticket.starts_at)),
            (_("Ends"), self._moment(ticket.ends_at)),
            (_("Doors open"), self._moment(ticket.opens)),
            (_("Doors close"), self._moment(ticket.closes)),
            (_("How many come in with one"), str(ticket.admissions)),
            (_("Out and in again"), _("yes") if ticket.re_entry else _("no")),
        ]

    def _condition_rows(self, asked: Conditions) -> Said:
        hours = said(self._hours(asked)) if asked.from_hour or asked.to_hour else ""
        least = asked.purchase_min
        return [
            (_("Days of the week"), _days(asked.weekdays or (), "wide")),
            (_("Hours"), hours),
            (_("Shops"), self._shops(asked.locations or ())),
            (_("Least purchase"), said_money(least, self.currency) if least else ""),
            (_("Products"), ", ".join(asked.products or ())),
            (_("Kinds of goods"), ", ".join(asked.categories or ())),
        ]

    def _shops(self, ids: Sequence[str]) -> str:
        names = [self.shops.get(each, each) for each in ids]
        # Shops are called "Kielo, Kallio": a comma between two would hide where one ends.
        return ("; " if any("," in each for each in names) else ", ").join(names)

    def _ends(self, promise: Promise) -> date | None:
        if promise.ticket is not None:
            return promise.ticket.closes.astimezone(self.zone).date()
        last = promise.validity.last_day
        return date.fromisoformat(last) if last else None

    def _joined(self, words: Iterator[Phrase]) -> str:
        return ", ".join(said(each) for each in words)

    def _moment(self, at: datetime) -> str:
        return when.exact(at, self.zone)

    def _money(self, amount: int) -> Money:
        return Money(amount=amount, currency=self.currency)


def kind_name(kind: str) -> str:
    """What a kind of offer is called."""
    return {
        "discount": _("A discount"),
        "benefit": _("A gift or a benefit"),
        "ticket": _("An entry ticket"),
        "reward": _("A reward"),
    }.get(kind, _("An offer"))


def said_money(amount: int, currency: str) -> str:
    return Money(amount=amount, currency=currency).say(chosen())


def _cost(reward: Reward, currency: str) -> Phrase | Money:
    match reward.unit:
        case "stamps":
            return phrases("{n} stamp", "{n} stamps", reward.cost)
        case "points":
            return phrases("{n} point", "{n} points", reward.cost)
        case _:
            return Money(amount=reward.cost, currency=currency)


def weekday_names(width: Width = "wide") -> dict[str, str]:
    """The days of the week by their keys, in the language of this request."""
    names = get_day_names(width, locale=locale_of(chosen()))
    return {day: names[number] for number, day in enumerate(WEEKDAYS)}


def _days(days: Sequence[str], width: Width) -> str:
    names = weekday_names(width)
    return ", ".join(names[day] for day in WEEKDAYS if day in days)


def _begins(promise: Promise) -> date | None:
    first = promise.validity.first_day
    return date.fromisoformat(first) if first else None


def _day(text: str) -> Day:
    return Day(date=date.fromisoformat(text))


def _hour(text: str | None) -> Phrase:
    return clock_time(time.fromisoformat(text or "00:00"))
