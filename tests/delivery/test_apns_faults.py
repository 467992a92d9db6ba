"""Two hundred phones are called while APNs fails in every way it can."""

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from persistent_sender import NOT_LONG, PersistentSender, delivered, open_files, some_tokens

from wallet_service.delivery.apns import Fate, Patience, Push
from wallet_service.delivery.apns.wire import Wire
from wallet_service.delivery.errors import WayClosed
from wallet_service.practice import certificates as practice_certificates
from wallet_service.practice.apns import (
    BAD_DEVICE_TOKEN,
    INTERNAL_SERVER_ERROR,
    SERVICE_UNAVAILABLE,
    TOO_MANY_REQUESTS,
    Answer,
    Fault,
    PretendApns,
    unregistered,
)
from wallet_service.practice.certificates import PracticeCertificates

LONG_AGO = datetime(2026, 11, 1, 12, 30, 15, 250_000, tzinfo=UTC)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> PracticeCertificates:
    folder = tmp_path_factory.mktemp("certificates") / "practice"
    return practice_certificates.make(folder, now=datetime.now(UTC))


@pytest.fixture
def server(certificates: PracticeCertificates) -> Iterator[PretendApns]:
    with PretendApns(certificates) as server:
        yield server


@pytest.fixture
def sender(server: PretendApns, certificates: PracticeCertificates) -> Iterator[PersistentSender]:
    sender = PersistentSender(server, certificates)
    yield sender
    sender.close()


def test_two_hundred_phones_hear_it_over_one_connection(server, sender):
    phones = some_tokens(200)

    sender.deliver(phones)

    assert Counter(delivered(server)) == Counter(phones)
    assert server.connections_made == 1
    assert sender.fates() == {Fate.DELIVERED: 200}


def test_a_push_says_what_apple_asks_for(server, sender, driven_clock):
    sender.once("ab" * 32)

    push = server.pushes[0]
    assert (push.topic, push.push_type, push.priority) == (
        "pass.example.practice",
        "background",
        "5",
    )
    a_week_later = driven_clock.now() + timedelta(days=7)
    assert push.expiration == str(int(a_week_later.timestamp()))


def test_a_push_can_be_loud(server, certificates):
    sender = PersistentSender(server, certificates, push_type="alert", priority=10)
    sender.once("ab" * 32)
    sender.close()

    assert (server.pushes[0].push_type, server.pushes[0].priority) == ("alert", "10")


def test_five_thousand_pushes_take_one_connection(server, sender):
    phones = some_tokens(5000)

    sender.deliver(phones)

    assert Counter(delivered(server)) == Counter(phones)
    assert server.connections_made == 1


@pytest.mark.parametrize(
    ("answer", "timestamp"), [(BAD_DEVICE_TOKEN, None), (unregistered(LONG_AGO), LONG_AGO)]
)
def test_dead_tokens_are_told_once_and_the_others_are_pushed(server, sender, answer, timestamp):
    phones = some_tokens(200)
    dead = set(phones[::20])
    for token in dead:
        server.tell(token, answer, times=100)

    sender.deliver(phones)

    assert sender.tokens(Fate.DEAD) == dead
    assert sender.tokens(Fate.DELIVERED) == set(phones) - dead
    assert len(sender.outcomes) == len(server.pushes) == 200
    assert {outcome.timestamp for outcome in sender.outcomes if outcome.fate is Fate.DEAD} == {
        timestamp
    }


@pytest.mark.parametrize("answer", [TOO_MANY_REQUESTS, INTERNAL_SERVER_ERROR, SERVICE_UNAVAILABLE])
def test_an_answer_that_passes_is_asked_again_and_nobody_is_lost(server, sender, answer):
    phones = some_tokens(200)
    for token in phones[::20]:
        server.tell(token, answer, times=2)

    sender.deliver(phones)

    assert Counter(delivered(server)) == Counter(phones)
    assert len(server.pushes) == 200 + 20


def test_apns_that_refuses_everybody_for_a_while_is_not_hammered(server, sender, caplog):
    phones = some_tokens(200)
    server.tell(None, SERVICE_UNAVAILABLE, times=30)

    sender.deliver(phones)

    assert Counter(delivered(server)) == Counter(phones)
    assert len(server.pushes) == 230
    assert caplog.text.count("APNs is in trouble (503 ServiceUnavailable)") == 1


