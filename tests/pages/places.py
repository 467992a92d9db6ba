"""Every page that there is, and how one comes there: what the harness looks at.

A new page is one line here. `who` opens it (nobody, a till with somebody at it, or a role);
`comes` says where it is when that takes more than the shop's own ids in the address.
"""

from collections.abc import Callable
from dataclasses import dataclass

from addresses import Belongings, bought
from agents import ANDROID, COMPUTER, INSTAGRAM, IPHONE
from anna import PASSWORD, CodesApp, codes_on, with_password
from factories import KEYRING
from offline_tills import a_coupon_used_at_two_tills, a_used_coupon_in_a_sale
from own_coupons import a_discount, an_evening, page_of
from playwright.sync_api import Page
from shopfront import Shop
from ticketed import a_ticket
from window import Window

from wallet_service import enrolment, ids
from wallet_service.access import accounts, second_factor
from wallet_service.audit import COMMAND
from wallet_service.brands import add_location, locations, staff
from wallet_service.brands.roles import Role
from wallet_service.coupons import offers, promise
from wallet_service.sales import Goods

EVENING = {
    "event": "Wreaths by candlelight",
    "place": "Kielo, Kallio",
    "starts_at": "2031-12-12T18:00:00+02:00",
    "ends_at": "2031-12-12T21:00:00+02:00",
    "admissions": 2,
}

Comes = Callable[[Shop, Window], str]
Then = Callable[[Page, Shop], None]


@dataclass(frozen=True, kw_only=True)
class Place:
    """One page as it is looked at. `name` is its pictures'; `then` is what one does there first.

    `status` is what it answers, `script` what it may not do without.
    """

    name: str
    endpoint: str
    who: Role | str | Callable[[Shop], Window] = ""
    comes: Comes | None = None
    then: Then | None = None
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


def amount_told(shop: Shop, window: Window) -> str:
    """Where one is after a purchase was recorded by its amount."""
    window.open(card_of(6)(shop, window))
    window.follow("By amount")
    window.press("What does it give?", amount="12,50")
    window.press("Record 12.50 €")
    return window.path


def paid_again(shop: Shop, window: Window) -> str:
    """The card of somebody whose purchase was recorded just now."""
    card = card_of(6)(shop, window)
    window.open(f"{card}/amount")
    window.press("What does it give?", amount="12,50")
    window.press("Record 12.50 €")
    return card


def ticket(
    admissions: int, press: str = "", *, back: str | None = None, re_entry: bool = True
) -> Comes:
    """The page of a ticket; or where one is after a press there; or its page again after that."""

    def comes(shop: Shop, window: Window) -> str:
        member = shop.newcomer("Ilona")
        with shop.wallet.database.write() as connection:
            code = a_ticket(
                connection,
                shop.brand.brand_id,
                member.member_id,
                admissions=admissions,
                re_entry=re_entry,
                key=f"evening-{ids.random_text(4).lower()}",
            )
        page = f"/till/card/{member.code}/ticket/{code}"
        if not press:
            return page
        window.open(page)
        window.press(press)
        return window.path if back is None else page + back

    return comes


def goods_back(path: str = "", *, part: str = "", lines: bool = False) -> Comes:
    """The pages of goods that come back, of somebody who has bought something."""

    def comes(shop: Shop, window: Window) -> str:
        member = shop.newcomer("Ilona")
        shop.stamp(9, member)
        facts: dict[str, object] = {"code": member.code}
        if lines:
            facts["lines"] = (
                Goods(product="Tulips, a bunch of ten", quantity=3, price=650),
                Goods(product="Glass vase", price=1500),
            )
        sale = bought(shop, 3450, **facts)
        if not path:
            bought(shop, 1250, code=member.code)
        return f"/till/card/{member.code}/return{path}?source=register&sale={sale}&part={part}"

    return comes


def nothing_bought(shop: Shop, window: Window) -> str:
    return f"/till/card/{shop.newcomer('Ilona').code}/return"


