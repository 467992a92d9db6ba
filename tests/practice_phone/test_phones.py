"""The phones of a running service: each push reaches its phone, and no phone holds up another."""

import threading

import pytest

from wallet_service.practice.phones import Phones


@pytest.fixture
def phones(practice_certificates):
    phones = Phones(practice_certificates.root)
    yield phones
    phones.stop()


def settled(one) -> None:
    """Wait until the phone has done all it was asked."""
    one.ask(lambda: None).result(timeout=20)


def test_a_push_reaches_the_phone_of_its_token_and_no_other(phones, service):
    aino, mikko, _ = phones.all
    for one in (aino, mikko):
        one.ask(lambda one=one: one.phone.add(service.link)).result(timeout=20)
    service.news("7 of 10 stamps.")

    phones.push(mikko.phone.push_token, service.topic)
    settled(mikko)

    assert mikko.phone.shows("stamps") == "7/10"
    assert aino.phone.shows("stamps") == "6/10"


def test_a_push_returns_while_the_phone_is_still_busy(phones, service):
    aino, mikko, _ = phones.all
    busy = threading.Event()
    aino.ask(lambda: busy.wait(20))

    phones.push(aino.phone.push_token, service.topic)
    settled(mikko)
    assert aino.phone.wire == ()

    busy.set()
    settled(aino)
    assert [line.method for line in aino.phone.wire][:1] == ["push"]


def test_the_phones_know_their_own_tokens_alone(phones):
    assert all(phones.knows(one.phone.push_token) for one in phones.all)
    assert not phones.knows("00" * 32)
    phones.push("00" * 32, "pass.example.practice")


def test_pages_hear_of_what_happens_on_which_phone(phones, service):
    stream = phones.events.stream()
    next(stream)
    linnea = phones.get("linnea")

    linnea.ask(lambda: linnea.phone.add(service.link)).result(timeout=20)

    assert '"phone": "linnea"' in next(stream)


def test_stopping_ends_every_thread(practice_certificates, service):
    phones = Phones(practice_certificates.root)
    for one in phones.all:
        settled(one)
    assert len(threads_of_phones()) == len(phones.all)

    phones.stop()
    phones.push(phones.all[0].phone.push_token, service.topic)

    assert threads_of_phones() == []


def threads_of_phones():
    return [each for each in threading.enumerate() if each.name.startswith("phone-")]


def test_a_phone_that_waits_for_a_broken_service_can_be_switched_off(
    practice_certificates, service
):
    phones = Phones(practice_certificates.root)
    aino = phones.get("aino")
    aino.ask(lambda: aino.phone.add(service.link)).result(timeout=20)
    service.broken = 99
    stream = phones.events.stream()
    phones.push(aino.phone.push_token, service.topic)
    while not any(line.bad for line in aino.phone.wire):
        next(stream)

    phones.stop()

    assert aino.phone.complaints == ()
    assert service.logs == []
