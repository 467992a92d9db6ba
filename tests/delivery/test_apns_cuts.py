"""A new connection to APNs that ends before its first answer: the weather, or our certificate."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from threading import Thread

import pytest
from persistent_sender import QUICK, PersistentSender, delivered, some_tokens

from wallet_service.delivery.apns import Fate
from wallet_service.practice import certificates as practice_certificates
from wallet_service.practice.apns import Fault, PretendApns
from wallet_service.practice.certificates import PracticeCertificates

IN_A_HURRY = replace(QUICK, backoff_max_seconds=0.05, cut_seconds=0.05)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> PracticeCertificates:
    folder = tmp_path_factory.mktemp("certificates") / "practice"
    return practice_certificates.make(folder, now=datetime.now(UTC))


class Babbler:
    """Shakes hands as APNs does, and says what no HTTP/2 client understands, and hangs up."""

    def __init__(self, certificates: PracticeCertificates) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificates.apns_certificate, certificates.apns_key)
        self._context.set_alpn_protocols(["h2"])
        self._ear = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://localhost:{self._ear.getsockname()[1]}"
        self.calls = 0
        self._threads = [Thread(target=self._listen)]
        self._threads[0].start()

    def _listen(self) -> None:
        with suppress(OSError):  # until the ear is closed
            while True:
                caller, _ = self._ear.accept()
                self.calls += 1
                self._threads.append(Thread(target=self._babble, args=[caller]))
                self._threads[-1].start()

    def _babble(self, caller: socket.socket) -> None:
        with suppress(OSError), self._context.wrap_socket(caller, server_side=True) as tls:
            tls.recv(4096)
            tls.sendall(b"\xff" * 100)
            tls.shutdown(socket.SHUT_WR)
            while tls.recv(4096):  # to hang up with something unread would be another story
                pass

    def close(self) -> None:
        self._ear.shutdown(socket.SHUT_RDWR)
        self._ear.close()
        for thread in self._threads:
            thread.join()


@pytest.fixture
def babbler(certificates: PracticeCertificates) -> Iterator[Babbler]:
    babbler = Babbler(certificates)
    yield babbler
    babbler.close()


def test_a_server_that_babbles_says_nothing_about_our_certificate(babbler, certificates, caplog):
    sender = PersistentSender(babbler, certificates, patience=IN_A_HURRY)
    with pytest.raises(AssertionError, match="no final fate"):
        sender.deliver(some_tokens(1), within=2)
    sender.close()

    assert sum(outcome.was_tried for outcome in sender.outcomes) == babbler.calls > 6
    assert sender.fates().keys() == {Fate.PASSING}
    assert "do not accept each other" not in caplog.text


def test_a_server_that_hangs_up_five_times_in_a_row_has_bad_weather(certificates, caplog):
    with PretendApns(certificates) as server:
        sender = PersistentSender(server, certificates, patience=IN_A_HURRY)
        for _ in range(3):
            server.tell(None, Fault.CUT, times=5)
            phones = some_tokens(20)
            sender.deliver(phones)
            server.go_away()
            assert set(phones) <= set(delivered(server))
        sender.close()

    assert sender.fates().keys() == {Fate.PASSING, Fate.DELIVERED}
    assert "do not accept each other" not in caplog.text


def test_a_server_that_hangs_up_is_tried_again_in_half_a_minute(certificates):
    with PretendApns(certificates) as server:
        server.tell(None, Fault.CUT, times=3)
        patience = replace(IN_A_HURRY, cut_seconds=30, configuration_seconds=300)
        sender = PersistentSender(server, certificates, patience=patience)
        with pytest.raises(AssertionError, match="no final fate"):
            sender.deliver(some_tokens(1), within=1)
        held_for = sender.way.held_for()
        sender.close()

    assert 10 < held_for <= 30
    assert len(server.pushes) == 3
