"""The phone's line: it ends, whatever is at its other end."""

import threading

import pytest
from slow_service import SlowService

from wallet_service.practice.line import Line
from wallet_service.practice.phones import Phones
from wallet_service.practice.wire import Wire

BODY = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
HEADERS = b"HTTP/1.1 200 OK\r\nX-Long: "
REDIRECT = b"HTTP/1.1 302 Found\r\nLocation: /c/aino/apple\r\nContent-Length: 100000\r\n\r\n"


@pytest.fixture
def slow(request):
    service = SlowService(getattr(request, "param", BODY))
    yield service
    service.stop()


@pytest.fixture
def line():
    line = Line(Wire(), lambda seconds: True, "en", None, seconds=0.3)
    yield line
    line.close()


@pytest.mark.parametrize("slow", [BODY, HEADERS], indirect=True)
def test_an_answer_that_comes_a_byte_at_a_time_is_given_up(line, slow):
    answer = line.download(f"{slow.url}/c/aino/apple")
    assert (answer.status, answer.body) == (None, b"")
    assert slow.hung_up.wait(10)


@pytest.mark.parametrize("slow", [REDIRECT], indirect=True)
def test_what_a_redirect_says_is_not_read(slow):
    line = Line(Wire(), lambda seconds: True, "en", None)
    answer = line.call("GET", f"{slow.url}/apple/v1/passes/x/1")
    assert answer.status == 302
    assert slow.hung_up.wait(10)


def test_half_an_answer_is_none(line):
    service = SlowService(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", rest=b"")
    assert line.download(service.url).status is None
    service.stop()


def test_a_redirect_is_followed_by_the_browser_and_not_by_wallet(line, service):
    assert line.download(f"{service.url}/moved").status == 200
    assert line.call("GET", f"{service.url}/moved").status == 302
    assert line.download(f"{service.url}/round").status is None


@pytest.mark.parametrize("url", ["http://[::1", "http://127.0.0.1:99999/c/x", "ftp://a/", "x"])
def test_what_is_no_address_has_no_answer(line, url):
    assert line.download(url).status is None


def test_hanging_up_ends_what_is_being_read_and_all_that_is_asked_later(slow, service):
    line = Line(Wire(), lambda seconds: True, "en", None)
    answers = []
    reader = threading.Thread(target=lambda: answers.append(line.download(slow.url)))
    reader.start()
    assert slow.is_reading.wait(10)

    line.close()
    reader.join(10)

    assert [answer.status for answer in answers] == [None]
    assert line.download(service.link).status is None
    assert service.requests == []


def test_a_phone_that_reads_a_slow_link_is_switched_off_at_once(practice_certificates, slow):
    phones = Phones(practice_certificates.root)
    aino = phones.get("aino")
    adding = aino.ask(lambda: aino.phone.add(f"{slow.url}/c/aino/apple"))
    assert slow.is_reading.wait(10)

    phones.stop()

    assert adding.done()
    assert slow.hung_up.wait(10)


def test_a_phone_that_hangs_is_left_behind(practice_certificates, caplog):
    phones = Phones(practice_certificates.root)
    hangs, stuck = threading.Event(), threading.Event()
    aino = phones.get("aino")
    aino.ask(lambda: (hangs.set(), stuck.wait()))
    assert hangs.wait(10)

    aino.stop(seconds=0.1)

    assert "Aino's practice phone does not stop" in caplog.text
    stuck.set()
    phones.stop()
