"""A check-up of an installation: what is well, what will not be for long, and how to mend it."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

import requests
import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from wallet_service import audit, brands, migrations, sqlite
from wallet_service.brands import Brand, staff
from wallet_service.brands.roles import Role
from wallet_service.config import Config
from wallet_service.delivery import faults
from wallet_service.errors import StartError
from wallet_service.ledger import audit as nightly
from wallet_service.ledger import tables as ledger
from wallet_service.phones import outbox
from wallet_service.wallet import Wallet

State = Literal["ok", "warning", "error"]

WARN_BEFORE = timedelta(days=45)
LATE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at, in one sentence."""

    state: State
    about: str
    says: str


def examine(config: Config) -> Iterator[Finding]:
    """Look at everything that can be looked at, in order; an error never hides what follows."""
    try:
        wallet = Wallet.open(config)
    except StartError as error:
        yield Finding(state="error", about="settings", says=str(error))
        return
    try:
        yield Finding(state="ok", about="settings", says=f"mode {config.service.mode}")
        yield from _port(config, wallet.mark)
        yield from _certificate(wallet)
        yield from _database(wallet)
    finally:
        wallet.close()


def _port(config: Config, mark: str) -> Iterator[Finding]:
    parts = urlsplit(config.service.url)
    try:
        answer = requests.get(f"{config.base_url}/livez", timeout=3)
    except requests.RequestException:
        if parts.scheme == "https":
            yield Finding(
                state="warning", about="address", says=f"{config.base_url} does not answer."
            )
            return
        yield from _free(parts.hostname or "127.0.0.1", parts.port or 8080)
        return
    if answer.ok and answer.headers.get("Service-Mark") == mark:
        yield Finding(state="ok", about="address", says=f"{config.base_url} answers.")
    else:
        yield Finding(
            state="error",
            about="address",
            says=f"{config.base_url} is answered by something else; choose another port.",
        )


def _free(host: str, port: int) -> Iterator[Finding]:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.settimeout(1)
        try:
            taken = probe.connect_ex((host, port)) == 0
        except OSError as error:
            why = error.strerror or str(error)
            yield Finding(state="error", about="address", says=f"{host} cannot be found: {why}.")
            return
        if taken:
            yield Finding(
                state="error",
                about="port",
                says=f"Port {port} is used by something that is not this service.",
            )
        else:
            yield Finding(state="ok", about="port", says=f"Port {port} is free.")


def _certificate(wallet: Wallet) -> Iterator[Finding]:
    known_as = wallet.credentials
    now = datetime.now(UTC)
    issues = wallet.signer.check(known_as.pass_type_identifier, known_as.team_identifier, now)
    for issue in issues:
        yield Finding(state=issue.severity, about="certificate", says=str(issue))
    days = (wallet.signer.not_after - now).days
    yield Finding(
        state="ok" if timedelta(days=days) > WARN_BEFORE else "warning",
        about="certificate",
        says=f"{known_as.pass_type_identifier} can be signed for {days} days more.",
    )


def _database(wallet: Wallet) -> Iterator[Finding]:
    database = wallet.database
    if database.is_sqlite:
        version = sqlite.module().sqlite_version
        major, minor, patch = (int(part) for part in version.split("."))
        if sqlite.has_wal_reset_bug((major, minor, patch)):
            yield Finding(
                state="warning",
                about="database",
                says=f"SQLite {version} can damage a busy database; install 3.51.3 or newer.",
            )
    try:
        current, wanted = migrations.state(database)
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).partition("\n")[0]
        yield Finding(state="error", about="database", says=f"It does not answer: {reason}.")
        return
    if current != wanted:
        yield Finding(
            state="error",
            about="database",
            says=f"Its schema is {current or 'empty'}, not {wanted}; run `wallet-service migrate`.",
        )
        return
    yield Finding(
        state="ok", about="database", says=f"{database.url.get_backend_name()}, schema {wanted}."
    )
    try:
        wallet.require_keys()
    except StartError as error:
        yield Finding(state="error", about="keys", says=str(error))
    yield from _books(wallet)


def _brand(connection: Connection, brand: Brand) -> Iterator[Finding]:
    yield Finding(
        state="ok", about="security", says=f"{brand.name} is at the level {brand.security_level}."
    )
    owners = [each for each in staff.of(connection, brand.brand_id) if each.role == Role.OWNER]
    if not any(each.account_id for each in owners):
        yield Finding(
            state="warning",
            about="staff",
            says=f"No owner of {brand.name} signs in yet; `staff invite` shows a link.",
        )
    wrong = next(audit.verify(connection, brand.brand_id), None)
    yield Finding(
        state="error" if wrong else "ok",
        about="audit log",
        says=f"{brand.name}: {wrong}" if wrong else f"{brand.name}: every line is as written.",
    )


def _audited(last: nightly.Audit | None, *, is_missed: bool) -> Finding:
    """When the books were computed again last, and whether all agreed."""
    about = "books"
    if last is not None and last.faults:
        found = f"The audit of {last.started_at:%Y-%m-%d %H:%M} UTC found {last.faults} faults"
        says = f"{found}, first: {last.first_faults[0]}. See `wallet-service ledger verify`."
        return Finding(state="error", about=about, says=says)
    if last is None:
        says = "They were not audited yet" + ("; does a worker run?" if is_missed else ".")
        return Finding(state="warning" if is_missed else "ok", about=about, says=says)
    began = f"{last.started_at:%Y-%m-%d %H:%M} UTC"
    if is_missed:
        says = f"The last audit began {began}, and there is one every night; does a worker run?"
        return Finding(state="warning", about=about, says=says)
    if last.finished_at is None:
        says = f"An audit is under way since {began}."
    else:
        says = f"The audit of {began} looked at {last.members} members, and all agreed."
    return Finding(state="ok", about=about, says=says)


def _books(wallet: Wallet) -> Iterator[Finding]:
    now = datetime.now(UTC)
    with wallet.database.read() as connection:
        there = brands.every(connection)
        if not there:
            yield Finding(
                state="error", about="shop", says="There is none yet; run `wallet-service init`."
            )
        for brand in there:
            yield from _brand(connection, brand)
        missing = migrations.missing_triggers(connection)
        latest = connection.execute(sa.select(sa.func.max(ledger.entry.c.recorded_at))).scalar()
        last, is_missed = nightly.latest(connection), nightly.is_missed(connection, now)
        count, since = outbox.waiting(connection)
        troubles = faults.current(connection)
    yield Finding(
        state="error" if missing else "ok",
        about="ledger",
        says=f"It can be changed: {', '.join(missing)} lost its triggers; run `migrate`."
        if missing
        else "It can only be added to.",
    )
    yield _audited(last, is_missed=is_missed)
    if latest is not None and latest > now + timedelta(minutes=5):
        yield Finding(
            state="error",
            about="clock",
            says=f"The ledger was written at {latest:%Y-%m-%d %H:%M} UTC, and it is only "
            f"{now:%Y-%m-%d %H:%M}; set this machine's clock.",
        )
    else:
        yield Finding(state="ok", about="clock", says=f"{now:%Y-%m-%d %H:%M} UTC.")
    for trouble in troubles:
        yield Finding(
            state="error",
            about="delivery",
            says=f"{trouble.lane} is refused since {trouble.since:%Y-%m-%d %H:%M} UTC:"
            f" {trouble.reason}.",
        )
    late = since is not None and now - since > LATE
    yield Finding(
        state="warning" if late else "ok",
        about="delivery",
        says=f"{count} passes wait to be told of; does a worker run?"
        if late
        else f"{count} passes wait to be told of.",
    )
