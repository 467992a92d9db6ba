"""What should not have happened at a counter, in the console: read, followed, put aside by name."""

import pytest
from offline_tills import a_coupon_used_at_two_tills, a_used_coupon_in_a_sale

from wallet_service import audit, enrolment
from wallet_service.audit import COMMAND
from wallet_service.brands.roles import Role
from wallet_service.pages.console import findings as pages


def test_a_coupon_used_at_two_tills_needs_somebody_who_puts_it_aside(shop, as_):
    a_coupon_used_at_two_tills(shop)
    matti = as_(Role.MANAGER)
    matti.open(shop.root)
    assert "1 thing at the counter should not have happened" in matti.words
    matti.follow("Look")
    assert matti.title == "What should not have happened"
    assert "To look at (1)" in matti.words
    assert "Already used" in matti.words
    assert "Used already on" in matti.words
    assert "Nothing of it is in the books." in matti.words
    assert "Kielo, Kallio, 2, Sanna" in matti.words
    assert "today 10:40" in matti.words

    page = matti.answer
    matti.press("Seen")
    assert "Put aside." in matti.words
    assert "All is well at the counter" in matti.words
    matti.answer = page
    matti.press("Seen")
    assert "Somebody had put it aside before." in matti.words
    matti.follow("Seen")
    assert "Already used" in matti.words
    assert "seen by Matti" in matti.words
    matti.open(shop.root)
    assert "should not have happened" not in " ".join(e.words for e in matti.page.all("h3"))
    with shop.wallet.database.read() as connection:
        line = audit.read(connection, shop.brand.brand_id, limit=1)[0]
    assert line.what == "finding.seen"
    assert line.say.say("en") == "Matti has seen what should not have happened at a counter"


def test_a_sale_that_stands_is_told_with_what_it_gave_and_whose_it_was(shop, as_):
    a_used_coupon_in_a_sale(shop, a_coupon_used_at_two_tills(shop))
    outi = as_(Role.OWNER)
    outi.open(f"{shop.root}/findings")
    assert "In the books all the same: Bought for 12.50 €: " in outi.words
    assert "12 points for 12.50 €" in outi.words
    outi.follow("Aino Korhonen" if "Aino Korhonen" in outi.words else "Aino")
    assert outi.path == f"{shop.root}/members/{shop.aino.member_id}"

    outi.open(f"{shop.root}/findings")
    outi.press("Put all 2 aside")
    assert "2 put aside." in outi.words
    assert "All is well at the counter" in outi.words


def test_a_member_who_was_erased_is_not_named(shop, as_):
    a_coupon_used_at_two_tills(shop)
    shop.wallet.database.run(
        enrolment.erase, shop.brand.brand_id, shop.aino.member_id, actor=COMMAND
    )
    outi = as_(Role.OWNER)
    outi.open(f"{shop.root}/findings")
    assert outi.status == 200
    assert "Aino" not in outi.words


def test_many_are_read_a_page_at_a_time(shop, as_, monkeypatch):
    monkeypatch.setattr(pages, "PAGE", 1)
    code = a_coupon_used_at_two_tills(shop)
    a_used_coupon_in_a_sale(shop, code)
    outi = as_(Role.OWNER)
    outi.open(f"{shop.root}/findings")
    assert "Bought for" in outi.words
    outi.follow("Earlier")
    assert "Bought for" not in outi.words
    assert "Already used" in outi.words
    outi.follow("The newest")
    assert "Bought for" in outi.words


def test_empty_pages_say_what_will_stand_there(shop, as_):
    outi = as_(Role.OWNER)
    outi.open(f"{shop.root}/findings?show=seen")
    assert "Nobody has put anything aside yet" in outi.words
    outi.open(f"{shop.root}/settings/audit")
    outi.follow("What should not have happened at the counter")
    assert "All is well at the counter" in outi.words


def test_what_a_form_names_is_never_trusted(shop, as_):
    a_coupon_used_at_two_tills(shop)
    outi = as_(Role.OWNER)
    outi.open(f"{shop.root}/findings")
    page = outi.answer
    assert outi.press("Seen", finding=None).status_code == 400
    for strange in ("", "x" * 5000, "<script>"):
        outi.answer = page
        outi.press("Seen", finding=strange)
        assert "Somebody had put it aside before." in outi.words
    outi.open(f"{shop.root}/findings?after=<script>")
    assert "<script>" not in outi.text.replace("<script type", "").replace("<script src", "")
    with shop.wallet.database.read() as connection:
        assert pages.findings.count_open(connection, shop.brand.brand_id) == 1


@pytest.mark.parametrize("role", [Role.MARKETER, Role.CASHIER, Role.AGENCY])
def test_who_does_not_run_the_shop_sees_none_of_it(shop, as_, role):
    a_coupon_used_at_two_tills(shop)
    window = as_(role)
    assert window.open(f"{shop.root}/findings").status_code == 403
    window.open(shop.root)
    assert "should not have happened" not in window.words
