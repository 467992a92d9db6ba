"""The first day of a shop that `init --starter` has made: a till, a member, her phone."""

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import requests
from shell import Shell
from stories import PIN, until
from window import Window

from wallet_service import by_time, clock, config
from wallet_service.practice.held import HeldPass
from wallet_service.practice.iphone import IPhone
from wallet_service.running import Running


@dataclass(kw_only=True)
class FirstDay:
    """A shop that serves, Sanna at its till, and Aino with a card on her phone."""

    running: Running
    key: str
    till: Window
    visitor: Window
    code: str = ""
    link: str = ""

    @property
    def phone(self) -> IPhone:
        phones = self.running.wallet.phones
        assert phones is not None
        found = phones.get("aino")
        assert found is not None
        return found.phone

    def enrol(self) -> None:
        """Aino joins, opens her link and puts the card on her phone."""
        member = self.call("POST", "/members", {"given_name": "Aino", "language": "en"})
        self.code, self.link = member["code"], member["link"]
        self.visitor.open(self.link.removeprefix(self.running.url))
        assert self.visitor.status == 200
        self.phone.add(f"{self.link}/apple")

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """One call of the API."""
        answer = requests.request(
            method,
            f"{self.running.url}/api/v1{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.key}"},
            timeout=30,
        )
        assert answer.ok, answer.text
        return answer.json()

    def stamp(self) -> None:
        """+1, a while after whatever was before."""
        clock.advance(timedelta(minutes=3))
        self.scan()
        self.till.press("+1 stamp")

    def buys(self, amount: str, reward: str = "") -> str:
        """A purchase by its amount; what the till said that it gives."""
        clock.advance(timedelta(minutes=3))
        self.scan()
        self.till.follow(reward or "By amount")
        self.till.press("What does it give?", amount=amount)
        said = self.till.words
        self.till.press("Record")
        assert self.till.title.startswith("Recorded"), self.till.words
        return said

    def at_the_till(self) -> str:
        """What the till shows of the card, some time after."""
        clock.advance(timedelta(minutes=3))
        self.scan()
        return self.till.words

    def scan(self) -> None:
        """The card at the till; Sanna types her PIN again when she has been away."""
        self.till.open(f"/till/card/{self.code}")
        if "your PIN" in self.till.title:
            self.till.press("Start", pin=PIN)
            self.till.open(f"/till/card/{self.code}")

    def later(self, **time: int) -> None:
        """Time goes on, and does what it does."""
        clock.advance(timedelta(**time))
        by_time.catch_up(self.running.wallet.database, clock.now())

    def card_path(self) -> str:
        """Where the member's own page of her card is."""
        with self.running.wallet.database.read() as connection:
            links = self.running.wallet.links
            opened = links.open(connection, self.link.rsplit("/", 1)[-1])
            url = links.card_url(connection, opened.member_id, opened.person_id)
        return url.removeprefix(self.running.url)

    def card_page(self) -> str:
        """What it says."""
        self.visitor.open(self.card_path())
        assert self.visitor.status == 200
        return self.visitor.words

    def on_the_phone(self, key: str, value: str) -> None:
        """Wait until a field of the pass on the phone says this."""
        until(lambda: self.field(key) == value, what=f"{key} = {value!r}, not {self.field(key)!r}")

    def field(self, key: str) -> str:
        return (self.held.shows(key, "en") or "").replace("\xa0", " ")

    @property
    def held(self) -> HeldPass:
        """The pass as the phone holds it."""
        (held,) = self.phone.passes
        return held


def _settings(shell: Shell) -> config.Config:
    environment = {**os.environ, **shell.environment}
    return config.load(shell.folder / "config.toml", environment=environment)


@contextmanager
def first_day(shell: Shell, starter: str) -> Iterator[FirstDay]:
    """Open the shop in its folder by commands alone, serve it, and enrol Aino over the API."""
    assert " is ready. " in shell.well("init", "--starter", starter)
    shell.well("staff", "add", "Sanna", "--pin-file", "-", typed=f"{PIN}\n")
    pairing = re.search(
        r"type ([0-9A-Z]{4} [0-9A-Z]{4})$", shell.well("till", "pair"), re.MULTILINE
    )
    assert pairing is not None
    key = shell.well("api-key", "create", "--name", "register").strip()

    running = Running(_settings(shell), port=0)
    application = running.start()
    serving = threading.Thread(target=running.serve, args=(application,), daemon=True)
    serving.start()
    try:
        till = Window(application.test_client())
        till.open("/till")
        till.press("Pair", code=pairing[1])
        till.follow("Sanna")
        till.press("Start", pin=PIN)
        day = FirstDay(
            running=running, key=key, till=till, visitor=Window(application.test_client())
        )
        day.enrol()
        yield day
    finally:
        running.stop()
        serving.join(10)