def found(shop: Shop, window: Window) -> str:
    """What a till told of that should not have happened: once, and with a sale that stands."""
    a_used_coupon_in_a_sale(shop, a_coupon_used_at_two_tills(shop))
    return f"{shop.root}/findings"


def take_back(shop: Shop, window: Window) -> str:
    window.open(f"{shop.root}/members/{shop.aino.member_id}")
    links = [each["href"] for each in window.page.all("a") if "/take-back?" in each["href"]]
    assert links, "no visit on this page can be taken back"
    return links[0]


def offers_there(shop: Shop, window: Window) -> str:
    """The list, with one of each kind and one that has ended."""
    Belongings(shop).value("offer")
    for key, name, said in (
        ("wreath", "Wreath evening", {"kind": "ticket", "ticket": EVENING}),
        ("rose", "A rose for you", {"kind": "benefit", "quota": 1, "shared_code": "ROSE"}),
        ("lent", "Lenten lilies", {"kind": "discount", "worth": {"amount": 500}}),
    ):
        _put(shop, key, name, said)
    shop.wallet.database.run(offers.end, shop.brand.brand_id, "lent", actor=COMMAND)
    return f"{shop.root}/offers"


def offer_with_everything(shop: Shop, window: Window) -> str:
    """The page of an offer that asks for all there is to ask."""
    said = {
        "kind": "discount",
        "worth": {"amount": 550},
        "validity": {"first_day": "2026-03-01", "last_day": "2031-03-31", "days": 14},
        "conditions": {
            "weekdays": ["mon", "tue", "wed"],
            "from_hour": "10:00",
            "to_hour": "14:00",
            "locations": [Belongings(shop).value("location_id")],
            "purchase_min": 2000,
            "products": ["rose", "tulip"],
            "categories": ["cut flowers"],
        },
        "quota": 500,
        "per_member": 2,
        "alone": True,
        "then": Belongings(shop).value("offer"),
        "shared_code": "QUIETDAYS",
    }
    with shop.wallet.database.write() as connection:
        if len(locations(connection, shop.brand.brand_id)) == 1:
            add_location(connection, shop.brand.brand_id, name="Kielo, Töölö", actor=COMMAND)
    _put(shop, "quiet", "Quiet days in the shop", said)
    return f"{shop.root}/offers/quiet"


def _put(shop: Shop, key: str, name: str, said: dict[str, object]) -> None:
    names = {"en": name, "fi": name, "sv": name}
    with shop.wallet.database.write() as connection:
        promised = promise.read(said)
        offers.put(connection, shop.brand.brand_id, key, names, {}, promised, actor=COMMAND)


def _uninvited(shop: Shop) -> str:
    name = f"Lumi {ids.random_text(4)}"
    with shop.wallet.database.write() as connection:
        made = staff.add(
            connection, KEYRING, shop.brand.brand_id, name, role=Role.MARKETER, actor=COMMAND
        )
    return made.staff_id


def ended_card(shop: Shop, window: Window) -> str:
    member = shop.newcomer("Ilona")
    shop.wallet.database.run(enrolment.erase, shop.brand.brand_id, member.member_id, actor=COMMAND)
    return f"/till/card/{member.code}"


# ---- whose browser it is -------------------------------------------------------------------------


def long_ago(shop: Shop) -> Window:
    """Somebody who showed the password long ago, and has one to show."""
    with_password(shop, Role.OWNER, "Pihla")
    return shop.as_(Role.OWNER, "Pihla", proved=False)


def with_codes(shop: Shop) -> Window:
    """Somebody whose codes are on, and who has shown only the password yet."""
    account = with_password(shop, Role.MARKETER, f"Kaisa{ids.random_text(4)}")
    shop.wallet.database.run(codes_on, account)
    window = shop.window()
    window.open("/console")
    window.press("Sign in", email=account.email, password=PASSWORD)
    return window


def whose_codes_are_on(shop: Shop) -> Window:
    account = with_password(shop, Role.MARKETER, "Tuuli")
    if not account.has_second_factor:
        shop.wallet.database.run(codes_on, account)
    return shop.as_(Role.MARKETER, "Tuuli", factors="password+code")


