"""The second person: what one may not do alone is asked for, agreed to by another, and done."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from factories import a_brand, a_colleague, a_member

from wallet_service import audit, brands, enrolment, ledger, members
from wallet_service.access import approvals, tables
from wallet_service.access.approvals import Approval, DecidedBefore, OwnApproval, UnknownApproval
from wallet_service.audit import COMMAND, Actor
from wallet_service.brands import Brand
from wallet_service.brands.levels import LevelName
from wallet_service.brands.roles import Role
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled, second
from wallet_service.errors import Refusal
from wallet_service.ledger import NotEnough
from wallet_service.sales import Answer, visits
from wallet_service.sales.by_hand import Correct, GiveStamps

Someone = Callable[[str], Actor]


@pytest.fixture
def someone(database: Database, brand: Brand) -> Someone:
    """Somebody of Kielo's who may decide: Matti, Outi and Ilona from the first day."""

    def of(name: str) -> Actor:
        with database.write() as connection:
            person = a_colleague(connection, brand, Role.MANAGER, name)
        return Actor(kind="staff", id=person.staff_id, name=person.name)

    for name in ("Matti", "Outi", "Ilona"):
        of(name)
    return of


@pytest.fixture
def strict(database: Database, brand: Brand) -> Brand:
    return database.run(brands.set_level, brand.brand_id, LevelName.STRICT, actor=COMMAND)


def stamps(who: Enrolled, count: int = 3, event: str = "ask-1") -> GiveStamps:
    return GiveStamps(event_id=event, member_id=who.member_id, reason="Left at home", count=count)


def have(database: Database, who: Enrolled) -> int:
    with database.read() as connection:
        return ledger.balances_of(connection, who.member_id, ["stamps"])["stamps"].available


def asked(database: Database, brand: Brand, wish: Any, actor: Actor) -> Approval:
    answer = database.run(second.wish, brand, wish, actor=actor)
    assert isinstance(answer, Approval)
    return answer


def test_at_the_level_of_a_shop_nothing_waits(
    database: Database, brand: Brand, aino: Enrolled, someone: Someone
) -> None:
    answer = database.run(second.wish, brand, stamps(aino, 20), actor=someone("Matti"))
    assert isinstance(answer, Answer)
    with database.read() as connection:
        assert approvals.waiting(connection, brand.brand_id) == ()


def test_at_a_strict_level_every_stamp_is_asked_for_first(
    database: Database, strict: Brand, aino: Enrolled, someone: Someone
) -> None:
    approval = asked(database, strict, stamps(aino), someone("Matti"))
    assert have(database, aino) == 0
    database.run(second.agree, strict, approval.approval_id, actor=someone("Outi"))
    assert have(database, aino) == 3
    with database.write() as connection:
        assert ledger.verify(connection, aino.member_id) == ()
        [visit], _ = visits.of_member(connection, aino.member_id)
        # It is the asker's deed, with the asker's reason.
        assert (visit.reason, visit.staff_id) == ("Left at home", approval.asked_by)
        said = [entry.say.say("en") for entry in audit.read(connection, strict.brand_id, limit=3)]
    assert said == [
        "Matti: 3 stamps given by hand",
        "Outi agreed, as the second person: 3 stamps given by hand",
        "Matti asked for a second person: 3 stamps given by hand",
    ]


def test_nobody_agrees_to_what_they_asked_for_themselves(
    database: Database, strict: Brand, aino: Enrolled, someone: Someone
) -> None:
    approval = asked(database, strict, stamps(aino), someone("Matti"))
    for decide in (second.agree, second.disagree):
        why = ("Because",) if decide is second.disagree else ()
        with pytest.raises(OwnApproval):
            database.run(decide, strict, approval.approval_id, *why, actor=someone("Matti"))
    assert have(database, aino) == 0


