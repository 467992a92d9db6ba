"""Whoever is erased leaves nothing on the phone but a card that has ended; on both engines."""

import json

import pytest
from stories import Served, until

from wallet_service.practice.held import HeldPass


def everything_on(held: HeldPass) -> str:
    """All that a pass says; its pictures and fixed words are the design's, for everybody."""
    return json.dumps(held.contents, ensure_ascii=False)


@pytest.mark.parametrize(
    ("key", "given_name", "language"), [("aino", "Ainokainen", "en"), ("mikko", "Mikko", "fi")]
)
def test_an_erased_members_phone_shows_a_voided_card_and_nobodys_name(
    served: Served, key: str, given_name: str, language: str
) -> None:
    member = served.member(given_name, language=language)
    phone = served.phone(key)
    phone.add(f"{member['link']}/apple")
    served.stamp(member["code"], "e-1", count=10)
    until(lambda: phone.shows("stamps") == "10/10", what="a full card")
    (before,) = phone.passes
    assert given_name in everything_on(before)

    assert served.call("DELETE", f"/members/{member['id']}").status_code == 204

    until(lambda: phone.passes[0].contents.get("voided"), what="a voided card")
    (after,) = phone.passes
    assert after.serial_number == before.serial_number
    assert after.message is None
    assert phone.shows("stamps") is None
    assert [f.key for f in after.fields("en")] == ["news", "told", "contact", "website"]
    assert after.organisation("en") == "Kielo"
    for trace in (given_name, member["code"], member["code"][-4:], "10/10", "bouquet", "/c/"):
        assert trace not in everything_on(after)
    assert phone.banners[-1].sentence == "This card has ended."
    assert phone.complaints == ()
