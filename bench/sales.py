"""Sales through HTTP: how many a second, what one costs in CPU, and whether it stays flat.

A service in a process of its own (web, worker, pretend APNs, everything on), tills that keep their
connections, sales of the florist's programme. The CPU is what the service's process used, less
what the same server uses for a page that does nothing, so that it is our own code's; the second
figure is at a steady hundred sales a second.

    python -P bench/sales.py [--sales 2000] [--sqlite | --postgres] [--entries 2000000]

`--entries` fills the ledger first, with others' sales, to show that a sale costs the same then.
Delivery is in the figure: each sale changes a pass, which the same process draws and settles. What
the process does by the clock, told or not, is taken off. Look at `load`: a busy machine stretches
every figure.
"""

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import postgres
import sqlalchemy as sa
from stories import serve

from wallet_service import logs, migrations
from wallet_service.db import Database
from wallet_service.enrolment import NewMember, enrol

ENGINES = ["sqlite", "postgresql"]
GOAL_CPU_MS = 2.5
GOAL_P99_MS = 50
REST_SECONDS = 4
_TICKS = os.sysconf("SC_CLK_TCK")


class Till:
    """A till that keeps its connection open, as tills do."""

    def __init__(self, url: str, key: str) -> None:
        parts = urlsplit(url)
        self._http = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def sale(self, name: str, code: str) -> None:
        """Tell one sale."""
        body = json.dumps({"code": code, "amount": 1250, "currency": "EUR"})
        self._ask("PUT", f"/api/v1/sales/{name}", body)

    def nothing(self) -> None:
        """Ask for the page that does nothing."""
        self._ask("GET", "/livez", None)

    def _ask(self, method: str, path: str, body: str | None) -> None:
        self._http.request(method, path, body, self._headers)
        answer = self._http.getresponse()
        said = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {said.decode()[:300]}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--sales", type=int, default=2000)
    arguments.add_argument("--members", type=int, default=200)
    arguments.add_argument("--entries", type=int, default=0)
    arguments.add_argument("--postgres", action="store_true", help="on PostgreSQL alone")
    arguments.add_argument("--sqlite", action="store_true", help="on SQLite alone")
    wanted = arguments.parse_args()
    logs.set_up(level=40)
    engines = ["sqlite"] if wanted.sqlite else ["postgresql"] if wanted.postgres else ENGINES
    for name in engines:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            url = f"sqlite:///{folder}/wallet.db"
            if name == "postgresql":
                url = stack.enter_context(postgres.server()).empty()[1]
            _one_engine(name, url, folder, wanted)


def _one_engine(name: str, url: str, folder: Path, wanted: argparse.Namespace) -> None:
    database = Database(url)
    migrations.upgrade(database)
    database.close()
    running, brand, key, _ = serve(url, folder)
    codes = []
    with running.wallet.database.write() as connection:
        for number in range(wanted.members):
            new = NewMember(given_name=f"Aino{number}")
            codes.append(
                enrol(connection, brand.brand_id, new, "bench", running.wallet.issuing).code
            )
    port = running.server.port
    running.server.close()
    running.close()
    if wanted.entries:
        _fill(url, wanted.entries)
    service = _start(url, folder, port)
    try:
        _measure(
            name,
            f"http://127.0.0.1:{port}",
            service.pid,
            key,
            codes,
            wanted.sales,
            wanted.entries,
        )
    finally:
        service.terminate()
        service.wait()


