"""A living shop for practice: staff, tills and members with a year of plausible visits.

Everything is told through the same rooms as in a real shop, with the clock driven through the
year, so the books of the demo are as true as any.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from itertools import groupby
from random import Random
from typing import Literal

from sqlalchemy import Connection

from wallet_service import clock, members, sales
from wallet_service.audit import SERVICE
from wallet_service.brands import Brand, add_location, api_keys, location, locations, tills
from wallet_service.brands.opening import Hours, Opening
from wallet_service.brands.tills import Till
from wallet_service.coupons import coupon as coupons
from wallet_service.demo import names, people
from wallet_service.demo.people import SignIn
from wallet_service.enrolment import Enrolled, NewMember, enrol
from wallet_service.errors import StartError
from wallet_service.sales import Counter, Sale
from wallet_service.wallet import Wallet

DEMO_KEY = "demo"
# Those who hold the practice phones, and how many stamps their cards have.
HEROES = (("Aino", "Koskela", "en", 6), ("Mikko", "Laakso", "fi", 9), ("Linnea", "Strand", "sv", 3))

_RHYTHMS = ((7, 2), (14, 4), (21, 5), (35, 4), (60, 3))  # days between visits, and how common
_YEAR = timedelta(days=365)
_TILL_PAIRING = timedelta(days=7)

# Whoever tries the demo at night must find the shop open; its second one keeps hours.
_ALWAYS = Opening(week={day: Hours(opens=time(0), closes=time(0)) for day in range(7)})
_WEEKDAYS = Opening(
    week={day: Hours(opens=time(10), closes=time(18)) for day in range(5)}
    | {5: Hours(opens=time(10), closes=time(16))},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeded:
    """What the demo can tell about the shop it made."""

    heroes: dict[str, Enrolled]
    api_key: str
    till: Till
    console: SignIn


@dataclass(frozen=True, slots=True, order=True)
class _Happening:
    at: datetime
    who: int
    what: Literal["join", "visit"]


class _Shop:
    """The year of one shop, told day by day."""

    def __init__(self, wallet: Wallet, brand: Brand, members: int, end: datetime) -> None:
        self._wallet = wallet
        self._brand = brand
        self._chance = Random(1912)  # noqa: S311
        self._end = end
        self._rhythms: dict[int, int] = {}
        self._last: dict[int, datetime] = {}
        self._joined: dict[int, Enrolled] = {}
        self._people = {number: names.invent(self._chance) for number in range(members)}
        self._receipts = 0
        self._counter = Counter(brand_id=brand.brand_id, source="practice year")

    def begin(self, connection: Connection) -> tuple[str, Till]:
        """A second shop, staff, tills and a key."""
        brand_id = self._brand.brand_id
        shop = locations(connection, brand_id)[0]
        shop = location.change(connection, replace(shop, opening=_ALWAYS), actor=SERVICE)
        other = add_location(
            connection,
            brand_id,
            name="Kielo, Töölö",
            address="Runeberginkatu 40, 00260 Helsinki",
            opening=_WEEKDAYS,
            actor=SERVICE,
        )
        people.hire(connection, self._wallet, self._brand, other.location_id)
        till = tills.add(connection, brand_id, shop.location_id, "Counter", actor=SERVICE)
        tills.add(connection, brand_id, other.location_id, "Counter", actor=SERVICE)
        secret = _key(connection, self._brand, shop.location_id)
        self._counter = Counter(
            brand_id=brand_id,
            source=till.source,
            location_id=shop.location_id,
            till_id=till.till_id,
        )
        return secret, till

    def year(self) -> Iterator[list[_Happening]]:
        """What happened, day by day."""
        happenings = list(self._happenings())
        heapq.heapify(happenings)
        ordered = [heapq.heappop(happenings) for _ in range(len(happenings))]
        for _, day in groupby(ordered, key=lambda each: each.at.date()):
            yield list(day)

    def tell(self, connection: Connection, day: list[_Happening]) -> None:
        """Let one day happen."""
        for each in day:
            clock.set_to(each.at)
            if each.what == "join":
                self._joined[each.who] = self._enrol(connection, *self._people[each.who])
            else:
                self._visit(connection, self._joined[each.who])

    def heroes(self, connection: Connection) -> dict[str, Enrolled]:
        """Those who hold the practice phones."""
        joined = {}
        for given, family, language, stamps in HEROES:
            clock.set_to(self._end - timedelta(days=70))
            joined[given] = self._enrol(connection, given, family, language)
            for visit in range(stamps):
                clock.set_to(self._end - timedelta(days=7 * (stamps - visit)))
                self._sale(connection, joined[given], amount=1490 + 250 * visit)
        return joined

    def _happenings(self) -> Iterator[_Happening]:
        for who in self._people:
            days, shares = zip(*_RHYTHMS, strict=True)
            rhythm = self._chance.choices(days, shares)[0]
            joins = self._end - _YEAR * self._chance.random()
            # One in four drifts away; that is what a marketer will look for.
            stays = self._chance.random() if self._chance.random() < 0.25 else 1.0
            leaves = joins + (self._end - joins) * stays
            at = self._open(joins)
            yield _Happening(at, who, "join")
            while True:
                at = self._open(at + timedelta(days=rhythm * self._chance.uniform(0.6, 1.5)))
                if at >= leaves:
                    break
                yield _Happening(at, who, "visit")

    def _open(self, moment: datetime) -> datetime:
        """The next moment at which the shop is open: ten to six, never on a Sunday."""
        local = moment.astimezone(self._brand.zone)
        if local.weekday() == 6:
            local += timedelta(days=1)
        opening = datetime.combine(local.date(), time(10), tzinfo=self._brand.zone)
        return opening + timedelta(minutes=self._chance.randrange(8 * 60))

    def _enrol(self, connection: Connection, given: str, family: str, language: str) -> Enrolled:
        new = NewMember(given_name=given, family_name=family, language=language)
        return enrol(
            connection, self._brand.brand_id, new, "practice", issuing=self._wallet.issuing
        )

    def _visit(self, connection: Connection, who: Enrolled) -> None:
        for each in coupons.of_member(connection, who.member_id, only_open=True):
            if self._chance.random() < 0.7:
                self._receipts += 1
                sales.redeem(connection, self._counter, f"y-{self._receipts}", each.code)
        spent = round(self._chance.lognormvariate(3.0, 0.55), 1)
        self._sale(connection, who, amount=max(300, round(spent * 100)))

    def _sale(self, connection: Connection, who: Enrolled, *, amount: int) -> None:
        self._receipts += 1
        sale = Sale(
            sale_id=f"y-{self._receipts}",
            member_id=who.member_id,
            occurred_at=clock.now(),
            amount=amount,
            currency="EUR",
        )
        sales.record(connection, self._counter, sale)


def seed(wallet: Wallet, brand: Brand, *, members: int = 200) -> Seeded:
    """Fill a fresh shop. The clock runs freely again at the end."""
    now = clock.now()
    shop = _Shop(wallet, brand, members, now - timedelta(hours=1))
    database = wallet.database
    try:
        secret, till = database.run(shop.begin)
        for day in shop.year():
            database.run(shop.tell, day)
        heroes = database.run(shop.heroes)
    finally:
        clock.release()
    return Seeded(heroes=heroes, api_key=secret, till=till, console=people.let_in(wallet, brand))


def pairing_code(wallet: Wallet, till: Till) -> str:
    """A code that lets a device be the shop's till; in a demo there is no hurry."""
    return wallet.database.run(tills.pairing_code, till, lasts=_TILL_PAIRING, actor=SERVICE)


