"""Two clocks and many returns at the same moment: each thing is done once, and never too much."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ledger_books import WHY, event, gain, points

from wallet_service import ledger
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled
from wallet_service.ledger import Balance


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    with ThreadPoolExecutor(len(acts)) as threads:
        return [each.result() for each in [threads.submit(act) for act in acts]]


def test_two_clocks_confirm_once_and_close_once(
    database: Database, aino: Enrolled, driven_clock: Any
) -> None:
    now = driven_clock.now()
    with database.write() as connection:
        gain(connection, aino.member_id, "s1", 12, confirm_at=now)
        gain(connection, aino.member_id, "s2", 5, expires_at=now)

    for job in (ledger.confirm_due, ledger.expire_due):
        done = at_once(*[lambda job=job: database.run(job, aino.member_id, now)] * 4)  # type: ignore[misc]
        assert sorted(done) == [0, 0, 0, 1]
    with database.write() as connection:
        assert points(connection, aino.member_id) == Balance(available=12, lifetime=17)
        assert ledger.verify(connection, aino.member_id) == ()


def test_returns_at_two_tills_at_once_take_no_more_than_the_sale_gave(
    database: Database, aino: Enrolled
) -> None:
    with database.write() as connection:
        gain(connection, aino.member_id, "s0", 100)
        bought = gain(connection, aino.member_id, "s1", 10)

    def take_back(key: str) -> object:
        return database.run(
            ledger.reverse,
            aino.member_id,
            bought.number,
            event(key),
            why=WHY,
            amounts={"points": 4},
            policy="unlimited",
        )

    done = at_once(*[lambda key=f"v{n}": take_back(key) for n in range(6)])  # type: ignore[misc]
    assert sum(each is not None for each in done) == 3
    with database.write() as connection:
        assert points(connection, aino.member_id) == Balance(available=100, lifetime=100)
        assert ledger.verify(connection, aino.member_id) == ()
