"""By hand: stamps, corrections and what is taken back, each with a reason, each once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from factories import a_brand

from wallet_service import audit, brands, enrolment, ledger
from wallet_service.audit import Actor
from wallet_service.brands.levels import LEVELS, LevelName
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled
from wallet_service.errors import Refusal
from wallet_service.ledger import NotEnough
from wallet_service.ledger import tables as books
from wallet_service.members import tables as members
from wallet_service.phones import news, outbox
from wallet_service.sales import Answer, by_hand, reasons, visits
from wallet_service.sales.adjust import BadAdjustment
from wallet_service.sales.by_hand import Correct, GiveStamps, TakeBack, TooMuchByHand
from wallet_service.sales.errors import UnknownSale
from wallet_service.sales.reasons import BadReason

ANNA = Actor(kind="staff", name="Anna", id="anna")


@pytest.fixture
def act(database: Database, till: Any) -> Callable[..., Answer]:
    """Anna, in the office, does something to a card."""

    def acts(wish: by_hand.Wish) -> Answer:
        return database.run(by_hand.act, till.counter.brand_id, wish, actor=ANNA)

    return acts


def stamps(who: Enrolled, count: int, event: str = "e-1", why: str = "Left at home") -> GiveStamps:
    return GiveStamps(event_id=event, member_id=who.member_id, reason=why, count=count)


def balance(
    who: Enrolled, amount: int, unit: str = "stamps", event: str = "e-1", why: str = "Miscounted"
) -> Correct:
    return Correct(event_id=event, member_id=who.member_id, reason=why, unit=unit, amount=amount)


def back(who: Enrolled, sale_id: str, source: str = "till:1", event: str = "b-1") -> TakeBack:
    return TakeBack(
        event_id=event,
        member_id=who.member_id,
        reason="Wrong card",
        source=source,
        sale_id=sale_id,
    )


def seen_at(database: Database, who: Enrolled) -> Any:
    with database.read() as connection:
        return connection.execute(
            sa.select(members.member.c.seen_at).where(members.member.c.member_id == who.member_id)
        ).scalar_one()


def test_a_balance_goes_up_and_down_by_what_is_said(
    act: Callable[..., Answer], till: Any, aino: Enrolled
) -> None:
    up = act(balance(aino, 4))
    down = act(balance(aino, -1, event="e-2"))
    assert (up.balances["stamps"].available, down.balances["stamps"].available) == (4, 3)
    # What goes down was never gained.
    assert down.balances["stamps"].lifetime == 3
    assert down.news.say("en") == "Corrected: 3 of 10 stamps."
    assert till.books(aino) == ()


def test_points_are_corrected_in_their_own_sentence(
    act: Callable[..., Answer], aino: Enrolled
) -> None:
    answer = act(balance(aino, 40, unit="points"))
    assert answer.balances["points"].available == 40
    assert answer.news.say("en") == "Corrected: 40 points."


def test_a_second_press_is_the_first(
    act: Callable[..., Answer], till: Any, aino: Enrolled, database: Database
) -> None:
    act(balance(aino, 4))
    again = act(balance(aino, 4))
    assert again.repeated
    assert till.scan(aino).balances["stamps"].available == 4
    with database.read() as connection:
        said = [each.what for each in audit.read(connection, till.counter.brand_id)]
        assert said.count("member.balance") == 1
        assert len(news.latest(connection, aino.member_id, 9)) == 2  # the welcome, and this


def test_no_balance_goes_below_zero(act: Callable[..., Answer], till: Any, aino: Enrolled) -> None:
    till.stamp(aino, 2)
    with pytest.raises(NotEnough):
        act(balance(aino, -3))
    assert till.scan(aino).balances["stamps"].available == 2
    assert till.books(aino) == ()


@pytest.mark.parametrize(
    ("wish", "refused"),
    [
        (lambda who: balance(who, 0), BadAdjustment),
        (lambda who: balance(who, 5, unit="miles"), BadAdjustment),
        (lambda who: balance(who, 5, why="  "), BadReason),
        (lambda who: balance(who, 5, why="x" * 300), BadReason),
        (lambda who: stamps(who, 0), Refusal),
        (lambda who: back(who, "never told"), UnknownSale),
    ],
)
def test_what_cannot_be_is_refused(
    act: Callable[..., Answer], aino: Enrolled, wish: Any, refused: type[Exception]
) -> None:
    with pytest.raises(refused):
        act(wish(aino))


def test_a_stamp_by_hand_that_fills_the_card_brings_the_reward(
    act: Callable[..., Answer], till: Any, aino: Enrolled
) -> None:
    till.stamp(aino, 9)
    answer = act(stamps(aino, 1))
    assert len(answer.brought) == 1
    assert answer.news.say("en") == "10 of 10. A bouquet is on us."
    assert till.books(aino) == ()


def test_a_correction_that_fills_the_card_brings_it_too(
    act: Callable[..., Answer], till: Any, aino: Enrolled
) -> None:
    till.stamp(aino, 9)
    answer = act(balance(aino, 1))
    assert len(answer.brought) == 1
    assert answer.news.say("en") == "Corrected: 10 of 10. A bouquet is on us."


def test_stamps_that_have_become_a_coupon_are_not_taken_off_and_the_refusal_says_why(
    act: Callable[..., Answer], till: Any, aino: Enrolled
) -> None:
    till.stamp(aino, 10)
    with pytest.raises(NotEnough) as refused:
        act(balance(aino, -1))
    assert refused.value.say.say("en") == (
        "These 10 stamps have become the coupon “A bouquet”."
        " Take back the visit that filled the card."
    )


def test_the_phone_hears_of_a_correction_once(
    act: Callable[..., Answer], aino: Enrolled, database: Database
) -> None:
    with database.read() as connection:
        before = outbox.waiting(connection)[0]
    act(balance(aino, 1))
    with database.read() as connection:
        assert outbox.waiting(connection)[0] == before  # one row a pass, however many words


def test_a_visit_is_taken_back_at_the_desk_as_at_the_till(
    act: Callable[..., Answer], till: Any, aino: Enrolled, database: Database
) -> None:
    till.sale(aino, 1250, "r-1")
    till.sale(aino, 900, "r-2")
    answer = act(back(aino, "r-1"))
    assert (answer.balances["stamps"].available, answer.balances["points"].available) == (1, 9)
    assert till.books(aino) == ()
    with database.read() as connection:
        told, _ = visits.of_member(connection, aino.member_id)
    assert [(each.kind, each.is_undone) for each in told] == [
        ("undoing", False), ("sale", False), ("sale", True)
    ]  # fmt: skip
    assert told[0].reason == "Wrong card"


def test_another_members_visit_is_not_taken_back(
    act: Callable[..., Answer], till: Any, aino: Enrolled, enrol: Callable[..., Enrolled]
) -> None:
    till.sale(aino, 1250, "r-1")
    mikko = enrol("Mikko")
    with pytest.raises(UnknownSale):
        act(back(mikko, "r-1"))
    with pytest.raises(UnknownSale):
        act(back(aino, "r-1", source="till:2"))
    assert till.scan(aino).balances["points"].available == 12


def test_who_was_here_last_follows_what_stands(
    act: Callable[..., Answer], till: Any, aino: Enrolled, database: Database, driven_clock: Any
) -> None:
    joined = seen_at(database, aino)
    driven_clock.advance(timedelta(days=2))
    till.sale(aino, 900, "r-1")
    first = seen_at(database, aino)
    driven_clock.advance(timedelta(days=2))
    till.sale(aino, 900, "r-2")
    assert joined < first < seen_at(database, aino)
    act(back(aino, "r-2"))
    assert seen_at(database, aino) == first
    act(back(aino, "r-1", event="b-2"))
    assert seen_at(database, aino) == joined


def test_the_typed_reason_stands_beside_the_books_and_goes_with_the_person(
    act: Callable[..., Answer], till: Any, aino: Enrolled, database: Database
) -> None:
    act(balance(aino, 2, why="Aino's mother phoned"))
    with database.read() as connection:
        assert "mother" not in str(connection.execute(sa.select(books.entry_line)).all())
        assert "mother" not in str(audit.read(connection, till.counter.brand_id))
        told, _ = visits.of_member(connection, aino.member_id)
        assert told[0].reason == "Aino's mother phoned"
        assert told[0].moved[0].why is not None
        assert told[0].moved[0].why.say("en") == "corrected by Anna"
    database.run(enrolment.erase, till.counter.brand_id, aino.member_id, actor=ANNA)
    with database.write() as connection:
        assert reasons.of_member(connection, aino.member_id) == {}
        assert ledger.verify(connection, aino.member_id) == ()


def test_a_level_lets_only_so_much_be_given_at_once(aino: Enrolled) -> None:
    strict, shop = LEVELS[LevelName.STRICT], LEVELS[LevelName.SHOP]
    by_hand.require_within(shop, stamps(aino, 20))
    by_hand.require_within(shop, balance(aino, -2000, unit="points"))
    for level, wish in (
        (strict, stamps(aino, 11)),
        (shop, balance(aino, -21)),
        (shop, balance(aino, 2001, unit="points")),
    ):
        with pytest.raises(TooMuchByHand):
            by_hand.require_within(level, wish)


def test_what_waits_for_a_second_person_goes_by_its_weight(
    till: Any, aino: Enrolled, database: Database
) -> None:
    till.sale(aino, 90_000, "dear")
    shop, chain, strict = (LEVELS[name] for name in LevelName)
    with database.read() as connection:

        def waits(level: Any, wish: Any) -> bool:
            return by_hand.waits(connection, level, wish, actor=ANNA)

        assert not any(waits(shop, each) for each in (stamps(aino, 20), back(aino, "dear")))
        assert [waits(chain, stamps(aino, n)) for n in (5, 6)] == [False, True]
        assert [waits(chain, balance(aino, n, unit="points")) for n in (-500, -501)] == [
            False, True
        ]  # fmt: skip
        assert waits(chain, back(aino, "dear"))  # nine hundred points
        assert waits(strict, stamps(aino, 1))


def test_a_wish_is_kept_as_facts_and_comes_back(aino: Enrolled) -> None:
    for wish in (stamps(aino, 3), balance(aino, -2), back(aino, "r-1")):
        assert by_hand.from_facts(by_hand.as_facts(wish)) == wish


def test_another_brands_member_is_nobody_here(
    act: Callable[..., Answer], database: Database
) -> None:
    from factories import a_member

    with database.write() as connection:
        stranger = a_member(connection, a_brand(connection, "Rove"), "Outi")
    with pytest.raises(Refusal):
        act(balance(stranger, 1))
    with database.read() as connection:
        assert brands.get(connection, by_brand(connection, stranger)).name == "Rove"
        assert ledger.balances_of(connection, stranger.member_id) == {}


def by_brand(connection: Any, who: Enrolled) -> str:
    return str(
        connection.execute(
            sa.select(members.member.c.brand_id).where(members.member.c.member_id == who.member_id)
        ).scalar_one()
    )
