"""Offers in the console: made in half a minute, changed without breaking a word, ended."""

from datetime import datetime

import pytest
from shopfront import Shop
from test_settings import told
from window import Window

from wallet_service import programme
from wallet_service.audit import COMMAND
from wallet_service.brands import add_location, locations
from wallet_service.brands.roles import Role
from wallet_service.coupons import offers, promise
from wallet_service.coupons.offering import Offering
from wallet_service.coupons.promise import Conditions, Validity, Worth


@pytest.fixture
def anna(shop: Shop) -> Window:
    """The marketer."""
    return shop.as_(Role.MARKETER)


def there(shop: Shop) -> dict[str, Offering]:
    with shop.wallet.database.read() as connection:
        return {each.key: each for each in offers.list_(connection, shop.brand.brand_id)}


def make(shop: Shop, window: Window, kind: str = "discount", **fields: str | list[str]) -> int:
    window.open(f"{shop.root}/offers/new?kind={kind}")
    return window.press("Make the offer", **fields).status_code


def put(shop: Shop, key: str, said: dict[str, object], name: str = "Roses") -> Offering:
    promised = promise.read(said)
    with shop.wallet.database.write() as connection:
        return offers.put(
            connection, shop.brand.brand_id, key, {"en": name}, {}, promised, actor=COMMAND
        )


# ---- making one ----------------------------------------------------------------------------------


def test_a_discount_takes_a_name_and_a_figure(shop: Shop, anna: Window) -> None:
    anna.open(f"{shop.root}/offers")
    assert "No offers yet" in anna.words
    anna.follow("Make an offer")
    anna.follow("A discount")
    anna.press("Make the offer", name_en="Kevään kukat!", much="20 %")
    assert anna.title == "Kevään kukat!"
    assert "The offer is made." in anna.words
    assert "20% off." in anna.words
    made = there(shop)["kevaan-kukat"]
    assert made.promise.worth == Worth(percent=20)
    assert made.name.words == {"en": "Kevään kukat!"}
    assert told(shop) == "Anna made the offer Kevään kukat!"


def test_every_condition_is_kept_and_said_in_one_sentence(shop: Shop, anna: Window) -> None:
    put(shop, "next", {"kind": "benefit"}, "A rose")
    with shop.wallet.database.write() as connection:
        add_location(connection, shop.brand.brand_id, name="Kielo, Töölö", actor=COMMAND)
        (kallio, *_) = locations(connection, shop.brand.brand_id)
    status = make(
        shop,
        anna,
        name_en="Quiet days",
        name_fi="Hiljaiset päivät",
        terms_en="Not with other offers.",
        much="5,50",
        much_as="amount",
        first_day="2031-03-01",
        last_day="2031-03-31",
        days="14",
        weekdays=["mon", "tue"],
        from_hour="10:00",
        to_hour="14:00",
        purchase_min="20 €",
        products="rose, tulip",
        categories="cut flowers",
        quota="500",
        per_member="2",
        alone="y",
        then="next",
        shared_code="quiet",
        locations=[kallio.location_id],
    )
    assert status == 200
    made = there(shop)["quiet-days"]
    assert made.name.words == {"en": "Quiet days", "fi": "Hiljaiset päivät"}
    said = made.promise
    assert said.worth == Worth(amount=550)
    assert said.validity == Validity(first_day="2031-03-01", last_day="2031-03-31", days=14)
    assert said.conditions.weekdays == ["mon", "tue"]
    assert (said.conditions.from_hour, said.conditions.to_hour) == ("10:00", "14:00")
    assert said.conditions.purchase_min == 2000
    assert said.conditions.products == ["rose", "tulip"]
    assert said.conditions.categories == ["cut flowers"]
    assert said.conditions.locations == [kallio.location_id]
    assert (said.quota, said.per_member, said.alone) == (500, 2, True)
    assert (said.then, said.shared_code) == ("next", "QUIET")
    anna.open(f"{shop.root}/offers")
    assert (
        "5.50 € off, for rose, tulip, cut flowers, from a purchase of 20 €, only Mon, Tue, "
        "between 10:00 and 14:00, "
    ) in anna.words
    assert "not together with another coupon, for whoever says QUIET, " in anna.words
    assert "from 1 March 2031 to 31 March 2031, for 14 days once it is given." in anna.words
    assert "0 of 500 given, 0 used" in anna.words


