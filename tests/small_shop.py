"""A shop with nothing but cards and phones: what the tests of phones and delivery stand on.

What a card shows is the newest sentence of its member. `FakeWay` is a way to Apple that is
answered as told, `FakePhone` a phone that speaks to the doors and believes nothing else.
"""

import hashlib
import itertools
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace

import sqlalchemy as sa
from flask import Flask
from sqlalchemy import Connection

from wallet_service import ids, web
from wallet_service.db import Database
from wallet_service.delivery import claims
from wallet_service.delivery.answers import Fate
from wallet_service.delivery.apns import Outcome, Push
from wallet_service.delivery.dispatch import Dispatch
from wallet_service.keys import Keyring
from wallet_service.language import verbatim
from wallet_service.phones import issued, news, outbox
from wallet_service.phones.issued import IssuedPass
from wallet_service.phones.rendered import Rendered
from wallet_service.phones.tables import outbox as outbox_table
from wallet_service.phones.tables import registration

PASS_TYPE = "pass.example.practice"
LANE = f"apns:{PASS_TYPE}"


class FakeWay:
    """A way to Apple: takes pushes, answers each at once or when told to, as scripted."""

    def __init__(self) -> None:
        self.pushes: list[str] = []
        self.flying: deque[Push] = deque()
        self.is_slow = False
        self.is_down = False
        self.on_outcome: Callable[[Outcome], None] | None = None
        self.on_push: Callable[[str], None] | None = None
        self._script: dict[str, deque[Outcome]] = {}
        self._always: Callable[[Push], Outcome | None] = lambda push: None

    def submit(self, push: Push) -> None:
        self.pushes.append(push.token)
        self.flying.append(push)
        if not self.is_slow:
            self.answer()

    def capacity(self) -> int:
        return 0 if self.is_down else 1000

    def answer(self) -> None:
        while self.flying:
            push = self.flying.popleft()
            outcome = self._outcome(push)
            if outcome.fate is Fate.DELIVERED and self.on_push:
                self.on_push(push.token)
            assert self.on_outcome is not None
            self.on_outcome(outcome)

    def tell(self, token: str, fate: Fate, times: int = 1, **facts: object) -> None:
        """Answer the next pushes to this token so."""
        told = Outcome(push=Push(token=token, reference=None), fate=fate, **facts)
        self._script.setdefault(token, deque()).extend([told] * times)

    def tell_all(self, fate: Fate | None, **facts: object) -> None:
        """Answer every push so, until told otherwise (None: well)."""
        if fate is None:
            self._always = lambda push: None
        else:
            self._always = lambda push: Outcome(push=push, fate=fate, **facts)

    def _outcome(self, push: Push) -> Outcome:
        script = self._script.get(push.token)
        if script:
            told = script.popleft()
            return Outcome(
                push=push,
                fate=told.fate,
                status=told.status,
                reason=told.reason,
                timestamp=told.timestamp,
                retry_after=told.retry_after,
            )
        return self._always(push) or Outcome(push=push, fate=Fate.DELIVERED, status=200)


@dataclass
class Shop:
    """Cards, a worker, a way out and the phones' door, on one database."""

    database: Database
    keyring: Keyring
    way: FakeWay = field(default_factory=FakeWay)
    built: int = 0

    def __post_init__(self) -> None:
        self.dispatch = self.new_worker()
        self.app = Flask("small shop")
        web.install(self.app, self)
        from webhooks import apple

        self.app.register_blueprint(apple.blueprint, url_prefix="/apple")

    @property
    def config(self) -> SimpleNamespace:
        return SimpleNamespace(
            service=SimpleNamespace(url="http://127.0.0.1:8080", mode="practice"),
            is_practice=True,
        )

    def new_worker(self, way: FakeWay | None = None) -> Dispatch:
        """A worker that knows nothing but the database, as after a restart."""
        way = way or self.way
        dispatch = Dispatch(self.database, self.render, {LANE: way})
        way.on_outcome = dispatch.heard
        return dispatch

    def issue(self, member_id: str = "m1", person_id: str = "p1") -> IssuedPass:
        """A pass that was drawn once."""
        card = self.issue_without_work(member_id, person_id)
        self.work()
        return card

    def issue_without_work(self, member_id: str = "m1", person_id: str = "p1") -> IssuedPass:
        def enrol(connection: Connection) -> IssuedPass:
            if not news.latest(connection, member_id, 1):
                news.tell(connection, member_id, verbatim("Welcome"))
            return issued.issue(
                connection,
                member_id=member_id,
                person_id=person_id,
                brand_id="b1",
                pass_type_identifier=PASS_TYPE,
                key_id=self.keyring.current_id,
            )

        return self.database.run(enrol)

    def let_leases_end(self) -> None:
        self.database.run(claims.free_all)

    def say(self, sentence: str, member_id: str = "m1", **how: object) -> None:
        """Something changes that can be seen."""

        def change(connection: Connection) -> None:
            news.tell(connection, member_id, verbatim(sentence))
            outbox.changed(connection, member_id, **how)

        self.database.run(change)

    def whisper(self, member_id: str = "m1") -> None:
        """Something changes that cannot be seen."""
        self.database.run(outbox.changed, member_id)

    def render(self, connection: Connection, card: IssuedPass) -> Rendered:
        sentence = self.sentence(connection, card.member_id)
        return Rendered(content_hash=hashlib.sha256(sentence.encode()).hexdigest())

    def build_pkpass(self, connection: Connection, card: IssuedPass) -> bytes:
        self.built += 1
        return self.sentence(connection, card.member_id).encode()

    @staticmethod
    def sentence(connection: Connection, member_id: str) -> str:
        return news.latest(connection, member_id, 1)[0].words["en"]

    def work(self, dispatch: Dispatch | None = None) -> None:
        """Let the worker turn until nothing is due."""
        dispatch = dispatch or self.dispatch
        for _ in range(200):
            if not dispatch.turn() and dispatch.is_idle:
                return
        raise AssertionError("The worker does not come to rest.")

    def words(self) -> list[sa.Row]:
        with self.database.read() as connection:
            return list(connection.execute(sa.select(outbox_table)))

    def registrations(self) -> list[sa.Row]:
        with self.database.read() as connection:
            return list(connection.execute(sa.select(registration)))

    def card(self, card: IssuedPass) -> IssuedPass:
        """The pass as it is now."""
        with self.database.read() as connection:
            return issued.by_keys(connection, [(card.member_id, card.pass_id)])[
                card.member_id, card.pass_id
            ]

    def token_of(self, card: IssuedPass) -> str:
        return issued.authentication_token(self.keyring, card.serial_number, card.key_id)


