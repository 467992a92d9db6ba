"""A door that nobody thought of is shut: no declaration, no guard, no way in."""

import pytest
from flask import Flask
from installation import Installation

from wallet_service import web
from wallet_service.pages.console import frame
from wallet_service.web import doors
from wallet_service.web.doors import Door, Kind


@pytest.fixture
def app(installation: Installation) -> Flask:
    app = Flask("shut", static_folder=None, template_folder=None)
    web.install(app, installation.kielo.wallet)
    return app


def test_a_view_without_a_declaration_opens_to_nobody(app: Flask) -> None:
    entered = []
    app.get("/forgotten")(lambda: entered.append("somebody") or "come in")
    assert doors.of(app, "<lambda>") is None
    assert app.test_client().get("/forgotten").status_code == 404
    assert app.test_client().head("/forgotten").status_code == 404
    assert entered == []


@pytest.mark.parametrize(
    "kind", [kind for kind in Kind if kind not in ("anyone", "token", "device")]
)
def test_a_kind_of_door_without_a_guard_opens_to_nobody(app: Flask, kind: Kind) -> None:
    @app.get("/unguarded")
    @doors.declare(Door(kind=kind))
    def unguarded() -> str:
        return "come in"

    assert app.test_client().get("/unguarded").status_code == 404


def test_a_page_for_staff_that_names_no_intention_opens_not_even_to_the_owner(
    app: Flask, installation: Installation
) -> None:
    @app.get("/console/<slug>/vague")
    @doors.declare(Door(kind=Kind.STAFF))
    def vague() -> str:
        return "come in"

    doors.guard(app, {Kind.STAFF: frame.staff_guard})
    owner = installation.somebody("owner")
    assert owner.knock(app, "GET", f"{installation.kielo.root}/vague").status_code == 403
