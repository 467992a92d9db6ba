"""On loopback in practice mode somebody's own stand-in for APNs may speak plain HTTP."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from persistent_sender import PersistentSender, some_tokens

from wallet_service.delivery.apns import Fate
from wallet_service.practice import certificates as practice_certificates


class StandIn(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Plain)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.heard: list[tuple[str, str, bytes]] = []


class Plain(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: StandIn

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.heard.append((self.path, self.headers["apns-topic"], body))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with StandIn() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_stand_in_that_speaks_only_http_1_is_understood_at_the_second_try(stand_in, tmp_path):
    certificates = practice_certificates.make(tmp_path / "practice", now=datetime.now(UTC))
    sender = PersistentSender(stand_in, certificates)
    phones = some_tokens(20)

    sender.deliver(phones)
    sender.close()

    assert {path for path, _, _ in stand_in.heard} == {f"/3/device/{token}" for token in phones}
    assert {(topic, body) for _, topic, body in stand_in.heard} == {
        ("pass.example.practice", b"{}")
    }
    assert sender.fates()[Fate.DELIVERED] == 20
