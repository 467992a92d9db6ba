"""A small service with nothing behind it, to try what every door shares."""

from dataclasses import dataclass, field

import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient

from wallet_service import web
from wallet_service.errors import Refusal
from wallet_service.language import phrase
from wallet_service.web.doors import anyone


@dataclass
class ServiceSettings:
    url: str = "http://127.0.0.1:8080"
    mode: str = "practice"


@dataclass
class Settings:
    service: ServiceSettings = field(default_factory=ServiceSettings)


class Keys:
    def derive(self, purpose: str, subject: str, key_id: str | None = None) -> bytes:
        return b"0" * 32


@dataclass
class BareWallet:
    config: Settings = field(default_factory=Settings)
    keyring: Keys = field(default_factory=Keys)
    database: None = None


class UnknownCard(Refusal):
    code = "unknown_card"


def make_app(url: str = "http://127.0.0.1:8080") -> Flask:
    app = Flask("bare")
    web.install(app, BareWallet(config=Settings(service=ServiceSettings(url=url))))

    @app.get("/page")
    @anyone
    def page() -> str:
        return "<p>paper</p>"

    @app.post("/press")
    @anyone
    def press() -> str:
        return "pressed"

    @app.post("/api/v1/echo")
    @anyone
    def echo() -> bytes:
        return request.get_data()

    @app.get("/api/v1/guarded")
    @anyone
    def guarded() -> Response:
        if request.headers.get("Authorization") != "Bearer good":
            return web.problems.problem(401, "unauthorised", "No such key.")
        return Response("fine")

    @app.get("/apple/v1/ping")
    @anyone
    def ping() -> str:
        return "pong"

    @app.get("/c/<token>")
    @anyone
    def link(token: str) -> tuple[str, int]:
        return ("card", 200) if token == "good" else ("dead", 404)

    @app.get("/broken")
    @anyone
    @app.get("/api/v1/broken")
    @anyone
    def broken() -> str:
        raise ZeroDivisionError("the secret is 4711")

    @app.get("/refused")
    @anyone
    @app.get("/api/v1/refused")
    @anyone
    def refused() -> str:
        raise UnknownCard(phrase("We don’t know this card."), code_typed="X")

    return app


@pytest.fixture
def app() -> Flask:
    return make_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def secure_client() -> FlaskClient:
    return make_app("https://wallet.example").test_client()
