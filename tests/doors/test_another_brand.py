"""Two brands behind the same doors: what is one's is not there for the other."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from addresses import Belongings
from installation import Installation
from shopfront import Shop
from sweep import Way, ways

from wallet_service import ids
from wallet_service.brands.roles import Role
from wallet_service.db import metadata
from wallet_service.web.doors import Kind

# What in an address belongs to a brand, or to one of its members.
BELONGS = {
    "approval_id",
    "code",
    "coupon_code",
    "event_id",
    "key_id",
    "location_id",
    "member_id",
    "person_id",
    "staff_id",
    "till_id",
}

# What a call of the API has to say before it looks for what its address names.
BODIES: dict[str, Any] = {
    "api.redeem": {"event_id": "another-brands"},
    "api.reserve": {"event_id": "another-brands"},
    "api.rollback": {"event_id": "another-brands"},
    "api.admit": {"event_id": "another-brands"},
    "api.correct": {"given_name": "Somebody"},
}

WHO = {Kind.STAFF: "owner", Kind.TILL: "till owner", Kind.PAIRED: "till", Kind.KEY: "key all"}


def crossings(installation: Installation) -> Iterator[tuple[Way, str]]:
    """Each of Kielo's addresses with something of Rove's in it."""
    for way in ways(installation.kielo.app):
        if way.door is None or way.door.kind not in WHO:
            continue
        for name in sorted(way.rule.arguments & BELONGS):
            theirs = installation.roves.value(name, way.rule.rule)
            yield way, installation.kielos.path(way.rule, **{name: theirs})


def of_rove(installation: Installation) -> dict[str, list[Any]]:
    """All rows that are Rove's, or that name one of its members."""
    rove = installation.rove
    with rove.wallet.database.read() as connection:
        member = metadata.tables["member"]
        mine = sa.select(member.c.member_id).where(member.c.brand_id == rove.brand.brand_id)
        ids = {rove.brand.brand_id, *connection.execute(mine).scalars()}
        return {
            table.name: [
                row for row in connection.execute(sa.select(table)) if ids & set(map(str, row))
            ]
            for table in metadata.sorted_tables
        }


def test_what_is_another_brands_is_not_there(installation: Installation) -> None:
    app = installation.kielo.app
    app.config["WTF_CSRF_ENABLED"] = False
    tries = list(crossings(installation))
    before = of_rove(installation)
    found = []
    for way, path in tries:
        who = installation.somebody(WHO[way.door.kind])
        body = BODIES.get(way.rule.endpoint, {})
        sent = {"json": body} if way.door.kind is Kind.KEY else {"data": {"event_id": ids.new_id()}}
        answer = who.knock(app, way.method, path, **sent)
        if answer.status_code != 404:
            found.append(f"{way} ({path}): {answer.status_code}")
        for secret in ("Rove", installation.rove.aino.code[3:]):
            if secret in answer.text:
                found.append(f"{way} tells of {secret}")
    assert found == []
    assert of_rove(installation) == before
    assert len(tries) > 10


THERE = "{location_id}"
FORMS: list[tuple[str, dict[str, str]]] = [
    (
        "/settings/staff/new",
        {"name": "Lumi", "role": "cashier", "pin": "285714", "locations": THERE},
    ),
    ("/settings/staff/{my_staff_id}", {"name": "Sanna", "role": "cashier", "locations": THERE}),
    ("/settings/tills/new", {"name": "Side door", "location_id": THERE}),
    ("/settings/tills/{my_till_id}", {"name": "Counter", "location_id": THERE}),
    ("/settings/keys/new", {"name": "Web shop", "scopes": "sales", "locations": THERE}),
    (
        "/members/{my_member_id}/take-back",
        {"reason": "a mistake", "source": "{source}", "key": "{event_id}"},
    ),
]


