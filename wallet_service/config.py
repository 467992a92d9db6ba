"""The settings: `config.toml`, the environment over it, and nothing guessed.

An unknown name, a bad value or an unreadable file stops the start with one sentence that names
the line. Secrets may come from files (`…_file`), and never stand in an error.
"""

import os
import tomllib
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import SplitResult, urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

from wallet_service.errors import StartError

PREFIX = "WALLET_SERVICE__"


def is_loopback(host: str) -> bool:
    """Whether a host's name or address means this machine."""
    if host == "localhost":
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


def _origin(name: str, url: str) -> SplitResult:
    """The parts of an address that is scheme, host and port alone. Raises ValueError."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - asked for the error that it raises
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{name}: an address like https://cards.example is needed")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(f"{name}: only scheme, host and port, with nothing behind them")
    return parts


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    @field_validator("*")
    @classmethod
    def _can_be_a_name(cls, value: object) -> object:
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        if isinstance(text, str | Path) and "\0" in str(text):
            raise ValueError("there is a zero character in it")
        return value


class Service(_Section):
    """Where and how the service runs."""

    url: str = "http://127.0.0.1:8080"
    mode: Literal["practice", "live"] = "practice"
    secret_key: SecretStr = SecretStr("")
    secret_key_file: Path = Path("certs/secret.keys")
    certs: Path = Path("certs")
    proxies: int = Field(default=0, ge=0, le=5)

    @model_validator(mode="after")
    def _url_is_an_origin(self) -> Self:
        parts = _origin("url", self.url)
        if self.mode == "live" and parts.scheme != "https":
            raise ValueError("url: live mode needs https, or phones refuse the passes")
        return self


class DatabaseSection(_Section):
    """Where the data lies."""

    url: SecretStr = SecretStr("sqlite:///wallet.db")


class Apple(_Section):
    """The default pass type, its certificate, and where pushes go."""

    pass_type_identifier: str = ""
    team_identifier: str = ""
    certificate: Path | None = None
    key: Path | None = None
    key_password: SecretStr = SecretStr("")
    key_password_file: Path | None = None
    intermediate: Path | None = None
    apns_url: str = ""
    apns_root: Path | None = None
    apns_push_type: Literal["background", "alert"] = "background"
    apns_priority: Literal[5, 10] = 5

    @model_validator(mode="after")
    def _apns_url_is_an_origin(self) -> Self:
        # A stand-in on this machine may do without TLS; whoever is further away may not.
        if self.apns_url:
            parts = _origin("apns_url", self.apns_url)
            if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
                raise ValueError("apns_url: http is for this machine alone, else https is needed")
        return self


class Config(_Section):
    """All settings. `folder` is where relative paths begin."""

    folder: Path = Path()
    service: Service = Service()
    database: DatabaseSection = DatabaseSection()
    apple: Apple = Apple()

    @property
    def is_practice(self) -> bool:
        return self.service.mode == "practice"

    @property
    def base_url(self) -> str:
        """The service's own address, without a slash at the end."""
        return self.service.url.rstrip("/")

    @property
    def certs(self) -> Path:
        return self.path(self.service.certs)

    @property
    def database_url(self) -> str:
        """The database's address, a relative SQLite path made whole."""
        url = self.database.url.get_secret_value()
        head, separator, path = url.partition("sqlite:///")
        if separator and not head and path and not path.startswith("/") and path != ":memory:":
            return f"sqlite:///{self.path(Path(path))}"
        return url

    def path(self, path: Path) -> Path:
        """A path of the file, made whole."""
        return path if path.is_absolute() else self.folder.resolve() / path

    def read_secret(self, value: SecretStr, file: Path | None) -> str:
        """A secret that stands in the settings or in a file. Raises StartError."""
        if value.get_secret_value() or file is None:
            return value.get_secret_value()
        return read_text(self.path(file)).strip()


def load(file: Path | None = None, *, environment: dict[str, str] | None = None) -> Config:
    """The settings of a file (none: the defaults) with the environment over them.

    Raises StartError with one sentence.
    """
    text = read_text(file) if file else ""
    try:
        settings: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise StartError(f"{file}: this is not TOML: {error}.") from None
    variables = dict(os.environ) if environment is None else environment
    _overlay(settings, variables)
    settings["folder"] = file.resolve().parent if file else Path.cwd()
    try:
        return Config.model_validate(settings)
    except ValidationError as error:
        raise StartError(_in_one_sentence(error, file, text, variables)) from None


def read_text(path: Path) -> str:
    """The text of a file. Raises StartError when it cannot be read."""
    return read_bytes(path).decode("utf-8", "replace")


def read_bytes(path: Path) -> bytes:
    """The bytes of a file. Raises StartError when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise StartError(f"{path} cannot be read: {error.strerror}.") from None


def _overlay(settings: dict[str, Any], environment: dict[str, str]) -> None:
    for name, value in environment.items():
        if not name.startswith(PREFIX):
            continue
        section, _, key = name.removeprefix(PREFIX).lower().partition("__")
        inner = settings.setdefault(section, {})
        if not key or not isinstance(inner, dict):
            raise StartError(f"{name} in the environment is no setting; see config.toml.")
        inner[key] = value


def _in_one_sentence(
    error: ValidationError, file: Path | None, text: str, variables: dict[str, str]
) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    path = [str(part) for part in first["loc"]]
    message = first["msg"].removeprefix("Value error, ")
    if first["type"] == "value_error" and ": " in message:
        key, _, message = message.partition(": ")
        path.append(key)
    line = _line_of(text, path)
    variable = next((name for name in variables if name == PREFIX + "__".join(path).upper()), "")
    place = f"{file}, line {line}" if line is not None else "[" + ".".join(path) + "]"
    if variable:
        place = f"{variable} in the environment"
    name = ".".join(path)
    if first["type"] == "extra_forbidden":
        return f"{place}: there is no setting {name}; config.toml lists every one."
    return f"{place}: {name} is wrong: {message}."


def _line_of(text: str, path: list[str]) -> int | None:
    """The line of a setting: the last one that names its key in its section."""
    section, found = "", None
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if stripped.startswith("["):
            section = stripped.strip("[] ")
            if path == [section]:
                found = number
        elif stripped.partition("=")[0].strip().strip("\"'") == path[-1] and (
            len(path) == 1 or section == path[0]
        ):
            found = number
    return found
