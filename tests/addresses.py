"""What stands in the place of each `<name>` in an address, for one shop.

Whoever adds a route with a new name in it says here what a shop has of that kind.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from shopfront import Shop
from ticketed import a_ticket
from werkzeug.routing import Rule

from wallet_service import clock, ids
from wallet_service.access import accounts, approvals, invitations, recovery, sessions, tables
from wallet_service.audit import COMMAND, Actor
from wallet_service.brands import api_keys, designs, locations, staff
from wallet_service.brands.roles import Intention, Role
from wallet_service.coupons import offers, promise
from wallet_service.language import phrase
from wallet_service.phones import issued
from wallet_service.sales import (
    Counter,
    Return,
    Sale,
    StampsTold,
    record,
    stamp,
    take_back,
)


@dataclass
class Belongings:
    """A shop's own members, coupons, tills and all else that an address may name."""

    shop: Shop
    _found: dict[str, str] = field(default_factory=dict)

    def path(self, rule: Rule, **others: str) -> str:
        """The address of a rule, with this shop's own in it; `others` stand in their place."""
        values = {name: self.value(name, rule.rule) for name in rule.arguments} | others
        built = rule.build(values)
        assert built is not None, f"{rule.rule} cannot be built of {values}"
        return built[1]

    def value(self, name: str, rule: str = "") -> str:
        """What stands for `name` in the addresses of a rule."""
        for part, other in _ELSEWHERE.get(name, {}).items():
            name = other if part in rule else name
        if name not in self._found:
            assert name in _HAS, f"tests/addresses.py does not know what <{name}> of {rule} is"
            self._found[name] = _HAS[name](self.shop)
        return self._found[name]


def _coupon(shop: Shop) -> str:
    return shop.stamp(10).brought[0]


def _ticket(shop: Shop) -> str:
    with shop.wallet.database.write() as connection:
        return a_ticket(connection, shop.brand.brand_id, shop.aino.member_id, admissions=4)


def _event(shop: Shop) -> str:
    event_id = ids.new_id()
    counter = Counter(
        brand_id=shop.brand.brand_id,
        source=shop.till.source,
        location_id=shop.till.location_id,
        till_id=shop.till.till_id,
        staff_id=shop.sanna.staff_id,
    )
    shop.wallet.database.run(stamp, counter, StampsTold(event_id=event_id, code=shop.aino.code))
    return event_id


def _return(shop: Shop) -> str:
    back = Return(return_id=ids.new_id(), sale_id=bought(shop, 1250))
    shop.wallet.database.run(take_back, at_the_register(shop), back)
    return back.return_id


def bought(shop: Shop, amount: int, **facts: Any) -> str:
    """A purchase of Aino's in the shop, told by its register; the sale's name."""
    sale = Sale(
        sale_id=ids.new_id(), currency="EUR", amount=amount, **{"code": shop.aino.code} | facts
    )
    shop.wallet.database.run(record, at_the_register(shop), sale)
    return sale.sale_id


def at_the_register(shop: Shop) -> Counter:
    return Counter(
        brand_id=shop.brand.brand_id,
        source="register",
        location_id=shop.till.location_id,
        unhurried=True,
    )


def _key(shop: Shop) -> str:
    with shop.wallet.database.write() as connection:
        key, _ = api_keys.create(
            connection,
            shop.brand.brand_id,
            name=f"POS {ids.new_id()}",
            scopes=["members:read"],
            actor=COMMAND,
        )
    return key.key_id


def _design(shop: Shop) -> str:
    with shop.wallet.database.read() as connection:
        return designs.current(connection, shop.brand.brand_id).content_hash


def _location(shop: Shop) -> str:
    with shop.wallet.database.read() as connection:
        return locations(connection, shop.brand.brand_id)[0].location_id


def _serial(shop: Shop) -> str:
    with shop.wallet.database.read() as connection:
        found = issued.of_person(connection, shop.aino.member_id, shop.aino.person_id)
    assert found is not None
    return found.serial_number


