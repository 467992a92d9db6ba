"""What is owed, in the console: by unit, what ends when, the coupons that wait, the audit."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from shopfront import Shop
from window import Window

from wallet_service import brands, clock, programme, sales
from wallet_service.audit import COMMAND
from wallet_service.brands import location
from wallet_service.brands.opening import Opening
from wallet_service.brands.roles import Role
from wallet_service.ledger import jobs, tables
from wallet_service.sales import Counter, Sale
from wallet_service.shipped import shipped

As = Callable[..., Window]

FLORIST = shipped("templates", "programmes", "florist.toml").read_text()
BONUS = FLORIST.replace('"points"]', '"points", "bonus"]') + (
    '\n[[earn]]\nunit = "bonus"\nshare = 1000\n\n[expiry.bonus]\nmonths = 2\n'
)


@pytest.fixture
def owner(as_: As) -> Window:
    return as_(Role.OWNER)


def bought(shop: Shop, amount: int) -> None:
    database = shop.wallet.database
    database.run(programme.apply, shop.brand.brand_id, BONUS)
    sale = Sale(sale_id="r-1", member_id=shop.aino.member_id, amount=amount, currency="EUR")
    database.run(sales.record, Counter(brand_id=shop.brand.brand_id, source="tests"), sale)


def test_what_members_have_is_told_by_unit_and_with_the_month_in_which_it_ends(
    shop: Shop, owner: Window
) -> None:
    shop.stamp(10)
    bought(shop, 12_500)
    owner.open(f"{shop.root}/owed")
    said = owner.words.replace("\xa0", " ")
    assert "125 points. None of it ends within a year." in said
    assert "12.50 € bonus. The soonest to end: 12.50 € bonus, by the end of" in said
    assert "A bouquet" in said
    # Twelve months, and the one amount written out beside them.
    assert len([each for each in owner.page.all("figure") if "chart" in each["class"]]) == 1


def test_a_shop_that_owes_nothing_says_so(shop: Shop, owner: Window) -> None:
    owner.open(f"{shop.root}/owed")
    assert "Nothing is owed" in owner.words


def test_home_leads_there_for_those_who_run_the_shop(shop: Shop, as_: As) -> None:
    for role, leads in ((Role.OWNER, True), (Role.MANAGER, True), (Role.MARKETER, False)):
        window = as_(role)
        window.open(shop.root)
        places = [each["href"] for each in window.page.all("a")]
        assert (f"{shop.root}/owed" in places) is leads


def test_home_speaks_when_the_audit_found_something(shop: Shop, owner: Window) -> None:
    database = shop.wallet.database
    jobs.audit_books(database, clock.now())
    owner.open(shop.root)
    assert "The books do not agree" not in owner.words
    with database.write() as connection:
        connection.execute(sa.update(tables.books_audit).values(faults=1, first_faults=["m: off"]))
    owner.open(shop.root)
    assert "The books do not agree" in owner.words
    assert "m: off" not in owner.words


def test_home_speaks_when_two_nights_went_by_without_an_audit(shop: Shop, as_: As) -> None:
    jobs.audit_books(shop.wallet.database, clock.now())
    for hours, speaks in ((47, False), (2, True)):
        clock.advance(timedelta(hours=hours))
        owner = as_(Role.OWNER)
        owner.open(shop.root)
        assert ("not audited for two nights" in owner.words) is speaks


def test_home_asks_for_opening_hours_until_they_are_said(shop: Shop, owner: Window) -> None:
    owner.open(shop.root)
    assert "No opening hours yet" in owner.words
    with shop.wallet.database.read() as connection:
        places = brands.locations(connection, shop.brand.brand_id)
    for place in places:
        shop.wallet.database.run(location.change, replace(place, opening=Opening()), actor=COMMAND)
    owner.open(shop.root)
    assert "No opening hours yet" not in owner.words
