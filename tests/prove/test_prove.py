"""`prove`: a sound build is found sound, and a broken one broken, each fault where it is."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from wallet_service import prove as proving
from wallet_service.cli import commands
from wallet_service.ledger import tables as ledger
from wallet_service.prove import BOOKS, EXPERIMENTS, Experiment, Scale, opened, prove
from wallet_service.prove.shop import Shop

# Each starts the service anew, several times.
pytestmark = pytest.mark.timeout(300)

SABOTAGE = Path(__file__).with_name("sabotage.py")
# A life, a burst and a round of each: what is broken here is broken in every one of them.
SMALL = Scale(tills=12, rounds=1, kills=1, bursts=1, settle_seconds=2)

# By fault, what must notice it, and by which of its invariants.
NOTICED = {
    "used_again": ("one-coupon", "granted"),
    "held_by_anybody": ("held-coupon", "uses by others while it is held"),
    "copies_without_end": ("shared-code", "granted"),
    "uncounted_copies": ("one-each", "copies given"),
    "unknown_customer": ("one-person", "answers of another kind"),
    "two_rewards": ("full-card", "rewards in the books"),
    "below_nothing": ("points-twice", "balances below nothing"),
    "nothing_taken_back": ("returns", "points end where they began"),
    "kept_reward": ("reward-and-return", "what is not used is taken back"),
    "open_door": ("group-ticket", "people let in beyond the ticket"),
    "no_findings": ("offline-tills", "findings, one for each conflict however often it is told"),
    "no_limits": ("limits", "taken within a minute"),
    "told_nobody": ("phones", "phones that show the last state"),
}
FORGETFUL = {
    "one-sale": "answered as a repeat",
    "other-facts": "refused with idempotency_conflict",
    "kills": "events lost",
}


def broken_build(*faults: str) -> tuple[str, ...]:
    return (sys.executable, str(SABOTAGE), *faults, "--")


def named(*names: str) -> list[Experiment]:
    return [each for each in EXPERIMENTS if each.name in names]


def broken(shop: Shop, experiments: list[Experiment]) -> dict[str, set[str]]:
    """The invariants that are broken, by their experiments; the books are left for later."""
    found = {}
    for experiment in experiments:
        found[experiment.name] = {each.name for each in experiment.run(shop) if not each.holds}
    return found


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--quick` is as quick as it can be."""
    monkeypatch.setattr(Scale, "quick", classmethod(lambda cls: SMALL))


@pytest.fixture(scope="module")
def broken_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop that is served by a build with every fault of NOTICED in it."""
    folder = tmp_path_factory.mktemp("broken")
    with opened(folder, scale=SMALL, seed=1, command=broken_build(*NOTICED)) as shop:
        yield shop


def test_a_sound_build_is_found_sound(tmp_path: Path, quickly: None) -> None:
    report = tmp_path / "report.json"
    answer = CliRunner().invoke(commands, ["prove", "--quick", "--json", str(report)])
    assert answer.exit_code == 0, answer.output
    said = json.loads(report.read_text())
    assert said["holds"]
    assert [each["name"] for each in said["experiments"]] == [*proving.NAMES, "books"]
    assert all(each["invariants"] for each in said["experiments"])
    assert "every one holds" in answer.output


@pytest.mark.parametrize("fault", NOTICED)
def test_a_fault_is_noticed_where_it_is(broken_shop: Shop, fault: str) -> None:
    experiment, invariant = NOTICED[fault]
    assert invariant in broken(broken_shop, named(experiment))[experiment]


def test_a_build_that_forgets_and_loses_is_found_out(tmp_path: Path) -> None:
    with opened(tmp_path, scale=SMALL, seed=1, command=broken_build("forgetful", "lost")) as shop:
        found = broken(shop, named(*FORGETFUL))
    assert {name: wrong & {FORGETFUL[name]} for name, wrong in found.items()} == {
        name: {wrong} for name, wrong in FORGETFUL.items()
    }


def test_books_that_somebody_wrote_in_are_found_out(broken_shop: Shop) -> None:
    card = broken_shop.card()
    broken_shop.stamps(card, 3)
    lot, balance = ledger.lot, ledger.balance
    with broken_shop.database.write() as connection:
        mine = balance.c.member_id == card.member_id
        connection.execute(sa.update(balance).where(mine).values(available=7))
        connection.execute(
            sa.update(lot).where(lot.c.member_id == card.member_id).values(remaining=1)
        )
    (books,) = prove(broken_shop, [])
    assert books.experiment is BOOKS
    wrong = {each.name for each in books.invariants if not each.holds}
    assert {
        "faults in chains, lots and balances",
        "`ledger verify` says so, too",
        "faults that it found",
        "liability is what the lines sum to",
        "offers whose counter is not their copies",
    } <= wrong
    assert "audit logs that are whole" not in wrong
