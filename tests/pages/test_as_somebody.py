"""As Anna the marketer, and as others: each finds their own console, and nobody another's."""

import pytest
from factories import a_brand
from looking import look_at
from playwright.sync_api import expect

from wallet_service.brands.roles import Role


def links(window):
    return [each["href"] for each in window.page.all("a")]


def test_anna_the_marketer_finds_members_and_no_keys(shop, as_):
    anna = as_(Role.MARKETER)
    anna.open("/console")
    assert anna.path == shop.root
    assert "Anna" in anna.words
    assert f"{shop.root}/members" in links(anna)
    anna.open(f"{shop.root}/settings")
    assert f"{shop.root}/settings/keys" not in links(anna)
    assert anna.open(f"{shop.root}/settings/keys").status_code == 403


def test_axel_of_the_agency_sees_no_person(shop, as_):
    axel = as_(Role.AGENCY)
    axel.open(shop.root)
    assert f"{shop.root}/members" not in links(axel)
    assert "Aino" not in axel.words
    for path in ("/members", f"/members/{shop.aino.member_id}"):
        assert axel.open(shop.root + path).status_code == 403
    for words in ("Koskela", shop.aino.code):
        axel.open(f"{shop.root}/search?q={words}")
        assert not any("/members" in each for each in links(axel))


def test_another_brands_owner_does_not_even_find_the_door(shop, as_):
    with shop.wallet.database.write() as connection:
        rove = a_brand(connection, "Rove")
    owner = as_(Role.OWNER, brand=rove)
    owner.open("/console")
    assert owner.path == "/console/rove"
    assert not any(each.startswith(shop.root) for each in links(owner))
    assert owner.open(shop.root).status_code == 404
    assert owner.open(f"{shop.root}/no-such-page").status_code == 404


@pytest.mark.browser
def test_a_page_of_anna_the_marketer_is_one_line_away(served, page_as):
    anna = page_as(Role.MARKETER)
    page = anna.goto(served.root)
    page.get_by_role("link", name="Members", exact=True).first.click()
    expect(page.get_by_role("link", name="Aino Koskela")).to_be_visible()
    look_at(anna, "as-anna-the-marketer")
