"""Things that stories need, with defaults for all that a story does not care about."""

from datetime import datetime

from sqlalchemy import Connection

from wallet_service import brands, enrolment
from wallet_service.brands import Brand, staff, tills
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
    brand = brands.add(connection, name=name, contact_email=contact_email, **facts)
    brands.add_location(connection, brand.brand_id, name=f"{name}, Kallio")
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
    return staff.add(connection, KEYRING, brand.brand_id, name, pin)


def a_till(connection: Connection, brand: Brand, name: str = "Counter") -> Till:
    """A till in the brand's first shop, not yet paired."""
    shop = brands.locations(connection, brand.brand_id)[0]
    return tills.add(connection, brand.brand_id, shop.location_id, name)