def test_a_ticket_is_by_the_shops_own_clock(shop: Shop, anna: Window) -> None:
    make(
        shop,
        anna,
        "ticket",
        name_en="Wreaths",
        event="Wreaths by candlelight",
        place="The back room",
        starts_at="2031-12-12T18:00",
        ends_at="2031-12-12T21:00",
        admissions="2",
        re_entry="y",
    )
    ticket = there(shop)["wreaths"].promise.ticket
    assert ticket is not None
    assert ticket.starts_at == datetime.fromisoformat("2031-12-12T18:00+02:00")
    assert (ticket.admissions, ticket.re_entry, ticket.place) == (2, True, "The back room")
    assert "A ticket to Wreaths by candlelight, 12 December 2031 18:00." in anna.words
    anna.follow("Change the offer")
    assert anna.value_of("starts_at") == "2031-12-12T18:00"


def test_a_gift_needs_no_figure(shop: Shop, anna: Window) -> None:
    assert make(shop, anna, "benefit", name_en="A rose for you") == 200
    assert there(shop)["a-rose-for-you"].promise.worth is None
    assert "A gift or a benefit." in anna.words


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("name_en", "", "Please fill this in."),
        ("much", "", "Say how much."),
        ("much", "a lot", "Write a whole number from 1 to 100."),
        ("much", "101", "Write a whole number from 1 to 100."),
        ("last_day", "2031-02-01", "This day is before the first one."),
        ("last_day", "0031-03-31", "Write a year from 2000 to 2100."),
        ("purchase_min", "1e9", "Write a sum like 5 or 5,50."),
        ("products", "x" * 101, "This does not fit"),
        ("to_hour", "10:00", "The two hours are the same."),
        ("purchase_min", "-5", "Write a sum like 5 or 5,50."),
        ("quota", "0", "Write a whole number, 1 or more."),
        ("shared_code", "two words", "A code is 3 to 20 letters A–Z and digits, without spaces."),
        ("shared_code", "ROSE", "Another offer has this code."),
    ],
)
def test_a_fault_stands_beside_its_field_and_nothing_typed_is_lost(
    shop: Shop, anna: Window, field: str, typed: str, says: str
) -> None:
    put(shop, "rose", {"kind": "benefit", "shared_code": "ROSE"}, "A rose")
    typed_before: dict[str, str | list[str]] = {
        "name_en": "Spring",
        "terms_en": "While they bloom.",
        "much": "20",
        "first_day": "2031-03-01",
        "from_hour": "10:00",
    }
    assert make(shop, anna, **(typed_before | {field: typed})) == 422
    assert says in anna.error_at(field)
    assert anna.value_of("terms_en").strip() == "While they bloom."
    assert anna.value_of(field) == typed
    assert set(there(shop)) == {"rose"}


def test_what_is_folded_away_opens_where_something_is_wrong(shop: Shop, anna: Window) -> None:
    make(shop, anna, name_en="Spring", much="20", quota="none")
    (more,) = [each for each in anna.page.all("details") if "More conditions" in each.words]
    assert more.has("open")


def test_a_second_press_makes_no_second_offer(shop: Shop, anna: Window) -> None:
    make(shop, anna, name_en="Spring", much="20")
    assert make(shop, anna, name_en="spring ", much="20") == 422
    assert "There is an open offer of this name." in anna.error_at("name_en")
    assert len(there(shop)) == 1


