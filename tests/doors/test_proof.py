"""Grave things are done soon after the passkey was shown, and where the level wants it with two
factors; whoever has not shown enough is sent to show it."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from everybody import Somebody, signed_in
from installation import Installation
from sweep import Knock, Way, knock, ways

from wallet_service.brands import tables
from wallet_service.brands.roles import Role
from wallet_service.pages.console import frame
from wallet_service.web.doors import Kind


@pytest.fixture
def forgetful(installation: Installation) -> Iterator[Installation]:
    installation.kielo.app.config["WTF_CSRF_ENABLED"] = False
    yield installation
    installation.database.forgets = False


def tried(
    installation: Installation, who: Somebody, kinds: set[Kind]
) -> Iterator[tuple[Way, Knock, str]]:
    """Somebody at every door of some kinds: where it led to."""
    app = installation.kielo.app
    chosen = [way for way in ways(app) if way.door is not None and way.door.kind in kinds]
    paths = {way: installation.kielos.path(way.rule) for way in chosen}
    installation.database.forgets = True
    for way in chosen:
        found = knock(app, way, who, paths[way])
        yield way, found, found.answer.headers.get("Location", "").partition("?")[0]


def test_a_proof_that_is_old_is_asked_for_again_where_the_door_says_so(
    forgetful: Installation,
) -> None:
    owner = signed_in(forgetful.kielo, Role.OWNER, proved=False)
    asked = []
    for way, found, place in tried(forgetful, owner, {Kind.STAFF, Kind.ACCOUNT}):
        assert way.door is not None
        assert found.entered != way.door.proof, str(found)
        if way.door.proof:
            asked.append(way)
            assert (found.answer.status_code, place) == (303, frame.PROOF), str(found)
    assert asked


@pytest.mark.parametrize("level", ["chain", "strict"])
def test_a_password_alone_opens_nothing_where_two_factors_are_wanted(
    forgetful: Installation, level: str
) -> None:
    with forgetful.database.write() as connection:
        connection.execute(
            sa.update(tables.brand)
            .where(tables.brand.c.brand_id == forgetful.kielo.brand.brand_id)
            .values(security_level=level)
        )
    owner = signed_in(forgetful.kielo, Role.OWNER, factors="password")
    for _way, found, place in tried(forgetful, owner, {Kind.STAFF}):
        assert not found.entered, str(found)
        assert (found.answer.status_code, place) == (303, frame.SECOND_FACTOR), str(found)
