"""`wallet-service prove` at the command line: what it takes, what it refuses, what it leaves."""

import json
import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from wallet_service import prove as proving
from wallet_service.cli import commands
from wallet_service.db import Database
from wallet_service.errors import StartError
from wallet_service.prove import Invariant, Proved, Scale
from wallet_service.prove.asking import NOBODY, Answer
from wallet_service.prove.counted import Counted

pytestmark = pytest.mark.timeout(300)

ONE = proving.EXPERIMENTS[0]


def run(*words: str) -> Result:
    return CliRunner().invoke(commands, ["prove", *words])


def refused(*words: str) -> str:
    answer = run(*words)
    assert isinstance(answer.exception, StartError), answer.output
    return str(answer.exception)


@pytest.fixture
def unserved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    """No service is started; `found` is what comes of the experiments."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    told: dict[str, Any] = {"found": []}

    @contextmanager
    def opened(folder: Path, url: str | None, *, scale: Scale, seed: int) -> Iterator[object]:
        told.update(folder=folder, scale=scale, seed=seed)
        (folder / "wallet.db").touch()
        try:
            yield SimpleNamespace(database=Database("sqlite:///nothing.db"))
        finally:
            told["is_stopped"] = True

    monkeypatch.setattr(proving, "opened", opened)
    monkeypatch.setattr(proving, "prove", lambda shop, chosen: iter(told["found"]))
    return told


def proved(*, seen: int) -> Proved:
    granted = Invariant(name="granted", wanted=1, seen=seen, count=50, more="50 × ok")
    return Proved(experiment=ONE, invariants=(granted,), calls=50, seconds=0.5)


def test_a_breach_is_said_and_the_shop_is_kept_for_looking(
    unserved: dict[str, Any], tmp_path: Path
) -> None:
    unserved["found"] = [proved(seen=2)]
    answer = run("--json", str(tmp_path / "report.json"))
    assert answer.exit_code == 1
    assert "broken  one-coupon: granted: 2 seen, 1 wanted (50 × ok)" in answer.output
    assert "1 invariants: 1 of them are broken." in answer.output
    assert (unserved["folder"] / "wallet.db").exists()
    assert str(unserved["folder"]) in answer.output
    said = json.loads((tmp_path / "report.json").read_text())
    assert not said["holds"]
    assert said["experiments"][0]["invariants"][0]["seen"] == 2


def test_where_all_holds_nothing_is_left_behind(unserved: dict[str, Any]) -> None:
    unserved["found"] = [proved(seen=1)]
    answer = run("--seed", "7", "--quick")
    assert answer.exit_code == 0, answer.output
    assert "        1        1        50  granted\n" in answer.output
    assert "every one holds" in answer.output
    assert not unserved["folder"].exists()
    assert (unserved["seed"], unserved["scale"]) == (7, Scale.quick())


def test_each_experiment_is_listed_with_the_fault_that_it_is_about() -> None:
    answer = run("--list")
    for each in (*proving.EXPERIMENTS, proving.BOOKS):
        assert each.name in answer.output
        assert each.answers in answer.output
    assert len(set(proving.NAMES)) == len(proving.NAMES)


def test_what_is_no_place_to_prove_things_on_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "There is no experiment two-coupons; there are: one-coupon," in refused(
        "--only", "two-coupons"
    )
    assert "postgresql://" in refused("--database", f"sqlite:///{tmp_path}/wallet.db")
    own = "postgresql://shop@127.0.0.1:5499/shop"
    monkeypatch.setenv("WALLET_SERVICE__DATABASE__URL", own)
    assert "the shop's own database" in refused("--database", own.replace("://", "+psycopg://"))


def test_a_database_with_anything_in_it_is_left_alone(postgres: Any) -> None:
    name, url = postgres.fresh()
    assert f"The database {name} is not empty." in refused("--database", url)
    postgres.drop(name)


def test_a_sound_build_holds_on_postgresql_over_two_processes(
    postgres: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = Scale(rounds=1, kills=1)
    monkeypatch.setattr(Scale, "quick", classmethod(lambda cls: quick))
    name, url = postgres.empty()
    report = tmp_path / "report.json"
    chosen = ("one-coupon", "spent-and-returned", "offline-tills", "kills")
    only = [word for each in chosen for word in ("--only", each)]
    answer = run("--quick", "--database", url, "--json", str(report), *only)
    postgres.drop(name)
    assert answer.exit_code == 0, answer.output
    said = json.loads(report.read_text())
    assert said["engine"] == "postgresql"
    assert [each["name"] for each in said["experiments"]] == [*chosen, "books"]
    (stopped,) = [
        each
        for each in said["experiments"][-1]["invariants"]
        if each["name"] == "processes that stop when they are asked to"
    ]
    assert stopped["seen"] == 2


def test_an_answer_that_nobody_expected_breaks_an_experiment() -> None:
    counted = Counted()
    fault = Answer(status=500, code="internal_error", body={})
    counted.answers([fault, fault, NOBODY, Answer(status=200, code="ok", body={})], ("ok",))
    counted.each("the same", False, "another")
    others, same = counted.invariants()
    assert (others.seen, others.wanted, others.count, others.holds) == (3, 0, 4, False)
    assert others.more == "2 × internal_error, 1 × no_answer"
    assert (same.seen, same.wanted, same.more) == (0, 1, "1 × another")


def test_a_shop_that_was_cut_short_is_kept_too(
    unserved: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*_: object) -> Iterator[Proved]:
        yield proved(seen=1)
        raise StartError("The service does not start: it said nothing.")

    monkeypatch.setattr(proving, "prove", cut)
    answer = run()
    assert isinstance(answer.exception, StartError)
    assert (unserved["folder"] / "wallet.db").exists()
    assert str(unserved["folder"]) in answer.output


def test_whoever_is_told_to_end_leaves_nothing_running(
    unserved: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(*_: object) -> Iterator[Proved]:
        yield proved(seen=1)
        os.kill(os.getpid(), signal.SIGTERM)
        yield proved(seen=1)

    monkeypatch.setattr(proving, "prove", ended)
    before = signal.getsignal(signal.SIGTERM)
    assert run().exit_code == 1
    assert unserved["is_stopped"]
    assert not unserved["folder"].exists()
    assert signal.getsignal(signal.SIGTERM) is before


def test_the_papers_tell_of_every_experiment() -> None:
    told = (Path(__file__).parents[2] / "docs" / "reliability.md").read_text()
    for each in (*proving.EXPERIMENTS, proving.BOOKS):
        assert f"| `{each.name}` | {each.does} | {each.answers} |" in told
