"""How much client CPU a push costs: ours against aioapns and httpx, at the same local server.

The pretend APNs runs in a process of its own and is itself the bound of the wall rates, so what
counts is the CPU time of this process for each push, in one run, as a ratio.

    python -m bench.push [--pushes 4000] [--rounds 3]
"""

import argparse
import asyncio
import json
import secrets
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from wallet_service.delivery.apns import Apns, Fate, Outcome, Push
from wallet_service.practice import certificates as practice_certificates
from wallet_service.practice.certificates import PracticeCertificates

GOAL = 1 / 6
AT_ONCE = 200  # as many as ours lets fly
WARM_UP = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    pushes: int
    wall_seconds: float
    cpu_seconds: float

    @property
    def rate(self) -> float:
        return self.pushes / self.wall_seconds

    @property
    def cpu_microseconds(self) -> float:
        return self.cpu_seconds / self.pushes * 1e6


Client = Callable[[str, PracticeCertificates, list[str]], Measured]


class Stopwatch:
    """Wall and CPU time of this process, all its threads, from here on."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def read(self, pushes: int) -> Measured:
        return Measured(
            pushes=pushes,
            wall_seconds=time.perf_counter() - self._wall,
            cpu_seconds=time.process_time() - self._cpu,
        )


# The clients. Each makes its connection and warms up with some pushes that are not measured.


def ours(url: str, certificates: PracticeCertificates, tokens: list[str]) -> Measured:
    outcomes: list[Outcome] = []
    changed = threading.Condition()

    def take(outcome: Outcome) -> None:
        outcomes.append(outcome)
        # As a dispatcher would: woken when a fair part of the room is free again.
        if len(outcomes) % 200 == 0 or len(outcomes) == wanted:
            with changed:
                changed.notify()

    def send(tokens: list[str]) -> None:
        waiting = iter(tokens)
        pushes = [Push(token=token, reference=token) for token in islice(waiting, way.capacity())]
        while pushes:
            for push in pushes:
                way.submit(push)
            with changed:
                changed.wait_for(lambda: way.capacity() >= 200)
            room = way.capacity()
            pushes = [Push(token=token, reference=token) for token in islice(waiting, room)]
        with changed:
            changed.wait_for(lambda: len(outcomes) == wanted)

    way = Apns(
        url=url,
        certificate=certificates.certificate.read_bytes(),
        key=certificates.key.read_bytes(),
        root=certificates.apns_root.read_bytes(),
        topic=certificates.pass_type_identifier,
        on_outcome=take,
    )
    wanted = len(tokens[:WARM_UP])
    send(tokens[:WARM_UP])
    outcomes.clear()
    wanted = len(tokens)
    watch = Stopwatch()
    send(tokens)
    measured = watch.read(len(tokens))
    way.close()
    assert all(outcome.fate is Fate.DELIVERED for outcome in outcomes)
    return measured


def one_by_one(url: str, certificates: PracticeCertificates, tokens: list[str]) -> list[float]:
    """Seconds from submitting a single push on a warm connection to its outcome."""
    told = threading.Event()
    way = Apns(
        url=url,
        certificate=certificates.certificate.read_bytes(),
        key=certificates.key.read_bytes(),
        root=certificates.apns_root.read_bytes(),
        topic=certificates.pass_type_identifier,
        on_outcome=lambda outcome: told.set(),
    )
    took = []
    for token in tokens:
        told.clear()
        began = time.perf_counter()
        way.submit(Push(token=token, reference=token))
        assert told.wait(10)
        took.append(time.perf_counter() - began)
    way.close()
    return sorted(took[1:])


def with_aioapns(url: str, certificates: PracticeCertificates, tokens: list[str]) -> Measured:
    import aioapns
    from aioapns.connection import APNsProductionClientProtocol

    host, port = url.removeprefix("https://").split(":")
    # It knows Apple's hosts alone.
    APNsProductionClientProtocol.APNS_SERVER = host
    APNsProductionClientProtocol.APNS_PORT = int(port)

    async def main(both: str) -> Measured:
        client = aioapns.APNs(
            client_cert=both,
            topic=certificates.pass_type_identifier,
            max_connections=1,
            ssl_context=trusting(certificates),
        )

        async def send(token: str) -> None:
            result = await client.send_notification(
                aioapns.NotificationRequest(
                    device_token=token,
                    message={},
                    time_to_live=604_800,
                    priority=5,
                    push_type=aioapns.PushType.BACKGROUND,
                )
            )
            assert result.is_successful, result.description

        await all_of(tokens[:WARM_UP], send)
        measured = await all_of(tokens, send)
        client.pool.close()
        return measured

    with tempfile.NamedTemporaryFile() as both:
        both.write(certificates.certificate.read_bytes() + certificates.key.read_bytes())
        both.flush()
        return asyncio.run(main(both.name))


def with_httpx(url: str, certificates: PracticeCertificates, tokens: list[str]) -> Measured:
    import httpx

    async def main() -> Measured:
        context = trusting(certificates)
        context.load_cert_chain(certificates.certificate, certificates.key)
        headers = {
            "apns-topic": certificates.pass_type_identifier,
            "apns-push-type": "background",
            "apns-priority": "5",
            "apns-expiration": str(int(time.time()) + 604_800),
        }
        async with httpx.AsyncClient(
            http2=True, verify=context, headers=headers, base_url=url
        ) as client:

            async def send(token: str) -> None:
                answer = await client.post(f"/3/device/{token}", content=b"{}")
                assert answer.status_code == 200, answer.text

            await all_of(tokens[:20], send, at_once=20)
            return await all_of(tokens, send, at_once=20)

    return asyncio.run(main())


def trusting(certificates: PracticeCertificates) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(certificates.apns_root))
    context.set_alpn_protocols(["h2"])
    return context


async def all_of(tokens: list[str], send: Callable, at_once: int = AT_ONCE) -> Measured:
    waiting = iter(tokens)

    async def some() -> None:
        for token in waiting:
            await send(token)

    watch = Stopwatch()
    await asyncio.gather(*(some() for _ in range(at_once)))
    return watch.read(len(tokens))


# The server, in a process of its own


@contextmanager
def a_server(folder: Path) -> Iterator[str]:
    server = subprocess.Popen(
        [sys.executable, "-m", "bench.push", "--server", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield server.stdout.readline().strip()
    finally:
        server.stdin.close()
        server.wait(10)


def serve(folder: Path) -> None:
    from wallet_service.practice.apns import PretendApns

    certificates = practice_certificates.make(folder, now=datetime.now(UTC))
    with PretendApns(certificates) as server:
        print(server.url, flush=True)
        sys.stdin.read()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--pushes", type=int, default=4000)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--json", action="store_true", help="figures as JSON on one line")
    arguments.add_argument("--server", type=Path, help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.server:
        serve(options.server)
        return

    clients: dict[str, tuple[Client, int]] = {
        "wallet-service": (ours, options.pushes),
        "aioapns": (with_aioapns, options.pushes),
        "httpx": (with_httpx, options.pushes // 8),
    }
    rounds: dict[str, list[Measured]] = {name: [] for name in clients}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "practice"
        certificates = practice_certificates.make(folder, now=datetime.now(UTC))
        with a_server(folder) as url:
            for _ in range(options.rounds):
                for name, (client, pushes) in clients.items():
                    tokens = [secrets.token_hex(32) for _ in range(max(pushes, 1))]
                    rounds[name].append(client(url, certificates, tokens))
            took = one_by_one(url, certificates, [secrets.token_hex(32) for _ in range(300)])

    # Other work on the machine only ever adds to it, so the least is the nearest to the truth.
    cpu = {
        name: min(measured.cpu_microseconds for measured in of_one)
        for name, of_one in rounds.items()
    }
    rate = {
        name: statistics.median(measured.rate for measured in of_one)
        for name, of_one in rounds.items()
    }
    ratio = cpu["wallet-service"] / cpu["aioapns"]
    single = {"p50": took[len(took) // 2] * 1000, "p99": took[len(took) * 99 // 100] * 1000}
    if options.json:
        figures = {"cpu_microseconds": cpu, "pushes_per_second": rate, "ratio": ratio}
        print(json.dumps(figures | {"single_push_milliseconds": single}))
        return
    print(f"{'client':28} {'CPU µs a push':>14} {'of aioapns':>11} {'pushes/s (server-bound)':>24}")
    for name in clients:
        of_theirs = cpu[name] / cpu["aioapns"]
        print(f"{name:28} {cpu[name]:14.0f} {of_theirs:10.2f}x {rate[name]:24.0f}")
    verdict = "reached" if ratio <= GOAL else "missed"
    print(f"ours / aioapns = 1/{1 / ratio:.1f} (goal 1/6: {verdict})")
    print(f"a single push on a warm way: p50 {single['p50']:.2f} ms, p99 {single['p99']:.2f} ms")


if __name__ == "__main__":
    main()
