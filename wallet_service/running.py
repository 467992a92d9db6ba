"""A running service: the port, the practice Apple and its phones, the worker, the doors.

`serve`, `demo` and the tests start and stop exactly this.
"""

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, TextIO
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import Connection

from wallet_service import migrations
from wallet_service.app import create_app
from wallet_service.audit import SERVICE
from wallet_service.brands import Brand, api_keys, the_first
from wallet_service.config import Config
from wallet_service.db import Database
from wallet_service.errors import StartError
from wallet_service.practice.apns import PretendApns
from wallet_service.practice.phones import Phones
from wallet_service.wallet import Wallet, practice_certificates
from wallet_service.web_server import WebServer
from wallet_service.worker import Worker

Role = Literal["all", "web", "worker", "practice"]

PRACTICE_KEY = "practice phones"


class Running:
    """Everything that one process of the service runs, started in order and stopped in reverse."""

    def __init__(
        self,
        config: Config,
        *,
        role: Role = "all",
        host: str = "127.0.0.1",
        port: int | None = None,
        before: Callable[[Wallet], None] = lambda wallet: None,
    ) -> None:
        """Take the port and open the database. Raises StartError before anything else has begun.

        `before` is done to the opened service first; the demo makes its tables there.
        """
        self.role = role
        self.server = WebServer(host, port if port is not None else _port_of(config))
        self._worker: Worker | None = None
        self._apns: PretendApns | None = None
        self._lock: TextIO | None = None
        try:
            self.wallet = Wallet.open(_at_port(config, host, self.server.port, port))
            _require_one_process(self.wallet, role)
            self._lock = _lock(self.wallet.database)
            before(self.wallet)
            migrations.require_head(self.wallet.database)
            self.wallet.require_keys()
        except BaseException:
            self.server.close()
            self._unlock()
            raise

    @property
    def config(self) -> Config:
        return self.wallet.config

    @property
    def url(self) -> str:
        return self.config.base_url

    def start(self) -> Flask:
        """Start all but the doors; returns the application for `serve`."""
        built_in = self.config.is_practice and not self.wallet.credentials.apns_url
        if built_in and self.role in ("all", "practice"):
            self._start_practice()
        elif built_in:
            raise StartError(
                f"--role {self.role} in practice mode needs [apple] apns_url: the pretend APNs"
                " runs with --role all or practice."
            )
        if self.role in ("all", "worker"):
            self._worker = Worker(self.wallet)
            self._worker.start()
        return create_app(self.config, self.wallet)

    def serve(self, application: Flask) -> None:
        """Answer requests until `stop()`, then stop everything else."""
        try:
            self.server.serve(application, proxies=self.config.service.proxies)
        finally:
            self.close()

    def stop(self) -> None:
        """End `serve`; safe from a signal handler."""
        if self.wallet.phones is not None:
            self.wallet.phones.events.close()  # open streams would keep their threads a while
        self.server.stop()

    def close(self) -> None:
        """Stop what `start` began, in reverse."""
        if self._worker is not None:
            self._worker.stop()
        if self.wallet.phones is not None:
            self.wallet.phones.stop()
        if self._apns is not None:
            self._apns.stop()
        self.wallet.close()
        self._unlock()

    def in_background(self) -> threading.Thread:
        """Start, and serve from a thread of its own; the tests' way."""
        thread = threading.Thread(
            target=self.serve, args=(self.start(),), name="web server", daemon=True
        )
        thread.start()
        return thread

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.close()

    def _start_practice(self) -> None:
        made = practice_certificates(self.config)
        phones = Phones(made.root)
        self._apns = PretendApns(made, on_push=phones.push, known=phones.knows)
        self._apns.start()
        self.wallet.phones = phones
        self.wallet.push_to(self._apns.url, made.apns_root.read_bytes())
        with self.wallet.database.write() as connection:
            brand = the_first(connection)
            if brand is not None:
                self.wallet.practice_key = _practice_key(connection, brand)


def _practice_key(connection: Connection, brand: Brand) -> str:
    """A key for the practice till, its secret anew at each start: nobody but this process ever
    knows it."""
    old = api_keys.by_name(connection, brand.brand_id, PRACTICE_KEY)
    if old is not None:
        return api_keys.fresh_secret(connection, old)
    _, secret = api_keys.create(
        connection,
        brand.brand_id,
        name=PRACTICE_KEY,
        scopes=["members:read", "sales", "coupons"],
        source="practice",
        unhurried=True,
        actor=SERVICE,
    )
    return secret


def write_ready_file(path: Path, facts: dict[str, Any]) -> None:
    """Say where the service answers: the file appears whole, by rename, readable by its owner."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(facts, file, indent=2)
    part.replace(path)


def facts_of(running: Running) -> dict[str, Any]:
    """What `--ready-file` says of any running service; `demo` adds its own."""
    facts: dict[str, Any] = {"url": running.url}
    wallet = running.wallet
    facts["apple"] = {
        "pass_type_identifier": wallet.credentials.pass_type_identifier,
        "team_identifier": wallet.credentials.team_identifier,
    }
    if running.config.is_practice:
        if not running.config.apple.certificate:
            root = practice_certificates(running.config).root
            facts["apple"]["root_certificate"] = str(root.resolve())
        facts["phones"] = f"{running.url}/phones"
    return facts


def _port_of(config: Config) -> int:
    parts = urlsplit(config.service.url)
    return parts.port or 8080


def _at_port(config: Config, host: str, taken: int, asked: int | None) -> Config:
    """In practice the service's own address follows the port that was asked for."""
    if asked is None or not config.is_practice:
        return config
    shown = f"[{host}]" if ":" in host else host
    service = config.service.model_copy(update={"url": f"http://{shown}:{taken}"})
    return config.model_copy(update={"service": service})


def _lock(database: Database) -> TextIO | None:
    """Hold an SQLite database for this process: a second one would take its work for a dead one's.

    Raises StartError.
    """
    if database.file is None:
        return None
    lock = database.file.hold()
    if lock is None:
        raise StartError(
            f"Another wallet-service serves {database.file.path} already; with SQLite there is one."
        )
    return lock


def _require_one_process(wallet: Wallet, role: Role) -> None:
    if wallet.database.is_sqlite and role != "all":
        raise StartError(
            f"--role {role} needs PostgreSQL: with SQLite one process is web and worker in one."
        )
