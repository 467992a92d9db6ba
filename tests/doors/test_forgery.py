"""Another site presses a button here: without the form's token, or as the browser itself says."""

import pytest
import sqlalchemy as sa
from everybody import Somebody
from installation import Installation
from sweep import Way, noted, ways

from wallet_service.db import metadata
from wallet_service.web.doors import Kind

MACHINES = {Kind.KEY, Kind.DEVICE}
PEOPLE = {Kind.ANYONE, Kind.STAFF, Kind.ACCOUNT, Kind.TILL, Kind.PAIRED}
SAFE = {"GET"}


def buttons(installation: Installation) -> list[tuple[Way, Somebody]]:
    """Every address that changes something for people, with somebody who may."""
    who = {Kind.STAFF: "owner", Kind.ACCOUNT: "owner", Kind.TILL: "till owner", Kind.PAIRED: "till"}
    return [
        (way, installation.somebody(who.get(way.door.kind, "nobody")))
        for way in ways(installation.kielo.app)
        if way.door is not None and way.method not in SAFE and way.door.kind not in MACHINES
    ]


def test_a_form_without_its_token_does_nothing(installation: Installation) -> None:
    app = installation.kielo.app
    for way, who in buttons(installation):
        with noted(app, way.rule.endpoint) as reached:
            answer = who.knock(app, way.method, installation.kielos.path(way.rule))
            guessed = who.knock(
                app,
                way.method,
                installation.kielos.path(way.rule),
                data={"csrf_token": "a guess"},
            )
        assert (answer.status_code, guessed.status_code, reached) == (400, 400, []), str(way)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_request_that_another_site_began_does_nothing(
    installation: Installation, site: str
) -> None:
    app = installation.kielo.app
    for way, who in buttons(installation):
        began_there = who.bringing(**{"Sec-Fetch-Site": site})
        with noted(app, way.rule.endpoint) as reached:
            answer = began_there.knock(app, way.method, installation.kielos.path(way.rule))
        assert (answer.status_code, reached) == (403, []), str(way)


def test_reading_changes_nothing_but_when_somebody_was_seen(installation: Installation) -> None:
    app = installation.kielo.app
    paths = {
        way: installation.kielos.path(way.rule)
        for way in ways(app)
        if way.method in SAFE and way.door is not None and way.door.kind in PEOPLE
    }
    before = everything(installation)
    for way, path in paths.items():
        for name in ("nobody", "owner", "cashier", "till owner"):
            installation.somebody(name).knock(app, way.method, path)
    assert everything(installation) == before


def everything(installation: Installation) -> dict[str, list[object]]:
    """All rows of all tables, but for when somebody was seen last."""
    seen = {"seen_at", "shift_seen", "used_at"}
    with installation.database.read() as connection:
        return {
            table.name: list(
                connection.execute(sa.select(*[c for c in table.c if c.name not in seen]))
            )
            for table in metadata.sorted_tables
        }
