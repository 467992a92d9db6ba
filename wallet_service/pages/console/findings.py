"""Findings: what happened at a counter though it should not have, and who has looked at it."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import ngettext
from markupsafe import Markup
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from wallet_service import members, programme
from wallet_service.brands import api_keys, names
from wallet_service.brands.names import Names
from wallet_service.brands.roles import Intention
from wallet_service.language import Phrase
from wallet_service.pages import till_refused, visit_words, when
from wallet_service.pages.console import frame, members_words
from wallet_service.sales import findings, told, visits
from wallet_service.sales.findings import Finding
from wallet_service.web import current_wallet
from wallet_service.web.doors import needs
from wallet_service.web.language import gettext as _

bp = Blueprint("console_findings", __name__, url_prefix="/console/<slug>/findings")

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A finding as somebody in the office reads it. `stands` is what the books have of it."""

    finding_id: str
    title: str
    why: Phrase
    at: datetime
    where: str
    stands: Markup
    member_id: str
    member: str
    seen_at: datetime | None
    seen_by: str


@bp.get("")
@needs(Intention.FINDINGS_SETTLE)
def here() -> str:
    """Those that nobody has looked at yet, or those that somebody has; the newest first."""
    visit, are_seen = frame.current(), request.args.get("show") == "seen"
    after = request.args.get("after", "")[:64] or None
    with current_wallet().database.read() as connection:
        brand_id = visit.brand.brand_id
        found = findings.page(connection, brand_id, are_seen=are_seen, after=after, limit=PAGE + 1)
        return render_template(
            "console/findings.html",
            visit=visit,
            root=f"{visit.root}/findings",
            are_seen=are_seen,
            is_first=after is None,
            more=found[PAGE - 1].finding_id if len(found) > PAGE else "",
            open_count=findings.count_open(connection, brand_id),
            there=_shown(connection, found[:PAGE]),
            near=lambda at: when.near(at, visit.brand.zone),
            exact=lambda at: when.exact(at, visit.brand.zone),
        )


@bp.post("/seen")
@needs(Intention.FINDINGS_SETTLE)
def put_aside() -> Response:
    """Put some aside, in the name of whoever pressed."""
    visit = frame.current()
    named = [each[:64] for each in request.form.getlist("finding")][:PAGE]
    if not named:
        abort(HTTPStatus.BAD_REQUEST)
    done = current_wallet().database.run(
        findings.seen, visit.brand.brand_id, named, actor=visit.actor
    )
    flash(
        ngettext("Put aside.", "%(num)s put aside.", done)
        if done
        else _("Somebody had put it aside before.")
    )
    return redirect(f"{visit.root}/findings", 303)


def _shown(connection: Connection, found: tuple[Finding, ...]) -> list[Shown]:
    brand_id = frame.current().brand.brand_id
    known = names.of(connection, brand_id)
    keys = {each.source: each.name for each in api_keys.of(connection, brand_id)}
    currency = programme.of_brand(connection, brand_id).rules.currency
    return [
        Shown(
            finding_id=each.finding_id,
            title=till_refused.title(each.kind),
            why=each.say,
            at=each.occurred_at,
            where=_where(each, known, keys.get(each.source, "")),
            stands=_stands(connection, each, currency),
            member_id=each.member_id or "",
            member=_member(connection, brand_id, each.member_id),
            seen_at=each.seen_at,
            seen_by=known.person(each.seen_by) or each.seen_by or "",
        )
        for each in found
    ]


def _where(found: Finding, known: Names, key: str) -> str:
    """The shop, the till and the person; of a register, what it calls them itself."""
    till = known.till(found.till_id) or told.as_told(found.till_id) or key
    person = known.person(found.staff_id) or told.as_told(found.staff_id)
    return ", ".join(filter(None, (known.place(found.location_id), till, person)))


def _stands(connection: Connection, found: Finding, currency: str) -> Markup:
    """What is in the books of the event, or that it is not there."""
    visit = (
        visits.one(connection, found.member_id, found.source, found.key)
        if found.member_id
        else None
    )
    if visit is None:
        return Markup("{}").format(_("Nothing of it is in the books."))
    what = visit_words.what(visit)
    rest = visit_words.told(visit, currency)
    said = Markup("{}: {}").format(what, rest) if rest else Markup("{}").format(what)
    return Markup("{} {}.").format(_("In the books all the same:"), said)


def _member(connection: Connection, brand_id: str, member_id: str | None) -> str:
    """The member's name; nothing where none is known, or the member was erased since."""
    if not member_id:
        return ""
    try:
        return members_words.whole_name(members.read(connection, brand_id, member_id).person)
    except LookupError:
        return ""
