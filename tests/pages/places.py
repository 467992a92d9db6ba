"""Every page that there is, and how one comes there: what the harness looks at.

A new page is one line here. `who` opens it (nobody, a till with somebody at it, or a role);
`comes` says where it is when that takes more than the shop's own ids in the address.
"""

from collections.abc import Callable
from dataclasses import dataclass

from agents import ANDROID, COMPUTER, INSTAGRAM, IPHONE
from playwright.sync_api import Page
from shopfront import Shop
from window import Window

from wallet_service.brands.roles import Role

Comes = Callable[[Shop, Window], str]


@dataclass(frozen=True, kw_only=True)
class Place:
    """One page as it is looked at. `name` is its pictures'; `then` is what one does there first.

    `status` is what it answers, `script` what it may not do without.
    """

    name: str
    endpoint: str
    who: Role | str = ""
    comes: Comes | None = None
    then: Callable[[Page], None] | None = None
    agent: str = COMPUTER
    status: int = 200
    script: bool = False


# ---- coming there -------------------------------------------------------------------------------


def at(path: str) -> Comes:
    """Plainly an address; `{root}` is where the brand's console begins."""
    return lambda shop, window: path.format(root=shop.root)


def card_of(stamps: int) -> Comes:
    """The page of a card at the till, of a member who has so many stamps."""

    def comes(shop: Shop, window: Window) -> str:
        member = shop.newcomer("Ilona")
        shop.stamp(stamps, member)
        return f"/till/card/{member.code}"

    return comes


def after(stamps: int, *presses: str) -> Comes:
    """Where one is at the till after these presses, beginning at a card."""

    def comes(shop: Shop, window: Window) -> str:
        window.open(card_of(stamps)(shop, window))
        for words in presses:
            window.press(words)
        return window.path

    return comes


def again(shop: Shop, window: Window) -> str:
    card = card_of(3)(shop, window)
    window.open(card)
    window.press("+1 stamp")
    return card


def coupon(shop: Shop, window: Window) -> str:
    member = shop.newcomer("Ilona")
    return f"/till/card/{member.code}/coupon/{shop.stamp(10, member).brought[0]}"


def used_coupon(shop: Shop, window: Window) -> str:
    slip = coupon(shop, window)
    window.open(slip)
    window.press("Use it now")
    return slip


def ended_card(shop: Shop, window: Window) -> str:
    from wallet_service import enrolment

    member = shop.newcomer("Ilona")
    shop.wallet.database.run(enrolment.erase, shop.brand.brand_id, member.member_id)
    return f"/till/card/{member.code}"


# ---- doing something there ----------------------------------------------------------------------


def send(**fields: str) -> Callable[[Page], None]:
    """Fill fields in by their names, and send their form."""

    def then(page: Page) -> None:
        for name, value in fields.items():
            page.locator(f"[name={name}]").fill(value)
        page.locator(f"form:has([name={name}]) button:not([type=button])").first.click()
        page.wait_for_load_state()

    return then


# ---- the pages ----------------------------------------------------------------------------------

MEMBERS = [
    Place(name="link-iphone", endpoint="consumer.link", agent=IPHONE),
    Place(name="link-android", endpoint="consumer.link", agent=ANDROID),
    Place(name="link-computer", endpoint="consumer.link", agent=COMPUTER),
    Place(name="link-in-app", endpoint="consumer.link", agent=INSTAGRAM),
    Place(
        name="link-dead", endpoint="consumer.link", comes=at("/c/unknown"), status=404, agent=IPHONE
    ),
    Place(
        name="card",
        endpoint="consumer.card_page",
        comes=lambda shop, _: shop.card_link(),
        agent=ANDROID,
    ),
]

TILL = [
    Place(name="till-pair", endpoint="till.here"),
    Place(
        name="till-pair-wrong",
        endpoint="till.pair",
        comes=at("/till"),
        then=send(code="AAAA 2222"),
        status=422,
    ),
    Place(name="till-who", endpoint="till.who", who="paired"),
    Place(name="till-pin", endpoint="till.ask_pin", who="paired"),
    Place(
        name="till-pin-wrong",
        endpoint="till.show_pin",
        who="paired",
        comes=lambda shop, _: f"/till/pin/{shop.sanna.staff_id}",
        then=send(pin="9999"),
        status=422,
    ),
    Place(name="till-ready", endpoint="till.here", who="till"),
    Place(name="till-card", endpoint="till_counter.card", who="till", comes=card_of(6)),
    Place(name="till-card-coupon", endpoint="till_counter.card", who="till", comes=card_of(13)),
    Place(name="till-again", endpoint="till_counter.card", who="till", comes=again),
    Place(name="till-done", endpoint="till_counter.done", who="till", comes=after(6, "+1 stamp")),
    Place(name="till-full", endpoint="till_counter.done", who="till", comes=after(9, "+1 stamp")),
    Place(
        name="till-undone",
        endpoint="till_counter.done",
        who="till",
        comes=after(6, "+1 stamp", "Undo"),
    ),
    Place(name="till-coupon", endpoint="till_coupons.slip", who="till", comes=coupon),
    Place(
        name="till-used",
        endpoint="till_counter.done",
        who="till",
        comes=lambda shop, window: used_coupon(shop, window) and window.path,
    ),
    Place(
        name="till-coupon-used-before",
        endpoint="till_coupons.slip",
        who="till",
        comes=used_coupon,
        status=409,
    ),
    Place(
        name="till-unknown",
        endpoint="till_counter.find",
        who="till",
        comes=at("/till/card?code=LP1000000000000"),
        status=404,
    ),
    Place(
        name="till-ended", endpoint="till_counter.card", who="till", comes=ended_card, status=410
    ),
    Place(name="till-last", endpoint="till_counter.last", who="till"),
]

OTHERS = [
    Place(name="home", endpoint="home.home"),
    Place(name="nothing-here", endpoint="", comes=at("/nowhere"), status=404),
    Place(name="phones-none", endpoint="phones.show", script=True),
]

PLACES = [*MEMBERS, *TILL, *OTHERS]

# What a browser gets that is no page.
NO_PAGE = {
    "asset",
    "vendored",
    "consumer.apple",
    "health.live",
    "health.ready",
    "phones.colours",
    "phones.events",
    "phones.picture",
    "public.design_file",
}
