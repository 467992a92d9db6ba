"""SIGKILL at any moment of a shop's day: nothing is lost, nothing is doubled, the books balance.

Run it long with `make kills`: 200 on each engine (`WALLET_KILLS=20 make kills` for fewer).
"""

import os
import socket
from contextlib import closing
from pathlib import Path
from random import Random
from threading import Event, Thread
from time import monotonic, sleep

import pytest
import requests
import sqlalchemy as sa
from lives import Lives
from stories import serve, until
from traffic import Traffic

from wallet_service.coupons import tables as coupons
from wallet_service.db import Database
from wallet_service.ledger import tables as books
from wallet_service.ledger import verify
from wallet_service.members.tables import member
from wallet_service.phones import outbox
from wallet_service.practice.apns import PretendApns
from wallet_service.practice.phones import Phones
from wallet_service.sales import tables as sales
from wallet_service.wallet import practice_certificates

KILLS = int(os.environ.get("WALLET_KILLS", "4"))
# Where an event of each kind leaves exactly one row under its name.
ROWS = {
    "sale": sales.sale.c.sale_id,
    "return": sales.sale_return.c.return_id,
    "coupon": coupons.coupon.c.key,
    "redemption": coupons.redemption.c.key,
    "admission": coupons.admission.c.key,
}


@pytest.mark.timeout(7200)
def test_killed_at_any_moment_nothing_is_lost_or_there_twice_and_every_phone_shows_the_last_state(
    database_url: str, tmp_path: Path
) -> None:
    begun = monotonic()
    running, brand, api_key, _ = serve(database_url, tmp_path)
    made = practice_certificates(running.config)
    phones = Phones(made.root)
    with PretendApns(made, on_push=phones.push, known=phones.knows) as apns:
        links = _members(running.wallet, brand.brand_id)
        running.server.close()
        running.close()
        environment = {
            "WALLET_SERVICE__DATABASE__URL": database_url,
            "WALLET_SERVICE__SERVICE__CERTS": str(tmp_path / "certs"),
            "WALLET_SERVICE__SERVICE__SECRET_KEY_FILE": str(tmp_path / "secret.keys"),
            "WALLET_SERVICE__APPLE__APNS_URL": apns.url,
            "PYTHONPATH": os.pathsep.join(map(str, (Path(__file__).parents[2], _tests()))),
        }
        lives = Lives(_free_port(), environment, tmp_path)
        traffic = Traffic(lives.url, api_key, [code for _, code in links], seed=7)
        with lives.mother():
            with lives.life():
                for one, (path, _) in zip(phones.all, links, strict=True):
                    one.ask(lambda one=one, path=path: one.phone.add(lives.url + path)).result(60)
                traffic.open_shop()
            _kill(lives, traffic)
            with lives.life():
                assert traffic.unanswered is None or traffic.tell(traffic.unanswered)
                _phones_show_the_last_state(lives, api_key, phones, [code for _, code in links])
                # A lease of somebody who was killed has to run out before another may take the row.
                with closing(Database(database_url)) as database:
                    until(lambda: _waiting(database) == 0, 60, "an empty outbox")
    phones.stop()
    lost, doubled, unbalanced = _books(database_url, traffic)
    engine, took = database_url.partition(":")[0], monotonic() - begun
    print(
        f"\n{engine}: {lives.killed} SIGKILLs in {took:.0f} s"
        f" among {traffic.told.total()} requests {dict(sorted(traffic.told.items()))};"
        f" {traffic.cut_off} cut off, {traffic.already_done} of them done already."
        f" Lost {len(lost)}, doubled {len(doubled)}, unbalanced {len(unbalanced)}."
    )
    assert (lost, doubled, unbalanced) == ([], [], [])


def _kill(lives: Lives, traffic: Traffic) -> None:
    """So many lives, each ended while a till is talking, its worker pushing, its phones asking."""
    chance = Random(7)
    failed: list[BaseException] = []

    def talk(stop: Event) -> None:
        try:
            traffic.run(stop)
        except AssertionError as error:
            failed.append(error)

    for _ in range(KILLS):
        stop = Event()
        till = Thread(target=talk, args=(stop,))
        with lives.life():
            till.start()
            many = traffic.told.total() + chance.randrange(12)
            until(lambda many=many: traffic.told.total() >= many or failed, 60, "an answer")
            # From the middle of the next request to after the phones have fetched.
            sleep(chance.random() * 0.08)
        till.join(60)
        if failed:
            raise failed[0]


