"""The test clock: time is driven forward, on this machine alone, and what was due is done."""

from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sa
from shopfront import SECRET, Shop, open_shop

from wallet_service import audit, clock
from wallet_service.app import create_app
from wallet_service.audit import COMMAND
from wallet_service.brands import api_keys
from wallet_service.config import Config
from wallet_service.phones import issued
from wallet_service.phones.tables import issued_pass


@pytest.fixture
def shop(sqlite_database: Any, certs: Any, kielo: Any, driven_clock: ModuleType) -> Shop:
    return open_shop(sqlite_database, "http://127.0.0.1:8080", certs, kielo)


def a_key(shop: Shop, *scopes: str) -> str:
    with shop.wallet.database.write() as connection:
        _, secret = api_keys.create(
            connection, shop.brand.brand_id, name="tests", scopes=scopes, actor=COMMAND
        )
    return secret


@pytest.fixture
def drive(shop: Shop) -> Any:
    secret = a_key(shop, "practice")

    def drive(body: Any, address: str = "127.0.0.1", **headers: str) -> Any:
        return shop.app.test_client().post(
            "/practice/clock",
            json=body,
            headers={"Authorization": f"Bearer {secret}", **headers},
            environ_base={"REMOTE_ADDR": address},
        )

    return drive


def test_the_clock_is_driven_to_a_moment_and_runs_on_from_it(drive: Any) -> None:
    answer = drive({"to": "2027-02-28T12:00:00+02:00"})

    assert answer.status_code == 200
    assert answer.json["now"].startswith("2027-02-28T10:00:0")
    first = clock.now()
    assert timedelta(0) <= first - datetime(2027, 2, 28, 10, tzinfo=UTC) < timedelta(minutes=1)
    assert clock.now() >= first


@pytest.mark.parametrize(
    ("said", "by"),
    [
        (90, timedelta(seconds=90)),
        ("P1D", timedelta(days=1)),
        ("PT90M", timedelta(minutes=90)),
        ("P2W", timedelta(weeks=2)),
        ("P1DT2H3M4S", timedelta(days=1, hours=2, minutes=3, seconds=4)),
        (0, timedelta(0)),
    ],
)
def test_the_clock_is_advanced(drive: Any, said: object, by: timedelta) -> None:
    answer = drive({"advance": said})

    assert answer.status_code == 200
    assert answer.json["moved_seconds"] == by.total_seconds()
    since = clock.now() - datetime(2026, 11, 25, 9, tzinfo=UTC)
    assert by <= since < by + timedelta(minutes=1)


def test_the_clock_never_goes_back(drive: Any) -> None:
    answer = drive({"to": "2026-11-25T08:59:59Z"})

    assert (answer.status_code, answer.json["code"]) == (422, "clock_goes_forward")
    assert "2026-11-25T09:00:00Z" in answer.json["detail"]
    assert clock.now() == datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"to": "2027-01-01T00:00:00Z", "advance": 1},
        {"to": "2027-01-01"},
        {"to": "tomorrow"},
        {"advance": "P1M"},
        {"advance": "P"},
        {"advance": "PT"},
        {"advance": ""},
        {"advance": -1},
        {"advance": 1.5},
        {"advance": True},
        {"advance": 9_999_999_999},
        {"advance": "P99999D"},
        {"advance": [1]},
        {"on": 1},
        [],
    ],
)
def test_what_is_no_time_is_refused_with_a_sentence(drive: Any, body: object) -> None:
    answer = drive(body)

    assert (answer.status_code, answer.json["code"]) == (400, "invalid")
    assert answer.json["detail"]
    assert clock.now() == datetime(2026, 11, 25, 9, tzinfo=UTC)


def test_nobody_from_elsewhere_finds_the_clock(drive: Any) -> None:
    assert drive({"advance": 1}, address="10.0.0.7").status_code == 404
    assert drive({"advance": 1}, **{"X-Forwarded-For": "10.0.0.7"}).status_code == 404
    assert drive({"advance": 1}, Host="cards.example").status_code == 404
    assert clock.now() == datetime(2026, 11, 25, 9, tzinfo=UTC)


def test_a_key_without_the_scope_moves_nothing(shop: Shop) -> None:
    for secret, status in ((a_key(shop, "settings"), 403), ("wk_nobody", 401)):
        answer = shop.app.test_client().post(
            "/practice/clock", json={"advance": 1}, headers={"Authorization": f"Bearer {secret}"}
        )
        assert answer.status_code == status


def test_a_live_service_has_no_such_door(shop: Shop) -> None:
    live = Config.model_validate(
        {
            "service": {"url": "https://cards.example", "mode": "live", "secret_key": SECRET},
            "apple": {
                "pass_type_identifier": "pass.example.cards",
                "team_identifier": "ABCDE12345",
                "certificate": "pass.pem",
                "key": "pass.key",
            },
        }
    )
    assert not live.is_practice
    app = create_app(live, shop.wallet)
    assert [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/practice")] == []


def test_each_drive_stands_in_the_audit_log(drive: Any, shop: Shop) -> None:
    drive({"advance": "P1D"})

    with shop.wallet.database.read() as connection:
        line = audit.read(connection, shop.brand.brand_id, limit=1)[0]
        assert list(audit.verify(connection, shop.brand.brand_id)) == []
    assert line.what == "clock.driven"
    assert line.say.say("en").startswith("The key tests drove the clock to 2026-11-26T09:00:0")


def test_what_time_alone_changes_is_done_when_it_answers(drive: Any, shop: Shop) -> None:
    with shop.wallet.database.write() as connection:
        connection.execute(
            sa.update(issued_pass).values(next_change_at=clock.now() + timedelta(days=1))
        )
        before = issued.of_member(connection, shop.aino.member_id)

    drive({"advance": 60})
    with shop.wallet.database.read() as connection:
        assert issued.of_member(connection, shop.aino.member_id) == before

    drive({"advance": "P1D"})
    with shop.wallet.database.read() as connection:
        after = issued.of_member(connection, shop.aino.member_id)
    assert [each.version for each in after] == [each.version + 1 for each in before]
