"""A service of one page: the practice phones, with a small API for their till."""

import threading
from types import SimpleNamespace

from behaving_service import BehavingService
from flask import Flask, Response, jsonify, request

from wallet_service import web
from wallet_service.db import Database
from wallet_service.keys import Keyring
from wallet_service.pages import phone_guard
from wallet_service.pages import phones as page
from wallet_service.practice.phones import Phones
from wallet_service.web import doors
from wallet_service.web.doors import Kind, anyone
from wallet_service.web_server import WebServer


class Desk:
    """The page, answered over HTTP; `stamps` and `coupons` are what its API knows."""

    def __init__(self, service: BehavingService, phones: Phones | None, database: Database) -> None:
        self.service = service
        self.phones = phones
        self.stamps = 6
        self.coupons: list[dict[str, str]] = []
        self.redeemed: list[str] = []
        self.keys: set[str | None] = set()
        self.app = Flask("desk", static_folder=None, template_folder=None)
        self._server = WebServer("127.0.0.1", 0)
        self._thread = threading.Thread(target=lambda: self._server.serve(self.app), name="desk")
        self.url = f"http://127.0.0.1:{self._server.port}"
        config = SimpleNamespace(
            service=SimpleNamespace(url=self.url, mode="practice"),
            apple=SimpleNamespace(apns_url="https://apns.example:2197"),
            base_url=self.url,
        )
        self.wallet = SimpleNamespace(
            config=config,
            keyring=Keyring(["a key of the tests, long enough to be taken"]),
            database=database,
            phones=phones,
            practice_key="a practice key",
        )
        web.install(self.app, self.wallet)
        doors.guard(self.app, {Kind.HERE: phone_guard.guard})
        self.app.register_blueprint(page.bp)
        self._add_api()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        if self.phones is not None:
            self.phones.events.close()
        self._server.stop()
        self._thread.join()

    def _add_api(self) -> None:
        @self.app.post("/api/v1/stamps")
        @anyone
        def stamp() -> tuple[Response, int]:
            self.keys.add(request.headers.get("Authorization"))
            assert request.json["code"] == "LP17K3MX9Q2TBVD"
            self.stamps += request.json["count"]
            self.service.news(f"{self.stamps} of 10 stamps.", stamps=f"{self.stamps}/10")
            for token in set(self.service.registrations.values()):
                self.phones.push(token, self.service.topic)
            balances = {"stamps": {"available": self.stamps}}
            return jsonify(balances=balances, say=f"{self.stamps} of 10 stamps."), 200

        @self.app.get("/api/v1/scan/<code>")
        @anyone
        def scan(code: str) -> Response:
            return jsonify(coupons=self.coupons)

        @self.app.post("/api/v1/coupons/<code>/redeem")
        @anyone
        def redeem(code: str) -> tuple[Response, int]:
            if code in self.redeemed:
                return jsonify(code="already_redeemed", say="This coupon was used at 14:05."), 409
            self.redeemed.append(code)
            return jsonify(code=code, state="redeemed"), 200