def test_names_that_are_alike_get_keys_of_their_own(shop: Shop, anna: Window) -> None:
    for name in ("Kesä", "Kesa!", "New", "8. maaliskuuta", "!!!"):
        assert make(shop, anna, name_en=name, much="10") == 200
    assert set(there(shop)) == {"kesa", "kesa-2", "new-2", "offer-8-maaliskuuta", "offer"}


# ---- changing and ending -------------------------------------------------------------------------


def test_a_change_is_another_version_and_what_the_form_asks_not_stays(
    shop: Shop, anna: Window
) -> None:
    before = put(
        shop,
        "roses",
        {"kind": "offer", "conditions": {"weekdays": ["mon"]}, "worth": {"product": "rose"}},
    )
    anna.open(f"{shop.root}/offers/roses")
    anna.follow("Change the offer")
    assert "Those who have one already keep it" in anna.words
    assert anna.value_of("much") == "rose"
    anna.press("Save the offer", quota="10")
    assert "Whoever has one keeps it as it was." in anna.words
    after = there(shop)["roses"]
    assert after.offer_id != before.offer_id
    assert (after.kind, after.promise.quota) == ("offer", 10)
    assert after.promise.worth == Worth(product="rose")
    assert after.promise.conditions == Conditions(weekdays=["mon"])


def test_saving_without_a_change_makes_no_version(shop: Shop, anna: Window) -> None:
    make(
        shop,
        anna,
        "ticket",
        name_en="Wreaths",
        event="Wreaths",
        starts_at="2031-12-12T18:00",
        ends_at="2031-12-12T21:00",
    )
    before = there(shop)["wreaths"]
    anna.follow("Change the offer")
    anna.press("Save the offer")
    assert there(shop)["wreaths"] == before


def test_an_ended_offer_is_kept_and_may_be_opened_again(shop: Shop, anna: Window) -> None:
    put(shop, "roses", {"kind": "discount", "worth": {"amount": 500}})
    anna.open(f"{shop.root}/offers/roses")
    assert "Whoever has one can use it as long as it was promised." in anna.words
    anna.press("End it now")
    assert "Roses has ended. Nobody gets it any more." in anna.words
    assert "Nothing on offer" in anna.words
    assert told(shop) == "Anna ended the offer Roses"
    anna.follow("Roses")
    anna.follow("Open it again")
    anna.press("Save, and open it")
    assert there(shop)["roses"].ended_at is None
    assert told(shop) == "Anna opened the offer Roses again"


def test_how_an_offer_stands_is_said_by_a_word(shop: Shop, anna: Window) -> None:
    worth = {"percent": 10}
    for key, validity in (
        ("over", {"last_day": "2020-01-01"}),
        ("later", {"first_day": "2090-01-01"}),
    ):
        put(shop, key, {"kind": "discount", "worth": worth, "validity": validity}, key)
    anna.open(f"{shop.root}/offers")
    assert "its time is over" in anna.words
    assert "from 1 January 2090" in anna.words


def test_the_programmes_rewards_are_listed_and_not_changed_here(shop: Shop, anna: Window) -> None:
    anna.open(f"{shop.root}/offers")
    assert "For 10 stamps, as soon as there is enough." in anna.words
    with shop.wallet.database.read() as connection:
        reward = programme.of_brand(connection, shop.brand.brand_id).rules.reward[0]
    assert anna.open(f"{shop.root}/offers/{reward.key}").status_code == 404
    make(shop, anna, name_en=reward.key, much="10")
    assert f"{reward.key}-2" in there(shop)


def test_the_agency_reads_and_the_cashier_does_not(shop: Shop) -> None:
    put(shop, "roses", {"kind": "benefit"})
    agency = shop.as_(Role.AGENCY)
    agency.open(f"{shop.root}/offers/roses")
    assert "Change the offer" not in agency.words
    assert "End the offer" not in agency.words
    assert agency.open(f"{shop.root}/offers/new").status_code == 403
    assert shop.as_(Role.CASHIER).open(f"{shop.root}/offers").status_code == 403