def _invitation(shop: Shop) -> str:
    with shop.wallet.database.write() as connection:
        person = staff.add(
            connection,
            shop.wallet.keyring,
            shop.brand.brand_id,
            f"Invited {ids.random_text(4)}",
            role=Role.MARKETER,
            actor=COMMAND,
        )
        return invitations.invite(connection, shop.brand, person, f"{ids.new_id()}@rosa.example")


def _recovery(shop: Shop) -> str:
    person = shop.colleague(Role.MARKETER)
    with shop.wallet.database.write() as connection:
        account = accounts.get(connection, str(person.account_id))
        assert account is not None
        return recovery.begin(connection, account)


def _session(shop: Shop) -> str:
    shop.signed_in(Role.MARKETER)
    person = shop.colleague(Role.MARKETER)
    with shop.wallet.database.read() as connection:
        return sessions.of_account(connection, str(person.account_id))[0].session_id


def _passkey(shop: Shop) -> str:
    person = shop.colleague(Role.MARKETER)
    credential_id = secrets.token_hex(16)
    with shop.wallet.database.write() as connection:
        connection.execute(
            sa.insert(tables.passkey).values(
                account_id=person.account_id,
                credential_id=credential_id,
                public_key=b"",
                sign_count=0,
                transports=[],
                name="Anna’s phone",
                created_at=clock.now(),
            )
        )
    return credential_id


def _approval(shop: Shop) -> str:
    with shop.wallet.database.write() as connection:
        asked = approvals.ask(
            connection,
            shop.brand.brand_id,
            approval_id=ids.new_id(),
            intention=Intention.MEMBERS_ERASE,
            subject=shop.aino.member_id,
            facts={"kind": "erasure"},
            say=phrase("Erase a member"),
            actor=Actor(kind="staff", id=shop.sanna.staff_id, name=shop.sanna.name),
        )
    return asked.approval_id


def _offer(shop: Shop) -> str:
    promised = promise.read({"kind": "discount", "worth": {"percent": 20}})
    with shop.wallet.database.write() as connection:
        made = offers.put(
            connection,
            shop.brand.brand_id,
            "spring",
            {"en": "Spring flowers", "fi": "Kevään kukat", "sv": "Vårens blommor"},
            {"en": "A fifth off all that is in bloom."},
            promised,
            actor=COMMAND,
        )
    return made.key


# The same name, said of something else in some addresses.
_ELSEWHERE = {
    "code": {"/coupons/": "coupon_code", "/tickets/": "coupon_code"},
    "coupon_code": {"/ticket/": "ticket_code"},
    "event_id": {"/return/done/": "return_id"},
    "name": {"/assets/": "asset"},
    "key": {"/offers/": "offer"},
    "token": {"/invitation/": "invitation", "/recovery/": "recovery"},
}

_HAS: dict[str, Callable[[Shop], str]] = {
    "slug": lambda shop: shop.brand.slug,
    "member_id": lambda shop: shop.aino.member_id,
    "code": lambda shop: shop.aino.code,
    "coupon_code": _coupon,
    "ticket_code": _ticket,
    "return_id": _return,
    "event_id": _event,
    "staff_id": lambda shop: shop.sanna.staff_id,
    "till_id": lambda shop: shop.till.till_id,
    "location_id": _location,
    "key_id": _key,
    "token": lambda shop: shop.link().removeprefix("/c/"),
    "content_hash": _design,
    "offer": _offer,
    "name": lambda shop: "brand.css",
    "asset": lambda shop: "look.css",
    "invitation": _invitation,
    "recovery": _recovery,
    "approval_id": _approval,
    "session_id": _session,
    "level": lambda shop: "chain",
    "credential_id": _passkey,
    "sale_id": lambda shop: f"sale-of-{shop.brand.slug}",
    # A phone's
    "device": lambda shop: "0123456789abcdef0123456789abcdef",
    "pass_type_identifier": lambda shop: shop.wallet.issuing.pass_type_identifier,
    "serial_number": _serial,
    # A practice phone's
    "key": lambda shop: "aino",
    "colours": lambda shop: "1f4d3a-f7f1e3-c9dcc0",
}
