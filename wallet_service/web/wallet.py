"""What the doors may ask of the wired service."""

from typing import Any, Protocol, cast

from flask import current_app


class ServiceSettings(Protocol):
    @property
    def url(self) -> str: ...
    @property
    def mode(self) -> Any: ...


class Settings(Protocol):
    @property
    def service(self) -> ServiceSettings: ...


class Secrets(Protocol):
    def derive(self, purpose: str, subject: str, key_id: str | None = None) -> bytes: ...


class Wallet(Protocol):
    """The service as the doors see it; `app.py` makes the real one."""

    @property
    def config(self) -> Settings: ...
    @property
    def keyring(self) -> Secrets: ...
    @property
    def database(self) -> Any: ...


def current_wallet() -> Any:
    """The service that answers this request."""
    return cast(Any, current_app.extensions["wallet"])
