"""The day file of a till that can only export: read as shops write it, and told as if then."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wallet_service.enrolment import Enrolled
from wallet_service.programme.earn import Goods
from wallet_service.sales import day_cells, day_file, findings
from wallet_service.sales.day_cells import BadCell
from wallet_service.sales.day_file import BadFile, DayFile, Shop
from wallet_service.sales.day_import import Imported, import_day

HELSINKI = ZoneInfo("Europe/Helsinki")
SHOP = Shop(currency="EUR", zone=HELSINKI)


def read(text: str, encoding: str = "utf-8") -> DayFile:
    return day_file.read(text.encode(encoding), SHOP)


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("12", 1200),
        ("12.5", 1250),
        ("12,50", 1250),
        ("1 250,00", 125_000),
        ("1\u00a0250,00", 125_000),
        ("1.250,00", 125_000),
        ("1,250.00", 125_000),
        ("1.250.000", 125_000_000),
        ("0,05", 5),
    ],
)
def test_an_amount_is_read_as_people_of_our_countries_write_it(written: str, cents: int) -> None:
    assert day_cells.money(written, "EUR") == cents


@pytest.mark.parametrize("written", ["", "-5", "12,345", "1.250", "1,2,3", "x", "٣", "1_0", "12."])
def test_an_amount_that_could_be_two_things_is_refused(written: str) -> None:
    with pytest.raises(BadCell):
        day_cells.money(written, "EUR")


@given(cents=st.integers(0, 1_000_000_000))
@settings(max_examples=60)
def test_whatever_is_written_is_read_again(cents: int) -> None:
    assert day_cells.money(f"{cents // 100},{cents % 100:02}", "EUR") == cents
    assert day_cells.money(f"{cents / 100:,.2f}", "EUR") == cents


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-25T10:15", datetime(2026, 11, 25, 8, 15, tzinfo=UTC)),
        ("2026-11-25 10:15:30", datetime(2026, 11, 25, 8, 15, 30, tzinfo=UTC)),
        ("2026-11-25T10:15:00Z", datetime(2026, 11, 25, 10, 15, tzinfo=UTC)),
        ("25.11.2026 10:15", datetime(2026, 11, 25, 8, 15, tzinfo=UTC)),
        ("25.11.2026 klo 10.15", datetime(2026, 11, 25, 8, 15, tzinfo=UTC)),
        ("1.7.2026 9:05", datetime(2026, 7, 1, 6, 5, tzinfo=UTC)),
    ],
)
def test_a_moment_without_a_zone_is_by_the_shops_own_clock(written: str, meant: datetime) -> None:
    assert day_cells.moment(written, HELSINKI) == meant


@pytest.mark.parametrize(
    "written",
    ["2026-11-25", "yesterday", "31.2.2026 10:00", "2026-03-29T03:30", "9999-12-31T23:59-12:00"],
)
def test_a_moment_that_never_was_is_refused(written: str) -> None:
    with pytest.raises(BadCell):
        day_cells.moment(written, HELSINKI)


def test_a_finnish_export_is_read_as_it_comes() -> None:
    day = read(
        "\ufeffSale ID;Code;Occurred at;Amount;Cashier no\r\n"
        "k-1;LP1 abc;25.11.2026 10:15;12,50;7\r\n"
        ";;;;\r\n"
        "k-2;LP1 def;25.11.2026 10:20;1 250,00;7\r\n"
    )
    assert [each.sale.sale_id for each in day.sales] == ["k-1", "k-2"]
    assert [each.sale.amount for each in day.sales] == [1250, 125_000]
    assert day.sales[0].sale.currency == "EUR"
    assert day.ignored == ("cashier_no",)
    assert day.faults == ()


def test_letters_of_an_old_windows_program_are_read_too() -> None:
    day = read(
        "sale_id;member;occurred_at;price;product\nä;m;2026-11-25T10:15;3;Päivänkakkara", "cp1252"
    )
    assert day.sales[0].sale.lines[0].product == "Päivänkakkara"


def test_rows_of_one_sale_are_its_lines() -> None:
    day = read(
        "sale_id,member,occurred_at,amount,product,category,quantity,price\n"
        'a,m1,2026-11-25T10:15,20,rose,flowers,3,"5,00"\n'
        "a,,,,vase,,,10.00\n"
    )
    [told] = day.sales
    assert told.sale.amount == 2000
    assert told.sale.lines == (
        Goods(product="rose", category="flowers", quantity=3, price=500),
        Goods(product="vase", quantity=1, price=1000),
    )


def test_every_bad_row_is_named_with_its_line_and_a_sentence() -> None:
    day = read(
        "sale_id,member,occurred_at,amount,location\n"
        "a,m,2026-11-25T10:15,5,\n"
        ",m,2026-11-25T10:15,5,\n"
        "b,m,soon,5,\n"
        "c,m,2026-11-25T10:15,lots,\n"
        "d,,2026-11-25T10:15,5,\n"
        "e,m,2026-11-25T10:15,5,Nowhere\n"
        "f,m,2026-11-25T10:15,0,\n"
        "g,m,2026-11-25T10:15,12,50,\n"
        "a,m,2026-11-25T10:15,5,\n"
    )
    assert [fault.line for fault in day.faults] == [3, 4, 5, 6, 7, 8, 9, 10]
    assert all(fault.say.endswith(".") or fault.say.endswith("?") for fault in day.faults)
    assert day.sales == ()  # the sale that stands there twice is nobody's to choose


def test_half_a_sale_is_not_told() -> None:
    day = read(
        "sale_id,member,occurred_at,product,price\n"
        "a,m,2026-11-25T10:15,rose,5\n"
        "a,m,2026-11-25T10:15,vase,ten\n"
        f"b,m,2026-11-25T10:15,rose,5\nb,m,2026-11-25T10:15,{'x' * 300},5\n"
    )
    assert day.sales == ()
    assert [fault.line for fault in day.faults] == [3, 5]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sale_id,amount\n",
        "sale_id,code,occurred_at\n",
        "sale_id,sale_id,code,occurred_at,amount\n",
        'sale_id,code,occurred_at,amount\n"a,b\n',
    ],
)
def test_a_file_that_is_no_day_file_is_refused_whole(text: str) -> None:
    with pytest.raises(BadFile):
        read(text)


@given(raw=st.binary(max_size=300))
@settings(max_examples=150)
def test_any_bytes_are_read_or_refused_in_a_sentence(raw: bytes) -> None:
    head = b"sale_id,code,occurred_at,amount\n"
    assert all(_is_answered(text) for text in (raw, head + raw))


def _is_answered(raw: bytes) -> bool:
    try:
        day = day_file.read(raw, SHOP)
    except BadFile as fault:
        return str(fault).endswith((".", "?"))
    return all(fault.say.endswith((".", "?")) for fault in day.faults)


def _days(till: Any, who: Enrolled) -> DayFile:
    now = datetime.now(HELSINKI)
    at = f"{now:%Y-%m-%dT%H:%M}"
    return read(
        "sale_id,code,occurred_at,amount,till,staff\n"
        f"d-1,{who.code},{at},12.50,Kassa 1,Pirkko\n"
        f"d-2,{who.code},{at},30,Kassa 1,Pirkko\n"
        f"d-3,LP1000000000000,{at},30,,\n"
    )


def test_the_same_file_twice_changes_nothing(till: Any, aino: Enrolled) -> None:
    day = _days(till, aino)

    def imported(**how: bool) -> Imported:
        return import_day(till.database, till.counter, day, **how)

    tried = imported(is_dry=True)
    assert (tried.new, tried.known, [fault.line for fault in tried.faults]) == (2, 0, [4])
    assert till.scan(aino).balances["points"].lifetime == 0

    first, second = imported(), imported()
    assert (first.new, first.known, [fault.line for fault in first.faults]) == (2, 0, [4])
    assert (second.new, second.known, [fault.line for fault in second.faults]) == (0, 2, [4])
    assert till.scan(aino).balances["points"].lifetime == 42
    assert till.books(aino) == ()


def test_many_sales_within_a_minute_are_noted_and_not_refused(till: Any, aino: Enrolled) -> None:
    at = f"{datetime.now(HELSINKI):%Y-%m-%dT%H:%M}"
    rows = "".join(f"f-{n},{aino.code},{at},10\n" for n in range(22))
    day = read("sale_id,code,occurred_at,amount\n" + rows)
    hurried = replace(till.counter, unhurried=False)
    assert import_day(till.database, hurried, day).new == 22
    with till.database.read() as connection:
        found = findings.open_(connection, till.counter.brand_id)
    assert {each.kind for each in found} == {"too_fast"}
    assert {each.member_id for each in found} == {aino.member_id}
