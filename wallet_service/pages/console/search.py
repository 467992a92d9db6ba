"""Search: members, staff, tills, shops and pages by name; each only for who may see it."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from wallet_service import programme
from wallet_service.brands import locations, names, staff, tills
from wallet_service.brands.roles import Intention
from wallet_service.members import listing
from wallet_service.pages.console import frame, members_words
from wallet_service.pages.console.frame import Visit
from wallet_service.sales import roll
from wallet_service.web import current_wallet
from wallet_service.web.doors import needs
from wallet_service.web.language import gettext as _

bp = Blueprint("console_search", __name__, url_prefix="/console/<slug>/search")

A_KIND = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Something that was found: what it is called, a word about it, and where it is."""

    name: str
    words: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What was found of one kind; `more` is where the rest is."""

    id: str
    name: str
    hits: tuple[Hit, ...]
    more: str = ""


@bp.get("")
@needs(Intention.CONSOLE_ENTER)
def here() -> str | Response:
    """What bears the name; a whole card code goes straight to whose card it is."""
    visit, query = frame.current(), _query()
    with current_wallet().database.read() as connection:
        if query and visit.may(Intention.MEMBERS_SEE):
            whose = listing.of_code(connection, visit.brand.brand_id, query)
            if whose is not None:
                return redirect(f"{visit.root}/members/{whose}", 303)
        kinds = [kind for kind in _kinds(connection, visit, query) if kind.hits] if query else []
    return render_template("console/search.html", visit=visit, query=query, kinds=kinds)


def _query() -> str:
    return " ".join(request.args.get("q", "").split())[: listing.QUERY_LENGTH_MAX]


def _kinds(connection: Connection, visit: Visit, query: str) -> Iterator[Kind]:
    brand_id = visit.brand.brand_id
    if visit.may(Intention.MEMBERS_SEE):
        yield _members(connection, visit, query)
    if visit.may(Intention.STAFF_SEE):
        people = [
            Hit(
                name=each.name,
                words=frame.role_name(each.role),
                url=f"{visit.root}/settings/staff/{each.staff_id}",
            )
            for each in staff.of(connection, brand_id)
        ]
        yield Kind(id="staff", name=_("Staff"), hits=_named(people, query))
    if visit.may(Intention.TILLS_SEE):
        known = names.of(connection, brand_id)
        devices = [
            Hit(
                name=each.name,
                words=known.place(each.location_id),
                url=f"{visit.root}/settings/tills/{each.till_id}",
            )
            for each in tills.of(connection, brand_id)
        ]
        yield Kind(id="tills", name=_("Tills"), hits=_named(devices, query))
    if visit.may(Intention.LOCATIONS_SEE):
        places = [
            Hit(
                name=each.name,
                words=each.address,
                url=f"{visit.root}/settings/locations/{each.location_id}",
            )
            for each in locations(connection, brand_id)
        ]
        yield Kind(id="shops", name=_("Shops"), hits=_named(places, query))
    pages = [
        Hit(name=name, words="", url=visit.root + path)
        for path, name, intention in _pages()
        if visit.may(intention)
    ]
    yield Kind(id="pages", name=_("Pages"), hits=_named(pages, query))


def _members(connection: Connection, visit: Visit, query: str) -> Kind:
    rules = programme.of_brand(connection, visit.brand.brand_id).rules
    found = roll.read(connection, visit.brand.brand_id, rules, query=query, limit=A_KIND)
    list_of_all = members_words.list_address(visit.root, query)
    return Kind(
        id="members",
        name=_("Members"),
        hits=tuple(
            Hit(
                name=row.who.name,
                words=members_words.has(row),
                url=f"{visit.root}/members/{row.who.member_id}",
            )
            for row in found.rows
        ),
        more=list_of_all if found.total > A_KIND else "",
    )


def _named(hits: list[Hit], query: str) -> tuple[Hit, ...]:
    words = query.casefold().split()
    return tuple(hit for hit in hits if all(word in hit.name.casefold() for word in words))[:A_KIND]


def _pages() -> tuple[tuple[str, str, Intention], ...]:
    return (
        ("", _("Home"), Intention.CONSOLE_ENTER),
        ("/members", _("Members"), Intention.MEMBERS_SEE),
        ("/members/new", _("Add a member"), Intention.MEMBERS_ADD),
        ("/offers", _("Offers"), Intention.OFFERS_SEE),
        ("/offers/new", _("Make an offer"), Intention.OFFERS_CHANGE),
        ("/design", _("Design"), Intention.DESIGN_SEE),
        ("/settings/brand", _("Brand"), Intention.BRAND_SEE),
        ("/settings/locations", _("Shops, opening hours and time zones"), Intention.LOCATIONS_SEE),
        ("/settings/staff", _("Staff, roles and invitations"), Intention.STAFF_SEE),
        ("/settings/tills", _("Tills and pairing"), Intention.TILLS_SEE),
        ("/settings/keys", _("API keys"), Intention.KEYS_SEE),
        ("/settings/security", _("Security level"), Intention.SECURITY_SEE),
        ("/settings/audit", _("Audit log"), Intention.AUDIT_SEE),
    )
