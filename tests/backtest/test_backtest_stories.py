"""Other rules over a shop's sales: what they would have cost, and who would fare how."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from backtest_rules import DEARER, EUROS, LUNCH, PLAIN, POINT, RICHER, STAMP, WHOLE, reward, rules
from factories import a_brand
from tried_shop import NOW, Shop

from wallet_service import brands
from wallet_service.audit import COMMAND
from wallet_service.backtest import Trial, run
from wallet_service.backtest.plain import head, plain, row
from wallet_service.backtest.verdict import Verdict
from wallet_service.backtest.words import words
from wallet_service.errors import StartError
from wallet_service.programme import ruleset

FREE = rules(STAMP, POINT, reward("lunch", "stamps", 10), EUROS)  # a lunch of no said worth


def test_a_dearer_card_is_said_in_money_and_in_members(kahvila: Callable[[str], Shop]) -> None:
    shop = kahvila(PLAIN)
    shop.on(100)
    aino, mikko = shop.enrol("Aino"), shop.enrol("Mikko")
    shop.enrol("Linnea")
    shop.stamp(aino, 20)
    shop.stamp(mikko, 3)
    report = shop.backtest(DEARER)
    assert report.before.came == {"lunch": 2}
    assert report.after.came == {"lunch": 1}
    assert (report.before.cost("brand"), report.after.cost("brand")) == (2760, 2300)
    assert (report.members, report.passive) == (3, 1)
    assert dict(report.verdicts) == {Verdict.WORSE: 2, Verdict.SAME: 1}
    assert report.median(Verdict.WORSE) == -230
    assert [each.member_id for each in report.worst] == [aino.member_id, mikko.member_id]
    assert round(report.worst[0].money) == -400


def test_what_ran_when_the_rules_came_keeps_its_size(kahvila: Callable[[str], Shop]) -> None:
    shop = kahvila(PLAIN)
    shop.on(400)  # before the twelve months
    aino = shop.enrol()
    shop.stamp(aino, 4)
    shop.on(100)
    shop.stamp(aino, 6)
    spared = shop.backtest(DEARER)
    assert (spared.earlier, spared.purchases) == (1, 1)
    assert spared.after.came == {"lunch": 1}
    assert (spared.kept_cards, spared.worse_kept) == (1, 0)
    assert spared.verdicts == {Verdict.SAME: 1}
    followed = shop.backtest(DEARER, also_running=True)
    assert followed.after.came == {}
    assert followed.verdicts == {Verdict.WORSE: 1}
    turned_off = shop.backtest(DEARER + "\n[loyal]\nchanges_never_worsen = false\n")
    assert turned_off.verdicts == {Verdict.WORSE: 1}
    assert "Running cards were not spared" in words(turned_off, "new.toml")


def test_what_was_given_before_the_time_is_not_counted(kahvila: Callable[[str], Shop]) -> None:
    shop = kahvila(PLAIN)
    shop.on(80)
    aino = shop.enrol()
    shop.buy(aino, 1000)
    shop.on(20)
    shop.buy(aino, 700)
    report = shop.backtest(RICHER, months=2)
    assert report.before.given == {"stamps": 1, "points": 7}
    assert report.after.given == {"stamps": 1, "points": 14}
    # The midnight of 25 September at the shop, which still has summer time.
    assert report.since == datetime(2026, 9, 24, 21, 0, tzinfo=UTC)


def test_a_reward_that_was_chosen_is_had_as_often_as_there_is_enough_for_it(
    kahvila: Callable[[str], Shop],
) -> None:
    shop = kahvila(PLAIN)
    shop.on(30)
    aino = shop.enrol()
    shop.buy(aino, 30000)
    shop.choose(aino, 600, "euros", 300)
    dearer = rules(STAMP, POINT, LUNCH, EUROS.replace("cost = 100", "cost = 150"))
    report = shop.backtest(dearer)
    assert report.before.chosen == {"euros": 3}
    assert report.after.chosen == {"euros": 2}
    assert report.after.missed == {"euros": 1}
    gone = shop.backtest(rules(STAMP, POINT, LUNCH))
    assert (gone.after.chosen, gone.after.missed["euros"]) == ({}, 3)
    assert gone.verdicts == {Verdict.WORSE: 1}


def test_a_shorter_life_ends_what_passive_members_have(kahvila: Callable[[str], Shop]) -> None:
    shop = kahvila(PLAIN)
    shop.on(300)
    aino = shop.enrol()
    shop.buy(aino, 50000)
    report = shop.backtest(PLAIN + "\n[expiry.points]\ninactive_months = 3\n")
    assert report.after.ended == {"points": 500}
    assert report.verdicts == {Verdict.WORSE: 1}
    assert round(report.worst[0].money) == -500


def test_what_has_no_worth_in_money_is_counted_by_itself(kahvila: Callable[[str], Shop]) -> None:
    shop = kahvila(FREE)
    shop.on(30)
    aino = shop.enrol()
    shop.stamp(aino, 12)
    report = shop.backtest(FREE.replace("cost = 10", "cost = 8").replace("card = 10", "card = 8"))
    assert report.unpriced == ["lunch"]
    assert (report.before.cost("brand"), report.after.cost("brand")) == (0, 0)
    assert report.verdicts == {Verdict.BETTER: 1}
    assert "no worth in money is said: lunch" in " ".join(words(report, "f").split())
    other = FREE.replace('"lunch"', '"dinner"')
    assert shop.backtest(other).unpriced == ["lunch", "dinner"]
    priced = shop.backtest(DEARER, prices={"lunch": 2500})
    assert (priced.unpriced, priced.before.cost("brand")) == ([], 3000)
    with pytest.raises(StartError, match=r"no reward dinner; the rewards are: euros, lunch\."):
        shop.backtest(FREE, prices={"dinner": 1})


def test_more_of_one_and_less_of_another_is_not_weighed(kahvila: Callable[[str], Shop]) -> None:
    shop = kahvila(FREE)
    shop.on(30)
    aino = shop.enrol()
    for _ in range(10):
        shop.buy(aino, 3000)
    swapped = rules(POINT.replace("per = 100", "per = 50"), EUROS, units='"points"', card=None)
    report = shop.backtest(swapped)
    assert report.verdicts == {Verdict.MIXED: 1}
    assert "Only today's rules count stamps." in words(report, "new.toml")
    assert report.units == ["stamps", "points"]


def test_a_tier_that_is_out_of_reach_is_a_loss(kahvila: Callable[[str], Shop]) -> None:
    shop = kahvila(WHOLE)
    shop.on(20)
    aino = shop.enrol()
    for day in range(19, 14, -1):
        shop.on(day)
        shop.stamp(aino)
    report = shop.backtest(WHOLE.replace("from_total = 4\n", "from_total = 40\n"))
    assert (report.before.tiers, report.after.tiers) == ({"gold": 1}, {})
    assert (report.higher, report.lower) == (0, 1)
    assert report.verdicts == {Verdict.WORSE: 1}


def test_only_one_shop_is_looked_at_where_that_is_said(kahvila: Callable[[str], Shop]) -> None:
    shop = kahvila(PLAIN)
    shop.on(30)
    aino, mikko = shop.enrol("Aino"), shop.enrol("Mikko")
    shop.stamp(aino, 2)
    with shop.database.write() as connection:
        other = brands.add_location(connection, shop.brand.brand_id, name="Töölö", actor=COMMAND)
        [here] = [
            each
            for each in brands.locations(connection, shop.brand.brand_id)
            if each.location_id != other.location_id
        ]
    shop.enrol("Linnea")
    report = shop.backtest(PLAIN, location=here)
    assert (report.members, report.purchases, report.location) == (1, 1, here.name)
    with pytest.raises(StartError, match="No sale was recorded at Töölö since 25 November 2025"):
        shop.backtest(PLAIN, location=other)
    assert mikko


def test_what_cannot_be_compared_is_said(kahvila: Callable[[str], Shop]) -> None:
    shop = kahvila(PLAIN)
    with pytest.raises(StartError, match="No sale was recorded since 25 November 2025"):
        shop.backtest(PLAIN)
    with pytest.raises(StartError, match="are in EUR, and the file counts in SEK"):
        shop.backtest(PLAIN.replace('"EUR"', '"SEK"'))
    with pytest.raises(StartError, match='Members collect in kielo; say key = "kielo"'):
        shop.backtest(PLAIN.replace('key = "kielo"', 'key = "other"'))


def test_nobody_elses_sales_are_looked_at(kahvila: Callable[[str], Shop]) -> None:
    shop = kahvila(PLAIN)
    shop.on(30)
    shop.stamp(shop.enrol(), 2)
    with shop.database.write() as connection:
        other = a_brand(connection, "Rosa", "hei@rosa.example")
    shop.brand = other
    with pytest.raises(StartError, match="No sale"):
        shop.backtest(PLAIN)


def test_a_back_test_only_reads_and_says_the_same_twice(kahvila: Callable[[str], Shop]) -> None:
    shop = kahvila(PLAIN)
    shop.on(50)
    for name in ("Aino", "Mikko"):
        shop.buy(shop.enrol(name), 40000)
    said: list[str] = []

    def hear(connection: object, cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    sa.event.listen(shop.database.engine, "before_cursor_execute", hear)
    reports = [shop.backtest(RICHER), shop.backtest(RICHER)]
    sa.event.remove(shop.database.engine, "before_cursor_execute", hear)
    assert said
    assert {each.split()[0] for each in said} <= {"SELECT", "BEGIN"}
    first, second = (words(each, "richer.toml") for each in reports)
    assert first == second
    assert plain(reports[0], "f") == plain(reports[1], "f")
    assert max(map(len, first.splitlines())) <= 80


def test_a_long_name_stands_above_its_figures(kahvila: Callable[[str], Shop]) -> None:
    name = "a-cup-of-coffee-with-a-bun-of-cardamom"
    toml = rules(STAMP, reward(name, "stamps", 10), units='"stamps"')
    shop = kahvila(toml)
    shop.on(5)
    shop.stamp(shop.enrol(), 10)
    lines = words(shop.backtest(toml), "same.toml").splitlines()
    assert lines[lines.index(f"  {name}") + 1].split() == ["1", "1", "0"]
    assert max(map(len, lines)) <= 80
    assert "The file says what holds already." in lines


def test_the_report_says_who_gains_and_what_it_costs(kahvila: Callable[[str], Shop]) -> None:
    shop = kahvila(PLAIN)
    shop.on(50)
    aino = shop.enrol()
    shop.buy(aino, 40000)
    told = []
    trial = Trial(brand=shop.brand, rules=ruleset.read(RICHER), now=NOW)
    report = run(shop.database, trial, lambda report, fate: told.append(row(fate, report.units)))
    text = words(report, "richer.toml")
    lines = [line.split() for line in text.splitlines()]
    assert ["points", "given", "400", "800", "+400"] in lines
    assert ["better", "off", "1", "4", "€", "4", "€"] in lines
    assert "  points: 400 of 400 (exact)" in text.splitlines()
    columns = dict(zip(head(report.units), told[0], strict=True))
    assert columns["verdict"] == "better"
    assert (columns["points_given_before"], columns["points_given_after"]) == (400, 800)
    assert plain(report, "f")["members"] == {
        "all": 1, "passive": 0, "better": 1, "worse": 0, "same": 0, "mixed": 0
    }  # fmt: skip
