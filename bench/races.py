"""Races for coupons: processes that want the same ones at the same moment; each is granted once.

Three ways, on each engine: all of them use the same coupons; all of them take copies of an offer
that has a quota; all of them reserve the same coupons and use what they hold. The grants are
counted by whoever was granted, and again in the books.

    python bench/races.py [--processes 8] [--coupons 1000] [--engine sqlite|postgresql] [--json]
"""

import argparse
import json
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import postgres
import sqlalchemy as sa
from factories import a_brand, a_member
from sqlalchemy.exc import OperationalError

from wallet_service import clock, coupons, ids, members, migrations
from wallet_service.audit import COMMAND
from wallet_service.coupons import Given, Promise, Use, offers, tables
from wallet_service.db import Busy, Database
from wallet_service.errors import Refusal

WAYS = ("same coupon", "quota", "reserve, then redeem")
ENGINES = ("sqlite", "postgresql")
MEMBERS = 20
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Raced:
    """What came of a race: what was granted, and what the books say."""

    way: str
    engine: str
    processes: int
    tries: int
    grants: int
    in_the_books: int
    counted: int  # in the offering's own counter
    seconds: float
    wanted: int

    @property
    def is_exact(self) -> bool:
        return self.grants == self.in_the_books == self.counted == self.wanted


def race(url: str, way: str, processes: int = 8, wanted: int = 1000) -> Raced:
    """Let `processes` of them race for `wanted` grants in a migrated database."""
    database = Database(url)
    brand_id, people, codes = _lay_out(database, way, wanted)
    spawn = multiprocessing.get_context("spawn")
    start, told = spawn.Barrier(processes + 1), spawn.Queue()
    runners = [
        spawn.Process(target=_run, args=(url, way, brand_id, people, codes, wanted, start, told))
        for _ in range(processes)
    ]
    for runner in runners:
        runner.start()
    start.wait(60)
    began = time.perf_counter()
    heard = [told.get(timeout=600) for _ in runners]
    seconds = time.perf_counter() - began
    for runner in runners:
        runner.join(30)
    raced = _count(database, way, brand_id)
    database.close()
    return Raced(
        way=way,
        engine="sqlite" if database.is_sqlite else "postgresql",
        processes=processes,
        tries=sum(tries for tries, _ in heard),
        grants=sum(grants for _, grants in heard),
        in_the_books=raced[0],
        counted=raced[1],
        seconds=seconds,
        wanted=wanted,
    )


def _lay_out(database: Database, way: str, wanted: int) -> tuple[str, list[str], list[str]]:
    """A brand, its members and an offer; and the coupons to race for, but where they are to be
    had by racing."""
    with database.write() as connection:
        brand = a_brand(connection, f"The race {way}")
        people = [
            a_member(connection, brand, f"Runner {n}").member_id
            for n in range(min(wanted, MEMBERS))
        ]
        quota = wanted if way == "quota" else None
        name = {brand.language: "Raced for"}
        promise = Promise(kind="offer", quota=quota)
        offers.put(connection, brand.brand_id, "raced", name, {}, promise, actor=COMMAND)
        codes = []
        for n in range(0 if way == "quota" else wanted):
            given = _given(brand.brand_id, people[n % len(people)])
            codes.append(coupons.issue_offer(connection, "raced", given).code)
    return brand.brand_id, people, codes


def _run(
    url: str,
    way: str,
    brand_id: str,
    people: list[str],
    codes: list[str],
    wanted: int,
    start: Barrier,
    told: "multiprocessing.Queue[tuple[int, int]]",
) -> None:
    database = Database(url)
    me = ids.new_id()
    grants = 0
    start.wait(60)
    for n in range(wanted):
        key = f"{me}-{n}"
        if way == "quota":
            grants += _granted(database, _take, brand_id, people[n % len(people)])
        elif way == "same coupon" or _granted(database, _reserve, brand_id, codes[n], key):
            grants += _granted(database, _redeem, brand_id, codes[n], key)
    told.put((wanted, grants))
    database.close()


