"""A card shows all that its programme counts, in the programme's order, and the tier."""

from passes.design import Design
from wallet_service import programme, sales
from wallet_service.audit import COMMAND
from wallet_service.brands import designs
from wallet_service.brands.roles import Role
from wallet_service.ledger import Balance
from wallet_service.render import balance
from wallet_service.sales import Counter, Sale
from wallet_service.shipped import shipped

FLORIST = shipped("templates", "programmes", "florist.toml").read_text()
UNITS = '"bonus", "stamps", "purchase_total", "visits"]'
ALL = FLORIST.replace('"stamps", "points"]', UNITS).replace(
    '[[earn]]\nunit = "points"\namount = 1\nper = 100\n',
    """
[[earn]]
unit = "bonus"
share = 250

[[earn]]
unit = "visits"
amount = 1

[[earn]]
unit = "purchase_total"
amount = 1
per = 1

[tiers]
counts = "purchase_total"

[[tiers.tier]]
key = "friend"
from_total = 10000
name = {en = "Friend of the house", fi = "Talon ystävä", sv = "Husets vän"}
""",
)  # fmt: skip


def bought(shop, amount, rules=ALL):
    database, aino = shop.wallet.database, shop.aino
    with database.write() as connection:
        programme.apply(connection, shop.brand.brand_id, rules)
    with database.write() as connection:
        sales.record(
            connection,
            Counter(brand_id=shop.brand.brand_id, source="story"),
            Sale(sale_id="r-1", member_id=aino.member_id, amount=amount, currency="EUR"),
        )


def card_of(shop):
    with shop.wallet.database.read() as connection:
        return shop.wallet.card_of(connection, shop.aino.member_id, shop.aino.person_id)


def test_the_card_holds_each_unit_in_the_order_of_the_programme_with_money_as_money(shop):
    bought(shop, 50_000)
    card = card_of(shop)
    assert [(each.label, each.value.replace("\xa0", " ")) for each in card.balances] == [
        ("Bonus", "12.50 €"),
        ("Stamps", "1/10"),
        ("Purchases", "500 €"),
        ("Visits", "1"),
    ]
    assert card.tier.name == "Friend of the house"


def test_the_members_page_shows_them_all(shop):
    bought(shop, 50_000)
    page = shop.app.test_client().get(shop.card_link()).text.replace("\xa0", " ")
    places = [page.index(words) for words in ("12.50 €</b>", "1 of 10</b>", "500 €</b>")]
    assert places == sorted(places)
    assert "Friend of the house" in page


def test_the_console_says_what_a_member_has_by_every_unit(shop, as_):
    bought(shop, 50_000)
    window = as_(Role.OWNER)
    window.open(f"/console/kielo/members/{shop.aino.member_id}")
    said = window.words.replace("\xa0", " ")
    assert "12.50 € bonus" in said
    assert "500 € of purchases and 1 visit" in said
    assert "Friend of the house" in said


def test_what_is_on_the_way_stands_beside_what_can_be_used(shop, as_):
    bought(shop, 50_000, ALL + "\n[pending.bonus]\ndays = 14\n")
    page = shop.app.test_client().get(shop.card_link()).text.replace("\xa0", " ")
    assert "Bonus <small>12.50 € on the way</small></span><b>0 €</b>" in page
    window = as_(Role.OWNER)
    window.open(f"/console/kielo/members/{shop.aino.member_id}")
    assert "0 € bonus (12.50 € bonus on the way)" in window.words.replace("\xa0", " ")


def test_a_card_without_stamps_is_shown_to_the_owner_empty_and_on_the_way(shop, as_):
    polku = Design.load(shipped("templates", "designs", "polku"))
    rules = shipped("templates", "programmes", "dealer.toml").read_text()
    with shop.wallet.database.write() as connection:
        designs.apply(connection, shop.brand.brand_id, "polku", polku, actor=COMMAND)
        programme.apply(connection, shop.brand.brand_id, rules.replace('"polku"', '"kielo"'))
    window = as_(Role.OWNER)
    window.open("/console/kielo/design")
    said = window.words.replace("\xa0", " ")
    assert "bonus0 €" in said
    assert "bonus18 €" in said
    assert "Companion" in said
    assert "Half as much bonus again, on everything." in said


def test_a_finn_and_a_swede_read_their_own_words_for_it():
    rules = programme.ruleset.read(ALL)
    for language, label in (("fi", "Ostokset"), ("sv", "Köp")):
        said = balance(rules, "purchase_total", Balance(available=123_456), language)
        assert said.label == label
        assert said.value.split() == ["1", "234,56", "€"]


def test_each_unit_is_corrected_by_hand_and_money_is_typed_as_money(shop, as_):
    bought(shop, 50_000)
    window, member = as_(Role.OWNER), f"/console/kielo/members/{shop.aino.member_id}"

    def correct(unit, amount, way="up"):
        window.open(member)
        window.press("Correct", unit=unit, amount=amount, way=way, reason="The till was off")
        return window.words.replace("\xa0", " ")

    assert "15 € bonus" in correct("bonus", "2,50")
    assert "480 € of purchases" in correct("purchase_total", "20", "down")
    assert "3 visits" in correct("visits", "2")
    correct("visits", "1,5")
    assert window.error_at("amount") == "Say how many, as a number above zero."
    correct("bonus", "a lot")
    assert window.error_at("amount") == "Write the sum like 12.50."
