"""What every answer carries, whoever asked and whatever came of it; and how cookies are kept."""

from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie

import pytest
from installation import Installation
from sweep import Knock, knock, ways
from werkzeug.test import TestResponse

from wallet_service.brands.roles import Role
from wallet_service.web.doors import Kind
from wallet_service.web.headers import PUBLIC_FOR_EVER

OPEN = {Kind.ANYONE, Kind.TOKEN, Kind.DEVICE}

# What is the same for everybody, at an address that changes with it.
PUBLIC = {"asset", "vendored", "phones.colours", "phones.picture", "public.design_file"}


@pytest.fixture(scope="module")
def secure(open_installation: Callable[..., Installation]) -> Iterator[Installation]:
    """The installation as it stands in earnest: behind https."""
    found = open_installation("https://cards.example")
    found.kielo.app.config["WTF_CSRF_ENABLED"] = False
    yield found
    found.database.close()


@pytest.fixture(scope="module")
def knocks(secure: Installation) -> list[Knock]:
    """Some of everybody at every door."""
    app = secure.kielo.app
    names = ("nobody", "owner", "marketer", "owner elsewhere", "till", "till cashier", "key all")
    people = [secure.somebody(name) for name in names]
    all_ways = ways(app)
    paths = {way: secure.kielos.path(way.rule) for way in all_ways}
    secure.database.forgets = True
    found = [
        knock(app, way, who, paths[way])
        for way in all_ways
        for who in people
        # What is open to everybody says the same to all.
        if who.name == "nobody" or (way.door is not None and way.door.kind not in OPEN)
    ]
    secure.database.forgets = False
    return found


def test_every_answer_is_for_its_own_window_and_nobodys_frame(
    knocks: list[Knock], secure: Installation
) -> None:
    nobody = secure.somebody("nobody")
    app = secure.kielo.app
    answers = {str(each): each.answer for each in knocks} | {
        "nowhere": nobody.knock(app, "GET", "/nowhere"),
        "not so": nobody.knock(app, "DELETE", "/till"),
        "api": nobody.knock(app, "GET", "/api/v1/nothing"),
    }
    assert {name: lacks for name, answer in answers.items() if (lacks := lacking(answer))} == {}


def lacking(answer: TestResponse) -> list[str]:
    """What an answer does not carry and should."""
    headers = answer.headers
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in headers.get("Content-Security-Policy", "").split(";")
    )
    said = {
        "frame-ancestors": policy.get("frame-ancestors") == "'none'",
        "default-src": policy.get("default-src") == "'none'",
        "base-uri": policy.get("base-uri") == "'none'",
        "form-action": policy.get("form-action") == "'self'",
        "no inline script": "unsafe-inline" not in str(policy)
        and "unsafe-eval" not in policy.get("script-src", "").replace("wasm-unsafe-eval", ""),
        "nosniff": headers.get("X-Content-Type-Options") == "nosniff",
        "no-referrer": headers.get("Referrer-Policy") == "no-referrer",
        "opener": headers.get("Cross-Origin-Opener-Policy") == "same-origin",
        "permissions": "geolocation=()" in headers.get("Permissions-Policy", ""),
        "https for long": "max-age=" in headers.get("Strict-Transport-Security", ""),
        "no server's name": "Python" not in headers.get("Server", ""),
    }
    return [name for name, holds in said.items() if not holds]


def test_what_is_somebodys_own_is_kept_nowhere(knocks: list[Knock]) -> None:
    kept = [
        f"{each}: {each.answer.headers['Cache-Control']}"
        for each in knocks
        if each.answer.headers["Cache-Control"] != "no-store"
        and not (each.way.rule.endpoint in PUBLIC and each.answer.status_code == 200)
    ]
    assert kept == []
    public = {each.answer.headers["Cache-Control"] for each in knocks} - {"no-store"}
    assert public <= {PUBLIC_FOR_EVER}


def test_only_the_till_may_ask_for_the_camera(knocks: list[Knock]) -> None:
    with_camera = {
        each.way.rule.rule
        for each in knocks
        if "camera=()" not in each.answer.headers["Permissions-Policy"]
    }
    assert {rule for rule in with_camera if not rule.startswith("/till")} == set()


def test_every_cookie_is_this_hosts_alone_and_out_of_scripts_reach(
    knocks: list[Knock], secure: Installation
) -> None:
    window = secure.kielo.window()
    window.open("/till")
    window.press("Pair", code=secure.kielo.pairing_code())
    answers = [each.answer for each in knocks] + [*window.answer.history, window.answer]
    lines = [line for answer in answers for line in answer.headers.getlist("Set-Cookie")]
    seen = set()
    for line in lines:
        (morsel,) = SimpleCookie(line).values()
        seen.add(morsel.key)
        assert morsel.key.startswith("__Host-"), line
        assert (morsel["secure"], morsel["httponly"]) == (True, True), line
        assert morsel["samesite"] in ("Lax", "Strict"), line
        assert (morsel["path"], morsel["domain"]) == ("/", ""), line
    assert {"__Host-wallet", "__Host-till"} <= seen
    assert secure.kielo.signed_in(Role.OWNER)[0].startswith("__Host-")