def found(wallet: Wallet, brand: Brand) -> Seeded:
    """The shop of a demo that was kept, with a new key in the old one's place.

    Raises StartError when it is no demo's shop, or one whose making was interrupted.
    """
    with wallet.database.write() as connection:
        key = api_keys.by_name(connection, brand.brand_id, DEMO_KEY)
        if key is None:
            raise StartError(f"{brand.name} is a shop of its own, not the demo's; use `serve`.")
        till = tills.of(connection, brand.brand_id)[0]
        _, secret = api_keys.replace(connection, key, actor=SERVICE)
        heroes = {}
        for given, family, _, _ in HEROES:
            views, _ = members.search(connection, brand.brand_id, query=f"{given} {family}")
            if not views:
                raise StartError("This demo was not made whole; remove its folder and start anew.")
            heroes[given] = Enrolled(
                member_id=views[0].member.member_id,
                person_id=views[0].person.person_id,
                code=views[0].code,
                is_new=False,
            )
    return Seeded(heroes=heroes, api_key=secret, till=till, console=people.let_in(wallet, brand))


def _key(connection: Connection, brand: Brand, location_id: str) -> str:
    _, secret = api_keys.create(
        connection,
        brand.brand_id,
        name=DEMO_KEY,
        scopes=api_keys.ALL,
        locations=[location_id],
        unhurried=True,
        actor=SERVICE,
    )
    return secret
