"""Tickets at the till, without script: scanned, a group as it comes, back in, refused, undone."""

from datetime import timedelta

import pytest
from ticketed import a_ticket

from wallet_service import clock, coupons, ids
from wallet_service.coupons import CouponState


@pytest.fixture
def ticket(shop):
    """A ticket of Aino's to tonight's event; `ticket(admissions=4)`."""

    def given(member=None, **facts):
        with shop.wallet.database.write() as connection:
            return a_ticket(
                connection, shop.brand.brand_id, (member or shop.aino).member_id, **facts
            )

    return given


@pytest.fixture
def stands(shop):
    def found(code):
        with shop.wallet.database.read() as connection:
            return coupons.find(connection, shop.brand.brand_id, code)

    return found


def scan(till, code):
    till.open("/till")
    return till.press("Find", code=code)


def test_a_ticket_is_scanned_and_lets_one_in_and_is_undone(till, ticket, stands):
    code = ticket()
    scan(till, code)
    assert till.title == "Good ticket"
    assert "Aino K." in till.words
    assert "Night of roses, today 11:30" in till.words
    assert "Kielo, the glass house" in till.words
    assert "The doors are open until 14:30." in till.words
    assert "0 of 1 in" in till.words
    page = till.answer
    till.press("Let in")
    assert till.title == "In: 1"
    assert "Welcome." in till.words
    done = till.path
    till.answer = page
    till.press("Let in")  # a double tap
    assert till.path == done
    assert stands(code).admitted == 1

    till.press("Undo for Aino K.")
    assert till.title == "Taken back"
    assert stands(code).admitted == 0
    assert stands(code).state is CouponState.ISSUED


def test_a_group_comes_as_it_comes(till, ticket, stands):
    code = ticket(admissions=4)
    scan(till, code)
    assert "All 4" in till.words
    till.press("Let in", count="3")
    assert till.title == "In: 3"
    assert "Welcome. 1 more may come." in till.words
    scan(till, code)
    assert "3 of 4 in" in till.words
    assert "How many" not in till.words  # only one is left
    till.press("Let in")
    assert stands(code).state is CouponState.REDEEMED


def test_of_a_large_group_any_number_may_be_typed(till, ticket, stands):
    code = ticket(admissions=40)
    scan(till, code)
    assert till.press("Let in", other="a few").status_code == 422
    assert "Type a whole number." in till.error_at("other")
    assert till.value_of("other") == "a few"
    till.press("Let in", other="12")
    assert till.title == "In: 12"
    scan(till, code)
    till.press("Let in", count="28")
    assert stands(code).state is CouponState.REDEEMED


def test_who_was_out_comes_back_in_where_the_ticket_says_so(till, ticket, stands):
    code = ticket(admissions=2, re_entry=True)
    scan(till, code)
    assert "Was in before" not in till.words
    till.press("Let in")
    scan(till, code)
    till.follow("Was in before")
    assert till.title == "Welcome back"
    till.press("Let back in")
    assert till.title == "Back in: 1"
    assert stands(code).admitted == 1
    till.press("Undo for Aino K.")
    assert stands(code).admitted == 1

    scan(till, code)
    till.press("Let in")
    scan(till, code)  # all are in: whoever comes now was out
    assert till.title == "Welcome back"
    till.press("Let back in", count="2")
    assert "Welcome back, all 2 of you." in till.words


def test_why_nobody_comes_in_is_said_in_words_to_say_aloud(till, ticket, stands):
    early = ticket(key="later", starts_at=clock.now() + timedelta(days=2))
    assert scan(till, early).status_code == 409
    assert till.title == "The doors are not open yet"
    assert "Night of roses: the doors open on" in till.words
    assert "Please come again when the doors open." in till.words

    code = ticket()
    scan(till, code)
    till.press("Let in")
    scan(till, code)
    assert till.title == "Already in"
    assert "Everybody of this ticket is in, since" in till.words
    assert "Is there another one?" in till.words

    over = ticket(key="over", starts_at=clock.now() - timedelta(hours=2, minutes=55))
    clock.set_to(clock.now() + timedelta(minutes=5))
    scan(till, over)
    assert till.title == "The event is over"
    assert "The event has ended, sorry." in till.words


