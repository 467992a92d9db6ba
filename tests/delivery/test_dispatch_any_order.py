"""Whatever happens in whatever order: in the end every living phone shows the last sentence."""

import shutil
from datetime import timedelta
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from small_shop import LANE, FakePhone, FakeWay, Shop

from wallet_service import clock
from wallet_service.db import Database
from wallet_service.delivery.answers import Fate
from wallet_service.delivery.dispatch import LEASE, Dispatch
from wallet_service.keys import Keyring
from wallet_service.phones import told

members = st.sampled_from(["m1", "m2"])
phones = st.sampled_from([0, 1, 2])
workers = st.sampled_from([0, 1])
STEPS = settings(
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # shrinking would run for minutes; the steps are printed as they are
    suppress_health_check=list(HealthCheck),
)


def machine(template: Path, folder: Path, keyring: Keyring) -> type[RuleBasedStateMachine]:
    class AnyOrder(RuleBasedStateMachine):
        """Two cards, three phones, two workers that may die, a way that may fail."""

        def __init__(self) -> None:
            super().__init__()
            file = folder / "any.db"
            for old in folder.glob("any.db*"):
                old.unlink()
            shutil.copy(template, file)
            self.shop = Shop(Database(f"sqlite:///{file}"), keyring)
            self.cards = {name: self.shop.issue_without_work(name) for name in ("m1", "m2")}
            self.phones = [FakePhone(self.shop) for _ in range(3)]
            self.phones[2].push_token = self.phones[1].push_token  # a restored phone
            self.holds: set[tuple[int, str]] = set()
            self.called: set[int] = set()
            self.said = 0
            self.ways = [FakeWay(), FakeWay()]
            self.workers = [self.worker(n) for n in (0, 1)]

        def worker(self, n: int) -> Dispatch:
            way = self.ways[n]
            way.flying.clear()
            way.is_slow = True
            way.on_push = self.ring
            worker = Dispatch(self.shop.database, self.shop.render, {LANE: way})
            way.on_outcome = worker.heard
            return worker

        def ring(self, token: str) -> None:
            """Whoever has this token now hears the push; an old token reaches nobody."""
            self.called |= {p for p, phone in enumerate(self.phones) if phone.push_token == token}

        @rule(member=members)
        def change(self, member: str) -> None:
            self.said += 1
            self.shop.say(f"Sentence {self.said}", member)

        @rule(member=members)
        def change_nothing_visible(self, member: str) -> None:
            self.shop.whisper(member)

        @rule(n=workers)
        def turn(self, n: int) -> None:
            self.workers[n].turn()

        @rule(n=workers)
        def answer(self, n: int) -> None:
            self.ways[n].answer()
            self.workers[n].turn()

        @rule(n=workers, fate=st.sampled_from([Fate.PASSING, Fate.CONFIGURATION]))
        def fail(self, n: int, fate: Fate) -> None:
            self.ways[n].tell_all(fate, status=500)
            self.ways[n].answer()
            self.ways[n].tell_all(None)
            self.workers[n].turn()

        @rule(n=workers)
        def old_death(self, n: int) -> None:
            self.ways[n].tell_all(
                Fate.DEAD, status=410, timestamp=clock.now() - timedelta(days=400)
            )
            self.ways[n].answer()
            self.ways[n].tell_all(None)

        @rule(n=workers)
        def lose_pushes(self, n: int) -> None:
            # Apple takes them, and the phone never sees them.
            way = self.ways[n]
            way.on_push = None
            way.answer()
            way.on_push = self.ring

        @rule(n=workers)
        def crash(self, n: int) -> None:
            self.workers[n] = self.worker(n)

        @rule(n=workers)
        def stop(self, n: int) -> None:
            self.workers[n].finish(at_most_seconds=0)
            self.workers[n] = self.worker(n)

        @rule(p=phones, member=members)
        def add(self, p: int, member: str) -> None:
            self.phones[p].add(self.cards[member])
            self.holds.add((p, member))

        @rule(p=phones, member=members, token=st.sampled_from(["aa" * 32, "bb" * 32]))
        def renew_token(self, p: int, member: str, token: str) -> None:
            if (p, member) in self.holds:
                self.phones[p].push_token = token
                self.phones[p].register(self.cards[member])

        @rule(p=phones, member=members)
        def remove(self, p: int, member: str) -> None:
            self.phones[p].remove(self.cards[member])
            self.holds.discard((p, member))

        @rule(p=phones)
        def wakes(self, p: int) -> None:
            self.wake(p)

        def wake(self, p: int) -> None:
            if p in self.called:
                self.called.discard(p)
                self.phones[p].wake()

        @rule(p=phones)
        def ask_and_fall_asleep(self, p: int) -> None:
            self.phones[p].ask(self.phones[p].tag)

        @rule(seconds=st.sampled_from([1, 2, 40, 4000]))
        def wait(self, seconds: int) -> None:
            clock.advance(timedelta(seconds=seconds))

        def teardown(self) -> None:
            try:
                self.end()
            finally:
                self.shop.database.close()

        def end(self) -> None:
            """Everything is well again; a day later all phones show what is true."""
            for n in (0, 1):
                self.workers[n] = self.worker(n)
                self.ways[n].is_slow = False
            clock.advance(LEASE)
            for _ in range(12):
                for worker in self.workers:
                    self.shop.work(worker)
                for p in (0, 1, 2):
                    self.wake(p)
                clock.advance(timedelta(hours=3))
                self.shop.database.run(told.call_laggards, clock.now())
            assert self.shop.words() == []
            with self.shop.database.read() as connection:
                for p, member in self.holds:
                    last = self.shop.sentence(connection, member)
                    shown = self.phones[p].shows[self.cards[member].serial_number]
                    assert shown == last, (p, member)

    return AnyOrder


@pytest.mark.timeout(300)
def test_any_order_ends_well(
    sqlite_template: Path, tmp_path: Path, keyring: Keyring, driven_clock: object
) -> None:
    run_state_machine_as_test(machine(sqlite_template, tmp_path, keyring), settings=STEPS)