def test_one_phone_that_apns_stumbles_over_for_ever_stops_nobody(server, sender):
    unlucky, *others = some_tokens(200)
    server.tell(unlucky, INTERNAL_SERVER_ERROR, times=1000)

    for _ in range(3):
        assert sender.once(unlucky).fate is Fate.PASSING
    sender.deliver(others)

    assert Counter(delivered(server)) == Counter(others)


def test_retry_after_is_carried_to_the_caller(server, sender):
    phone = "ab" * 32
    server.tell(phone, Answer(status=429, reason="TooManyRequests", retry_after=7))

    outcome = sender.once(phone)

    assert (outcome.fate, outcome.status, outcome.retry_after) == (Fate.PASSING, 429, 7.0)


@pytest.fixture
def hasty(server: PretendApns, certificates: PracticeCertificates) -> Iterator[PersistentSender]:
    """One that does not wait long for an answer."""
    sender = PersistentSender(server, certificates, patience=NOT_LONG)
    yield sender
    sender.close()


@pytest.mark.parametrize("fault", list(Fault))
def test_what_breaks_below_http_loses_nobody(server, hasty, fault, monkeypatch):
    turns = count_turns(monkeypatch)
    phones = some_tokens(200)
    for token in phones[::100]:
        server.tell(token, fault)

    hasty.deliver(phones)

    assert set(delivered(server)) == set(phones)
    assert hasty.tokens(Fate.DELIVERED) == set(phones)
    assert hasty.fates()[Fate.DELIVERED] == 200
    # A push on a connection that broke may have arrived: it carries nothing and does no harm.
    assert len(server.pushes) <= 200 + 2 * 200
    assert turns["waits"] < 3000


def test_all_faults_at_once(server, hasty):
    phones = some_tokens(200)
    dead = {phones[3], phones[77]}
    for token in dead:
        server.tell(token, unregistered(LONG_AGO), times=100)
    for number, fault in enumerate(Fault):
        server.tell(phones[10 + number], fault)
    for token in phones[100:120]:
        server.tell(token, SERVICE_UNAVAILABLE)
        server.tell(token, TOO_MANY_REQUESTS)

    hasty.deliver(phones)

    assert hasty.tokens(Fate.DEAD) == dead
    assert hasty.tokens(Fate.DELIVERED) == set(phones) - dead
    assert len(hasty.outcomes) - hasty.fates()[Fate.PASSING] == 200


def test_a_server_that_goes_away_is_followed_to_its_new_connection(server, sender):
    for _ in range(5):
        sender.deliver(some_tokens(40))
        server.go_away()
    sender.deliver(some_tokens(40))

    assert sender.fates()[Fate.DELIVERED] == 240
    assert 1 < server.connections_made <= 6


def test_a_deaf_connection_is_left(server, hasty):
    hasty.once("ab" * 32)
    server.deafen()

    hasty.deliver(some_tokens(200))

    assert server.connections_made == 2
    assert len(server.pushes) == 201


def test_a_server_with_few_streams_is_served(certificates):
    with PretendApns(certificates, streams_max=5) as server:
        sender = PersistentSender(server, certificates)
        phones = some_tokens(400)
        sender.deliver(phones)
        sender.close()

        assert Counter(delivered(server)) == Counter(phones)
        assert server.connections_made < 20


def test_while_apns_is_down_nothing_is_held_and_afterwards_all_is_delivered(server, sender):
    phones = some_tokens(200)
    server.stop()
    for token in phones:
        sender.way.submit(Push(token=token, reference=token))
    sender.wait_for(lambda: len(sender.outcomes) == 200)

    assert sender.fates() == {Fate.PASSING: 200}
    # One probe was sent, the rest came back unsent with the time to come again.
    assert sum(outcome.was_tried for outcome in sender.outcomes) == 1
    assert all(outcome.retry_after for outcome in sender.outcomes)

    server.start()
    sender.deliver(phones)

    assert Counter(delivered(server)) == Counter(phones)


def test_there_is_no_room_while_apns_is_down(certificates):
    server = PretendApns(certificates)
    server.start()
    server.stop()
    sender = PersistentSender(server, certificates, patience=Patience(backoff_seconds=30))
    assert sender.way.capacity() == 1000

    outcome = sender.once("ab" * 32)
    assert (outcome.fate, outcome.status) == (Fate.PASSING, None)
    assert sender.way.capacity() == 0
    assert sender.way.held_for() > 0

    sender.once("cd" * 32)
    assert not sender.outcomes[-1].was_tried
    sender.close()