def _granted(database: Database, ask: object, *wish: str) -> int:
    while True:
        try:
            database.run(ask, *wish)  # type: ignore[arg-type]
        except Refusal:
            return 0
        except (Busy, OperationalError) as crowded:
            if not isinstance(crowded, Busy) and "locked" not in str(crowded):
                raise
            continue  # nothing was changed: "not now" is no refusal
        return 1


def _take(connection: sa.Connection, brand_id: str, member_id: str) -> None:
    members.lock(connection, member_id)
    coupons.issue_offer(connection, "raced", _given(brand_id, member_id))


def _redeem(connection: sa.Connection, brand_id: str, code: str, key: str) -> None:
    coupon = _locked(connection, brand_id, code)
    coupons.redeem(connection, brand_id, coupon, _use(key))


def _reserve(connection: sa.Connection, brand_id: str, code: str, key: str) -> None:
    coupon = _locked(connection, brand_id, code)
    # As long as any race lasts, so that none gets a coupon because another was slow.
    coupons.reserve(connection, brand_id, coupon, _use(key), 60 * MINUTE)


def _locked(connection: sa.Connection, brand_id: str, code: str) -> coupons.Coupon:
    members.lock(connection, coupons.find(connection, brand_id, code).member_id)
    return coupons.find(connection, brand_id, code)


def _use(key: str) -> Use:
    return Use(source="races", key=key, occurred_at=clock.now())


def _given(brand_id: str, member_id: str) -> Given:
    return Given(
        brand_id=brand_id,
        member_id=member_id,
        source="races",
        key=ids.new_id(),
        issued_at=clock.now(),
        funder="brand",
    )


def _count(database: Database, way: str, brand_id: str) -> tuple[int, int]:
    """The grants in the books, and in the offering's counter."""
    with database.read() as connection:
        raced = offers.get(connection, brand_id, "raced")
        of = tables.coupon if way == "quota" else tables.redemption
        mine = sa.select(sa.func.count()).select_from(of).where(of.c.brand_id == brand_id)
        rows = connection.execute(mine).scalar_one()
        return rows, raced.issued if way == "quota" else raced.redeemed


@contextmanager
def migrated(engine: str) -> Iterator[str]:
    """The address of a database of one's own."""
    with tempfile.TemporaryDirectory() as folder:
        if engine == "sqlite":
            url = f"sqlite:///{folder}/races.db"
            _migrate(url)
            yield url
            return
        with postgres.server() as server:
            _migrate(server.template_url)
            yield server.fresh()[1]


def _migrate(url: str) -> None:
    database = Database(url)
    migrations.upgrade(database)
    database.close()


def _print(raced: Raced, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(asdict(raced) | {"is_exact": raced.is_exact}), flush=True)
        return
    print(
        f"{raced.engine:12}{raced.way:24}{raced.tries:8}{raced.grants:8}{raced.in_the_books:8}"
        f"{raced.seconds:9.1f}  {'exact' if raced.is_exact else 'NOT EXACT'}",
        flush=True,
    )


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--processes", type=int, default=8)
    arguments.add_argument("--coupons", type=int, default=1000)
    arguments.add_argument("--engine", choices=ENGINES, action="append")
    arguments.add_argument("--json", action="store_true", help="figures as JSON, a race a line")
    options = arguments.parse_args()
    is_exact = True
    if not options.json:
        print(f"{'engine':12}{'way':24}{'tries':>8}{'grants':>8}{'books':>8}{'seconds':>9}")
    for engine in options.engine or ENGINES:
        with migrated(engine) as url:
            for way in WAYS:
                raced = race(url, way, options.processes, options.coupons)
                is_exact &= raced.is_exact
                _print(raced, as_json=options.json)
    return 0 if is_exact else 1


if __name__ == "__main__":
    sys.exit(main())
