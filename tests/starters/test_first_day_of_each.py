"""A shop of each kind, from an empty folder to a reward in a member's hand, through the doors."""

from collections.abc import Callable

from first_day import FirstDay
from shell import Shell

Opens = Callable[[str], FirstDay]


def test_a_florists_tenth_stamp_is_a_bouquet(opens: Opens) -> None:
    day = opens("florist")
    for _ in range(10):
        day.stamp()
    assert "A bouquet" in day.at_the_till()
    day.on_the_phone("news", "10 of 10. A bouquet is on us.")
    assert "One bouquet of the season" in day.field("coupon_1") + day.field("coupon-1")
    page = day.card_page()
    assert "A bouquet until 24 May 2027" in page
    assert "Points0" in page


def test_a_restaurant_stamps_coffee_and_sells_dessert_for_points(opens: Opens) -> None:
    day = opens("restaurant")
    assert "24 points for 24.50 €, 12 more: lunch time" in day.buys("24.50")
    for _ in range(9):  # the first is on the card from the start
        day.stamp()
    assert "A coffee" in day.at_the_till()

    day.buys("60")
    assert "A dessert, for 80 points" in day.buys("30", "A dessert")
    day.on_the_phone("points", "91")
    day.on_the_phone("stamps", "10/10")
    assert day.field("visits") == "1"
    page = day.card_page()
    assert "A coffee until 24 January 2027" in page
    assert "used: A dessert" in page


def test_a_restaurant_gives_twice_the_points_on_tuesdays(opens: Opens) -> None:
    day = opens("restaurant")
    day.later(days=6)  # Tuesday, at lunch: twice is better than half as many again
    assert "10 points for 10 €, 10 because it is Tuesday" in day.buys("10")


def test_a_hotels_points_count_when_the_stay_is_over_and_pay_the_next_bill(
    database_url: str, opens: Opens, shell: Shell
) -> None:
    shell.environment["WALLET_SERVICE__DATABASE__URL"] = database_url
    day = opens("hotel")
    assert "1800 points for 900 €" in day.buys("900")
    assert "0 points, 1800 on the way" in day.at_the_till()
    day.on_the_phone("news", "1800 points more, 1800 on the way.")
    assert day.field("points") == "0"
    assert day.field("coming") == "1800"
    page = day.card_page()
    assert "Points 1800 on the way0" in page
    assert "1800 points for 900 €" in page

    day.later(days=4)
    day.on_the_phone("news", "Now to use: 1800 points.")
    assert (day.field("points"), day.field("coming")) == ("1800", "")
    assert "Money off the bill, for 1500 points: take 30 € off" in day.buys(
        "80", "Money off the bill"
    )
    assert "used: Money off the bill" in day.card_page()


def test_a_hotels_rooms_and_spa_give_more_and_make_a_lantern(opens: Opens) -> None:
    day = opens("hotel")
    answer = day.call(
        "PUT",
        "/sales/stay-1",
        {
            "code": day.code,
            "currency": "EUR",
            "lines": [
                {"category": "room", "quantity": 4, "price": 16_000},
                {"category": "spa", "quantity": 1, "price": 5000},
                {"category": "restaurant", "quantity": 1, "price": 6000},
            ],
        },
    )
    assert answer["balances"]["points"]["pending"] == 640 * 5 + 50 * 3 * 2 + 60 * 2  # a Wednesday
    day.on_the_phone("tier", "Lantern")
    assert "the room is yours until one o'clock" in day.card_page()


def test_a_dealers_bonus_is_money_at_another_dealer(opens: Opens) -> None:
    day = opens("dealer")
    assert "35 € bonus for 1,500 €" in day.buys("1500")  # 2 % of the first thousand, 3 % beyond
    day.on_the_phone("bonus", "35 €")
    assert "Bonus off the price, for 12 € bonus: take 12 € off" in day.buys(
        "12,50", "Bonus off the price"
    )
    day.on_the_phone("bonus", "23.37 €")
    page = day.card_page()
    assert "Bonus23.37 €" in page
    assert "of purchases" not in page  # what was bought is said already
    assert "used: Bonus off the price" in page
