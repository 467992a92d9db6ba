"""Stories of the outbox: who is called, how often, and what a fault does."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from small_shop import LANE, FakePhone, Shop

from wallet_service import clock
from wallet_service.db import Database
from wallet_service.delivery import claims, faults
from wallet_service.delivery.answers import Fate
from wallet_service.keys import Keyring
from wallet_service.phones import outbox, told
from wallet_service.phones.tables import issued_pass


@pytest.fixture
def shop(database: Database, keyring: Keyring, driven_clock: object) -> Shop:
    return Shop(database, keyring)


def answer_pushes(shop: Shop, *phones: FakePhone) -> None:
    """These phones are awake: each asks and fetches when it is called."""

    def wake(token: str) -> None:
        for phone in phones:
            if phone.push_token == token:
                phone.wake()

    shop.way.on_push = wake


def test_a_stamp_calls_the_phone_once_and_the_phone_shows_it(shop: Shop) -> None:
    card = shop.issue()
    phone = FakePhone(shop)
    assert phone.add(card) == 201
    answer_pushes(shop, phone)
    shop.work()
    assert shop.way.pushes == []

    shop.say("1 of 10")
    shop.work()

    assert shop.way.pushes == [phone.push_token]
    assert phone.shows[card.serial_number] == "1 of 10"
    assert shop.words() == []
    told_phone = shop.registrations()[0]
    assert told_phone.announced_version == told_phone.fetched_version == 2
    assert told_phone.remind_at is None


def test_nothing_to_see_calls_nobody(shop: Shop) -> None:
    phone = FakePhone(shop)
    phone.add(shop.issue())
    shop.whisper()
    shop.work()

    assert shop.way.pushes == []
    assert shop.words() == []


def test_three_changes_that_wait_are_one_call(shop: Shop) -> None:
    phone = FakePhone(shop)
    phone.add(shop.issue())
    for n in (1, 2, 3):
        shop.say(f"{n} of 10")
    shop.work()

    assert shop.way.pushes == [phone.push_token]


def test_a_change_taken_back_before_it_was_seen_calls_nobody(shop: Shop) -> None:
    phone = FakePhone(shop)
    phone.add(shop.issue())
    shop.say("1 of 10")
    shop.say("Welcome")
    shop.work()

    assert shop.way.pushes == []


def test_twelve_stamps_in_a_row_are_each_fetched_new(shop: Shop) -> None:
    card = shop.issue()
    phone = FakePhone(shop)
    phone.add(card)
    answer_pushes(shop, phone)
    dates = []
    for n in range(1, 13):
        shop.say(f"{n} of 20")
        shop.work()
        assert phone.shows[card.serial_number] == f"{n} of 20"
        dates.append(phone.dates[card.serial_number])

    assert len(set(dates)) == 12
    assert len(shop.way.pushes) == 12
    assert set(phone.statuses) == {200}


def test_a_phone_that_was_just_called_is_on_its_way(shop: Shop) -> None:
    phone = FakePhone(shop)
    phone.add(shop.issue())
    shop.say("1 of 10")
    shop.work()
    clock.advance(timedelta(seconds=1))
    shop.say("2 of 10")
    shop.work()
    assert len(shop.way.pushes) == 1
    assert len(shop.words()) == 1

    clock.advance(timedelta(seconds=1))
    shop.work()
    assert len(shop.way.pushes) == 2
    assert shop.words() == []


def test_when_the_phone_comes_what_was_held_back_goes_at_once(shop: Shop) -> None:
    card = shop.issue()
    phone = FakePhone(shop)
    phone.add(card)
    shop.say("1 of 10")
    shop.work()
    serials = phone.ask(phone.tag)
    shop.say("2 of 10")
    shop.work()
    assert len(shop.way.pushes) == 1

    answer_pushes(shop, phone)
    phone.fetch(serials[0])
    shop.work()
    assert phone.shows[card.serial_number] == "2 of 10"
    assert shop.words() == []


def test_two_passes_of_one_phone_are_one_call(shop: Shop) -> None:
    phone = FakePhone(shop)
    mine, hers = shop.issue(), shop.issue(person_id="p2")
    phone.add(mine)
    phone.add(hers)
    answer_pushes(shop, phone)
    shop.say("1 of 10")
    shop.work()

    assert shop.way.pushes == [phone.push_token]
    assert set(phone.shows.values()) == {"1 of 10"}
    assert shop.words() == []


def test_two_device_identifiers_with_one_token_are_one_call(shop: Shop) -> None:
    card = shop.issue()
    before = FakePhone(shop)
    before.add(card)
    restored = FakePhone(shop, push_token=before.push_token)
    assert restored.add(card) == 201
    shop.say("1 of 10")
    shop.work()

    assert shop.way.pushes == [before.push_token]
    assert [each.announced_version for each in shop.registrations()] == [2, 2]


def test_one_bad_token_among_eight_ends_alone(shop: Shop) -> None:
    card = shop.issue()
    phones = [FakePhone(shop) for _ in range(8)]
    for phone in phones:
        phone.add(card)
    shop.way.tell(phones[3].push_token, Fate.DEAD, status=400, reason="BadDeviceToken")
    shop.say("1 of 10")
    shop.work()

    assert sorted(shop.way.pushes) == sorted(phone.push_token for phone in phones)
    left = {each.device_library_identifier for each in shop.registrations()}
    assert left == {phone.device for phone in phones} - {phones[3].device}
    assert {each.announced_version for each in shop.registrations()} == {2}
    assert shop.words() == []


@pytest.mark.parametrize(
    ("status", "reason"),
    [(403, "BadCertificate"), (400, "DeviceTokenNotForTopic"), (400, "TopicDisallowed")],
)
def test_a_fault_of_our_own_drops_nobody_and_does_not_spin(
    shop: Shop, status: int, reason: str
) -> None:
    phones = [FakePhone(shop) for _ in range(5)]
    for n, phone in enumerate(phones):
        phone.add(shop.issue(f"m{n}"))
    shop.way.tell_all(Fate.CONFIGURATION, status=status, reason=reason, retry_after=900.0)
    for n in range(5):
        shop.say("1 of 10", f"m{n}")
    shop.work()
    shop.work()

    assert len(shop.way.pushes) == 5
    assert len(shop.registrations()) == 5
    with shop.database.read() as connection:
        fault = faults.current(connection)[0]
    assert (fault.lane, fault.reason) == (LANE, f"{status} {reason}")

    # Ten minutes of it: a try now and then, no storm.
    for _ in range(60):
        clock.advance(timedelta(seconds=10))
        shop.work()
    assert len(shop.way.pushes) <= 5 * 9

    shop.way.tell_all(None)
    clock.advance(timedelta(minutes=15))
    shop.work()
    assert shop.words() == []
    assert {each.announced_version for each in shop.registrations()} == {2}
    with shop.database.read() as connection:
        assert faults.current(connection) == ()


def test_apples_word_about_an_older_token_life_ends_nothing(shop: Shop) -> None:
    card = shop.issue()
    phone = FakePhone(shop)
    phone.add(card)
    shop.way.tell(
        phone.push_token,
        Fate.DEAD,
        status=410,
        reason="Unregistered",
        timestamp=clock.now() - timedelta(hours=1),
    )
    shop.say("1 of 10")
    shop.work()
    assert len(shop.registrations()) == 1
    # Whoever renewed the token may be called: here it is, and answers.
    assert len(shop.way.pushes) == 2
    assert shop.registrations()[0].announced_version == 2


def test_apples_word_about_this_token_life_ends_it(shop: Shop) -> None:
    phone = FakePhone(shop)
    phone.add(shop.issue())
    shop.way.tell(
        phone.push_token,
        Fate.DEAD,
        status=410,
        reason="Unregistered",
        timestamp=clock.now() + timedelta(hours=1),
    )
    shop.say("1 of 10")
    shop.work()

    assert shop.registrations() == []
    assert shop.words() == []
    assert phone.register(shop.issue()) == 201


def test_a_passing_fault_is_tried_again_later_and_later(shop: Shop) -> None:
    phone = FakePhone(shop)
    phone.add(shop.issue())
    shop.way.tell(phone.push_token, Fate.PASSING, times=3, status=500)
    shop.say("1 of 10")
    shop.work()
    assert len(shop.way.pushes) == 1
    waits = []
    while shop.words():
        waits.append(shop.words()[0].due_at - clock.now())
        clock.advance(waits[-1])
        shop.work()

    assert len(shop.way.pushes) == 4
    assert waits[0] <= timedelta(seconds=1) < waits[2] <= timedelta(seconds=4)


def test_too_many_requests_is_answered_with_the_wait_that_was_asked_for(shop: Shop) -> None:
    phone = FakePhone(shop)
    phone.add(shop.issue())
    shop.way.tell(phone.push_token, Fate.PASSING, status=429, retry_after=60.0)
    shop.say("1 of 10")
    shop.work()
    assert shop.words()[0].due_at == clock.now() + timedelta(seconds=60)
    assert shop.words()[0].last_error == "passing 429"


def test_while_the_way_is_down_rows_wait_in_the_outbox(shop: Shop) -> None:
    phone = FakePhone(shop)
    phone.add(shop.issue())
    shop.way.is_down = True
    shop.say("1 of 10")
    assert not shop.dispatch.turn()
    assert shop.words()[0].lease_id is None

    shop.way.is_down = False
    shop.work()
    assert shop.way.pushes == [phone.push_token]


def test_a_worker_that_died_leaves_its_rows_when_the_lease_ends(shop: Shop) -> None:
    card = shop.issue()
    phone = FakePhone(shop)
    phone.add(card)
    shop.way.is_slow = True
    shop.say("1 of 10")
    shop.dispatch.turn()
    assert len(shop.way.flying) == 1
    shop.way.flying.clear()  # killed: nobody hears the answer

    shop.way.is_slow = False
    successor = shop.new_worker()
    shop.work(successor)
    assert len(shop.way.pushes) == 1
    clock.advance(timedelta(seconds=31))
    shop.work(successor)
    assert len(shop.way.pushes) == 2
    assert shop.words() == []


def test_a_change_during_a_push_goes_out_after_it(shop: Shop) -> None:
    card = shop.issue()
    phone = FakePhone(shop)
    phone.add(card)
    shop.way.is_slow = True
    shop.say("1 of 10")
    shop.dispatch.turn()
    shop.say("2 of 10")
    shop.dispatch.turn()
    assert len(shop.way.pushes) == 1  # one in flight for a pass

    answer_pushes(shop, phone)
    shop.way.is_slow = False
    shop.way.answer()
    shop.work()
    clock.advance(timedelta(seconds=2))
    shop.work()
    assert phone.shows[card.serial_number] == "2 of 10"
    assert shop.words() == []


def test_a_token_renewed_while_a_push_flies_is_called_under_the_new_one(shop: Shop) -> None:
    card = shop.issue()
    phone = FakePhone(shop)
    phone.add(card)
    shop.way.is_slow = True
    shop.say("1 of 10")
    shop.dispatch.turn()
    phone.push_token = "ab" * 32
    phone.register(card)
    shop.way.is_slow = False
    shop.way.answer()
    shop.work()

    assert shop.way.pushes[1:] == ["ab" * 32]
    assert shop.registrations()[0].announced_version == 2


def test_a_change_while_a_pass_is_drawn_is_a_version_of_its_own(shop: Shop) -> None:
    card = shop.issue()
    phone = FakePhone(shop)
    phone.add(card)
    render = shop.render
    sentences = iter(["2 of 10"])

    def draw(connection: sa.Connection, issued_card: object) -> object:
        for sentence in sentences:
            shop.say(sentence)
        with shop.database.read() as later:
            return render(later, issued_card)

    shop.dispatch._render = draw
    shop.say("1 of 10")
    shop.work()

    # What was drawn was the third version's; a phone that fetched the second has not seen it.
    assert shop.card(card).visible_version == shop.card(card).version == 3
    assert shop.registrations()[0].announced_version == 3


def test_a_phone_that_does_not_come_is_called_again_after_1_6_and_24_hours(shop: Shop) -> None:
    phone = FakePhone(shop)
    phone.add(shop.issue())
    shop.say("1 of 10")
    shop.work()
    called = []
    began = clock.now()
    for hour in range(1, 72):
        clock.set_to(began + timedelta(hours=hour))
        shop.database.run(told.call_laggards, clock.now())
        before = len(shop.way.pushes)
        shop.work()
        if len(shop.way.pushes) > before:
            called.append(hour)

    assert called == [1, 6, 24]


def test_a_reminded_phone_hears_of_the_pass_although_its_tag_is_newer(shop: Shop) -> None:
    card = shop.issue()
    phone = FakePhone(shop)
    phone.add(card)
    shop.say("1 of 10")
    shop.work()
    phone.ask(phone.tag)  # took the tag, then lost its network
    assert phone.ask(phone.tag) == []
    answer_pushes(shop, phone)
    clock.advance(timedelta(hours=1))
    shop.database.run(told.call_laggards, clock.now())
    shop.work()

    assert phone.shows[card.serial_number] == "1 of 10"
    clock.advance(timedelta(days=3))
    assert shop.database.run(told.call_laggards, clock.now()) == 0


def test_who_stands_at_a_counter_goes_before_a_campaign(shop: Shop) -> None:
    phones = {}
    for n in range(6):
        phones[n] = FakePhone(shop)
        phones[n].add(shop.issue(f"m{n}"))
    for n in range(5):
        shop.say("Come by", f"m{n}", priority=outbox.CAMPAIGN)
    clock.advance(timedelta(seconds=1))
    shop.say("1 of 10", "m5")
    taken = shop.database.run(claims.claim, LANE, limit=1, lease=timedelta(seconds=1))
    assert [claim.member_id for claim in taken] == ["m5"]


def test_a_broken_pass_stops_no_other(shop: Shop) -> None:
    well, broken = FakePhone(shop), FakePhone(shop)
    well.add(shop.issue("m1"))
    broken.add(shop.issue("m2"))
    render = shop.render

    def draw(connection: sa.Connection, card: object) -> object:
        if card.member_id == "m2":
            connection.execute(sa.text("SELECT no_such_column"))
        return render(connection, card)

    shop.dispatch._render = draw
    shop.say("1 of 10", "m1")
    shop.say("1 of 10", "m2")
    shop.work()
    assert shop.way.pushes == [well.push_token]
    assert [(word.member_id, word.attempts) for word in shop.words()] == [("m2", 1)]

    shop.dispatch._render = render
    clock.advance(timedelta(minutes=1))
    shop.work()
    assert shop.way.pushes == [well.push_token, broken.push_token]


def test_what_time_alone_changes_is_woken_and_a_past_moment_wakes_nothing(shop: Shop) -> None:
    card = shop.issue()
    render = shop.render
    opens: list[datetime] = [clock.now() + timedelta(days=1)]

    def draw(connection: sa.Connection, issued_card: object) -> object:
        drawn = render(connection, issued_card)
        return type(drawn)(content_hash=drawn.content_hash, next_change_at=opens[0])

    shop.dispatch._render = draw
    shop.whisper()
    shop.work()
    assert shop.card(card).next_change_at == opens[0]

    clock.advance(timedelta(days=1))
    assert shop.database.run(outbox.wake_due_passes, clock.now()) == 1
    shop.work()
    assert shop.card(card).next_change_at is None
    assert shop.database.run(outbox.wake_due_passes, clock.now()) == 0


def test_the_way_that_goes_down_in_the_middle_gets_nothing_to_hold(shop: Shop) -> None:
    card = shop.issue()
    phones = [FakePhone(shop) for _ in range(3)]
    for phone in phones:
        phone.add(card)
    room = iter([1000, 1, 0, 0, 0, 0, 0, 0])
    shop.way.capacity = lambda: next(room, 0)
    shop.way.tell_all(Fate.PASSING, reason="lost")
    shop.say("1 of 10")
    for _ in range(6):
        shop.dispatch.turn()
    assert shop.dispatch.is_idle
    assert len(shop.way.pushes) == 1
    assert shop.words()[0].lease_id is None

    del shop.way.capacity
    shop.way.tell_all(None)
    clock.advance(timedelta(minutes=1))
    shop.work()
    assert {each.announced_version for each in shop.registrations()} == {2}


def test_stopping_hands_back_what_flies(shop: Shop) -> None:
    phone = FakePhone(shop)
    phone.add(shop.issue())
    shop.way.is_slow = True
    shop.say("1 of 10")
    shop.dispatch.turn()
    shop.dispatch.finish(at_most_seconds=0)

    word = shop.words()[0]
    assert word.lease_id is None
    assert word.due_at <= clock.now()


def test_tags_grow_with_each_batch_and_stand_on_its_passes(shop: Shop) -> None:
    shop.issue("m1")
    shop.issue("m2")
    first = [shop.card(each).update_tag for each in (shop.issue("m1"), shop.issue("m2"))]
    shop.say("1 of 10", "m1")
    shop.say("1 of 10", "m2")
    shop.work()
    with shop.database.read() as connection:
        after = connection.execute(sa.select(issued_pass.c.update_tag)).scalars().all()
    assert first == [1, 2]
    assert after == [3, 3]
