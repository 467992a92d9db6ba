"""Members: who they are, found by a name, an address, a number or a card code, page by page."""

from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from wallet_service import clock, programme
from wallet_service.brands.roles import Intention
from wallet_service.members import listing
from wallet_service.members.listing import Listed, Order
from wallet_service.pages.console import frame, members_words
from wallet_service.pages.console.frame import Visit
from wallet_service.sales import figures, roll
from wallet_service.sales.roll import Roll
from wallet_service.web import current_wallet
from wallet_service.web.doors import needs

bp = Blueprint("console_members", __name__, url_prefix="/console/<slug>/members")

A_PAGE = 25
_CURSOR_LENGTH_MAX = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address asks for: all of a list's state stands in it."""

    query: str
    order: Order
    after: str
    before: str
    place: int  # how many members stand before this page

    @classmethod
    def read(cls) -> Self:
        """What this request asks for; what cannot be is left out."""
        said = request.args
        order = said.get("by", "")
        return cls(
            query=said.get("q", "").strip()[: listing.QUERY_LENGTH_MAX],
            order=Order(order) if order in list(Order) else Order.NAME,
            after=said.get("after", "")[:_CURSOR_LENGTH_MAX],
            before=said.get("before", "")[:_CURSOR_LENGTH_MAX],
            place=int(said["n"]) if said.get("n", "").isdecimal() and len(said["n"]) < 9 else 0,
        )

    def address(self, root: str, **changed: object) -> str:
        """The same list at another place, or in another order."""
        facts = {"q": self.query, "by": "" if self.order is Order.NAME else str(self.order)}
        kept = {name: value for name, value in (facts | changed).items() if value}
        return f"{root}/members" + (f"?{urlencode(kept)}" if kept else "")


@bp.get("")
@needs(Intention.MEMBERS_SEE)
def here() -> str | Response:
    """The list. A whole card code goes straight to whose card it is."""
    visit, asked = frame.current(), Asked.read()
    with current_wallet().database.read() as connection:
        whose = listing.of_code(connection, visit.brand.brand_id, asked.query)
        # While somebody types, the list stays a list: it shows the one whose card it is.
        if whose is not None and "HX-Request" not in request.headers:
            return redirect(f"{visit.root}/members/{whose}", 303)
        return render_template("console/members.html", **_shown(connection, visit, asked))


def _shown(connection: Connection, visit: Visit, asked: Asked) -> dict[str, object]:
    brand = visit.brand
    rules = programme.of_brand(connection, brand.brand_id).rules
    found = roll.read(
        connection,
        brand.brand_id,
        rules,
        order=asked.order,
        query=asked.query,
        after=asked.after,
        before=asked.before,
        limit=A_PAGE,
    )
    near: tuple[Listed, ...] = ()
    if asked.query and not found.rows:
        near = listing.near(connection, brand.brand_id, asked.query)
    return {
        "visit": visit,
        "asked": asked,
        "roll": found,
        "coming": figures.coming(connection, brand.brand_id, brand.zone, clock.now()),
        "carried": roll.carried(connection, brand.brand_id),
        "near": near,
        "orders": _orders(visit, asked),
        "pages": _pages(visit, asked, found),
        "words": members_words,
    }


def _orders(visit: Visit, asked: Asked) -> dict[str, tuple[str, str]]:
    """Where each order of the list is, and what a screen reader says of it."""
    said = {Order.NAME: "ascending", Order.SEEN: "descending", Order.JOINED: "descending"}
    return {
        order.value: (
            asked.address(visit.root, by="" if order is Order.NAME else order.value),
            said[order] if order is asked.order else "",
        )
        for order in Order
    }


def _pages(visit: Visit, asked: Asked, found: Roll) -> dict[str, object]:
    """Where the pages beside this one are, and which members this one shows."""
    first = asked.place if asked.after or asked.before else 0
    last = first + len(found.rows)
    earlier = max(0, first - A_PAGE)
    return {
        "first": first + 1,
        "last": last,
        "earlier": asked.address(visit.root, before=found.before, n=earlier)
        if found.before
        else None,
        "later": asked.address(visit.root, after=found.after, n=last) if found.after else None,
    }
