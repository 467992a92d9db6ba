"""A purchase by its amount at the till, without script: told, said, recorded, undone."""

import pytest

from wallet_service import sales
from wallet_service.pages import till_sale
from wallet_service.programme import versions

POINTS = """
key = "kielo"
currency = "EUR"
languages = ["en"]
time_zone = "Europe/Helsinki"
units = ["points", "bonus"]
name = {en = "Kielo points"}
[[earn]]
unit = "points"
per = 100
[[earn]]
unit = "bonus"
amount = 5
per = 100
[[reward]]
key = "vase"
unit = "points"
cost = 20
comes = "bought"
name = {en = "A vase"}
coming = {en = "{left} more and the vase is yours."}
earned = {en = "A vase is yours."}
terms = {en = "One of the small ones."}
[[reward]]
key = "off"
unit = "bonus"
cost = 1
comes = "bought"
any_amount = true
worth = 1
name = {en = "Bonus"}
coming = {en = "{left} more."}
earned = {en = "Bonus to use."}
terms = {en = "Money off."}
"""


@pytest.fixture
def points(shop):
    """The shop counts points and bonus, and no stamps."""
    with shop.wallet.database.write() as connection:
        versions.apply(connection, shop.brand.brand_id, POINTS)
    return shop


def tell(till, shop, amount, reward=""):
    till.open(f"/till/card/{shop.aino.code}/amount" + (f"?reward={reward}" if reward else ""))
    return till.press("What does it give?", amount=amount)


def balances(shop):
    with shop.wallet.database.read() as connection:
        scan = sales.at_the_counter(connection, shop.brand.brand_id, shop.aino.code)
    return {unit: each.available for unit, each in scan.balances.items()}


def test_what_a_purchase_gives_is_said_before_it_is_recorded_and_done_once(till, shop):
    till.open(f"/till/card/{shop.aino.code}")
    till.follow("By amount")
    till.press("What does it give?", amount="12,50")
    assert till.title == "Aino K., 12.50 €"
    assert "1 stamp for a purchase of 5 € or more" in till.words
    assert "12 points for 12.50 €" in till.words
    assert "1 of 10 stamps, 12 points" in till.words
    assert balances(shop) == {"stamps": 0, "points": 0}  # nothing yet

    assert till.value_of("code") == ""
    said = till.answer
    till.press("Record 12.50 €")
    assert till.title == "Recorded: 12.50 €"
    assert "12 points for 12.50 €" in till.words
    done = till.path
    till.answer = said
    till.press("Record 12.50 €")
    assert till.path == done
    assert balances(shop) == {"stamps": 1, "points": 12}

    till.press("Undo for Aino K.")
    assert till.title == "Taken back"
    assert balances(shop) == {"stamps": 0, "points": 0}


def test_the_last_purchases_stand_with_their_amounts_and_can_be_taken_back(till, shop):
    tell(till, shop, "7")
    till.press("Record 7 €")
    till.open("/till/last")
    assert "a purchase of 7 €, 11:00" in till.words
    till.press("Undo")
    assert till.title == "Taken back"
    assert balances(shop)["points"] == 0


def test_the_purchase_that_fills_the_card_offers_its_reward(till, shop):
    shop.stamp(9)
    tell(till, shop, "5")
    assert "It brings: A bouquet" in till.words
    till.press("Record 5 €")
    till.follow("Use: A bouquet")
    till.press("Use it now")
    assert till.title == "Used"


@pytest.mark.parametrize("typed", ["", "a lot", "0", "-5", "1e3", "NaN", "12.345", "9" * 24, "١٢"])
def test_what_is_no_amount_is_asked_for_again_with_what_was_typed(till, shop, typed):
    assert tell(till, shop, typed).status_code == 422
    assert "Type the amount as on the receipt" in till.error_at("amount")
    assert till.value_of("amount") == typed
    assert till.value_of("code") == ""  # the scanner's field is not the amount's
    assert balances(shop)["points"] == 0


@pytest.mark.parametrize("typed", ["12,50", "12.50", " 12.5 ", "12,50 €", "12.50 eur", "€12.50"])
def test_an_amount_is_read_as_people_write_it(typed):
    assert till_sale.minor(typed, "EUR") == 1250


def test_a_card_without_stamps_has_the_amount_as_its_one_press(till, points):
    till.open(f"/till/card/{points.aino.code}")
    assert "+1 stamp" not in till.words
    till.follow("By amount")
    till.press("What does it give?", amount="30")
    till.press("Record 30 €")
    till.open(f"/till/card/{points.aino.code}")
    assert "Again?" in till.title
    till.follow("Yes, another purchase")
    assert balances(points) == {"points": 30, "bonus": 150}


def test_what_units_buy_is_used_with_a_purchase_and_given_back_by_the_undo(till, points):
    tell(till, points, "30")
    till.press("Record 30 €")

    tell(till, points, "10", reward="vase")
    assert "A vase, for 20 points" in till.words
    till.press("Record 10 €")
    assert balances(points) == {"points": 20, "bonus": 200}
    till.press("Undo for Aino K.")
    assert balances(points) == {"points": 30, "bonus": 150}


def test_bonus_pays_for_as_much_as_the_purchase_is(till, points):
    tell(till, points, "100")
    till.press("Record 100 €")
    tell(till, points, "3", reward="off")
    assert "Bonus, for 3 € bonus: take 3 € off" in till.words
    till.press("Record 3 €")
    assert balances(points)["bonus"] == 500 - 300 + 15


def test_a_reward_that_went_meanwhile_is_refused_and_the_purchase_stands(till, points):
    tell(till, points, "30")
    till.press("Record 30 €")
    tell(till, points, "1", reward="vase")
    first = till.answer
    tell(till, points, "1", reward="vase")
    till.press("Record 1 €")
    till.answer = first
    till.press("Record 1 €")
    assert till.title == "Recorded: 1 €"
    assert "A vase takes 20 points; there are 12 points on the card." in till.words


def test_what_a_form_says_is_never_trusted(till, shop):
    tell(till, shop, "5")
    page = till.answer
    for event_id in ("", "../x", "a" * 500):
        till.answer = page
        assert till.press("Record 5 €", event_id=event_id).status_code == 400
    till.answer = page
    assert till.press("Record 5 €", amount="x").status_code == 422
    assert balances(shop)["points"] == 0
    strange = f"/till/card/{shop.aino.code}/amount?reward=%3Cscript%3E"
    assert "<script>" not in till.open(strange).text


def test_what_is_on_the_way_stands_beside_what_the_card_has(till, shop):
    rules = POINTS.split("[[reward]]")[0] + "[pending.points]\ndays = 14\n"
    shop.wallet.database.run(versions.apply, shop.brand.brand_id, rules)
    till.open(f"/till/card/{shop.aino.code}/amount")
    till.press("What does it give?", amount="20")
    assert "0 points (20 points on the way)" in till.words
    till.press("Record 20 €")
    assert "0 points (20 points on the way)" in till.words