def without_a_shop(shop: Shop) -> Window:
    """Somebody who may sign in, and works nowhere any more."""
    window = shop.as_(Role.MARKETER, f"Eero{ids.random_text(4)}")
    with shop.wallet.database.write() as connection:
        left = max(staff.of(connection, shop.brand.brand_id), key=lambda each: each.staff_id)
        staff.end(connection, left, actor=COMMAND)
    return window


# ---- doing something there ----------------------------------------------------------------------


def send(**fields: str) -> Then:
    """Fill fields in by their names, and send their form."""

    def then(page: Page, _shop: Shop) -> None:
        for name, value in fields.items():
            page.locator(f"main [name={name}]").first.fill(value)
        form = f"main form:has([name={next(iter(fields))}])"
        page.locator(f"{form} button:not([type=button])").first.click()
        page.wait_for_load_state()

    return then


def tell_amount(typed: str) -> Then:
    """Type the amount of a purchase at the till; the button is at the foot of the page."""

    def then(page: Page, _shop: Shop) -> None:
        page.locator("main [name=amount]").fill(typed)
        page.get_by_role("button", name="What does it give?", exact=True).click()
        page.wait_for_load_state()

    return then


def say_other(typed: str) -> Then:
    """Type how many go in, at a ticket for many."""

    def then(page: Page, _shop: Shop) -> None:
        page.locator("[name=other]").fill(typed)
        page.get_by_role("button", name="Let in").click()
        page.wait_for_load_state()

    return then


def send_part(typed: str) -> Then:
    """Type the amount of the part that comes back."""

    def then(page: Page, _shop: Shop) -> None:
        page.locator("main [name=amount]").fill(typed)
        page.get_by_role("button", name="What does it take back?", exact=True).click()
        page.wait_for_load_state()

    return then


def press(*buttons: str, exact: bool = True) -> Then:
    """Press these buttons, one after the other; some say their key, too."""

    def then(page: Page, _shop: Shop) -> None:
        for words in buttons:
            page.get_by_role("button", name=words, exact=exact).click()
            page.wait_for_load_state()

    return then


def turn_codes_on(page: Page, shop: Shop) -> None:
    """Type what the app shows that has read this page."""
    person = shop.colleague(Role.AGENCY)
    with shop.wallet.database.write() as connection:
        account = accounts.get(connection, str(person.account_id))
        assert account is not None
        secret = second_factor.secret(connection, KEYRING, account, "Wallet service")
    send(code=CodesApp(secret.uri).code())(page, shop)


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
    Place(
        name="coupon",
        endpoint="consumer_coupon.show",
        comes=lambda shop, _: page_of(shop, a_discount(shop)),
        agent=IPHONE,
    ),
    Place(
        name="ticket",
        endpoint="consumer_coupon.show",
        comes=lambda shop, _: page_of(shop, an_evening(shop, admissions=4)),
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
    Place(name="till-amount", endpoint="till_amount.ask", who="till"),
    Place(
        name="till-amount-says",
        endpoint="till_amount.tell",
        who="till",
        comes=lambda shop, window: card_of(9)(shop, window) + "/amount",
        then=tell_amount("34.50"),
    ),
    Place(
        name="till-amount-wrong",
        endpoint="till_amount.tell",
        who="till",
        comes=lambda shop, window: card_of(6)(shop, window) + "/amount",
        then=tell_amount("a lot"),
        status=422,
    ),
    Place(name="till-recorded", endpoint="till_counter.done", who="till", comes=amount_told),
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
    Place(name="till-again-paid", endpoint="till_counter.card", who="till", comes=paid_again),
    Place(name="till-ticket", endpoint="till_tickets.ticket", who="till", comes=ticket(3)),
    Place(name="till-ticket-one", endpoint="till_tickets.ticket", who="till", comes=ticket(1)),
    Place(name="till-ticket-many", endpoint="till_tickets.ticket", who="till", comes=ticket(40)),
    Place(
        name="till-ticket-wrong",
        endpoint="till_tickets.admit",
        who="till",
        comes=ticket(40),
        then=say_other("a few"),
        status=422,
    ),
    Place(
        name="till-ticket-back",
        endpoint="till_tickets.ticket",
        who="till",
        comes=ticket(4, "Let in", back="?back=yes"),
    ),
    Place(
        name="till-ticket-some-in",
        endpoint="till_tickets.ticket",
        who="till",
        comes=ticket(4, "Let in", back=""),
    ),
    Place(
        name="till-admitted", endpoint="till_counter.done", who="till", comes=ticket(3, "Let in")
    ),
    Place(
        name="till-ticket-in",
        endpoint="till_tickets.ticket",
        who="till",
        comes=ticket(1, "Let in", back="", re_entry=False),
        status=409,
    ),
    Place(name="till-return-none", endpoint="till_return.which", who="till", comes=nothing_bought),
    Place(name="till-return", endpoint="till_return.which", who="till", comes=goods_back()),
    Place(
        name="till-return-sale", endpoint="till_return.sale", who="till", comes=goods_back("/sale")
    ),
    Place(
        name="till-return-part",
        endpoint="till_return.sale",
        who="till",
        comes=goods_back("/sale", part="1"),
    ),
    Place(
        name="till-return-lines",
        endpoint="till_return.sale",
        who="till",
        comes=goods_back("/sale", part="1", lines=True),
    ),
    Place(
        name="till-return-says",
        endpoint="till_return.tell",
        who="till",
        comes=goods_back("/sale"),
        then=press("All of it, 34.50 €", exact=False),
    ),
    Place(
        name="till-return-wrong",
        endpoint="till_return.tell",
        who="till",
        comes=goods_back("/sale", part="1"),
        then=send_part("a lot"),
        status=422,
    ),
    Place(name="till-returned", endpoint="till_return.done", who="till"),
    Place(name="till-last", endpoint="till_counter.last", who="till"),
]

