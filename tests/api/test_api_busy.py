"""A database that cannot be written: the till is told to come again, and the operator why."""

from typing import Any

import pytest
from structlog.testing import capture_logs
from unwritable import full, held

from wallet_service.web import busy


@pytest.fixture(autouse=True)
def said_nothing_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(busy, "_complaints", busy._Seldom())


def test_a_disk_that_takes_nothing_is_said_to_the_operator_once_a_second(
    small_shop: Any, caller: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    aino = caller.enrol()
    sale = {"code": aino["code"], "amount": 1250, "currency": "EUR"}
    seconds = iter([100.0, 100.2, 100.9, 101.0])
    monkeypatch.setattr(busy, "monotonic", lambda: next(seconds))

    with full(small_shop.database), capture_logs() as logs:
        answers = [caller("PUT", f"/sales/s{number}", sale) for number in range(4)]

    for answer in answers:
        assert (answer.status_code, answer.json["code"]) == (503, "busy")
        assert answer.headers["Retry-After"] == "1"
    said = [entry for entry in logs if entry["log_level"] == "error"]
    assert [entry["why"] for entry in said] == ["attempt to write a readonly database"] * 2
    assert aino["code"] not in str(logs)


def test_a_database_that_another_holds_is_busy(small_shop: Any, caller: Any) -> None:
    stamps = {"event_id": "e1", "code": caller.enrol()["code"]}

    with held(small_shop.database), capture_logs() as logs:
        answer = caller("POST", "/stamps", stamps)

    assert (answer.status_code, answer.json["code"]) == (503, "busy")
    assert answer.headers["Retry-After"] == "1"
    assert [entry for entry in logs if entry["log_level"] == "error"]
    assert caller("POST", "/stamps", stamps).status_code == 200
