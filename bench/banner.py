"""How long from a stamp at the counter to the banner on a practice phone, over every real door.

One service (web, worker, pretend APNs, phones) in this process; each stamp is a call of the API,
each banner what the phone shows after its push, list and fetch.

    python bench/banner.py [--stamps 100] [--database URL]
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from stories import Served, serve

from wallet_service import logs

GOAL_SECONDS = 1.0


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--stamps", type=int, default=100)
    arguments.add_argument("--database", help="its address (default: a new SQLite file)")
    wanted = arguments.parse_args()
    logs.set_up(level=40)
    with tempfile.TemporaryDirectory() as folder:
        url = wanted.database or f"sqlite:///{folder}/wallet.db"
        running, brand, api_key, pairing = serve(url, Path(folder))
        thread = running.in_background()
        took = measure(
            Served(running=running, brand=brand, api_key=api_key, pairing=pairing), wanted.stamps
        )
        running.stop()
        thread.join()
    took.sort()
    p95 = took[int(len(took) * 0.95)]
    print(
        f"scan to banner, {len(took)} stamps on {running.wallet.database.url.get_backend_name()}: "
        f"p50 {statistics.median(took) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms, "
        f"worst {took[-1] * 1000:.0f} ms (goal: p95 under {GOAL_SECONDS:.0f} s)"
    )


def measure(served: Served, stamps: int) -> list[float]:
    """Seconds from each stamp's request to its banner."""
    aino = served.member("Aino")
    phone = served.phone("aino")
    phone.add(f"{aino['link']}/apple")
    took = []
    for number in range(stamps):
        before = phone.banners[-1:]
        began = time.perf_counter()
        served.stamp(aino["code"], f"bench-{number}")
        while phone.banners[-1:] == before:
            if time.perf_counter() - began > 30:
                raise SystemExit(f"stamp {number} brought no banner within 30 s")
            time.sleep(0.001)
        took.append(time.perf_counter() - began)
    return took


if __name__ == "__main__":
    main()
