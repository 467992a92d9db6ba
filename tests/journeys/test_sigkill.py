"""SIGKILL at any moment between a stamp's commit and its push: nothing is lost, nothing doubled.

Run it long with `WALLET_KILLS=50 pytest tests/journeys/test_sigkill.py` (`make kills`).
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from time import sleep

import pytest
import requests
import sqlalchemy as sa
from stories import serve, until

from wallet_service.db import Database
from wallet_service.ledger import verify
from wallet_service.phones import outbox
from wallet_service.practice.apns import PretendApns
from wallet_service.practice.phones import Phones
from wallet_service.wallet import practice_certificates

KILLS = int(os.environ.get("WALLET_KILLS", "4"))


class Killed:
    """A service in a process of its own, killed and started again, and its unanswered stamps."""

    def __init__(self, port: int, environment: dict[str, str], api_key: str, folder: Path) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._port = port
        self._environment = {**os.environ, **environment}
        self._headers = {"Authorization": f"Bearer {api_key}"}
        self._folder = folder
        self._events = 0
        self.unanswered: dict[str, str] = {}
        self.answered: set[str] = set()

    @contextmanager
    def living(self) -> Iterator["subprocess.Popen[bytes]"]:
        """One life; at its end nobody says goodbye."""
        command = [sys.executable, "-m", "wallet_service", "serve", "--port", str(self._port)]
        with (self._folder / "log").open("ab") as log:
            process = subprocess.Popen(
                command, env=self._environment, cwd=self._folder, stdout=log, stderr=log
            )
        try:
            until(self._answers, 30, "the service")
            yield process
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()

    def stamp(self, code: str) -> None:
        """Give a stamp under a new name."""
        self._events += 1
        self.unanswered[f"stamp-{self._events}"] = code
        self.repeat()

    def repeat(self) -> None:
        """Say again, under its old name, whatever got no answer: what any till does."""
        for event_id, code in list(self.unanswered.items()):
            try:
                answer = requests.post(
                    f"{self.url}/api/v1/stamps",
                    json={"event_id": event_id, "code": code, "count": 1},
                    headers=self._headers,
                    timeout=10,
                )
            except requests.RequestException:
                return
            assert answer.status_code in (200, 201), answer.text
            del self.unanswered[event_id]
            self.answered.add(event_id)

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/livez", timeout=1).ok
        except requests.RequestException:
            return False


@pytest.mark.timeout(1800)
def test_killed_at_any_moment_every_phone_shows_the_last_state(
    database_url: str, tmp_path: Path
) -> None:
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
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }
        service = Killed(_free_port(), environment, api_key, tmp_path)
        codes = []
        with service.living():
            for one, (path, code) in zip(phones.all, links, strict=True):
                one.ask(lambda one=one, path=path: one.phone.add(service.url + path)).result(30)
                codes.append(code)

        chance = Random(7)
        for _ in range(KILLS):
            with service.living():
                service.repeat()
                for _ in range(chance.randrange(1, 4)):
                    service.stamp(chance.choice(codes))
                # From before the worker has woken to after the phone has fetched.
                sleep(chance.random() * 0.08)

        with service.living():
            service.repeat()
            assert service.unanswered == {}
            for one, code in zip(phones.all, codes, strict=True):
                scan = requests.get(
                    f"{service.url}/api/v1/scan/{code}", headers=service._headers, timeout=10
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
            # A lease of somebody who was killed has to run out before another may take the row.
            database = Database(database_url)
            until(lambda: _waiting(database) == 0, 60, "an empty outbox")
            database.close()
    phones.stop()
    _books_are_whole(database_url, service.answered)


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
    full = available == 0 and any(each["state"] == "issued" for each in scan["coupons"])
    return "10/10" if full else f"{available}/10"


def _books_are_whole(database_url: str, events: set[str]) -> None:
    database = Database(database_url)
    with database.read() as connection:
        lifetime = connection.execute(
            sa.text("SELECT SUM(lifetime) FROM balance WHERE unit = 'stamps'")
        ).scalar()
        assert lifetime == len(events), "a stamp was lost or doubled"
        members = connection.execute(sa.text("SELECT member_id FROM member")).scalars().all()
        assert [fault for each in members for fault in verify(connection, each)] == []
    database.close()


def _waiting(database: Database) -> int:
    with database.read() as connection:
        return outbox.waiting(connection)[0]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
