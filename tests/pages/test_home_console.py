"""The console's home: the day in a sentence, what needs somebody, and what is alive."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from shopfront import Shop
from window import Window

from wallet_service import brands, clock, enrolment, ids, sales
from wallet_service.audit import COMMAND
from wallet_service.brands import location, tables, tills
from wallet_service.brands.levels import LevelName
from wallet_service.brands.opening import Opening
from wallet_service.brands.roles import Role
from wallet_service.sales import Counter, StampsTold

As = Callable[..., Window]


@pytest.fixture
def owner(as_: As) -> Window:
    return as_(Role.OWNER)


def stamped(shop: Shop, count: int = 1, **ago: int) -> None:
    """A visit of Aino's some time ago; she has been a member for a year."""
    with shop.wallet.database.write() as connection:
        connection.execute(
            sa.text("UPDATE member SET joined_at = :at").bindparams(
                at=int((clock.now() - timedelta(days=365)).timestamp() * 1_000_000)
            )
        )
    told = StampsTold(
        event_id=ids.new_id(),
        code=shop.aino.code,
        count=count,
        occurred_at=clock.now() - timedelta(**ago),
    )
    shop.wallet.database.run(
        sales.stamp, Counter(brand_id=shop.brand.brand_id, source="tests"), told
    )


def test_the_day_is_told_in_a_sentence(shop: Shop, owner: Window) -> None:
    for week in (1, 2, 3, 4):
        stamped(shop, 2, days=7 * week, hours=1)
    stamped(shop, 3, minutes=30)
    owner.open(shop.root)
    assert owner.title.startswith("3 stamps so far, 1 more than a usual Wednesday by this hour.")
    assert "Good morning, Outi." in owner.words


def test_with_little_history_it_says_the_plain_part_only(shop: Shop, owner: Window) -> None:
    stamped(shop, 3, minutes=30)
    owner.open(shop.root)
    assert owner.title == "3 stamps so far."
    assert "What is usual shows after three weeks." in owner.words


def test_a_used_coupon_is_told(shop: Shop, owner: Window) -> None:
    [code] = shop.stamp(10).brought
    counter = Counter(brand_id=shop.brand.brand_id, source="tests")
    shop.wallet.database.run(sales.redeem, counter, "use", code)
    owner.open(shop.root)
    assert "1 coupon used." in owner.title


def test_before_the_first_member_the_page_does_something(shop: Shop, owner: Window) -> None:
    shop.wallet.database.run(
        enrolment.erase, shop.brand.brand_id, shop.aino.member_id, actor=COMMAND
    )
    owner.open(shop.root)
    assert "Kielo is open." in owner.title
    said = [each.words for each in owner.page.all("a")]
    assert {"Add a member", "Pair a till", "Invite staff"} <= set(said)
    owner.follow("Add a member")
    assert owner.status == 200


def test_a_chart_has_its_table(shop: Shop, owner: Window) -> None:
    stamped(shop, 1, minutes=5)
    owner.open(shop.root)
    assert "Visits, day by day" in owner.words
    assert len(owner.page.all("tr")) >= 15


def test_what_needs_somebody_is_named_with_the_way_there(shop: Shop, owner: Window) -> None:
    with shop.wallet.database.write() as connection:
        connection.execute(
            sa.update(tables.staff)
            .where(tables.staff.c.staff_id == shop.sanna.staff_id)
            .values(locked_until=clock.now() + timedelta(minutes=9))
        )
    owner.open(shop.root)
    assert "The till “Counter” was never paired" in owner.words
    assert "Sanna is locked out of the till" in owner.words
    places = [each["href"] for each in owner.page.all("a")]
    assert f"{shop.root}/settings/staff/{shop.sanna.staff_id}" in places


def test_when_nothing_needs_anybody_it_says_so(shop: Shop, owner: Window) -> None:
    with shop.wallet.database.write() as connection:
        till = tills.of(connection, shop.brand.brand_id)[0]
        code = tills.pairing_code(connection, till, actor=COMMAND)
        tills.pair(connection, code)
        for place in brands.locations(connection, shop.brand.brand_id):
            location.change(connection, replace(place, opening=Opening()), actor=COMMAND)
    owner.open(shop.root)
    assert "Nothing. The shop runs by itself." in owner.words


def test_a_stricter_level_wants_two_factors_and_two_people(shop: Shop, as_: As) -> None:
    shop.wallet.database.run(brands.set_level, shop.brand.brand_id, LevelName.CHAIN, actor=COMMAND)
    owner = as_(Role.OWNER)
    owner.open(shop.root)
    assert "Nobody could be the second person" in owner.words
    assert "No owner has a second factor" in owner.words


def test_practice_is_called_practice(shop: Shop, owner: Window) -> None:
    owner.open(shop.root)
    for words in ("Practice Apple was not called yet", "Practice certificate", "1 card waits"):
        assert words in owner.words


def test_what_happened_lately_is_for_those_who_may_read_the_log(shop: Shop, as_: As) -> None:
    owner, marketer = as_(Role.OWNER), as_(Role.MARKETER)
    owner.open(shop.root)
    marketer.open(shop.root)
    assert "took the design kielo into use" in owner.words
    assert "took the design kielo into use" not in marketer.words
    assert "never paired" not in marketer.words


@pytest.mark.parametrize(
    ("role", "words"),
    [(Role.CASHIER, "Your work is at the till."), (Role.AGENCY, "You work on how Kielo looks.")],
)
def test_a_role_without_figures_has_a_short_home(
    shop: Shop, as_: As, role: Role, words: str
) -> None:
    window = as_(role)
    window.open(shop.root)
    assert words in window.title
    assert "Members" not in window.words.replace("members’", "")


def test_another_brands_shop_is_not_told_of(shop: Shop, as_: As) -> None:
    from factories import a_brand

    with shop.wallet.database.write() as connection:
        rove = a_brand(connection, "Rove")
    stranger = as_(Role.OWNER, "Riku", brand=rove)
    assert stranger.open(shop.root).status_code == 404
    stranger.open("/console/rove")
    assert "Rove is open." in stranger.title
