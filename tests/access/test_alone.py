"""What one person does alone: many small deeds are one, a level is not lowered for an hour, and
nobody is brought in to say yes."""

from collections.abc import Callable
from datetime import timedelta
from types import ModuleType

import pytest
from factories import KEYRING, a_cashier, a_colleague, a_member

from wallet_service import audit, brands, ledger
from wallet_service.access import approvals, choosing, invitations
from wallet_service.access.approvals import Approval, BadApprovalId, CameLater
from wallet_service.access.choosing import TooFewDeciders
from wallet_service.audit import COMMAND, Actor
from wallet_service.brands import Brand, staff
from wallet_service.brands.levels import LevelName
from wallet_service.brands.roles import Role
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled, second
from wallet_service.sales import Answer
from wallet_service.sales.by_hand import Correct, GiveStamps, TakeBack, Wish

Someone = Callable[..., Actor]


@pytest.fixture
def someone(database: Database, brand: Brand) -> Someone:
    """Somebody who has joined: a manager, unless said otherwise."""

    def of(name: str, role: Role = Role.MANAGER) -> Actor:
        with database.write() as connection:
            person = a_colleague(connection, brand, role, name)
        return Actor(kind="staff", id=person.staff_id, name=person.name)

    return of


@pytest.fixture
def chain(database: Database, brand: Brand) -> Brand:
    return database.run(brands.set_level, brand.brand_id, LevelName.CHAIN, actor=COMMAND)


@pytest.fixture
def strict(database: Database, brand: Brand) -> Brand:
    return database.run(brands.set_level, brand.brand_id, LevelName.STRICT, actor=COMMAND)


def stamps(who: Enrolled, count: int, event: str) -> GiveStamps:
    return GiveStamps(event_id=event, member_id=who.member_id, reason="Left at home", count=count)


def level_of(database: Database, brand: Brand) -> str:
    with database.read() as connection:
        return brands.get(connection, brand.brand_id).security_level


# ---- by hand, little by little ------------------------------------------------------------------


def test_many_small_gifts_to_one_card_are_one(
    database: Database, chain: Brand, aino: Enrolled, someone: Someone, driven_clock: ModuleType
) -> None:
    matti = someone("Matti")

    def give(count: int, event: str, actor: Actor = matti, who: Enrolled = aino) -> bool:
        done = database.run(second.wish, chain, stamps(who, count, event), actor=actor)
        return isinstance(done, Answer)

    assert [give(3, "a"), give(2, "b"), give(1, "c")] == [True, True, False]
    assert give(3, "a")  # pressed twice: it was done, and is not asked for
    with database.write() as connection:
        mikko = a_member(connection, chain, "Mikko")
    assert give(5, "d", who=mikko)
    assert give(5, "e", actor=someone("Outi"))
    driven_clock.advance(timedelta(hours=23))
    assert not give(1, "f")
    driven_clock.advance(timedelta(hours=1))
    assert give(5, "g")
    with database.read() as connection:
        lifetime = ledger.balances_of(connection, aino.member_id, ["stamps"])["stamps"].lifetime
    assert lifetime == 15


def test_corrections_and_what_is_taken_back_count_with_the_gifts(
    database: Database, chain: Brand, aino: Enrolled, someone: Someone
) -> None:
    matti, outi = someone("Matti"), someone("Outi")

    def does(wish: Wish, actor: Actor = matti) -> bool:
        return isinstance(database.run(second.wish, chain, wish, actor=actor), Answer)

    assert does(stamps(aino, 4, "a"), outi)
    facts = {"member_id": aino.member_id, "reason": "Miscounted"}
    assert does(Correct(event_id="b", unit="points", amount=100, **facts))
    assert does(TakeBack(event_id="c", source="console", sale_id="a", **facts))
    assert not does(stamps(aino, 1, "d"))
    assert does(TakeBack(event_id="e", source="console", sale_id="a", **facts))  # the same again


# ---- the level ----------------------------------------------------------------------------------


