"""Search in the console: one page by kind, and only what the role may see."""

from collections.abc import Callable

import pytest
from shopfront import Shop
from window import Window

from wallet_service.brands.roles import Role

As = Callable[..., Window]


def test_everything_by_a_name_on_one_page(shop: Shop, as_: As) -> None:
    shop.newcomer("Sannamaija", family_name="Counter")
    owner = as_(Role.OWNER)
    owner.open(f"{shop.root}/search?q=sanna")
    kinds = [each.words for each in owner.page.all("h2")]
    assert kinds == ["Members", "Staff"]
    assert "Sannamaija Counter" in owner.words
    owner.open(f"{shop.root}/search?q=counter")
    assert [each.words for each in owner.page.all("h2")] == ["Members", "Tills"]
    owner.open(f"{shop.root}/search?q=kallio")
    assert "Shops" in [each.words for each in owner.page.all("h2")]
    owner.open(f"{shop.root}/search?q=api")
    owner.follow("API keys")
    assert owner.path == f"{shop.root}/settings/keys"


@pytest.mark.parametrize(
    ("role", "hidden"),
    [
        (Role.MARKETER, {"Staff", "Tills", "API keys"}),
        (Role.AGENCY, {"Members", "Staff", "Tills", "Shops", "API keys"}),
        (Role.CASHIER, {"Members", "Staff", "Tills", "Shops", "Pages", "API keys"}),
    ],
)
def test_nobody_finds_what_their_role_may_not_see(
    shop: Shop, as_: As, role: Role, hidden: set[str]
) -> None:
    window = as_(role)
    for query in ("a", "sanna", "aino", "counter", "keys", shop.aino.code):
        window.open(f"{shop.root}/search?q={query}")
        assert window.status == 200
        found = {each.words for each in window.page.all("h2")} | {
            each.words for each in window.page.all("a") if "/settings/keys" in each["href"]
        }
        main = window.page.all("main")[0].words
        assert not hidden & found
        if "Members" in hidden:
            assert "Aino" not in main


def test_nothing_found_offers_to_add(shop: Shop, as_: As) -> None:
    owner = as_(Role.OWNER)
    owner.open(f"{shop.root}/search?q=zzz")
    assert "Nothing by “zzz”" in owner.title
    owner.follow("Add zzz")
    assert owner.value_of("given_name") == "Zzz"


def test_an_empty_search_asks_for_a_name(shop: Shop, as_: As) -> None:
    owner = as_(Role.OWNER)
    owner.open(f"{shop.root}/search")
    assert "Type a name" in owner.title