_numbers = itertools.count(1)


class FakePhone:
    """A phone: registers what it is given, asks when it is pushed, fetches what it hears of."""

    def __init__(self, shop: Shop, push_token: str | None = None) -> None:
        self.shop = shop
        self.client = shop.app.test_client()
        self.device = ids.random_text(20).lower() + str(next(_numbers))
        self.push_token = push_token or hashlib.sha256(self.device.encode()).hexdigest()
        self.tag: str | None = None
        self.shows: dict[str, str] = {}
        self.dates: dict[str, str] = {}
        self.tokens: dict[str, str] = {}
        self.statuses: list[int] = []

    def add(self, card: IssuedPass) -> int:
        """Take the pass from its link and register it."""
        from wallet_service.phones import told

        with self.shop.database.read() as connection:
            now = issued.by_keys(connection, [(card.member_id, card.pass_id)])[
                card.member_id, card.pass_id
            ]
            self.shows[card.serial_number] = self.shop.sentence(connection, card.member_id)
        self.shop.database.run(told.downloaded, now)
        self.dates[card.serial_number] = issued.last_modified_http(now)
        self.tokens[card.serial_number] = self.shop.token_of(card)
        return self.register(card)

    def register(self, card: IssuedPass, authorization: str | None = None) -> int:
        return self.client.post(
            self._registration(card),
            json={"pushToken": self.push_token},
            headers={"Authorization": authorization or f"ApplePass {self.shop.token_of(card)}"},
        ).status_code

    def remove(self, card: IssuedPass, authorization: str | None = None) -> int:
        self.shows.pop(card.serial_number, None)
        return self.client.delete(
            self._registration(card),
            headers={"Authorization": authorization or f"ApplePass {self.shop.token_of(card)}"},
        ).status_code

    def ask(self, tag: str | None = None) -> list[str]:
        """Ask what changed; the serial numbers."""
        answer = self.client.get(
            f"/apple/v1/devices/{self.device}/registrations/{PASS_TYPE}",
            query_string={"passesUpdatedSince": tag} if tag else {},
        )
        if answer.status_code == 204:
            return []
        assert answer.status_code == 200
        body = json.loads(answer.data)
        assert isinstance(body["lastUpdated"], str)
        assert body["lastUpdated"].isdecimal()
        self.tag = body["lastUpdated"]
        return body["serialNumbers"]

    def fetch(self, serial: str) -> int:
        headers = {"Authorization": f"ApplePass {self.tokens[serial]}"}
        if serial in self.dates:
            headers["If-Modified-Since"] = self.dates[serial]
        answer = self.client.get(f"/apple/v1/passes/{PASS_TYPE}/{serial}", headers=headers)
        if answer.status_code == 200:
            self.shows[serial] = answer.data.decode()
            self.dates[serial] = answer.headers["Last-Modified"]
        self.statuses.append(answer.status_code)
        return answer.status_code

    def wake(self) -> list[str]:
        """A push came: ask, and fetch all that is heard of."""
        serials = self.ask(self.tag)
        for serial in serials:
            self.fetch(serial)
        return serials

    def _registration(self, card: IssuedPass) -> str:
        return f"/apple/v1/devices/{self.device}/registrations/{PASS_TYPE}/{card.serial_number}"