def test_a_strict_level_is_lowered_by_two(
    database: Database, strict: Brand, someone: Someone
) -> None:
    rosa, matti = someone("Rosa", Role.OWNER), someone("Matti")
    asked = database.run(choosing.choose, strict.brand_id, LevelName.SHOP, "lower-1", actor=rosa)
    assert isinstance(asked, Approval)
    assert level_of(database, strict) == "strict"
    with pytest.raises(approvals.OwnApproval):
        database.run(second.agree, strict, "lower-1", actor=rosa)
    database.run(second.agree, strict, "lower-1", actor=matti)
    assert level_of(database, strict) == "shop"
    with database.read() as connection:
        said = [each.say.say("en") for each in audit.read(connection, strict.brand_id, limit=3)]
    assert said == [
        "Rosa lowered the level of security from strict to shop",
        "Matti agreed, as the second person: the level of security lowered to shop",
        "Rosa asked for a second person: the level of security lowered to shop",
    ]


def test_raising_a_level_and_lowering_a_milder_one_wait_for_nobody(
    database: Database, chain: Brand, someone: Someone
) -> None:
    rosa = someone("Rosa", Role.OWNER)
    for name in (LevelName.SHOP, LevelName.CHAIN):
        done = database.run(choosing.choose, chain.brand_id, name, f"to-{name}", actor=rosa)
        assert isinstance(done, Brand)
    assert level_of(database, chain) == "chain"


def test_strict_is_not_chosen_where_nobody_could_be_the_second_person(
    database: Database, brand: Brand, someone: Someone
) -> None:
    rosa = someone("Rosa", Role.OWNER)
    someone("Anna", Role.MARKETER)
    with database.write() as connection:
        a_cashier(connection, brand)
        # Invited, but not come yet.
        staff.add(connection, KEYRING, brand.brand_id, "Ilona", role=Role.MANAGER, actor=COMMAND)
    with pytest.raises(TooFewDeciders):
        database.run(choosing.choose, brand.brand_id, LevelName.STRICT, "up-1", actor=rosa)
    someone("Matti")
    database.run(choosing.choose, brand.brand_id, LevelName.STRICT, "up-1", actor=rosa)
    assert level_of(database, brand) == "strict"


# ---- who decides --------------------------------------------------------------------------------


def test_whoever_comes_after_the_question_does_not_answer_it(
    database: Database,
    strict: Brand,
    aino: Enrolled,
    someone: Someone,
    driven_clock: ModuleType,
) -> None:
    matti = someone("Matti")
    with database.write() as connection:
        puppet = staff.add(
            connection, KEYRING, strict.brand_id, "Puppet", role=Role.MANAGER, actor=COMMAND
        )
        token = invitations.invite(connection, strict, puppet, "puppet@kielo.example")
    driven_clock.advance(timedelta(minutes=1))
    database.run(second.wish, strict, stamps(aino, 5, "ask-1"), actor=matti)
    driven_clock.advance(timedelta(minutes=1))
    database.run(invitations.accept, KEYRING, token, name="Puppet", password_hash="-")
    came_later = [
        Actor(kind="staff", id=puppet.staff_id, name="Puppet"), someone("Outi"),
    ]  # fmt: skip
    for actor in came_later:
        with pytest.raises(CameLater):
            database.run(second.agree, strict, "ask-1", actor=actor)
        with pytest.raises(CameLater):
            database.run(second.disagree, strict, "ask-1", "Not so", actor=actor)
    driven_clock.advance(timedelta(minutes=1))
    database.run(second.wish, strict, stamps(aino, 5, "ask-2"), actor=matti)
    database.run(second.agree, strict, "ask-2", actor=came_later[0])


# ---- what is asked for can be opened ------------------------------------------------------------


@pytest.mark.parametrize("event", ["", "a/b", "..", "a b", "a\x00b", "x" * 65, "x" * 5000, "ä"])
def test_what_would_be_no_address_is_not_asked_for(
    database: Database, strict: Brand, aino: Enrolled, someone: Someone, event: str
) -> None:
    rosa = someone("Rosa", Role.OWNER)
    with pytest.raises(BadApprovalId):
        database.run(second.wish, strict, stamps(aino, 1, event), actor=rosa)
    with pytest.raises(BadApprovalId):
        database.run(second.erasure, strict, aino.member_id, event, actor=rosa)
    with pytest.raises(BadApprovalId):
        database.run(choosing.choose, strict.brand_id, LevelName.SHOP, event, actor=rosa)
    with database.read() as connection:
        assert approvals.count_waiting(connection, strict.brand_id) == 0
