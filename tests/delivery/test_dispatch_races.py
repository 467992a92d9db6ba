"""Many at once, and killed at any time: nobody holds a pass twice, no last version is lost."""

import random
import threading
from collections import Counter
from datetime import timedelta
from time import monotonic, sleep

import pytest
import sqlalchemy as sa
from small_shop import LANE, FakePhone, FakeWay, Shop

from wallet_service.db import Database
from wallet_service.delivery import claims
from wallet_service.delivery.answers import Fate
from wallet_service.delivery.apns import Outcome, Push
from wallet_service.delivery.dispatch import Dispatch
from wallet_service.keys import Keyring
from wallet_service.language import verbatim
from wallet_service.phones import news, outbox, registrations

MEMBERS = 12
CHANGES = 15
DEADLINE_SECONDS = 60


@pytest.fixture
def shop(database: Database, keyring: Keyring) -> Shop:
    return Shop(database, keyring)


def test_claimers_at_once_never_hold_the_same_pass(shop: Shop) -> None:
    for n in range(120):
        shop.issue_without_work(f"m{n:03}")
    taken: list[claims.Claim] = []
    begin = threading.Barrier(4)

    def take() -> None:
        begin.wait()
        while got := shop.database.run(claims.claim, LANE, limit=7, lease=timedelta(minutes=1)):
            taken.extend(got)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    # SKIP LOCKED may find nothing while another still holds; whoever comes last takes those.
    take_rest = shop.database.run(claims.claim, LANE, limit=200, lease=timedelta(minutes=1))
    counted = Counter(claim.key for claim in [*taken, *take_rest])
    assert len(counted) == 120
    assert set(counted.values()) == {1}


def test_sales_phones_and_workers_at_once_end_with_every_phone_told(shop: Shop) -> None:
    cards = {f"m{n}": shop.issue(f"m{n}") for n in range(MEMBERS)}
    phones = {member_id: FakePhone(shop) for member_id in cards}
    for member_id, card in cards.items():
        phones[member_id].add(card)
    held: Counter[tuple[str, str]] = Counter()
    twice: list[tuple[str, str]] = []
    guard = threading.Lock()
    stop = threading.Event()

    class Way(FakeWay):
        """Takes a moment, fails now and then; sees which passes are held while it flies."""

        def _outcome(self, push: Push) -> Outcome:
            keys = {errand.claim.key for errand in push.reference.errands()}
            with guard:
                held.update(keys)
                twice.extend(key for key in keys if held[key] > 1)
            sleep(random.uniform(0, 0.002))
            with guard:
                held.subtract(keys)
            if random.random() < 0.2:
                return Outcome(push=push, fate=Fate.PASSING, status=500)
            return Outcome(push=push, fate=Fate.DELIVERED, status=200)

    def sell(member_id: str) -> None:
        for n in range(1, CHANGES + 1):
            shop.say(f"{n} of 20", member_id)

    def register_again(member_id: str) -> None:
        for _ in range(CHANGES):
            shop.database.run(
                registrations.register, cards[member_id], phones[member_id].device, "ab" * 32
            )

    workers = []
    for _ in range(3):
        way = Way()
        worker = Dispatch(shop.database, shop.render, {LANE: way})
        way.on_outcome = worker.heard
        workers.append(threading.Thread(target=worker.run, args=(stop,)))
    people = [threading.Thread(target=sell, args=(member_id,)) for member_id in cards]
    people += [threading.Thread(target=register_again, args=(member_id,)) for member_id in cards]
    for thread in (*workers, *people):
        thread.start()
    for thread in people:
        thread.join()
    until = monotonic() + DEADLINE_SECONDS
    while shop.words() and monotonic() < until:
        sleep(0.05)
    stop.set()
    for thread in workers:
        thread.join()

    assert shop.words() == []
    assert twice == []
    for each in shop.registrations():
        card = shop.card(cards[each.member_id])
        assert card.version == CHANGES + 1
        assert each.announced_version == card.visible_version == card.version


def test_a_phone_that_registers_during_a_change_is_never_forgotten(shop: Shop) -> None:
    stop = threading.Event()
    worker = shop.dispatch
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    phones = []
    try:
        for n in range(25):
            card = shop.issue_without_work(f"m{n}")
            phone = FakePhone(shop)
            phones.append((card, phone))
            change = threading.Thread(target=shop.say, args=("1 of 10", f"m{n}"))
            join = threading.Thread(target=phone.register, args=(card,))
            for each in random.sample([change, join], 2):
                each.start()
            change.join()
            join.join()
        until = monotonic() + DEADLINE_SECONDS
        while shop.words() and monotonic() < until:
            sleep(0.02)
    finally:
        stop.set()
        thread.join()

    assert shop.words() == []
    for each in shop.registrations():
        assert each.announced_version == 2


def test_a_change_waits_for_a_registration_that_is_being_written(shop: Shop) -> None:
    card = shop.issue()
    phone = FakePhone(shop)

    def change_and_deliver() -> None:
        shop.say("1 of 10")
        shop.work()

    change = threading.Thread(target=change_and_deliver)
    with shop.database.write() as connection:
        registrations.register(connection, card, phone.device, phone.push_token)
        change.start()
        change.join(timeout=0.5)  # as far as it gets: it must not look for phones before this one
    change.join()
    shop.work()

    assert shop.way.pushes == [phone.push_token]


def test_workers_that_are_killed_in_the_middle_lose_nothing(shop: Shop) -> None:
    cards = {f"m{n}": shop.issue(f"m{n}") for n in range(MEMBERS)}
    for card in cards.values():
        FakePhone(shop).add(card)

    class Killed(Exception):
        pass

    points = 0

    def count_down(left: int) -> None:
        """Kill at the n-th statement that any worker sends from now on."""

        def before(*_: object) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                raise Killed

        sa.event.listen(shop.database.engine, "before_cursor_execute", before)
        try:
            # Free at once, as if the lease of the one before had ended.
            worker = Dispatch(shop.database, shop.render, {LANE: way}, lease=timedelta(0))
            way.on_outcome = worker.heard
            while worker.turn() or not worker.is_idle:
                pass
        finally:
            sa.event.remove(shop.database.engine, "before_cursor_execute", before)

    for left in range(1, 28):
        way = FakeWay()
        for member_id in random.sample(sorted(cards), 3):
            with shop.database.write() as connection:
                news.tell(connection, member_id, verbatim(f"Sentence {left}"))
                outbox.changed(connection, member_id)
        try:
            count_down(left)
        except Killed:
            points += 1
    shop.let_leases_end()
    shop.work()
    until = monotonic() + DEADLINE_SECONDS
    while shop.words() and monotonic() < until:
        shop.work()
        sleep(0.05)

    assert points > 10
    assert shop.words() == []
    for each in shop.registrations():
        card = shop.card(cards[each.member_id])
        assert each.announced_version == card.visible_version == card.version
