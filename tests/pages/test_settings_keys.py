"""Settings of the API keys: made, shown once, replaced, ended; what each may do in words."""

import pytest
from shopfront import Shop
from test_settings import at, press_twice, shops, told
from window import Window

from wallet_service.brands import api_keys
from wallet_service.brands.api_keys import ApiKey
from wallet_service.brands.roles import Role


@pytest.fixture
def owner(shop: Shop) -> Window:
    return shop.as_(Role.OWNER)


def secret_on(window: Window) -> str:
    (found,) = [each.words for each in window.page.all("code") if each["id"] == "key-secret"]
    return found


def opened(shop: Shop, secret: str) -> ApiKey | None:
    with shop.wallet.database.read() as connection:
        return api_keys.by_secret(connection, secret)


def make(shop: Shop, owner: Window, name: str = "Register", **fields: object) -> str:
    owner.open(at(shop, "/keys/new"))
    owner.press("Make the key", name=name, **fields)
    return secret_on(owner)


def test_a_key_is_shown_once_and_opens_what_was_ticked(shop: Shop, owner: Window) -> None:
    owner.open(at(shop, "/keys"))
    assert "No keys yet" in owner.words
    place = shops(shop)["Kielo, Kallio"].location_id
    secret = make(shop, owner, scopes=["sales", "members:read"], locations=[place])
    key = opened(shop, secret)
    assert key is not None
    assert key.scopes == {"sales", "members:read"}
    assert key.locations == {place}
    assert told(shop) == "Outi made the key Register"
    owner.open(at(shop, "/keys"))
    assert "Record, take back and correct" in owner.words
    assert "For Kielo, Kallio." in owner.words
    assert secret not in owner.text


def test_loading_the_answer_again_makes_no_second_key(shop: Shop, owner: Window) -> None:
    owner.open(at(shop, "/keys/new"))
    again = press_twice(owner, "Make the key", name="Register")
    secret = secret_on(owner)
    assert again.status_code == 409
    assert "no second key" in again.text
    assert secret not in again.text
    with shop.wallet.database.read() as connection:
        assert len(api_keys.of(connection, shop.brand.brand_id)) == 1


def test_a_key_is_replaced_and_its_source_stays(shop: Shop, owner: Window) -> None:
    old = make(shop, owner)
    before = opened(shop, old)
    assert before is not None
    owner.open(at(shop, f"/keys/{before.key_id}"))
    again = press_twice(owner, "Replace it now")
    new = secret_on(owner)
    after = opened(shop, new)
    assert opened(shop, old) is None
    assert after is not None
    assert after.source == before.source
    assert again.status_code == 409
    assert opened(shop, new) == after


def test_an_ended_key_opens_nothing(shop: Shop, owner: Window) -> None:
    secret = make(shop, owner)
    key = opened(shop, secret)
    assert key is not None
    owner.open(at(shop, f"/keys/{key.key_id}"))
    owner.press("End it for good")
    assert "Register opens nothing any more." in owner.words
    assert opened(shop, secret) is None
    assert owner.open(at(shop, f"/keys/{key.key_id}")).status_code == 404


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"name": "Register"}, "There is a key of the name Register"),
        ({"name": ""}, "Please fill this in."),
        ({"name": "Other", "scopes": []}, "Choose at least one."),
        ({"name": "Other", "scopes": ["everything"]}, "not a valid choice"),
        ({"name": "Other", "locations": ["nowhere"]}, "not a valid choice"),
    ],
)
def test_what_no_key_can_be_is_said(
    shop: Shop, owner: Window, fields: dict[str, object], says: str
) -> None:
    make(shop, owner)
    owner.open(at(shop, "/keys/new"))
    assert owner.press("Make the key", **fields).status_code == 422
    assert says in owner.words


def test_keys_are_the_owners_alone_and_take_a_proof(shop: Shop) -> None:
    for role in (Role.MANAGER, Role.MARKETER, Role.CASHIER, Role.AGENCY):
        assert shop.as_(role).open(at(shop, "/keys")).status_code == 403
    unproved = shop.as_(Role.OWNER, proved=False)
    unproved.open(at(shop, "/keys/new"))
    assert unproved.path == "/console/prove"
