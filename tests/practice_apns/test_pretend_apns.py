"""The pretend APNs over the wire, asked by a plain HTTP/2 client."""

import json
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pycurl
import pytest

from wallet_service.practice import certificates as practice_certificates
from wallet_service.practice.apns import (
    TOO_MANY_REQUESTS,
    Answer,
    CannotListen,
    Fault,
    PretendApns,
    unregistered,
)

PHONE = "ab" * 32


@dataclass
class Told:
    status: int
    headers: dict[str, str]
    body: Any


def post(url: str, certificates: Any, token: str = PHONE, body: bytes = b"{}") -> Told:
    """One push on a connection of its own. Raises pycurl.error."""
    headers: dict[str, str] = {}
    came = bytearray()

    def take_header(line: bytes) -> None:
        name, _, value = line.decode().partition(":")
        headers[name.strip().lower()] = value.strip()

    easy = pycurl.Curl()
    try:
        easy.setopt(pycurl.URL, f"{url}/3/device/{token}")
        easy.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_2TLS)
        easy.setopt(pycurl.SSLCERT, str(certificates.certificate))
        easy.setopt(pycurl.SSLKEY, str(certificates.key))
        easy.setopt(pycurl.CAINFO, str(certificates.apns_root))
        easy.setopt(pycurl.HTTPHEADER, ["apns-topic: pass.example.practice"])
        easy.setopt(pycurl.POSTFIELDS, body)
        easy.setopt(pycurl.TIMEOUT_MS, 500)
        easy.setopt(pycurl.HEADERFUNCTION, take_header)
        easy.setopt(pycurl.WRITEFUNCTION, came.extend)
        easy.perform()
        assert easy.getinfo(pycurl.INFO_HTTP_VERSION) == pycurl.CURL_HTTP_VERSION_2
        return Told(easy.getinfo(pycurl.RESPONSE_CODE), headers, json.loads(came) if came else None)
    finally:
        easy.close()


def test_a_push_is_answered_with_an_id_and_told_to_the_phones(server, certificates):
    heard: list[tuple[str, str]] = []
    rung = threading.Event()
    server.on_push = lambda token, topic: (heard.append((token, topic)), rung.set())

    told = post(server.url, certificates)

    assert (told.status, told.body) == (200, None)
    assert len(told.headers["apns-id"]) == 36
    assert rung.wait(5)
    assert heard == [(PHONE, "pass.example.practice")]


def test_a_phone_that_fails_does_not_stop_the_server(server, certificates, caplog):
    def fails(token: str, topic: str) -> None:
        raise ValueError("The phone has a fault.")

    server.on_push = fails

    assert post(server.url, certificates).status == 200
    assert post(server.url, certificates).status == 200
    assert "The phone has a fault." in caplog.text


def test_a_token_that_was_forgotten_is_answered_410_with_its_time(server, certificates):
    since = datetime(2026, 11, 20, 8, 0, 0, 125_000, tzinfo=UTC)
    server.forget(PHONE, since=since)

    told = post(server.url, certificates)
    assert (told.status, told.body) == (
        410,
        {"reason": "Unregistered", "timestamp": int(since.timestamp() * 1000)},
    )

    server.remember(PHONE)
    assert post(server.url, certificates).status == 200


def test_a_token_that_nobody_knows_is_answered_410(server, certificates):
    server.known = lambda token: token == PHONE

    assert post(server.url, certificates).status == 200
    assert post(server.url, certificates, token="cd" * 32).body["reason"] == "Unregistered"


def test_orders_for_a_token_come_before_orders_for_anybody(server, certificates):
    server.tell(None, TOO_MANY_REQUESTS)
    server.tell(PHONE, unregistered(datetime(2026, 1, 1, tzinfo=UTC)))

    assert [post(server.url, certificates).status for _ in range(3)] == [410, 429, 200]


def test_retry_after_is_a_header(server, certificates):
    server.tell(None, Answer(status=503, reason="ServiceUnavailable", retry_after=30))

    told = post(server.url, certificates)
    assert told.headers["retry-after"] == "30"
    assert told.body == {"reason": "ServiceUnavailable"}