@pytest.mark.parametrize(("path", "fields"), FORMS, ids=[path for path, _ in FORMS])
def test_what_is_another_brands_is_not_taken_in_a_form(
    installation: Installation, path: str, fields: dict[str, str]
) -> None:
    app = installation.kielo.app
    app.config["WTF_CSRF_ENABLED"] = False
    mine = named(installation.kielos, installation.kielo)
    theirs = named(installation.roves, installation.rove)
    address = installation.kielo.root + path.format(
        **{f"my_{name}": value for name, value in mine.items()}
    )

    def send(of: dict[str, str]) -> int:
        said = {name: value.format(**of) for name, value in fields.items()}
        said |= {"once": ids.random_text(12), "event": ids.new_id()}
        owner = installation.somebody("owner")
        return owner.knock(app, "POST", address, data=said).status_code

    before = naming(installation, theirs["location_id"]), of_rove(installation)
    assert send(theirs) in (404, 422)
    assert (naming(installation, theirs["location_id"]), of_rove(installation)) == before
    # It was theirs that was refused: the same form is taken with one's own in it.
    assert send(mine) in (200, 303)


def named(belongings: Belongings, shop: Shop) -> dict[str, str]:
    """What a form may name of a shop."""
    wanted = ("location_id", "event_id", "staff_id", "till_id", "member_id")
    return {name: belongings.value(name) for name in wanted} | {"source": shop.till.source}


def naming(installation: Installation, an_id: str) -> dict[str, int]:
    """How many rows of each table name something."""
    with installation.database.read() as connection:
        return {
            table.name: sum(an_id in str(row) for row in connection.execute(sa.select(table)))
            for table in metadata.sorted_tables
        }


def test_what_is_another_persons_own_is_not_touched(installation: Installation) -> None:
    app = installation.kielo.app
    app.config["WTF_CSRF_ENABLED"] = False
    tries = [
        (way, installation.kielos.path(way.rule, **{name: installation.roves.value(name)}))
        for way in ways(app)
        if way.door is not None and way.door.kind is Kind.ACCOUNT
        for name in sorted(way.rule.arguments)
    ]
    before = of_accounts(installation)
    for way, path in tries:
        answer = installation.somebody("owner").knock(app, way.method, path)
        assert answer.status_code in (303, 404), str(way)
    assert of_accounts(installation) == before


def of_accounts(installation: Installation) -> list[list[Any]]:
    """Where and with what Rove's people sign in."""
    accounts = {str(installation.rove.colleague(role).account_id) for role in Role}
    with installation.database.read() as connection:
        return [
            [row for row in connection.execute(sa.select(table)) if accounts & set(map(str, row))]
            for table in (metadata.tables["session"], metadata.tables["passkey"])
        ]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/api/v1/members?query=Aino", None),
        ("GET", "/api/v1/members?query={code}", None),
        ("POST", "/api/v1/stamps", {"event_id": "cross-1", "code": "{code}"}),
        ("POST", "/api/v1/stamps", {"event_id": "cross-2", "member": "{member_id}"}),
        (
            "PUT",
            "/api/v1/sales/cross-3",
            {"amount": 900, "currency": "EUR", "code": "{code}", "redeem": []},
        ),
        (
            "POST",
            "/api/v1/stamps",
            {"event_id": "cross-5", "code": "{my_code}", "location": "{location_id}"},
        ),
        (
            "PUT",
            "/api/v1/sales/cross-4",
            {"amount": 900, "currency": "EUR", "redeem": [{"coupon": "{coupon_code}"}]},
        ),
    ],
)
def test_a_key_never_reaches_another_brands_members(
    installation: Installation, method: str, path: str, body: dict[str, Any] | None
) -> None:
    names = ("code", "member_id", "coupon_code", "location_id")
    theirs = {name: installation.roves.value(name) for name in names}
    mine = {"my_code": installation.kielos.value("code")}
    before = naming(installation, theirs["location_id"]), of_rove(installation)

    def said(value: Any) -> Any:
        if isinstance(value, str):
            return value.format(**theirs, **mine)
        if isinstance(value, dict):
            return {key: said(each) for key, each in value.items()}
        return [said(each) for each in value] if isinstance(value, list) else value

    answer = installation.somebody("key all").knock(
        installation.kielo.app, method, said(path), json=said(body)
    )
    assert answer.status_code < 500
    for value in theirs.values():
        assert f'"{value}"' not in answer.text
    assert (naming(installation, theirs["location_id"]), of_rove(installation)) == before
