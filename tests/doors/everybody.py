"""Everybody who may stand before a door, each with what they bring: a cookie, a till, a key."""

from dataclasses import dataclass, field, replace
from itertools import count

import sqlalchemy as sa
from factories import a_till
from flask import Flask
from shopfront import NAMES, Shop
from werkzeug.test import TestResponse

from wallet_service.audit import COMMAND
from wallet_service.brands import api_keys, staff, tables, tills
from wallet_service.brands.roles import Intention, Role

PIN = "135790"

_addresses = count(1)


@dataclass(frozen=True, kw_only=True)
class Somebody:
    """One who knocks. `account` and `role`: signed in, as what; `till`: from a paired device;
    `scopes`: with an API key that holds them; `elsewhere`: all of it another brand's."""

    name: str
    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    role: Role | None = None
    account: bool = False
    till: bool = False
    scopes: frozenset[str] | None = None
    elsewhere: bool = False
    here: bool = True

    def bringing(self, **headers: str) -> "Somebody":
        """The same, with these headers besides."""
        return replace(self, headers={**self.headers, **headers})

    def knock(self, app: Flask, method: str, path: str, **sent: object) -> TestResponse:
        """Ask for something, from an address of one's own: nobody shares another's limits."""
        number = next(_addresses)
        net = "127.0" if self.here else "10.0"
        headers = dict(self.headers)
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={it}" for name, it in self.cookies.items())
        return app.test_client(use_cookies=False).open(
            path,
            method=method,
            headers=headers,
            environ_base={"REMOTE_ADDR": f"{net}.{number // 250 % 250 + 1}.{number % 250 + 1}"},
            **sent,
        )


def everybody(shop: Shop, other: Shop) -> list[Somebody]:
    """All who may come, of a shop and of another in the same installation."""
    return [
        Somebody(name="nobody"),
        Somebody(name="nobody on this machine", here=False),
        *_people(shop),
        *(with_key(shop, scope) for scope in sorted(api_keys.SCOPES)),
        # A key is of one brand, and opens the same doors there; what lies behind is tried apart.
        *(replace(each, name=f"{each.name} elsewhere", elsewhere=True) for each in _people(other)),
    ]


def _people(shop: Shop) -> list[Somebody]:
    return [
        *(signed_in(shop, role) for role in Role),
        Somebody(name="till", cookies=paired(shop, "Nobody’s"), till=True),
        *(on_duty(shop, role) for role in Role),
        with_key(shop),
        with_key(shop, *api_keys.ALL),
    ]


def signed_in(shop: Shop, role: Role, **facts: object) -> Somebody:
    """Somebody of the staff in the console."""
    name, value = shop.signed_in(role, **facts)
    return Somebody(name=role, cookies={name: value}, role=role, account=True)


def on_duty(shop: Shop, role: Role) -> Somebody:
    """Somebody of the staff at a till of their own, whatever their role says to that."""
    till = f"{NAMES[role]}’s"
    device = paired(shop, till)
    person = shop.colleague(role)
    with shop.wallet.database.write() as connection:
        if person.may(Intention.TILL_SERVE):
            staff.set_pin(connection, shop.wallet.keyring, person, PIN, actor=COMMAND)
        (mine,) = [each for each in tills.of(connection, shop.brand.brand_id) if each.name == till]
        tills.begin_shift(connection, mine, person.staff_id)
    return Somebody(name=f"till {role}", cookies=device, role=role, till=True)


def paired(shop: Shop, name: str) -> dict[str, str]:
    """What a device keeps that was paired as a till of this name."""
    with shop.wallet.database.write() as connection:
        code = tills.pairing_code(connection, a_till(connection, shop.brand, name), actor=COMMAND)
    window = shop.window()
    window.open("/till")
    window.press("Pair", code=code)
    return window.cookies()


def with_key(shop: Shop, *scopes: str) -> Somebody:
    """A POS with an API key."""
    said = "all" if frozenset(scopes) == api_keys.ALL else " ".join(scopes) or "no scope"
    with shop.wallet.database.write() as connection:
        key, secret = api_keys.create(
            connection,
            shop.brand.brand_id,
            name=f"a key for {said}",
            scopes=scopes or ["practice"],
            actor=COMMAND,
        )
        if not scopes:  # nobody makes such a key, but a database may hold one
            mine = tables.api_key.c.key_id == key.key_id
            connection.execute(sa.update(tables.api_key).where(mine).values(scopes=[]))
    return Somebody(
        name=f"key {said}",
        headers={"Authorization": f"Bearer {secret}"},
        scopes=frozenset(scopes),
    )