def _phones_show_the_last_state(
    lives: Lives, api_key: str, phones: Phones, codes: list[str]
) -> None:
    for one, code in zip(phones.all, codes, strict=True):
        scan = requests.get(
            f"{lives.url}/api/v1/scan/{code}",
            headers={"Authorization": f"Bearer {api_key}"},
            timeout=20,
        ).json()
        shown = _shown(scan)
        until(
            lambda one=one, shown=shown: one.phone.shows("stamps") == shown,
            60,
            f"{one.look.name}'s phone to show {shown}",
        )
        # That a service was away is all that a phone may have to complain of.
        lost = "encountered error: The network connection was lost"
        assert [each for each in one.phone.complaints if not each.endswith(lost)] == []


def _members(wallet: "object", brand_id: str) -> list[tuple[str, str]]:
    from wallet_service.enrolment import NewMember, enrol

    made = []
    with wallet.database.write() as connection:
        for name in ("Aino", "Mikko", "Linnea"):
            new = enrol(connection, brand_id, NewMember(given_name=name), "story", wallet.issuing)
            link = wallet.links.invitation_url(connection, new.member_id, new.person_id)
            made.append((link.removeprefix(wallet.config.base_url) + "/apple", new.code))
    return made


def _shown(scan: dict) -> str:
    available = scan["balances"]["stamps"]["available"]
    full = available == 0 and any(
        each["state"] == "issued" and each["offer"] == "bouquet" for each in scan["coupons"]
    )
    return "10/10" if full else f"{available}/10"


def _books(database_url: str, traffic: Traffic) -> tuple[list[str], list[str], list[str]]:
    """What was lost, what was doubled, and what does not balance."""
    lost, doubled, unbalanced = [], [], []
    with closing(Database(database_url)) as database, database.read() as connection:
        for kind, column in ROWS.items():
            names = traffic.events.get(kind, [])
            found = dict(
                connection.execute(sa.select(column, sa.func.count()).group_by(column)).all()
            )
            lost += [name for name in names if name not in found]
            doubled += [name for name in names if found.get(name, 0) > 1]
        balance, line = books.balance.c, books.entry_line.c
        lifetime = dict(
            connection.execute(
                sa.select(balance.unit, sa.func.sum(balance.lifetime)).group_by(balance.unit)
            ).all()
        )
        should = {"points": traffic.points, "stamps": traffic.stamps_of_all}
        for unit, amount in should.items():
            there = lifetime.get(unit, 0)
            if there != amount:
                (lost if there < amount else doubled).append(f"{unit}: {there}, not {amount}")
        offering, redemption = coupons.offering.c, coupons.redemption.c
        issued, redeemed = connection.execute(
            sa.select(offering.issued, offering.redeemed).where(offering.key == "tulip")
        ).one()
        standing = connection.execute(
            sa.select(redemption.key).where(redemption.reversed_at.is_(None))
        ).scalars()
        assert sorted(standing) == sorted(traffic.used)
        assert (issued, redeemed) == (
            traffic.told["give"] - len(traffic.tickets),
            len(traffic.used),
        )
        admission = coupons.admission.c
        inside = connection.execute(sa.select(sa.func.sum(admission.count))).scalar() or 0
        assert inside == traffic.admitted
        sums = connection.execute(sa.select(sa.func.sum(line.amount)).group_by(line.unit)).scalars()
        unbalanced += [f"lines sum to {each}" for each in sums if each]
        members = connection.execute(sa.select(member.c.member_id)).scalars().all()
        unbalanced += [fault for each in members for fault in verify(connection, each)]
    return lost, doubled, unbalanced


def _waiting(database: Database) -> int:
    with database.read() as connection:
        return outbox.waiting(connection)[0]


def _tests() -> Path:
    return Path(__file__).parents[1]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