def test_of_two_who_agree_one_does(
    database: Database, strict: Brand, aino: Enrolled, someone: Someone
) -> None:
    approval = asked(database, strict, stamps(aino), someone("Matti"))
    database.run(second.agree, strict, approval.approval_id, actor=someone("Outi"))
    with pytest.raises(DecidedBefore):
        database.run(second.agree, strict, approval.approval_id, actor=someone("Ilona"))
    with pytest.raises(DecidedBefore):
        database.run(
            second.disagree, strict, approval.approval_id, "Not so", actor=someone("Ilona")
        )
    assert have(database, aino) == 3


def test_a_refusal_says_why_and_changes_nothing(
    database: Database, strict: Brand, aino: Enrolled, someone: Someone
) -> None:
    approval = asked(database, strict, stamps(aino), someone("Matti"))
    database.run(
        second.disagree, strict, approval.approval_id, "She was here twice", actor=someone("Outi")
    )
    assert have(database, aino) == 0
    with database.read() as connection:
        [known] = approvals.about(connection, strict.brand_id, aino.member_id)
        assert (known.state, known.why_not) == ("refused", "She was here twice")
        assert second.said(known.facts).say("en") == "3 stamps given by hand"
        last = audit.read(connection, strict.brand_id, limit=1)[0].say.say("en")
    assert "She was here" not in last


def test_what_cannot_be_done_any_more_goes_on_waiting(
    database: Database, strict: Brand, aino: Enrolled, someone: Someone
) -> None:
    off = Correct(
        event_id="ask-2", member_id=aino.member_id, reason="Miscounted", unit="stamps", amount=-2
    )
    approval = asked(database, strict, off, someone("Matti"))
    with pytest.raises(NotEnough):
        database.run(second.agree, strict, approval.approval_id, actor=someone("Outi"))
    with database.read() as connection:
        assert approvals.get(connection, strict.brand_id, approval.approval_id).is_waiting


def test_a_second_press_asks_once(
    database: Database, strict: Brand, aino: Enrolled, someone: Someone
) -> None:
    first = asked(database, strict, stamps(aino), someone("Matti"))
    assert asked(database, strict, stamps(aino), someone("Matti")) == first
    with database.read() as connection:
        assert len(approvals.waiting(connection, strict.brand_id)) == 1


def test_an_erasure_waits_where_the_level_says_so(
    database: Database, strict: Brand, aino: Enrolled, someone: Someone
) -> None:
    approval = database.run(
        second.erasure, strict, aino.member_id, "erase-1", actor=someone("Matti")
    )
    assert isinstance(approval, Approval)
    with database.read() as connection:
        members.read(connection, strict.brand_id, aino.member_id)  # still here
    database.run(second.agree, strict, approval.approval_id, actor=someone("Outi"))
    with database.read() as connection, pytest.raises(LookupError):
        members.read(connection, strict.brand_id, aino.member_id)


def test_whoever_is_erased_is_forgotten_here_too(
    database: Database, strict: Brand, aino: Enrolled, someone: Someone
) -> None:
    approval = asked(database, strict, stamps(aino), someone("Matti"))
    database.run(enrolment.erase, strict.brand_id, aino.member_id, actor=COMMAND)
    with database.read() as connection:
        kept = connection.execute(sa.select(tables.approval)).all()
        assert "Left at home" not in str(kept)
        assert approvals.waiting(connection, strict.brand_id) == ()
    with pytest.raises(Refusal):
        database.run(second.agree, strict, approval.approval_id, actor=someone("Outi"))


def test_another_brand_finds_nothing(
    database: Database, strict: Brand, aino: Enrolled, someone: Someone
) -> None:
    approval = asked(database, strict, stamps(aino), someone("Matti"))
    with database.write() as connection:
        rove = a_brand(connection, "Rove")
        stranger = a_member(connection, rove, "Vieras")
    with pytest.raises(UnknownApproval):
        database.run(second.agree, rove, approval.approval_id, actor=someone("Outi"))
    with pytest.raises(Refusal):
        database.run(second.wish, strict, stamps(stranger, event="x"), actor=someone("Matti"))