def test_more_than_the_ticket_has_left_are_refused_with_the_number(till, ticket):
    code = ticket(admissions=3)
    scan(till, code)
    page = till.answer
    till.press("Let in", count="2")
    till.answer = page
    till.press("Let in", count="2", event_id=ids.new_id())
    assert till.title == "Too many for this ticket"
    assert "Only one more can come in with this ticket." in till.words
    till.answer = page
    assert till.press("Let in", count="0", event_id=ids.new_id()).status_code == 422
    till.answer = page
    assert till.press("Let in", event_id="../x").status_code == 400


def test_a_ticket_stands_on_the_card_and_under_last(till, shop, ticket):
    code = ticket()
    till.open(f"/till/card/{shop.aino.code}")
    till.follow("Night of roses")
    assert till.title == "Good ticket"
    till.open(f"/till/card/{shop.aino.code}/coupon/{code}")
    assert till.title == "Good ticket"
    till.press("Let in")
    till.open("/till/last")
    assert "one let in, 11:00" in till.words
    till.press("Undo")
    assert till.title == "Taken back"


def test_a_coupon_is_no_ticket_and_its_page_is_its_own(till, shop):
    coupon = shop.stamp(10).brought[0]
    till.open(f"/till/card/{shop.aino.code}/ticket/{coupon}")
    assert till.title == "A bouquet"
    forged = {"csrf_token": till.value_of("csrf_token"), "event_id": ids.new_id()}
    for count in ("1", "0", "many"):
        till.answer = till._client.post(
            f"/till/card/{shop.aino.code}/ticket/{coupon}/admit",
            data={**forged, "count": count},
            follow_redirects=True,
        )
        assert till.title == "A bouquet"


def test_a_ticket_of_another_card_is_not_let_in(till, shop, ticket):
    code = ticket(shop.newcomer("Ilona"))
    till.open(f"/till/card/{shop.aino.code}/ticket/{code}")
    assert till.title == "Somebody else’s coupon"
    assert "This one is on another card." in till.words


def test_codes_that_are_nobodys_are_said_in_words(till, shop, ticket):
    code = ticket()
    spaced = f" {code[:2]} {code[2:6]} {code[6:9].lower()}-{code[9:]}"
    scan(till, spaced)
    assert till.title == "Good ticket"
    scan(till, code[2:])  # without the letters it begins with
    assert till.title == "Good ticket"

    wrong = "CP0000000000"
    scan(till, wrong)
    assert till.title == "Check the code"
    assert "No coupon has this code." in till.words
    till.open(f"/till/card?by=reader&code={wrong}")
    assert till.title == "We don’t know this coupon"
    assert "I don’t find this one here. Is it from our shop?" in till.words
    scan(till, "CP12345")
    assert till.title == "Check the code"
    assert "No coupon has this code." in till.words


def test_a_coupon_that_was_used_says_so_aloud(till, shop):
    coupon = shop.stamp(10).brought[0]
    scan(till, coupon)
    till.press("Use it now")
    scan(till, coupon)
    assert till.title == "Already used"
    assert "It was used before. You still get your stamp." in till.words


def test_what_was_done_just_now_is_called_by_its_name(till, shop):
    till.open(f"/till/card/{shop.aino.code}/amount")
    till.press("What does it give?", amount="7")
    till.press("Record 7 €")
    clock.set_to(clock.now() + timedelta(seconds=20))
    till.open(f"/till/card/{shop.aino.code}")
    assert till.title == "Recorded 7 €, 20\u00a0s\u00a0ago. Again?"
    assert "Record again only another purchase." in till.words
    till.press("Only a stamp")
    clock.set_to(clock.now() + timedelta(seconds=5))
    till.open(f"/till/card/{shop.aino.code}")
    assert till.title == "Stamped 5\u00a0s\u00a0ago. Again?"
