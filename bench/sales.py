"""Sales through HTTP: how many a second, what one costs in CPU, and whether it stays flat.

A service in a process of its own (web, worker, pretend APNs, everything on), tills that keep their
connections, sales of the florist's programme. The CPU is what the service's process used, less
what the same server uses for a page that does nothing, so that it is our own code's; the second
figure is at a steady hundred sales a second.

    python bench/sales.py [--sales 2000] [--members 200] [--postgres] [--entries 2000000]

`--entries` fills the ledger first, by copying rows, to show that a sale costs the same then.
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

from wallet_service import ids, logs, migrations
from wallet_service.db import Database
from wallet_service.enrolment import NewMember, enrol

GOAL_CPU_MS = 2.5
GOAL_P99_MS = 50
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
    wanted = arguments.parse_args()
    logs.set_up(level=40)
    for name in ["postgresql"] if wanted.postgres else ["sqlite", "postgresql"]:
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
        _measure(name, f"http://127.0.0.1:{port}", service.pid, key, codes, wanted.sales)
    finally:
        service.terminate()
        service.wait()


def _measure(name: str, url: str, pid: int, key: str, codes: list[str], sales: int) -> None:
    till = Till(url, key)
    for number in range(50):
        till.sale(f"warm-{number}", codes[number % len(codes)])
    time.sleep(2)  # what the first ones brought is delivered
    began, cpu = time.perf_counter(), _cpu(pid)
    for _ in range(sales):
        till.nothing()
    empty = (_cpu(pid) - cpu) / sales
    began, cpu = time.perf_counter(), _cpu(pid)
    for number in range(sales):
        till.sale(f"one-{number}", codes[number % len(codes)])
    took, used = time.perf_counter() - began, (_cpu(pid) - cpu) / sales
    at_hundred = _steadily(url, key, codes, min(sales, 1000))
    print(
        f"sales on {name}: {sales / took:.0f} a second from one till, "
        f"{(used - empty) * 1000:.2f} CPU-ms of our code a sale (the server alone: "
        f"{empty * 1000:.2f}; goal {GOAL_CPU_MS} on SQLite); at 100 a second "
        f"p50 {at_hundred[len(at_hundred) // 2] * 1000:.1f} ms, "
        f"p99 {at_hundred[int(len(at_hundred) * 0.99)] * 1000:.1f} ms (goal {GOAL_P99_MS})"
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
    """Copy a member's first entry under other members' ids until there are so many."""
    database = Database(url)
    with database.read() as connection:
        one = connection.execute(sa.text("SELECT * FROM member LIMIT 1")).mappings().one()
    now = int(datetime.now(UTC).timestamp() * 1_000_000)
    each, line = 1000, {"brand_id": one["brand_id"], "programme_id": one["programme_id"]}
    for _ in range(entries // each):
        member_id = ids.new_id()
        rows = [
            {
                **line,
                "member_id": member_id,
                "number": number,
                "key": f"{member_id}-{number}",
                "at": now - number * 1_000_000,
            }
            for number in range(1, each + 1)
        ]
        with database.write() as connection:
            for statement in _COPIES:
                connection.execute(sa.text(statement), rows)
    database.close()


_COPIES = (
    "INSERT INTO entry (member_id, number, brand_id, programme_id, kind, source, key, part, "
    "rule_version, occurred_at, recorded_at, formula, previous_hash, hash) VALUES (:member_id, "
    ":number, :brand_id, :programme_id, 'accrual', 'copied', :key, 0, 1, :at, :at, 1, '', '')",
    "INSERT INTO entry_line (member_id, number, line, brand_id, unit, account, amount) VALUES "
    "(:member_id, :number, 0, :brand_id, 'points', 'available', 1)",
    "INSERT INTO lot (member_id, number, line, brand_id, unit, amount, remaining, funder) VALUES "
    "(:member_id, :number, 0, :brand_id, 'points', 1, 1, 'brand')",
    "INSERT INTO sale (member_id, source, sale_id, brand_id, programme_id, entry, amount, "
    "currency, occurred_at, recorded_at) VALUES (:member_id, 'copied', :key, :brand_id, "
    ":programme_id, :number, 1250, 'EUR', :at, :at)",
    "INSERT INTO told (brand_id, source, key, member_id, operation, body_hash, answer, told_at) "
    "VALUES (:brand_id, 'copied', :key, :member_id, 'sale', '', '{}', :at)",
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
