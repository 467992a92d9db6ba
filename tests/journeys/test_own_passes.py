"""A coupon and a ticket as passes of their own, from the card's page on; on both engines."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import requests
from agents import IPHONE
from stories import Served, until

from wallet_service import clock
from wallet_service.practice.held import HeldPass
from wallet_service.practice.iphone import IPhone

SPRING = {
    "name": {"en": "Spring bouquet", "fi": "Kevätkimppu"},
    "words": {"en": "One bouquet each."},
    "kind": "discount",
    "worth": {"percent": 20},
    "own_pass": True,
}


def evening(**ticket: Any) -> dict[str, Any]:
    """A ticket whose doors are open now."""
    now = clock.now()
    times = {
        "starts_at": clock.written(now + timedelta(minutes=30)),
        "ends_at": clock.written(now + timedelta(hours=3)),
    }
    event = {"event": "Wreath evening", "place": "Kielo, Kallio"}
    return {
        "name": {"en": "A wreath of your own"},
        "words": {"en": "Bring an apron."},
        "kind": "ticket",
        "ticket": event | times | ticket,
    }


@dataclass
class Aino:
    """A member with the card on her iPhone."""

    served: Served
    phone: IPhone
    member: dict[str, Any]

    def give(self, offer: dict[str, Any]) -> str:
        """A copy of a new offer; its code."""
        assert self.served.call("PUT", "/offers/one", offer).status_code == 201
        told = {"event_id": "give", "code": self.member["code"], "offer": "one"}
        given = self.served.call("POST", "/coupons", told)
        assert given.status_code == 201, given.text
        return str(given.json()["code"])

    def page(self) -> str:
        """The card as a page: the link on the back of the card leads there."""
        return self.read(str(self.phone.shows("page", self.card.serial_number)))

    @staticmethod
    def read(url: str) -> str:
        answer = requests.get(url, headers={"User-Agent": IPHONE}, timeout=20)
        assert answer.status_code == 200
        return answer.text

    def add(self) -> HeldPass:
        """Press the page's button beside the coupon."""
        [address] = re.findall(r'href="(/c/[^"]+/apple)"', self.page())
        return self.phone.add(self.served.url + address)

    @property
    def card(self) -> HeldPass:
        return next(each for each in self.phone.passes if each.style == "storeCard")

    @property
    def own(self) -> HeldPass:
        """The pass of the coupon, as the phone has it now."""
        return next(each for each in self.phone.passes if each.is_coupon)

    def shows(self, key: str) -> str | None:
        return self.own.shows(key, "en")


@pytest.fixture
def aino(served: Served) -> Aino:
    member = served.member("Aino")
    phone = served.phone("aino")
    phone.add(f"{member['link']}/apple")
    return Aino(served=served, phone=phone, member=member)


def test_a_coupon_is_added_beside_the_card_used_at_the_till_and_then_says_so(
    aino: Aino, served: Served
) -> None:
    code = aino.give(SPRING)

    held = aino.add()

    assert (held.style, held.message) == ("coupon", code)
    assert aino.shows("offer") == "−20%"
    assert [each.style for each in aino.phone.passes] == ["storeCard", "coupon"]
    # The till scans what stands in its code, as it is.
    used = served.call("POST", f"/coupons/{held.message}/redeem", {"event_id": "use"})
    assert used.status_code == 200, used.text
    until(lambda: aino.own.is_voided, what="a voided coupon")
    assert aino.shows("state") == "Used"
    assert not aino.card.is_voided
    # The card has said it aloud; the coupon is silent, or the phone would speak twice.
    assert {each.serial_number for each in aino.phone.banners} <= {aino.card.serial_number}
    assert aino.phone.complaints == ()

    undone = served.call("POST", f"/coupons/{code}/rollback", {"event_id": "use"})
    assert undone.status_code == 200, undone.text
    until(lambda: not aino.own.is_voided, what="a coupon that is good again")
    assert aino.own.serial_number == held.serial_number


def test_a_group_comes_in_by_and_by_and_the_ticket_counts(aino: Aino, served: Served) -> None:
    code = aino.give(evening(admissions=4))

    held = aino.add()

    assert (held.style, held.message) == ("eventTicket", code)
    assert aino.shows("event") == "Wreath evening"
    assert aino.shows("admits") == "4 people"
    two = served.call("POST", f"/tickets/{code}/admit", {"event_id": "two", "count": 2})
    assert two.status_code == 200, two.text
    until(lambda: aino.shows("admits") == "2 of 4", what="two who may still come")
    assert not aino.own.is_voided
    served.call("POST", f"/tickets/{code}/admit", {"event_id": "rest", "count": 2})
    until(lambda: aino.own.is_voided, what="a used ticket")
    assert aino.shows("admits") == "all are in"
    assert aino.phone.complaints == ()


def test_whoever_is_erased_keeps_a_pass_that_has_ended_and_says_nothing_of_them(
    aino: Aino, served: Served
) -> None:
    code = aino.give(evening())
    aino.add()

    assert served.call("DELETE", f"/members/{aino.member['id']}").status_code == 204

    until(lambda: aino.own.is_voided, what="an ended ticket")
    assert aino.shows("state") == "Ended"
    said = str(aino.own.contents)
    assert not any(trace in said for trace in ("Aino", code, code[-4:], "/c/"))
    assert aino.phone.complaints == ()