FINDINGS = [
    Place(
        name="findings-none",
        endpoint="console_findings.here",
        who=Role.OWNER,
        comes=at("{root}/findings?show=seen"),
    ),
    Place(name="findings", endpoint="console_findings.here", who=Role.OWNER, comes=found),
]

SIGN_IN = [
    Place(name="sign-in", endpoint="sign_in.here"),
    Place(
        name="sign-in-wrong",
        endpoint="sign_in.with_password",
        comes=at("/console"),
        then=send(email="anna@kielo.example", password="not this one"),
        status=422,
    ),
    Place(name="sign-in-code", endpoint="sign_in.ask_code", who=with_codes),
    Place(
        name="sign-in-code-wrong",
        endpoint="sign_in.with_code",
        who=with_codes,
        comes=at("/console/sign-in/code"),
        then=send(code="000000"),
        status=422,
    ),
    Place(name="no-shop", endpoint="sign_in.here", who=without_a_shop),
    Place(name="invitation", endpoint="invitation.opened"),
    Place(
        name="invitation-weak",
        endpoint="invitation.join",
        comes=lambda shop, _: f"/console/invitation/{Belongings(shop).value('invitation')}",
        then=send(name="Lumi", password="kielo", again="kielo"),
        status=422,
    ),
    Place(
        name="invitation-dead",
        endpoint="invitation.opened",
        comes=at("/console/invitation/unknown"),
        status=404,
    ),
    Place(name="recovery", endpoint="invitation.lost"),
    Place(name="prove", endpoint="prove.ask", who=long_ago),
    Place(
        name="prove-wrong",
        endpoint="prove.with_password",
        who=long_ago,
        comes=at("/console/prove"),
        then=send(password="not this one"),
        status=422,
    ),
    Place(name="account", endpoint="account.here", who=Role.MARKETER),
    Place(name="account-password", endpoint="account.ask_password", who=Role.MARKETER),
    Place(name="account-passkeys", endpoint="account_passkeys.here", who=Role.MARKETER),
    Place(name="account-codes", endpoint="account_codes.here", who=Role.MARKETER),
    Place(name="account-codes-on", endpoint="account_codes.here", who=whose_codes_are_on),
    Place(
        name="account-spare-codes",
        endpoint="account_codes.turn_on",
        who=Role.AGENCY,
        comes=at("/console/account/second-factor"),
        then=turn_codes_on,
    ),
]

