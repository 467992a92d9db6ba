"""Goods that come back at the till, without script: found, said beforehand, taken back once."""

from datetime import timedelta

import pytest

from wallet_service import clock, ids, sales
from wallet_service.audit import COMMAND
from wallet_service.brands import brand as brands
from wallet_service.brands.levels import LevelName
from wallet_service.brands.roles import Role
from wallet_service.programme import versions
from wallet_service.sales import Counter, Goods, Sale
from wallet_service.shipped import shipped

FLORIST = shipped("templates", "programmes", "florist.toml").read_text()


@pytest.fixture
def sold(shop):
    """A purchase of Aino's in this shop, told by a register: `sold(1250)`, or by lines."""

    def told(amount=None, member=None, **facts):
        counter = Counter(
            brand_id=shop.brand.brand_id,
            source="register",
            location_id=facts.pop("location_id", shop.till.location_id),
            unhurried=True,
        )
        sale = Sale(
            sale_id=ids.new_id(),
            currency="EUR",
            amount=amount,
            code=(member or shop.aino).code,
            **{"occurred_at": clock.now() - timedelta(hours=2)} | facts,
        )
        return shop.wallet.database.run(sales.record, counter, sale)

    return told


@pytest.fixture
def balances(shop):
    def found():
        with shop.wallet.database.read() as connection:
            scan = sales.at_the_counter(connection, shop.brand.brand_id, shop.aino.code)
        return {unit: each.available for unit, each in scan.balances.items()}

    return found


def the_sale(till, shop, words):
    till.open(f"/till/card/{shop.aino.code}")
    till.follow("Goods back")
    return till.follow(words)


def test_a_whole_purchase_comes_back_once_and_the_card_says_so(till, shop, sold, balances):
    sold(1250)
    the_sale(till, shop, "12.50 €, today 09:00")
    assert till.title == "12.50 €, today 09:00"
    till.press("All of it, 12.50 €")
    assert till.title == "Aino K., 12.50 € back"
    assert "That takes 1 stamp and 12 points off your card." in till.words
    assert "Off the card: 12 points" in till.words
    assert balances() == {"stamps": 1, "points": 12}  # nothing yet

    page = till.answer
    till.press("Take back 12.50 €")
    assert till.title == "12.50 € came back"
    assert "0 of 10 stamps, 0 points" in till.words
    done = till.path
    till.answer = page
    till.press("Take back 12.50 €")
    assert till.path == done
    assert balances() == {"stamps": 0, "points": 0}
    till.open("/till/last")
    assert "12.50 € came back, 11:00" in till.words
    assert "Undo" not in till.words
    till.open(f"/till/card/{shop.aino.code}/return")
    assert "Nothing was bought here with this card" in till.words


def test_a_part_comes_back_by_its_money_and_then_the_rest(till, shop, sold, balances):
    sold(1250)
    the_sale(till, shop, "12.50 €")
    till.follow("Only a part")
    till.press("What does it take back?", amount="5,50")
    assert "Off the card: 5 points" in till.words
    till.press("Take back 5.50 €")
    assert balances() == {"stamps": 1, "points": 7}
    the_sale(till, shop, "7 € of it are left")
    till.press("The rest, 7 €")
    till.press("Take back 7 €")
    assert balances() == {"stamps": 0, "points": 0}


def test_lines_come_back_by_their_number(till, shop, sold, balances):
    sold(lines=(Goods(product="rose", quantity=9, price=400), Goods(product="vase", price=1500)))
    assert balances() == {"stamps": 1, "points": 51}
    the_sale(till, shop, "51 €")
    assert "rose" in till.words
    till.follow("Only a part")
    assert till.press("What does it take back?").status_code == 422
    assert "Choose what comes back." in till.words
    for wrong in ("10", "-1", "a few", "99999", "0000" + "9" * 5000):
        assert till.press("What does it take back?", **{"line-1": wrong}).status_code == 422
        assert till.value_of("line-1") == wrong
    till.press("What does it take back?", **{"line-1": "2"}, **{"line-2": "0"})
    assert till.title == "Aino K., 8 € back"
    till.press("Take back 8 €")
    assert balances() == {"stamps": 1, "points": 43}


