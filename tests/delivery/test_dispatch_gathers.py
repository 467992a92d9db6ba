"""Stories of a rush: changes share a turn, and nobody waits for that in a quiet shop."""

from threading import Event

import pytest
from small_shop import Shop

from wallet_service.db import Database
from wallet_service.delivery.dispatch import BATCH_MAX, GATHER_SECONDS
from wallet_service.keys import Keyring


@pytest.fixture
def shop(database: Database, keyring: Keyring, driven_clock: object) -> Shop:
    return Shop(database, keyring)


class Pauses(Event):
    """A worker's stop that notes what was still undone at each pause, and stops it at the first."""

    def __init__(self, shop: Shop) -> None:
        super().__init__()
        self.shop = shop
        self.undone: list[int] = []

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout == GATHER_SECONDS
        self.undone.append(len(self.shop.words()))
        self.set()
        return True


def test_the_first_change_goes_out_before_any_pause(shop: Shop) -> None:
    shop.issue()
    shop.say("1 of 10")
    pauses = Pauses(shop)

    shop.dispatch.run(pauses)

    assert pauses.undone == [0]


def test_a_campaign_is_never_paused_while_more_of_it_waits(shop: Shop) -> None:
    for n in range(BATCH_MAX + 1):
        shop.issue_without_work(f"m{n}")
    pauses = Pauses(shop)

    shop.dispatch.run(pauses)

    assert pauses.undone == [0]
