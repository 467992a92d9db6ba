"""Every route and API call, tried by everybody, in the own brand and in another's.

What is declared over each view says who gets in; so does matrix.txt, which is kept for people to
read: a door that opens wider shows there. `WALLET_WRITE_MATRIX=1` writes it anew.
"""

import ast
import os
from collections import defaultdict
from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path

import pytest
from everybody import Somebody
from installation import Installation
from sweep import Knock, Way, knock, ways

from wallet_service import web
from wallet_service.brands.roles import MAY, Intention, Role
from wallet_service.web.doors import Door, Kind

# Thousands of knocks: half a minute of work, on a machine that has other work besides.
pytestmark = pytest.mark.timeout(600)

MATRIX = Path(__file__).parent / "matrix.txt"

OPEN = {Kind.ANYONE, Kind.TOKEN, Kind.DEVICE}


@pytest.fixture(scope="module")
def knocks(installation: Installation) -> list[Knock]:
    """Everybody at every door of Kielo's, once; what they change is taken back."""
    app = installation.kielo.app
    all_ways = ways(app)
    paths = {way: installation.kielos.path(way.rule) for way in all_ways}
    # A form without its token is refused before anybody is asked who they are; that is tried
    # elsewhere, as here it would hide all doors behind it.
    app.config["WTF_CSRF_ENABLED"] = False
    installation.database.forgets = True
    return [
        # What is open to everybody says the same to all: the view itself works for one of them.
        knock(app, way, who, paths[way], only_guard=_is_open(way) and who.name != "nobody")
        for way in all_ways
        for who in installation.people
    ]


def _is_open(way: Way) -> bool:
    return way.door is not None and way.door.kind in OPEN


def declared(door: Door, who: Somebody) -> bool:
    """Whether a door says that somebody may pass, in words of its own kind."""
    match door.kind:
        case Kind.ANYONE | Kind.TOKEN | Kind.DEVICE:
            return True
        case Kind.HERE:
            return who.here
        case Kind.PAIRED:
            return who.till
        case Kind.TILL:
            return who.till and who.role in MAY[_needed(door)]
        case Kind.ACCOUNT:
            return who.account
        case Kind.STAFF:
            return who.account and not who.elsewhere and who.role in MAY[_needed(door)]
        case Kind.KEY:
            held = who.scopes or frozenset()
            return any(s in held or s.removesuffix(":read") in held for s in door.scopes)


def _needed(door: Door) -> Intention:
    assert door.intention is not None
    return door.intention


def refusal(door: Door, who: Somebody) -> tuple[int, str]:
    """What somebody is told who may not pass: a status, and where to go instead."""
    match door.kind:
        case Kind.HERE:
            return HTTPStatus.NOT_FOUND, ""
        case Kind.PAIRED:
            return HTTPStatus.SEE_OTHER, "/till"
        case Kind.TILL:
            return HTTPStatus.SEE_OTHER, "/till"
        case Kind.KEY:
            known = who.scopes is not None
            return (HTTPStatus.FORBIDDEN if known else HTTPStatus.UNAUTHORIZED), ""
        case Kind.STAFF if who.account:
            # Another brand's pages are not even there.
            return (HTTPStatus.NOT_FOUND if who.elsewhere else HTTPStatus.FORBIDDEN), ""
        case _:
            return HTTPStatus.SEE_OTHER, "/console"


def test_every_route_says_who_may_pass(installation: Installation) -> None:
    silent = [str(way) for way in ways(installation.kielo.app) if way.door is None]
    assert silent == []


def test_whoever_may_gets_in_and_nobody_else(knocks: list[Knock]) -> None:
    wrong = [str(each) for each in knocks if each.entered != declared(each.way.door, each.who)]
    assert wrong == []


def test_whoever_may_not_is_told_nothing_but_where_to_go(knocks: list[Knock]) -> None:
    wrong = []
    for each in knocks:
        if each.entered:
            continue
        status, place = refusal(each.way.door, each.who)
        location = each.answer.headers.get("Location", "").partition("?")[0]
        if (each.answer.status_code, location) != (status, place):
            wrong.append(f"{each} {location}, but {int(status)} {place} was expected")
    assert wrong == []


def test_whoever_gets_in_is_not_turned_away_inside(knocks: list[Knock]) -> None:
    turned_away = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
    wrong = [
        str(each)
        for each in knocks
        if each.entered
        and (
            each.answer.status_code >= 500
            or (each.answer.status_code in turned_away and not _is_open(each.way))
        )
    ]
    assert wrong == []


def test_the_matrix_is_as_it_is_written_down(
    knocks: list[Knock], installation: Installation
) -> None:
    found = matrix(knocks, installation.people)
    if os.environ.get("WALLET_WRITE_MATRIX"):
        MATRIX.write_text(found)
    # Written anew with: WALLET_WRITE_MATRIX=1 make test ARGS=tests/doors
    assert found == MATRIX.read_text()


def test_every_intention_is_somebodys_and_every_role_has_one() -> None:
    assert set(MAY) == set(Intention)
    assert all(MAY.values())
    assert {role for roles in MAY.values() for role in roles} == set(Role)


def test_every_intention_is_asked_for_somewhere(installation: Installation) -> None:
    at_doors = {way.door.intention for way in ways(installation.kielo.app) if way.door}
    pages = Path(web.__file__).parents[1] / "pages"
    inside = {
        node.attr
        for file in pages.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "Intention"
    }
    dead = [each for each in Intention if each not in at_doors and each.name not in inside]
    assert dead == []


def test_whoever_adds_a_door_is_told_how() -> None:
    papers = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text()
    recipe = papers.partition("**A new thing that staff may do.**")[2].partition("\n\n")[0]
    for word in ("`Intention`", "`MAY`", "roles.py", "audit.write", "WALLET_WRITE_MATRIX=1"):
        assert word in recipe


# ---- the matrix as text -------------------------------------------------------------------------


def matrix(knocks: Iterable[Knock], people: list[Somebody]) -> str:
    """One line a route: its door, and who got in."""
    entered: dict[Way, set[str]] = defaultdict(set)
    for each in knocks:
        entered[each.way] |= {each.who.name} if each.entered else set()
    lines = [
        f"{way.method:6} {way.rule.rule:64} {_door(way.door):26} " + _said(way.door, names, people)
        for way, names in entered.items()
    ]
    return "\n".join([*_HEAD, *lines, ""])


_HEAD = [
    "# Who gets in where, tried out by tests/doors/test_matrix.py and written down by it.",
    "# A word alone is a role signed in to the console; “till” is said of somebody at a till.",
    "#",
]


def _door(door: Door) -> str:
    said = door.intention or " | ".join(door.scopes) or door.kind
    return f"{said} (proof)" if door.proof else said


def _said(door: Door, names: set[str], people: list[Somebody]) -> str:
    groups = {
        "everybody": {each.name for each in people},
        "whoever is on this machine": {each.name for each in people if each.here},
        "whoever is signed in": {each.name for each in people if each.account},
        "every till": {each.name for each in people if each.till},
    }
    if door.kind in (Kind.TOKEN, Kind.DEVICE) and len(names) == len(people):
        return "everybody who holds its token"
    whole = next((words for words, group in groups.items() if group == names), None)
    if whole is not None:
        return whole
    # A key and a till carry their brand with them; what they see is another test's matter.
    twice = {name for name in names if f"{name} elsewhere" in names}
    once = sorted(names - twice - {f"{name} elsewhere" for name in twice})
    order = [each.name for each in people]
    return ", ".join(sorted([*twice, *once], key=order.index))
