"""A card, all the way round: link, phone, stamp, push, banner; on both engines."""

from pathlib import Path

from stories import Served, until

from wallet_service.starting import wear


def test_a_stamp_reaches_the_phone_as_one_banner(served: Served) -> None:
    aino = served.member("Aino")
    phone = served.phone("aino")
    phone.add(f"{aino['link']}/apple")
    assert phone.shows("stamps") == "0/10"

    served.stamp(aino["code"], "e-1")

    until(lambda: phone.banners, what="a banner")
    assert phone.shows("stamps") == "1/10"
    assert [banner.sentence for banner in phone.banners] == [
        "1 of 10. Nine more and the bouquet is on us."
    ]
    assert phone.complaints == ()


def test_the_tenth_stamp_brings_a_coupon_that_is_used_once(served: Served) -> None:
    mikko = served.member("Mikko", language="fi")
    phone = served.phone("mikko")
    phone.add(f"{mikko['link']}/apple")

    answer = served.stamp(mikko["code"], "ten", count=10)
    until(lambda: phone.shows("stamps") == "10/10", what="a full card")

    (coupon,) = answer["coupons"]
    assert coupon["state"] == "issued"
    used = served.call("POST", f"/coupons/{coupon['code']}/redeem", {"event_id": "use"})
    assert used.status_code == 200, used.text
    late = served.call("POST", f"/coupons/{coupon['code']}/redeem", {"event_id": "again"})
    assert late.status_code == 409
    assert late.json()["code"] == "already_redeemed"
    until(lambda: phone.shows("stamps") == "0/10", what="an empty card")


def test_a_phone_that_was_away_asks_once_and_shows_the_last(served: Served) -> None:
    linnea = served.member("Linnea", language="sv")
    phone = served.phone("linnea")
    phone.add(f"{linnea['link']}/apple")
    phone.airplane(True)
    for event in range(4):
        served.stamp(linnea["code"], f"away-{event}")
    until(lambda: served.waiting() == 0, what="an empty outbox")

    phone.airplane(False)

    until(lambda: phone.shows("stamps") == "4/10", what="the last state")
    assert len(phone.banners) == 1


def test_a_new_design_reaches_every_phone_without_a_word(served: Served, tmp_path: Path) -> None:
    aino = served.member("Aino")
    phone = served.phone("aino")
    phone.add(f"{aino['link']}/apple")
    folder = tmp_path / "designs" / "kielo"
    toml = (folder / "design.toml").read_text()
    (folder / "design.toml").write_text(toml.replace("#1f4d3a", "#5a2338"))

    wear(served.running.wallet.database, served.brand, folder)

    def colour() -> str:
        return str(phone.passes[0].contents["backgroundColor"])

    until(lambda: colour() == "rgb(90, 35, 56)", what="the new colour")
    assert phone.banners == ()
    wear(served.running.wallet.database, served.brand, folder)
    pushes = len(phone.wire)
    until(lambda: served.waiting() == 0, what="an empty outbox")
    assert len(phone.wire) == pushes, "nothing changed, so nobody was called"