SETTINGS = [
    Place(name="settings", endpoint="settings.here", who=Role.OWNER),
    Place(name="settings-marketer", endpoint="settings.here", who=Role.MARKETER),
    Place(name="settings-brand", endpoint="settings_brand.here", who=Role.OWNER),
    Place(name="settings-brand-read", endpoint="settings_brand.here", who=Role.AGENCY),
    Place(
        name="settings-brand-wrong",
        endpoint="settings_brand.change",
        who=Role.OWNER,
        comes=at("{root}/settings/brand"),
        then=send(name='Kielo "the florist"'),
        status=422,
    ),
    Place(name="locations", endpoint="settings_locations.here", who=Role.MANAGER),
    Place(name="locations-one", endpoint="settings_locations.one", who=Role.MANAGER),
    Place(name="locations-new", endpoint="settings_locations.ask", who=Role.MANAGER),
    Place(name="staff", endpoint="settings_staff.here", who=Role.OWNER),
    Place(name="staff-new", endpoint="settings_staff.ask", who=Role.OWNER),
    Place(
        name="staff-new-wrong",
        endpoint="settings_staff.add",
        who=Role.OWNER,
        comes=at("{root}/settings/staff/new"),
        then=send(name="Sanna", pin="1"),
        status=422,
    ),
    Place(name="staff-roles", endpoint="settings_staff.what_roles_may", who=Role.MANAGER),
    Place(name="staff-one", endpoint="settings_person.here", who=Role.OWNER),
    Place(
        name="staff-link",
        endpoint="settings_person.invite",
        who=Role.OWNER,
        comes=lambda shop, _: f"{shop.root}/settings/staff/{_uninvited(shop)}",
        then=send(email="lumi@rosa.example"),
    ),
    Place(name="tills", endpoint="settings_tills.here", who=Role.OWNER),
    Place(name="tills-new", endpoint="settings_tills.ask", who=Role.OWNER),
    Place(name="tills-one", endpoint="settings_tills.one", who=Role.OWNER),
    Place(
        name="tills-pair",
        endpoint="settings_tills.pair",
        who=Role.OWNER,
        comes=lambda shop, _: f"{shop.root}/settings/tills/{shop.till.till_id}",
        then=press("Show a code"),
    ),
    Place(name="keys", endpoint="settings_keys.here", who=Role.OWNER),
    Place(name="keys-new", endpoint="settings_keys.ask", who=Role.OWNER),
    Place(name="keys-one", endpoint="settings_keys.one", who=Role.OWNER),
    Place(
        name="keys-secret",
        endpoint="settings_keys.create",
        who=Role.OWNER,
        comes=at("{root}/settings/keys/new"),
        then=lambda page, shop: send(name=f"Web shop {ids.random_text(4)}")(page, shop),
    ),
    Place(name="security", endpoint="settings_security.here", who=Role.OWNER),
    Place(name="security-choose", endpoint="settings_security.ask", who=Role.OWNER),
    Place(name="audit", endpoint="settings_audit.here", who=Role.OWNER),
]