def test_a_coupon_that_was_used_goes_back_with_the_goods(till, shop, sold, balances):
    coupon = shop.stamp(10).brought[0]
    sold(2000, redeem=(coupon,))
    the_sale(till, shop, "20 €")
    till.follow("Only a part")
    till.press("What does it take back?", amount="1", coupon=[coupon])
    assert "A bouquet can be used again" in till.words
    till.open(f"/till/card/{shop.aino.code}/return")
    till.follow("20 €")
    till.press("All of it, 20 €")
    assert "You can use A bouquet again." in till.words
    till.press("Take back 20 €")
    till.open(f"/till/card/{shop.aino.code}")
    assert "A bouquet" in till.words


def test_the_reward_that_a_purchase_brought_goes_with_its_goods(till, shop, sold):
    shop.stamp(9)
    sold(1000)
    the_sale(till, shop, "10 €")
    till.press("All of it, 10 €")
    assert "A bouquet is taken back" in till.words
    till.press("Take back 10 €")
    till.open(f"/till/card/{shop.aino.code}")
    assert "A bouquet" not in [each.words for each in till.page.all("a")]


def test_what_the_shops_policy_leaves_on_the_card_is_said(till, shop, sold, balances):
    with shop.wallet.database.write() as connection:
        versions.apply(
            connection, shop.brand.brand_id, FLORIST + '\n[returns]\npolicy = "only_pending"\n'
        )
    sold(1250)
    the_sale(till, shop, "12.50 €")
    till.press("All of it, 12.50 €")
    assert "Your card stays as it is." in till.words
    assert "Stays on the card, as the shop has it: 12 points" in till.words
    till.press("Take back 12.50 €")
    assert balances()["points"] == 12


@pytest.mark.parametrize("typed", ["", "a lot", "0", "-5", "NaN", "١٢"])
def test_what_is_no_amount_is_asked_for_again(till, shop, sold, typed):
    sold(1250)
    the_sale(till, shop, "12.50 €")
    till.follow("Only a part")
    assert till.press("What does it take back?", amount=typed).status_code == 422
    assert "Type the amount as on the receipt" in till.error_at("amount")
    assert till.value_of("amount") == typed


def test_more_than_was_bought_is_refused_aloud(till, shop, sold):
    sold(1250)
    the_sale(till, shop, "12.50 €")
    till.follow("Only a part")
    assert till.press("What does it take back?", amount="12.51").status_code == 409
    assert till.title == "That is too much"
    assert "Only 12.50 € of this sale can still come back." in till.words
    assert "There is not so much left of this purchase." in till.words


def test_what_was_bought_elsewhere_or_long_ago_is_not_taken_back(till, shop, sold):
    sold(1250, occurred_at=clock.now() - timedelta(days=20), location_id="another")
    till.open(f"/till/card/{shop.aino.code}/return")
    assert "in the last 90 days" in till.words
    there = f"/till/card/{shop.aino.code}/return/sale"
    assert till.open(f"{there}?source=register&sale=unknown").status_code == 404
    assert till.title == "We don’t find this purchase"
    assert "Was it bought in this shop, and with this card?" in till.words


def test_where_nobody_may_harm_alone_a_manager_is_fetched(till, shop, sold):
    sold(1250)
    with shop.wallet.database.write() as connection:
        brands.set_level(connection, shop.brand.brand_id, LevelName.STRICT, actor=COMMAND)
    till.open(f"/till/card/{shop.aino.code}/return")
    assert till.title == "Not by you"
    assert "I’ll fetch somebody who may take it back." in till.words
    assert Role.CASHIER is shop.sanna.role


def test_what_a_form_says_is_never_trusted(till, shop, sold, balances):
    sold(1250)
    ilona = shop.newcomer("Ilona")
    the_sale(till, shop, "12.50 €")
    till.press("All of it, 12.50 €")
    page = till.answer
    for event_id in ("", "../x", "a" * 500):
        till.answer = page
        assert till.press("Take back", event_id=event_id).status_code == 400
    for named in ({"sale": "x"}, {"source": "<script>"}, {"sale": "x" * 5000}):
        till.answer = page
        assert till.press("Take back", **named).status_code == 404
    asked = page.request.path.replace(shop.aino.code, ilona.code)
    assert till.open(asked + "?source=register&sale=x").status_code == 404
    assert balances()["points"] == 12