def test_orders_can_be_taken_back(server, certificates):
    server.tell(None, TOO_MANY_REQUESTS, times=5)
    server.untell()

    assert post(server.url, certificates).status == 200


@pytest.mark.parametrize(
    ("fault", "codes"),
    [
        (Fault.STALL, {pycurl.E_OPERATION_TIMEDOUT}),
        (Fault.DEAF, {pycurl.E_OPERATION_TIMEDOUT}),
        (Fault.RESET, {92}),
        (Fault.CUT, {pycurl.E_RECV_ERROR, pycurl.E_SEND_ERROR, pycurl.E_HTTP2}),
    ],
)
def test_faults_below_http_are_felt(server, certificates, fault, codes):
    server.tell(None, fault)

    with pytest.raises(pycurl.error) as felt:
        post(server.url, certificates)

    assert felt.value.args[0] in codes
    assert post(server.url, certificates).status == 200


def test_going_away_makes_the_client_come_again(server, certificates):
    server.tell(None, Fault.GOAWAY)

    assert post(server.url, certificates).status == 200
    assert server.connections_made == 2


def test_a_body_too_long_is_read_to_its_end_and_refused(server, certificates):
    told = post(server.url, certificates, body=b"x" * 100_000)

    assert (told.status, told.body) == (413, {"reason": "PayloadTooLarge"})


def test_a_stranger_is_not_let_in(server, certificates, tmp_path):
    stranger = practice_certificates.make(tmp_path / "stranger", now=datetime.now(UTC))
    mixed = practice_certificates.PracticeCertificates(
        folder=stranger.folder,
        pass_type_identifier=stranger.pass_type_identifier,
        team_identifier=stranger.team_identifier,
        not_after=stranger.not_after,
    )
    (stranger.folder / "apns-root.pem").write_bytes(certificates.apns_root.read_bytes())

    with pytest.raises(pycurl.error):
        post(server.url, mixed)
    assert not server.pushes


def test_nobody_comes_in_without_a_certificate(server, certificates):
    context = ssl.create_default_context(cafile=str(certificates.apns_root))
    context.set_alpn_protocols(["h2"])
    host, port = "127.0.0.1", int(server.url.rpartition(":")[2])
    # An orderly end and a broken one are refusals both; what must not come is an answer.
    with (
        socket.create_connection((host, port), timeout=5) as plain,
        context.wrap_socket(plain, server_hostname=host) as wrapped,
        suppress(OSError),
    ):
        wrapped.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        assert wrapped.recv(1024) == b""
    assert not server.pushes


def test_rubbish_ends_that_connection_alone(server, certificates):
    context = ssl.create_default_context(cafile=str(certificates.apns_root))
    context.load_cert_chain(certificates.certificate, certificates.key)
    context.set_alpn_protocols(["h2"])
    host, port = "127.0.0.1", int(server.url.rpartition(":")[2])
    with (
        socket.create_connection((host, port), timeout=5) as plain,
        context.wrap_socket(plain, server_hostname=host) as wrapped,
    ):
        wrapped.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 10)
        while wrapped.recv(1024):
            pass

    assert post(server.url, certificates).status == 200


def test_a_port_in_use_is_a_sentence(server, certificates):
    port = int(server.url.rpartition(":")[2])

    with pytest.raises(CannotListen, match=f"cannot listen on 127.0.0.1:{port}: Address already"):
        PretendApns(certificates, port=port).start()


def test_it_comes_back_on_the_same_port(certificates):
    server = PretendApns(certificates)
    addresses = []
    for _ in range(3):
        with server:
            addresses.append(server.url)
            assert post(server.url, certificates).status == 200

    assert len(set(addresses)) == 1
    assert not [thread for thread in threading.enumerate() if thread.name == "pretend-apns"]


def test_it_can_be_started_where_a_loop_runs_already(certificates):
    import asyncio

    async def story() -> int:
        with PretendApns(certificates) as server:
            return await asyncio.to_thread(lambda: post(server.url, certificates).status)

    statuses: list[int] = []
    thread = threading.Thread(target=lambda: statuses.append(asyncio.run(story())))
    thread.start()
    thread.join()
    assert statuses == [200]
