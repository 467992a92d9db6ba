"""What time does to a card is told as that, and not as a correction."""

from datetime import timedelta

from factories import a_member

from wallet_service import clock, sales
from wallet_service.ledger import jobs
from wallet_service.phones import news
from wallet_service.programme import versions
from wallet_service.sales import Counter, Sale, by_clock, visits
from wallet_service.shipped import shipped

FLORIST = shipped("templates", "programmes", "florist.toml").read_text()
RULES = FLORIST.replace("card = 10", "card = 10\nwelcome = 1") + (
    "\n[pending.points]\ndays = 3\n\n[expiry.points]\nmonths = 1\n"
)


def told(visit):
    moved = [(each.unit, each.amount) for each in visit.moved]
    return visit.kind, moved, [each.why.say("en") for each in visit.moved if each.why]


def test_points_are_on_the_way_then_to_use_and_then_ended(driven_clock, database, brand):
    clock.advance(timedelta(hours=1))
    with database.write() as connection:
        versions.apply(connection, brand.brand_id, RULES)
    with database.write() as connection:
        aino = a_member(connection, brand)
    counter = Counter(brand_id=brand.brand_id, source="till")
    sale = Sale(sale_id="r-1", code=aino.code, amount=1200, currency="EUR")
    answer = database.run(sales.record, counter, sale)
    assert answer.earned[-1].amount == 12
    with database.read() as connection:
        first, welcome = visits.of_member(connection, aino.member_id)[0]
    assert told(first)[:2] == (visits.SALE, [("stamps", 1), ("points", 12)])
    assert told(first)[2][1] == "12 points for 12 €"
    assert told(welcome) == (visits.GIVEN, [("stamps", 1)], ["1 stamp to begin with"])

    clock.advance(timedelta(days=4))
    assert by_clock.confirm(database, clock.now()) == 1
    with database.read() as connection:
        (confirmed, *_) = visits.of_member(connection, aino.member_id)[0]
        (said, *_) = news.latest(connection, aino.member_id)
    assert told(confirmed)[:2] == (visits.CONFIRMED, [("points", 12)])
    assert said.words["en"] == "Now to use: 12 points."

    clock.advance(timedelta(days=60))
    jobs.expire(database, clock.now())
    with database.read() as connection:
        (ended, *_) = visits.of_member(connection, aino.member_id)[0]
    assert told(ended)[:2] == (visits.ENDED, [("points", -12)])


def test_a_reward_that_is_bought_and_used_at_once_is_told_once(driven_clock, database, brand):
    rules = (
        FLORIST
        + """
[[reward]]
key = "vase"
unit = "points"
cost = 10
comes = "bought"
name = {en = "A vase", fi = "Maljakko", sv = "En vas"}
coming = {en = "{left} more.", fi = "Vielä {left}.", sv = "{left} till."}
earned = {en = "A vase.", fi = "Maljakko.", sv = "En vas."}
terms = {en = "Small.", fi = "Pieni.", sv = "Liten."}
"""
    )
    clock.advance(timedelta(hours=1))
    with database.write() as connection:
        versions.apply(connection, brand.brand_id, rules)
        aino = a_member(connection, brand)
    counter = Counter(brand_id=brand.brand_id, source="till")
    for number, wanted in ((1, ()), (2, (sales.Wanted(reward="vase"),))):
        sale = Sale(
            sale_id=f"r-{number}", code=aino.code, amount=1200, currency="EUR", redeem=wanted
        )
        database.run(sales.record, counter, sale)
        clock.advance(timedelta(hours=1))
    with database.read() as connection:
        (last, *_) = visits.of_member(connection, aino.member_id)[0]
    assert [each.say("en") for each in last.used] == ["A vase"]
    assert last.brought == ()
