"""Who stands in the console, in which brand, and what the frame around each page shows."""

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

from flask import abort, current_app, g, has_request_context, redirect, request, session
from werkzeug.wrappers import Response

from wallet_service import access, clock
from wallet_service.access import sessions
from wallet_service.access.accounts import Account
from wallet_service.access.entry import Entry
from wallet_service.access.sessions import Session
from wallet_service.audit import Actor
from wallet_service.brands import Brand, designs
from wallet_service.brands.levels import Level
from wallet_service.brands.roles import Intention
from wallet_service.brands.staff import Staff
from wallet_service.pages import looks
from wallet_service.web import current_wallet, forgery
from wallet_service.web.doors import Door
from wallet_service.web.language import gettext as _
from wallet_service.web.language import speak

SIGN_IN = "/console"
PROOF = "/console/prove"
SECOND_FACTOR = "/console/account/second-factor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Somebody of a brand's staff on one of its pages."""

    entry: Entry
    brand: Brand
    staff: Staff

    @property
    def session(self) -> Session:
        return self.entry.session

    @property
    def account(self) -> Account:
        return self.entry.account

    @property
    def level(self) -> Level:
        return self.brand.level

    @property
    def actor(self) -> Actor:
        """Who it is for the audit log."""
        return Actor(kind="staff", id=self.staff.staff_id, name=self.staff.name)

    @property
    def root(self) -> str:
        """Where this brand's pages begin."""
        return f"/console/{self.brand.slug}"

    def may(self, intention: Intention) -> bool:
        return self.staff.may(intention)


def current() -> Visit:
    """The visit of this request; the guard has put it there."""
    found: Visit = g.visit
    return found


def current_entry() -> Entry:
    """Who is signed in, on a page that belongs to no brand."""
    found: Entry = g.entry
    return found


def account_guard(door: Door) -> Response | None:
    """Let in whoever is signed in."""
    entry = entered()
    if entry is None:
        return to_sign_in()
    # These doors are to how somebody signs in: a password alone must not change what stands beside.
    is_proved = entry.session.is_proved(entry.level, clock.now()) and not entry.lacks_factor
    if door.proof and not is_proved:
        return _to(PROOF)
    return None


def staff_guard(door: Door) -> Response | None:
    """Let in whoever has a role in the brand of the address that allows what the page is for."""
    entry = entered()
    if entry is None:
        return to_sign_in()
    # Taken out of the address's arguments: views find their brand in `current()`.
    work = entry.at((request.view_args or {}).pop("slug", ""))
    if work is None:
        abort(HTTPStatus.NOT_FOUND)
    brand, staff = work
    g.visit = Visit(entry=entry, brand=brand, staff=staff)
    if session.get("brand") != brand.slug:
        session["brand"] = brand.slug  # where the next visit begins
    if brand.level.second_factor and not entry.session.has_second_factor:
        return _to(PROOF) if entry.lacks_factor else redirect(SECOND_FACTOR, 303)
    if door.intention is None or not staff.may(door.intention):
        abort(HTTPStatus.FORBIDDEN)
    if door.proof and not entry.session.is_proved(brand.level, clock.now()):
        return _to(PROOF)
    return None


def entered() -> Entry | None:
    """Who is signed in with this browser; goes on in their language."""
    if "entry" in g:
        return g.entry  # type: ignore[no-any-return]
    token = request.cookies.get(cookie_name(), "")
    found = None
    if token:
        database = current_wallet().database
        with database.read() as connection:
            found = access.enter(connection, token)
        if found is not None and clock.now() - found.session.seen_at > sessions.TOUCHED_EVERY:
            database.run(sessions.touch, found.session)
    g.entry = found
    if found is not None:
        forgery.belong(found.session.session_id)
    if found is not None and found.account.language:
        speak(found.account.language)
    return found


def cookie_name() -> str:
    return "__Host-console" if current_app.config["SESSION_COOKIE_SECURE"] else "console"


def to_sign_in() -> Response:
    """The way to the sign-in form, and back to this page afterwards."""
    return _to(SIGN_IN)


def _to(address: str) -> Response:
    # What a form was about to send is lost; its page, or else the home, is where one goes on.
    back = request.full_path.removesuffix("?") if request.method == "GET" else "/console"
    return redirect(f"{address}?next={quote(back, safe='/')}", 303)


# The pages of a brand, in the order of the navigation; each with what it needs and its key.
def _nav() -> tuple[tuple[str, str, Intention, str, str], ...]:
    return (
        ("", _("Home"), Intention.CONSOLE_ENTER, "h", "home"),
        ("/members", _("Members"), Intention.MEMBERS_SEE, "m", "members"),
        ("/offers", _("Offers"), Intention.OFFERS_SEE, "o", "offers"),
        ("/design", _("Design"), Intention.DESIGN_SEE, "d", "design"),
        ("/settings", _("Settings"), Intention.BRAND_SEE, "s", "settings"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What layout/console.html shows around a page."""

    nav: list[dict[str, object]]
    brands: list[dict[str, object]]
    person: str
    role: str
    brand: Brand
    look: looks.Look | None
    search_url: str | None
    query: str


def shown() -> dict[str, object]:
    """`frame` for the templates of the console; None on every other page."""
    visit: Visit | None = g.get("visit") if has_request_context() else None
    return {"frame": _frame(visit) if visit else None}


def _frame(visit: Visit) -> Frame:
    return Frame(
        nav=[
            {
                "label": label,
                "url": visit.root + path,
                "key": key,
                "icon": icon,
                "current": request.path == visit.root + path
                or bool(path and request.path.startswith(visit.root + path + "/")),
            }
            for path, label, intention, key, icon in _nav()
            if visit.may(intention)
        ],
        brands=[
            {
                "name": brand.name,
                "url": f"/console/{brand.slug}",
                "current": brand.brand_id == visit.brand.brand_id,
            }
            for brand, _staff in visit.entry.works
        ],
        person=visit.staff.name,
        role=role_name(visit.staff.role),
        brand=visit.brand,
        look=_look(visit.brand),
        search_url=f"{visit.root}/search" if visit.may(Intention.MEMBERS_SEE) else None,
        query=request.args.get("q", "")[:100] if request.path == f"{visit.root}/search" else "",
    )


def role_name(role: str) -> str:
    """A role in the language of this request."""
    return {
        "owner": _("owner"),
        "manager": _("manager"),
        "marketer": _("marketer"),
        "cashier": _("cashier"),
        "agency": _("agency"),
    }[role]


def _look(brand: Brand) -> looks.Look | None:
    try:
        with current_wallet().database.read() as connection:
            return looks.of(designs.current(connection, brand.brand_id))
    except LookupError:
        return None
