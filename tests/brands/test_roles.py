"""Who may change whom: roles, places, and the last owner."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import sqlalchemy as sa
from factories import KEYRING, a_till

from wallet_service import brands
from wallet_service.audit import COMMAND, Actor
from wallet_service.brands import Brand, Location, location, pin_check, roles, staff, tables, tills
from wallet_service.brands.location import LocationInUse, UnknownLocation
from wallet_service.brands.reach import NotYours
from wallet_service.brands.roles import GRANTS, MAY, Intention, Role
from wallet_service.brands.staff import LastOwner, NameTaken, Staff, StaffRefused, WeakPin
from wallet_service.db import Database
from wallet_service.errors import Refusal


def hire(
    database: Database,
    brand: Brand,
    name: str,
    role: Role = Role.CASHIER,
    actor: Actor = COMMAND,
    **facts: object,
) -> Staff:
    with database.write() as connection:
        return staff.add(connection, KEYRING, brand.brand_id, name, role=role, actor=actor, **facts)


def as_actor(who: Staff) -> Actor:
    return Actor(kind="staff", id=who.staff_id, name=who.name)


def sign_in_as(database: Database, who: Staff) -> None:
    """Give somebody an account, as an invitation that was taken up does."""
    with database.write() as connection:
        connection.execute(
            sa.update(tables.staff)
            .where(tables.staff.c.staff_id == who.staff_id)
            .values(account_id=f"account of {who.staff_id}")
        )


@pytest.fixture
def toolo(database: Database, brand: Brand) -> Location:
    with database.write() as connection:
        return brands.add_location(connection, brand.brand_id, name="Töölö", actor=COMMAND)


@pytest.fixture
def kallio(database: Database, brand: Brand) -> Location:
    with database.read() as connection:
        return brands.locations(connection, brand.brand_id)[0]


# ---- the table -----------------------------------------------------------------------------------


def test_every_intention_has_its_row_and_the_owner_may_do_all() -> None:
    assert set(MAY) == set(Intention)
    assert all(roles.may(Role.OWNER, what) for what in Intention)


def test_an_agency_sees_no_person() -> None:
    seen = {what for what in Intention if roles.may(Role.AGENCY, what)}
    assert seen == {
        Intention.CONSOLE_ENTER,
        Intention.DESIGN_SEE,
        Intention.BRAND_SEE,
        Intention.OFFERS_SEE,  # words and counts; whose they are stands elsewhere
    }


# ---- roles ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("mine", list(Role))
@pytest.mark.parametrize("theirs", list(Role))
def test_one_adds_changes_and_ends_only_whom_ones_role_reaches(
    database: Database, brand: Brand, mine: Role, theirs: Role
) -> None:
    hire(database, brand, "First", Role.OWNER)
    me = as_actor(hire(database, brand, "Me", mine))
    other = hire(database, brand, "Other", theirs)
    may = theirs in GRANTS[mine]
    assert tried(database, lambda c: staff.end(c, other, actor=me)) is may
    assert (
        tried(
            database,
            lambda c: staff.add(c, KEYRING, brand.brand_id, "New", role=theirs, actor=me),
        )
        is may
    )


def tried(database: Database, what) -> bool:
    try:
        with database.write() as connection:
            what(connection)
            connection.rollback()
    except NotYours:
        return False
    return True


def test_nobody_makes_another_more_powerful_than_oneself(database: Database, brand: Brand) -> None:
    manager = as_actor(hire(database, brand, "Matti", Role.MANAGER))
    otto = hire(database, brand, "Otto")
    with pytest.raises(NotYours), database.write() as connection:
        staff.change(connection, replace(otto, role=Role.OWNER), actor=manager)


def test_a_role_that_was_taken_away_a_moment_ago_counts(database: Database, brand: Brand) -> None:
    manager = hire(database, brand, "Matti", Role.MANAGER)
    otto = hire(database, brand, "Otto")
    with database.write() as connection:
        staff.end(connection, manager, actor=COMMAND)
    with pytest.raises(NotYours, match="do not work here"), database.write() as connection:
        staff.end(connection, otto, actor=as_actor(manager))


def test_another_brands_owner_is_nobody_here(database: Database, brand: Brand) -> None:
    with database.write() as connection:
        rove = brands.add(connection, name="Rove", contact_email="a@rove.example", actor=COMMAND)
    stranger = as_actor(hire(database, rove, "Olga", Role.OWNER))
    otto = hire(database, brand, "Otto")
    with pytest.raises(NotYours), database.write() as connection:
        staff.end(connection, otto, actor=stranger)


# ---- the last owner ------------------------------------------------------------------------------


def test_the_last_owner_can_neither_go_nor_become_less(database: Database, brand: Brand) -> None:
    anna = hire(database, brand, "Anna", Role.OWNER)
    for change in (
        lambda c: staff.end(c, anna, actor=COMMAND),
        lambda c: staff.change(c, replace(anna, role=Role.MANAGER), actor=COMMAND),
    ):
        with pytest.raises(LastOwner, match="Anna is the last owner"):
            database.run(change)


def test_an_owner_who_never_signed_in_does_not_take_the_place_of_one_who_did(
    database: Database, brand: Brand
) -> None:
    anna = hire(database, brand, "Anna", Role.OWNER)
    sign_in_as(database, anna)
    berta = hire(database, brand, "Berta", Role.OWNER)
    with pytest.raises(LastOwner):
        database.run(staff.end, anna, actor=COMMAND)
    sign_in_as(database, berta)
    database.run(staff.end, anna, actor=COMMAND)


def test_two_owners_who_let_each_other_go_leave_one(database: Database, brand: Brand) -> None:
    anna, berta = (hire(database, brand, name, Role.OWNER) for name in ("Anna", "Berta"))

    def let_go(pair: tuple[Staff, Staff]) -> bool:
        try:
            database.run(staff.end, pair[1], actor=as_actor(pair[0]))
        except Refusal:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(let_go, [(anna, berta), (berta, anna)]))
    assert sum(done) == 1
    with database.read() as connection:
        left = [each for each in staff.of(connection, brand.brand_id) if each.role == Role.OWNER]
    assert len(left) == 1


# ---- places --------------------------------------------------------------------------------------


def test_a_manager_of_one_shop_touches_only_people_and_tills_of_it(
    database: Database, brand: Brand, kallio: Location, toolo: Location
) -> None:
    me = as_actor(hire(database, brand, "Matti", Role.MANAGER, locations=[toolo.location_id]))
    mine = hire(database, brand, "Otto", locations=[toolo.location_id])
    both = hire(database, brand, "Ilona", locations=[toolo.location_id, kallio.location_id])
    everywhere = hire(database, brand, "Sanna")
    with database.write() as connection:
        counter = a_till(connection, brand)  # in Kallio
        bar = tills.add(connection, brand.brand_id, toolo.location_id, "Bar", actor=me)

    database.run(staff.set_pin, KEYRING, mine, "2468", actor=me)
    database.run(tills.pairing_code, bar, actor=me)
    database.run(location.change, replace(toolo, address="Runeberginkatu 1"), actor=me)
    for refused in (
        lambda c: staff.end(c, both, actor=me),
        lambda c: staff.end(c, everywhere, actor=me),
        lambda c: staff.change(c, replace(mine, locations=frozenset()), actor=me),
        lambda c: tills.pairing_code(c, counter, actor=me),
        lambda c: tills.end(c, counter, actor=me),
        lambda c: tills.change(c, replace(bar, location_id=kallio.location_id), actor=me),
        lambda c: tills.add(c, brand.brand_id, kallio.location_id, "Two", actor=me),
        lambda c: location.change(c, replace(kallio, name="Mine"), actor=me),
        lambda c: location.add(c, brand.brand_id, name="Third", actor=me),
        lambda c: staff.add(c, KEYRING, brand.brand_id, "New", role=Role.CASHIER, actor=me),
    ):
        with pytest.raises(NotYours):
            database.run(refused)


def test_who_reaches_whom_is_said_the_same_on_pages(
    database: Database, brand: Brand, toolo: Location
) -> None:
    owner = hire(database, brand, "Anna", Role.OWNER)
    everywhere = hire(database, brand, "Matti", Role.MANAGER)
    there = hire(database, brand, "Miia", Role.MANAGER, locations=[toolo.location_id])
    otto = hire(database, brand, "Otto", locations=[toolo.location_id])
    sanna = hire(database, brand, "Sanna")
    assert [owner.reaches(each) for each in (owner, there, otto)] == [True, True, True]
    assert [everywhere.reaches(each) for each in (owner, otto, sanna)] == [False, True, True]
    assert [there.reaches(each) for each in (everywhere, otto, sanna)] == [False, True, False]


def test_those_who_may_stand_at_a_till_are_those_with_a_pin_who_work_there(
    database: Database, brand: Brand, kallio: Location, toolo: Location
) -> None:
    hire(database, brand, "Anna", Role.OWNER)
    hire(database, brand, "Matti", Role.MANAGER, pin="1234")
    hire(database, brand, "Otto", pin="1234", locations=[toolo.location_id])
    hire(database, brand, "Sanna", pin="1234", locations=[kallio.location_id])
    with database.read() as connection:
        there = staff.at_the_till(connection, brand.brand_id, toolo.location_id)
    assert [each.name for each in there] == ["Matti", "Otto"]


# ---- what somebody can be ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"name": ""}, StaffRefused),
        ({"name": "x" * 61}, StaffRefused),
        ({"name": "Ot\u200bto"}, StaffRefused),
        ({"name": "sanna"}, NameTaken),
        ({"locations": ["nowhere"]}, UnknownLocation),
        ({"role": Role.MARKETER, "pin": "1234"}, StaffRefused),
        ({"pin": "12"}, WeakPin),
    ],
)
def test_what_nobody_can_be_is_refused_in_words(
    database: Database, brand: Brand, facts: dict[str, object], refusal: type[Refusal]
) -> None:
    hire(database, brand, "Sanna")
    with pytest.raises(refusal) as refused:
        hire(database, brand, **{"name": "Otto", **facts})
    assert refused.value.say.say("en").endswith(".")


def test_an_owner_works_everywhere(database: Database, brand: Brand, toolo: Location) -> None:
    with pytest.raises(StaffRefused, match="everywhere"):
        hire(database, brand, "Anna", Role.OWNER, locations=[toolo.location_id])


def test_who_leaves_the_till_leaves_the_pin(database: Database, brand: Brand) -> None:
    otto = hire(database, brand, "Otto", pin="1234")
    changed = database.run(staff.change, replace(otto, role=Role.MARKETER), actor=COMMAND)
    assert not changed.has_pin
    assert pin_check.check(database, KEYRING, brand.brand_id, otto.staff_id, "1234").staff is None


def test_a_raised_level_asks_for_longer_pins(database: Database, brand: Brand) -> None:
    otto = hire(database, brand, "Otto", pin="1234")
    database.run(brands.set_level, brand.brand_id, brands.levels.LevelName.STRICT, actor=COMMAND)
    answer = pin_check.check(database, KEYRING, brand.brand_id, otto.staff_id, "1234")
    assert answer.staff is None
    assert answer.say is not None
    assert "at least 6 digits" in answer.say.say("en")
    with pytest.raises(WeakPin, match="6 to eight"):
        database.run(staff.set_pin, KEYRING, otto, "12345", actor=COMMAND)
    database.run(staff.set_pin, KEYRING, otto, "123456", actor=COMMAND)
    assert pin_check.check(database, KEYRING, brand.brand_id, otto.staff_id, "123456").staff


# ---- a shop that is closed -----------------------------------------------------------------------


def test_a_shop_is_not_closed_over_somebodys_head(
    database: Database, brand: Brand, kallio: Location, toolo: Location
) -> None:
    with database.write() as connection:
        bar = tills.add(connection, brand.brand_id, toolo.location_id, "Bar", actor=COMMAND)
    otto = hire(database, brand, "Otto", locations=[toolo.location_id])
    with pytest.raises(LocationInUse, match="Töölö still has: Bar, Otto"):
        database.run(location.end, toolo, actor=COMMAND)
    database.run(tills.end, bar, actor=COMMAND)
    database.run(staff.end, otto, actor=COMMAND)
    database.run(location.end, toolo, actor=COMMAND)
    with pytest.raises(LocationInUse, match="last shop"):
        database.run(location.end, kallio, actor=COMMAND)
    with pytest.raises(UnknownLocation):
        database.run(location.end, toolo, actor=COMMAND)


def test_two_shops_that_are_closed_at_once_leave_one(
    database: Database, brand: Brand, kallio: Location, toolo: Location
) -> None:
    def close(shop: Location) -> bool:
        try:
            database.run(location.end, shop, actor=COMMAND)
        except LocationInUse:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(close, [kallio, toolo])) == 1
