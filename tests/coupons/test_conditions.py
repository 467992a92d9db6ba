"""When and where a coupon is good, and what it takes off: pure rules."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from promised import a_promise

from wallet_service.coupons import conditions, discount, validity
from wallet_service.coupons.use import Use

HELSINKI = ZoneInfo("Europe/Helsinki")
WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
few = settings(max_examples=60, deadline=None)


@dataclass(frozen=True)
class Goods:
    product: str | None = None
    category: str | None = None
    quantity: int = 1
    price: int = 100


def asked(at: str = "2026-11-27T12:00", **rest: object) -> Use:
    local = datetime.fromisoformat(at).replace(tzinfo=HELSINKI)
    return Use(source="till", key="k", occurred_at=local.astimezone(UTC), **rest)  # type: ignore[arg-type]


def why(of: dict[str, object], use: Use) -> tuple[str, str] | None:
    refusal = conditions.refused(a_promise(conditions=of), use, HELSINKI, "EUR")
    return None if refusal is None else (refusal.code, refusal.say.say("en"))


def test_without_conditions_everything_goes() -> None:
    assert why({}, asked()) is None


@pytest.mark.parametrize(
    ("of", "use", "said"),
    [
        (
            {"weekdays": ["tue", "mon"]},
            asked(),
            ("wrong_day", "This coupon is good on these days: Monday, Tuesday."),
        ),
        (
            {"from_hour": "14:00", "to_hour": "16:30"},
            asked("2026-11-27T16:30"),
            ("wrong_hour", "This coupon is good from 14:00 to 16:30."),
        ),
        ({"to_hour": "11:00"}, asked(), ("wrong_hour", "This coupon is good before 11:00.")),
        ({"from_hour": "17:00"}, asked(), ("wrong_hour", "This coupon is good from 17:00 on.")),
        (
            {"locations": ["kallio"]},
            asked(location_id="toolo"),
            ("wrong_location", "This coupon is for another of our shops."),
        ),
        (
            {"purchase_min": 2000},
            asked(amount=1999),
            ("purchase_too_small", "This coupon is for a purchase of 20 € or more."),
        ),
        (
            {"products": ["tulip"], "categories": ["pots"]},
            asked(lines=(Goods("rose", "flowers"),)),
            ("wrong_goods", "This coupon is for: tulip, pots."),
        ),
    ],
)
def test_what_does_not_hold_is_said_aloud(
    of: dict[str, object], use: Use, said: tuple[str, str]
) -> None:
    assert why(of, use) == said


def test_what_was_not_told_is_not_held_against_anybody() -> None:
    assert why({"purchase_min": 2000, "products": ["tulip"]}, asked()) is None


@pytest.mark.parametrize(
    ("at", "good"),
    [
        ("2026-11-27T21:59", False),
        ("2026-11-27T22:00", True),
        ("2026-11-28T01:59", True),  # Friday's night on Saturday's clock
        ("2026-11-28T02:00", False),
        ("2026-11-28T22:30", False),
        ("2026-11-27T01:00", False),  # Thursday's night
    ],
)
def test_a_night_belongs_to_the_day_it_began_on(at: str, good: bool) -> None:
    night = {"weekdays": ["fri"], "from_hour": "22:00", "to_hour": "02:00"}
    assert (why(night, asked(at)) is None) is good


since = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(0, 3 * 366 * 24 * 60).map(lambda minutes: since + timedelta(minutes=minutes))


@few
@given(moments, st.sets(st.sampled_from(WEEK), min_size=1))
def test_a_weekday_is_the_shops_own(at: datetime, days: set[str]) -> None:
    refusal = conditions.refused(
        a_promise(conditions={"weekdays": sorted(days)}),
        Use(source="till", key="k", occurred_at=at),
        HELSINKI,
        "EUR",
    )
    assert (refusal is None) == (WEEK[at.astimezone(HELSINKI).weekday()] in days)


@few
@given(moments, st.integers(0, 1439), st.integers(0, 1439))
def test_a_moment_is_in_the_hours_or_in_those_left_over(at: datetime, one: int, other: int) -> None:
    if one == other:
        return
    begins, ends = (f"{each // 60:02}:{each % 60:02}" for each in (one, other))
    use = Use(source="till", key="k", occurred_at=at)
    within, without = (
        conditions.refused(
            a_promise(conditions={"from_hour": first, "to_hour": last}), use, HELSINKI, "EUR"
        )
        is None
        for first, last in ((begins, ends), (ends, begins))
    )
    assert within != without


@pytest.mark.parametrize(
    ("said", "since", "opens", "last_day", "ends"),
    [
        # Both days of the changed clock, and a leap day, end at midnight on the wall.
        ({"days": 1}, "2027-03-27T10:00", None, "2027-03-28", "2027-03-28T21:00"),
        ({"days": 1}, "2026-10-24T10:00", None, "2026-10-25", "2026-10-25T22:00"),
        ({"days": 1}, "2028-02-28T10:00", None, "2028-02-29", "2028-02-29T22:00"),
        # The earlier of the two counts.
        ({"days": 9, "last_day": "2026-12-01"}, "2026-11-25T10:00", None, "2026-12-01", None),
        ({"days": 2, "last_day": "2026-12-01"}, "2026-11-25T10:00", None, "2026-11-27", None),
        # Given early, it opens on the day, and its days count from there.
        (
            {"first_day": "2026-12-01", "days": 2},
            "2026-11-25T10:00",
            "2026-11-30T22:00",
            "2026-12-03",
            None,
        ),
        ({"first_day": "2026-11-01"}, "2026-11-25T10:00", None, None, None),
    ],
)
def test_a_copy_is_good_by_the_shops_own_days(
    said: dict[str, object], since: str, opens: str | None, last_day: str | None, ends: str | None
) -> None:
    good = validity.of_promise(
        a_promise(validity=said), datetime.fromisoformat(since).replace(tzinfo=UTC), HELSINKI
    )
    assert good.last_day == (date.fromisoformat(last_day) if last_day else None)
    assert good.opens_at == (datetime.fromisoformat(opens).replace(tzinfo=UTC) if opens else None)
    if ends:
        assert good.expires_at == datetime.fromisoformat(ends).replace(tzinfo=UTC)


@few
@given(moments, st.integers(0, 800), st.sampled_from(["Europe/Helsinki", "America/Havana", "UTC"]))
def test_a_copy_is_good_on_its_last_day_and_no_longer(at: datetime, days: int, name: str) -> None:
    zone = ZoneInfo(name)
    good = validity.of_promise(a_promise(validity={"days": days}), at, zone)
    assert good.expires_at is not None
    assert good.last_day == at.astimezone(zone).date() + timedelta(days=days)
    assert good.expires_at > at
    assert (good.expires_at - timedelta(seconds=1)).astimezone(zone).date() == good.last_day
    assert good.expires_at.astimezone(zone).date() > good.last_day


# ---- what it takes off ----------------------------------------------------------------------

worths = st.one_of(
    st.builds(lambda n: {"amount": n}, st.integers(1, 5000)),
    st.builds(lambda n: {"percent": n}, st.integers(1, 100)),
    st.builds(lambda name: {"product": name}, st.sampled_from(["tulip", "rose"])),
)
baskets = st.lists(
    st.builds(
        Goods,
        st.sampled_from([None, "tulip", "rose"]),
        st.sampled_from([None, "flowers"]),
        st.integers(0, 5),
        st.integers(0, 3000),
    ),
    max_size=4,
)


@few
@given(worths, st.integers(0, 20_000), baskets, st.sampled_from([None, ["tulip"]]))
def test_a_discount_is_never_more_than_the_sale_nor_less_than_nothing(
    worth: dict[str, object], amount: int, basket: list[Goods], products: list[str] | None
) -> None:
    of = {"products": products} if products else {}
    promise = a_promise("discount", worth=worth, conditions=of)
    taken_off = discount.worth_of(promise, amount, basket)
    assert taken_off is None or 0 <= taken_off <= amount
    if products and taken_off and "product" not in worth:
        assert taken_off <= sum(each.quantity * each.price for each in basket if each.product)


@pytest.mark.parametrize(
    ("worth", "of", "amount", "lines", "taken_off"),
    [
        ({"amount": 500}, {}, 1250, (), 500),
        ({"amount": 500}, {}, 300, (), 300),
        ({"percent": 15}, {}, 999, (), 150),  # 149.85 cents: half a cent goes to the member
        ({"percent": 100}, {}, 999, (), 999),
        ({"percent": 50}, {"products": ["tulip"]}, 900, (Goods("tulip"), Goods("rose")), 50),
        ({"percent": 50}, {"products": ["tulip"]}, 900, (), None),
        ({"product": "tulip"}, {}, 900, (Goods("tulip", price=80), Goods("tulip", price=90)), 90),
        ({"product": "tulip"}, {}, 900, (), None),
        ({"amount": 500}, {}, None, (Goods(quantity=3),), 300),
        ({"amount": 500}, {}, None, (), None),
    ],
)
def test_what_a_coupon_takes_off(
    worth: dict[str, object],
    of: dict[str, object],
    amount: int | None,
    lines: tuple[Goods, ...],
    taken_off: int | None,
) -> None:
    promise = a_promise("discount", worth=worth, conditions=of)
    assert discount.worth_of(promise, amount, lines) == taken_off


def test_a_benefit_without_a_worth_takes_nothing_off() -> None:
    assert discount.worth_of(a_promise("benefit"), 1000) is None