SHOP = [
    Place(name="console-home", endpoint="console_home.here", who=Role.OWNER),
    Place(name="console-home-marketer", endpoint="console_home.here", who=Role.MARKETER),
    Place(name="console-home-cashier", endpoint="console_home.here", who=Role.CASHIER),
    Place(name="console-home-agency", endpoint="console_home.here", who=Role.AGENCY),
    Place(name="owed", endpoint="console_owed.here", who=Role.OWNER),
    Place(name="offers", endpoint="console_offers.here", who=Role.MARKETER, comes=offers_there),
    Place(name="offers-kinds", endpoint="console_offers_new.ask", who=Role.MARKETER),
    Place(
        name="offers-new",
        endpoint="console_offers_new.ask",
        who=Role.MARKETER,
        comes=at("{root}/offers/new?kind=discount"),
    ),
    Place(
        name="offers-new-ticket",
        endpoint="console_offers_new.ask",
        who=Role.MARKETER,
        comes=at("{root}/offers/new?kind=ticket"),
    ),
    Place(
        name="offers-new-wrong",
        endpoint="console_offers_new.add",
        who=Role.MARKETER,
        comes=at("{root}/offers/new?kind=discount"),
        then=send(name_en="Spring", much="a lot"),
        status=422,
    ),
    Place(name="offers-one", endpoint="console_offers.one", who=Role.MARKETER),
    Place(name="offers-one-agency", endpoint="console_offers.one", who=Role.AGENCY),
    Place(
        name="offers-one-whole",
        endpoint="console_offers.one",
        who=Role.MARKETER,
        comes=offer_with_everything,
    ),
    Place(name="offers-change", endpoint="console_offers.ask", who=Role.MARKETER),
    Place(
        name="offers-change-whole",
        endpoint="console_offers.ask",
        who=Role.MARKETER,
        comes=lambda shop, window: offer_with_everything(shop, window) + "/change",
    ),
    Place(
        name="offers-end",
        endpoint="console_offers.one",
        who=Role.MARKETER,
        then=press("End the offer"),
    ),
    Place(name="members", endpoint="console_members.here", who=Role.MARKETER),
    Place(
        name="members-none-found",
        endpoint="console_members.here",
        who=Role.MARKETER,
        comes=at("{root}/members?q=nobody-of-this-name"),
    ),
    Place(name="members-new", endpoint="console_members_new.ask", who=Role.MARKETER),
    Place(
        name="members-new-wrong",
        endpoint="console_members_new.add",
        who=Role.MARKETER,
        comes=at("{root}/members/new"),
        then=send(given_name="Ilona", phone="not a number"),
        status=422,
    ),
    Place(name="member", endpoint="console_member.here", who=Role.OWNER),
    Place(name="member-marketer", endpoint="console_member.here", who=Role.MARKETER),
    Place(name="member-details", endpoint="console_member_details.ask", who=Role.MARKETER),
    Place(
        name="member-take-back",
        endpoint="console_member_by_hand.ask_back",
        who=Role.OWNER,
        comes=take_back,
    ),
    Place(
        name="member-new-card",
        endpoint="console_member.here",
        who=Role.OWNER,
        comes=lambda shop, _: f"{shop.root}/members/{shop.newcomer('Ilona').member_id}",
    ),
    Place(name="member-erase", endpoint="console_member_erase.ask", who=Role.OWNER),
    Place(name="member-link", endpoint="console_member_link.here", who=Role.MARKETER),
    Place(name="member-print", endpoint="console_member_link.on_paper", who=Role.MARKETER),
    Place(name="member-waiting", endpoint="console_approvals.here", who=Role.OWNER),
    Place(name="search", endpoint="console_search.here", who=Role.MARKETER),
    Place(
        name="search-found",
        endpoint="console_search.here",
        who=Role.OWNER,
        comes=at("{root}/search?q=sa"),
    ),
    Place(name="design", endpoint="console_design.here", who=Role.AGENCY),
]

OTHERS = [
    Place(name="home", endpoint="home.home"),
    Place(name="nothing-here", endpoint="", comes=at("/nowhere"), status=404),
    Place(name="phones-none", endpoint="phones.show", script=True),
    Place(name="kit", endpoint="kit.kit", who=Role.OWNER),
    Place(
        name="not-yours",
        endpoint="settings_keys.here",
        who=Role.MARKETER,
        comes=at("{root}/settings/keys"),
        status=403,
    ),
]

PLACES = [*MEMBERS, *TILL, *FINDINGS, *SIGN_IN, *SETTINGS, *SHOP, *OTHERS]

# What a browser gets that is no page.
NO_PAGE = {
    "asset",
    "vendored",
    "api.openapi",
    "consumer.apple",
    "consumer_coupon.apple",
    "health.live",
    "health.ready",
    "phones.colours",
    "phones.events",
    "phones.picture",
    "public.design_file",
    "sign_in.begin",
}
