"""Where the owner turned offering off, the till shows what can be used only to whoever asks."""

import pytest
from shopfront import Shop
from window import Window

from wallet_service import programme
from wallet_service.shipped import shipped

FLORIST = shipped("templates", "programmes", "florist.toml").read_text()


@pytest.mark.parametrize("is_on", [True, False], ids=["on", "off"])
def test_a_reward_is_in_sight_or_behind_a_question(shop: Shop, till: Window, is_on: bool) -> None:
    switch = f"[loyal]\nrewards_offered = {str(is_on).lower()}\n"
    rules = FLORIST.replace("[loyal]\n", switch)
    shop.wallet.database.run(programme.apply, shop.brand.brand_id, rules)
    shop.stamp(10)
    till.open(f"/till/card/{shop.aino.code}")
    hidden = " ".join(each.words for each in till.page.all("details"))
    assert ("A bouquet" in hidden) is not is_on
    till.follow("A bouquet")
    assert till.status == 200