def _measure(
    name: str, url: str, pid: int, key: str, codes: list[str], sales: int, entries: int
) -> None:
    till = Till(url, key)
    for number in range(50):
        till.sale(f"warm-{number}", codes[number % len(codes)])
    time.sleep(2)  # what the first ones brought is delivered
    cpu = _cpu(pid)
    time.sleep(REST_SECONDS)
    rest = (_cpu(pid) - cpu) / REST_SECONDS
    began, cpu = time.perf_counter(), _cpu(pid)
    for _ in range(sales):
        till.nothing()
    empty = (_cpu(pid) - cpu - rest * (time.perf_counter() - began)) / sales
    began, cpu = time.perf_counter(), _cpu(pid)
    for number in range(sales):
        till.sale(f"one-{number}", codes[number % len(codes)])
    took = time.perf_counter() - began
    used = (_cpu(pid) - cpu - rest * took) / sales
    at_hundred = _steadily(url, key, codes, min(sales, 1000))
    print(
        f"sales on {name}, {entries:,} entries before: {sales / took:.0f} a second from one till, "
        f"{(used - empty) * 1000:.2f} CPU-ms of our code a sale (the server alone: "
        f"{empty * 1000:.2f}; at rest {rest * 1000:.0f} a second; goal {GOAL_CPU_MS} on SQLite); "
        f"at 100 a second p50 {at_hundred[len(at_hundred) // 2] * 1000:.1f} ms, "
        f"p99 {at_hundred[int(len(at_hundred) * 0.99)] * 1000:.1f} ms (goal {GOAL_P99_MS}); "
        f"load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


def _steadily(url: str, key: str, codes: list[str], sales: int, tills: int = 10) -> list[float]:
    """How long each of so many sales took, told at a hundred a second by ten tills."""
    took: list[float] = []

    def one(place: int) -> None:
        till = Till(url, key)
        begins = time.perf_counter()
        for number in range(sales // tills):
            time.sleep(max(0, begins + number * tills / 100 - time.perf_counter()))
            asked = time.perf_counter()
            till.sale(f"steady-{place}-{number}", codes[(place + number * tills) % len(codes)])
            took.append(time.perf_counter() - asked)

    threads = [threading.Thread(target=one, args=(place,)) for place in range(tills)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(took)


def _fill(url: str, entries: int) -> None:
    """Write other members' sales, a thousand each, until the ledger has so many entries more."""
    database = Database(url)
    with database.read() as connection:
        one = connection.execute(sa.text("SELECT * FROM member LIMIT 1")).mappings().one()
    now = int(datetime.now(UTC).timestamp() * 1_000_000)
    for first in range(0, entries, _AT_ONCE):
        told = {
            "brand": one["brand_id"],
            "programme": one["programme_id"],
            "now": now,
            "first": first,
            "last": min(first + _AT_ONCE, entries) - 1,
        }
        with database.write() as connection:
            for into, columns, values in _FILLED:
                connection.execute(
                    sa.text(f"INSERT INTO {into} ({columns}) {_STEPS} SELECT {values} FROM steps"),
                    told,
                )
        if database.is_sqlite:
            database.checkpoint(whole=True)
    database.close()


_AT_ONCE = 20_000  # within the time that a statement may take on PostgreSQL
_STEPS = (
    "WITH RECURSIVE steps(step) AS (SELECT CAST(:first AS INTEGER) UNION ALL "
    "SELECT step + 1 FROM steps WHERE step < :last)"
)
_WHO = "'filled-' || CAST(1000000 + step / 1000 AS TEXT), CAST(:brand AS TEXT)"
_KEY = "'filled-' || CAST(step AS TEXT)"
_THEN = "CAST(:now AS BIGINT) - step"
_FILLED = (
    (
        "entry",
        "member_id, brand_id, number, programme_id, kind, source, key, part, rule_version, "
        "occurred_at, recorded_at, formula, previous_hash, hash",
        f"{_WHO}, 1 + step % 1000, CAST(:programme AS TEXT), 'accrual', 'filled', {_KEY}, 0, 1, "
        f"{_THEN}, {_THEN}, 2, '', ''",
    ),
    (
        "entry_line",
        "member_id, brand_id, number, line, unit, account, amount",
        f"{_WHO}, 1 + step % 1000, 0, 'points', 'available', 1",
    ),
    (
        "lot",
        "member_id, brand_id, number, line, unit, amount, remaining, funder",
        f"{_WHO}, 1 + step % 1000, 0, 'points', 1, 1, 'brand'",
    ),
    (
        "sale",
        "member_id, brand_id, source, sale_id, programme_id, entry, amount, currency, "
        "occurred_at, recorded_at",
        f"{_WHO}, 'filled', {_KEY}, CAST(:programme AS TEXT), 1 + step % 1000, 1250, 'EUR', "
        f"{_THEN}, {_THEN}",
    ),
    (
        "told",
        "member_id, brand_id, source, key, operation, body_hash, answer, told_at",
        f"{_WHO}, 'filled', {_KEY}, 'sale', '', '{{}}', {_THEN}",
    ),
)


def _start(url: str, folder: Path, port: int) -> "subprocess.Popen[bytes]":
    environment = {
        **os.environ,
        "WALLET_SERVICE__DATABASE__URL": url,
        "WALLET_SERVICE__SERVICE__CERTS": str(folder / "certs"),
        "WALLET_SERVICE__SERVICE__SECRET_KEY_FILE": str(folder / "secret.keys"),
    }
    command = [sys.executable, "-m", "wallet_service", "serve", "--port", str(port)]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log)
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            Till(f"http://127.0.0.1:{port}", "").nothing()
        except OSError:
            time.sleep(0.05)
        else:
            return process
    raise SystemExit((folder / "log").read_text()[-2000:])


def _cpu(pid: int) -> float:
    """Seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


if __name__ == "__main__":
    main()
