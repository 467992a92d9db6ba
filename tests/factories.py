"""Things that stories need, with defaults for all that a story does not care about."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import brands, clock, enrolment, ids
from wallet_service.access import accounts
from wallet_service.audit import COMMAND
from wallet_service.brands import Brand, staff, tables, tills
from wallet_service.brands.roles import Role
from wallet_service.brands.staff import Staff
from wallet_service.brands.tills import Till
from wallet_service.enrolment import Enrolled, Issuing, NewMember
from wallet_service.keys import Keyring
from wallet_service.programme import versions
from wallet_service.shipped import shipped

KEYRING = Keyring(["a key of the tests, long enough to be taken"])
ISSUING = Issuing(pass_type_identifier="pass.example.practice", key_id=KEYRING.current_id)


def a_brand(
    connection: Connection,
    name: str = "Kielo",
    contact_email: str = "hei@kielo.example",
    **facts: str,
) -> Brand:
    """A florist with one shop and the florist's programme."""
    brand = brands.add(connection, name=name, contact_email=contact_email, actor=COMMAND, **facts)
    brands.add_location(connection, brand.brand_id, name=f"{name}, Kallio", actor=COMMAND)
    versions.apply(
        connection, brand.brand_id, shipped("templates", "programmes", "florist.toml").read_text()
    )
    return brand


def a_member(
    connection: Connection,
    brand: Brand,
    given_name: str = "Aino",
    family_name: str = "Koskela",
    language: str = "en",
    joined_at: datetime | None = None,
    **facts: str,
) -> Enrolled:
    """A member of the brand, with a card and a pass."""
    new = NewMember(
        given_name=given_name,
        family_name=family_name,
        language=language,
        joined_at=joined_at,
        **facts,
    )
    return enrolment.enrol(connection, brand.brand_id, new, "tests", issuing=ISSUING)


def a_cashier(
    connection: Connection, brand: Brand, name: str = "Sanna", pin: str = "1234"
) -> Staff:
    """Somebody with a PIN."""
    return staff.add(
        connection, KEYRING, brand.brand_id, name, role=Role.CASHIER, pin=pin, actor=COMMAND
    )


def a_colleague(connection: Connection, brand: Brand, role: Role, name: str) -> Staff:
    """Somebody with this role who can sign in; the same again when asked for again."""
    found = staff.by_name(connection, brand.brand_id, name)
    if found is not None and found.account_id is not None:
        return found
    account = accounts.add(
        connection,
        KEYRING,
        email=f"{name.lower()}@{brand.slug}.example",
        name=name,
        password_hash=None,
    )
    staff_id = found.staff_id if found else ids.new_id()
    if found is None:
        connection.execute(
            sa.insert(tables.staff).values(
                brand_id=brand.brand_id,
                staff_id=staff_id,
                name=name,
                role=role,
                locations=[],
                pin_attempts=0,
                created_at=clock.now(),
            )
        )
    connection.execute(
        sa.update(tables.staff)
        .where(tables.staff.c.brand_id == brand.brand_id, tables.staff.c.staff_id == staff_id)
        .values(account_id=account.account_id, role=role)
    )
    made = staff.get(connection, brand.brand_id, staff_id)
    assert made is not None
    return made


def a_till(connection: Connection, brand: Brand, name: str = "Counter") -> Till:
    """A till in the brand's first shop, not yet paired."""
    shop = brands.locations(connection, brand.brand_id)[0]
    return tills.add(connection, brand.brand_id, shop.location_id, name, actor=COMMAND)