def test_a_strangers_certificate_is_an_alarm_and_drops_nobody(
    server, certificates, tmp_path, caplog
):
    stranger = practice_certificates.make(tmp_path / "stranger", now=datetime.now(UTC))
    sender = PersistentSender(
        server,
        certificates,
        certificate=stranger.certificate.read_bytes(),
        key=stranger.key.read_bytes(),
    )
    phones = some_tokens(200)
    with pytest.raises(AssertionError, match="no final fate"):
        sender.deliver(phones, within=1)
    sender.close()

    # Hanging up is an answer too, at the sixth time.
    assert sum(outcome.was_tried for outcome in sender.outcomes) == 6
    assert sender.fates()[Fate.CONFIGURATION] == 1
    assert set(sender.fates()) == {Fate.CONFIGURATION, Fate.PASSING}
    assert not server.pushes
    assert caplog.text.count("do not accept each other") == 1


def test_a_server_under_another_authority_gets_nothing(server, certificates, tmp_path):
    other = practice_certificates.make(tmp_path / "other", now=datetime.now(UTC))
    sender = PersistentSender(server, certificates, root=other.apns_root.read_bytes())
    outcome = sender.once("ab" * 32)
    sender.close()

    assert outcome.fate is Fate.CONFIGURATION
    assert outcome.retry_after > 10
    assert not server.pushes


def test_without_a_root_of_its_own_the_systems_authorities_decide(server, certificates):
    sender = PersistentSender(server, certificates, root=None)
    outcome = sender.once("ab" * 32)
    sender.close()

    assert outcome.fate is Fate.CONFIGURATION
    assert not server.pushes


def test_a_topic_that_is_not_ours_stops_the_way_and_drops_nobody(server, certificates, caplog):
    sender = PersistentSender(server, certificates, topic="pass.example.other")
    phones = some_tokens(200)
    for token in phones:
        sender.way.submit(Push(token=token, reference=token))
    sender.wait_for(lambda: len(sender.outcomes) == 200)

    assert sender.way.capacity() == 0
    sender.close()
    assert sender.outcomes[0].reason == "TopicDisallowed"
    assert sender.outcomes[0].fate is Fate.CONFIGURATION
    assert Fate.DEAD not in sender.fates()
    assert len(server.pushes) == 1
    assert caplog.text.count("do not accept each other") == 1


def test_one_phone_of_another_topic_stops_nobody_else(server, sender):
    phones = some_tokens(200)
    server.tell(phones[0], Answer(status=400, reason="DeviceTokenNotForTopic"))

    sender.deliver(phones)

    assert sender.tokens(Fate.CONFIGURATION) == {phones[0]}
    assert sender.tokens(Fate.DELIVERED) == set(phones[1:])


def test_a_token_full_of_slashes_stays_a_token(server, sender):
    outcome = sender.once("../../3/device/" + "ab" * 32 + "?x=\r\ny")

    assert outcome.reason == "BadDeviceToken"
    assert server.pushes[0].outcome.status == 400


def test_a_caller_that_fails_does_not_end_the_way(server, certificates, caplog):
    told = threading.Event()

    def fails_first(outcome: Any) -> None:
        if outcome.push.reference == "first":
            raise ValueError("The caller has a fault.")
        told.set()

    way = PersistentSender(server, certificates, on_outcome=fails_first).way
    way.submit(Push(token="ab" * 32, reference="first"))
    way.submit(Push(token="cd" * 32, reference="second"))

    assert told.wait(10)
    way.close()
    assert "could not be taken" in caplog.text


def test_closing_hands_back_what_is_not_done_and_leaves_nothing_behind(
    certificates: PracticeCertificates, tmp_path: Path
):
    threads, files = threading.active_count(), open_files()
    server = PretendApns(certificates)
    server.start()
    sender = PersistentSender(server, certificates)
    sender.deliver(some_tokens(50))
    server.tell(None, Fault.STALL, times=3)
    for token in some_tokens(3):
        sender.way.submit(Push(token=token, reference=token))

    sender.close()
    sender.close()
    server.stop()
    server.stop()

    assert sender.fates() == {Fate.DELIVERED: 50, Fate.PASSING: 3}
    assert sender.way.capacity() == 0
    with pytest.raises(WayClosed):
        sender.way.submit(Push(token="ab" * 32, reference=1))
    assert threading.active_count() == threads
    assert open_files() == files


def count_turns(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    turns: Counter[str] = Counter()
    wait = Wire.wait

    def counted(wire: Wire, at_most: float | None = None) -> Any:
        turns["waits"] += 1
        return wait(wire, at_most)

    monkeypatch.setattr(Wire, "wait", counted)
    return turns
