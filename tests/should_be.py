"""What a member should have after whatever happened at the counter: a model made of coins."""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from coins import Purse

ZONE = ZoneInfo("Europe/Helsinki")
MONTHS, PENDING_DAYS, CARD_COSTS, STAMP_FROM, COUPON_DAYS = 3, 1, 25, 500, 180
QUOTAS = {"tulip": 3, "first": 3, "second": 2, "evening": 2}


class Refused(Exception):
    """It cannot be; nothing has changed."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """A version of the rules: how many stamps fill a card, points for each euro."""

    since: datetime
    card: int
    rate: int
    also_running: bool = False


@dataclass(kw_only=True)
class Copy:
    """A coupon."""

    code: str
    offer: str
    event: str  # that brought it
    number: int
    state: str = "open"  # open, used, back
    used_by: str = ""
    ends: datetime | None = None
    held_by: str = ""
    held_until: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        return self.state == "open" and (self.ends is None or self.ends > now)


@dataclass(kw_only=True)
class Bill:
    """A sale, or stamps without one, and what is left of it."""

    version: int
    left: int
    gave: dict[str, int]
    asked_back: dict[str, int] = field(default_factory=dict)
    is_undone: bool = False


@dataclass
class Expected:
    """One member, by the shop's rules as its papers tell them."""

    rules: list[Rules]
    points: Purse = field(default_factory=Purse)
    stamps: Purse = field(default_factory=Purse)
    bills: dict[str, Bill] = field(default_factory=dict)
    copies: dict[str, Copy] = field(default_factory=dict)
    # The cards that were filled in the step at hand: by which event, and how long the coupon lasts.
    filled: list[tuple[str, datetime]] = field(default_factory=list)
    card_size: int = 0
    numbers: int = 0

    def trial(self) -> "Expected":
        """The same again, to try something out on."""
        return deepcopy(self)

    def version_at(self, at: datetime) -> int:
        """The number of the rules that held then, from 1."""
        return max((n for n, each in enumerate(self.rules, 1) if each.since <= at), default=1)

    def size(self, version: int) -> int:
        """How many stamps fill the card at hand: a running one never gets dearer by itself."""
        now, oldest = self.rules[version - 1], self.stamps.oldest
        if oldest is None or oldest.version >= version:
            return now.card
        if any(each.also_running for each in self.rules[oldest.version : version]):
            return now.card
        return min(now.card, self.rules[oldest.version - 1].card)

    def clock(self, now: datetime) -> None:
        """What was due has come, what has ended is gone."""
        self.points.let_in(now)
        self.points.end(now)

    def sale(self, name: str, amount: int, at: datetime, now: datetime) -> Bill:
        version = self.version_at(at)
        gave = {
            "points": self.rules[version - 1].rate * (amount // 100),
            "stamps": int(amount >= STAMP_FROM),
        }
        return self._visit(name, Bill(version=version, left=amount, gave=gave), at, now)

    def stamp(self, name: str, count: int, at: datetime, now: datetime) -> Bill:
        bill = Bill(version=self.version_at(at), left=0, gave={"points": 0, "stamps": count})
        return self._visit(name, bill, at, now)

    def _visit(self, name: str, bill: Bill, at: datetime, now: datetime) -> Bill:
        self.clock(now)
        self.card_size = self.size(bill.version)
        ends, waits = month_end(at, MONTHS), midnight_after(at, PENDING_DAYS)
        self.points.give(name, bill.gave["points"], ends=ends, waits=waits)
        self.stamps.give(name, bill.gave["stamps"], version=bill.version)
        self.bills[name] = bill
        return bill

    def settle(self, size: int, event: str, at: datetime) -> None:
        """Each full card is a coupon."""
        while self.stamps.on_card >= size:
            self.filled.append((event, midnight_after(at, COUPON_DAYS)))
            self.stamps.spend(size, f"new {len(self.filled)}")

    def corrected(self, name: str, unit: str, amount: int, now: datetime) -> None:
        version = self.version_at(now)
        size, purse = self.size(version), getattr(self, unit)
        if amount < 0:
            purse.take_off(-amount)
        else:
            purse.give(name, amount, version=version)
        self.settle(size, name, now)

    def come(self, code: str, offer: str, event: str, **facts: object) -> Copy:
        """A coupon that the shop says has come."""
        self.numbers += 1
        made = Copy(code=code, offer=offer, event=event, number=self.numbers, **facts)
        self.copies[code] = made
        return made

    def full_cards_became(self, codes: list[str]) -> None:
        """The coupons of full cards in their order; there must be as many as cards were filled."""
        assert len(codes) == len(self.filled), "a coupon for each full card"
        for number, (code, (event, ends)) in enumerate(zip(codes, self.filled, strict=True), 1):
            self.come(code, "bouquet", event, ends=ends)
            for coin in self.stamps.coins:
                if coin.place == f"new {number}":
                    coin.place = code
        self.filled = []

    def use(self, code: str, event: str) -> None:
        copy = self.copies[code]
        copy.state, copy.used_by, copy.held_until = "used", event, None

    def unuse(self, event: str, only: str | None = None) -> None:
        """What an event used can be used again; what that unlocked goes, unless it was used."""
        for each in self.copies.values():
            if each.state == "used" and each.used_by == event and only in (None, each.code):
                each.state, each.used_by = "open", ""
                for other in self.copies.values():
                    unlocked = each.offer == "first" and other.offer == "second"
                    if unlocked and other.event == event and other.state == "open":
                        other.state = "back"

    def why_not(self, copy: Copy, event: str, now: datetime) -> str | None:
        """The code of the refusal that a use meets, or nothing."""
        if copy.state == "used":
            return "already_redeemed"
        if copy.state == "back":
            return "coupon_void"
        if copy.held_until is not None and copy.held_until > now:
            return None if copy.held_by == event else "reserved"
        if copy.ends is not None:
            grace = copy.offer in ("bouquet", "card")
            ends = midnight_after(copy.ends - timedelta(hours=2), 7) if grace else copy.ends
            return "coupon_expired" if ends <= now else None
        return None

    def give_back(self, copy: Copy) -> None:
        copy.state = "back"
        self.points.fetch(copy.code)
        self.stamps.fetch(copy.code)

    def void(self, name: str, now: datetime) -> None:
        size = self.size(self.version_at(now))
        self.unuse(name)
        bill = self.bills.get(name)
        if bill is not None:
            self._withdraw_brought(name, is_strict=True)
            owed = {unit: n - bill.asked_back.get(unit, 0) for unit, n in bill.gave.items()}
            self._make_room(name, owed, now, is_strict=True)
            for unit, amount in owed.items():
                getattr(self, unit).take_back(name, amount)
            bill.is_undone, bill.left = True, 0
        self.settle(size, f"void {name}", now)

    def comes_back(self, name: str, amount: int, now: datetime) -> None:
        bill, size = self.bills[name], self.size(self.version_at(now))
        if amount == bill.left:
            self.unuse(name)
            self._withdraw_brought(name, is_strict=False)
        bill.left -= amount
        stays = {
            "points": self.rules[bill.version - 1].rate * (bill.left // 100),
            "stamps": int(bill.left >= STAMP_FROM),
        }
        owed = {
            unit: n - stays[unit] - bill.asked_back.get(unit, 0) for unit, n in bill.gave.items()
        }
        self._make_room(name, owed, now, is_strict=False)
        for unit, back in owed.items():
            getattr(self, unit).take_back(name, back)
            bill.asked_back[unit] = bill.asked_back.get(unit, 0) + back
        self.settle(size, f"return of {name}", now)

    def _withdraw_brought(self, name: str, *, is_strict: bool) -> None:
        for each in self.copies.values():
            if each.event != name or each.state == "back":
                continue
            if each.state == "open":
                self.give_back(each)
            elif is_strict:
                raise Refused

    def _make_room(
        self, name: str, owed: dict[str, int], now: datetime, *, is_strict: bool
    ) -> None:
        for unit, amount in owed.items():
            purse: Purse = getattr(self, unit)
            needed = purse.needed(name, amount)
            while needed > 0 and purse.on_card < needed:
                newest = max(
                    (c for c in self.copies.values() if c.is_open(now) and purse.paid_for(c.code)),
                    key=lambda each: each.number,
                    default=None,
                )
                if newest is None:
                    if is_strict:
                        raise Refused
                    break
                self.give_back(newest)


def month_end(at: datetime, months: int) -> datetime:
    """The local midnight that ends the month so many months on."""
    local = at.astimezone(ZONE)
    year, month = divmod(local.year * 12 + local.month + months, 12)
    return datetime(year, month + 1, 1, tzinfo=ZONE).astimezone(at.tzinfo)


def midnight_after(at: datetime, days: int) -> datetime:
    """The local midnight that ends the day so many days on."""
    day = at.astimezone(ZONE).date() + timedelta(days=days + 1)
    return datetime(day.year, day.month, day.day, tzinfo=ZONE).astimezone(at.tzinfo)
