"""Settings: what there is, each with a sentence of how it stands; and what its pages share."""

from collections.abc import Iterable
from datetime import date, datetime

from flask import Blueprint, render_template
from sqlalchemy import Connection

from wallet_service import audit, clock
from wallet_service.brands import Location, api_keys, level_words, locations, staff, tills
from wallet_service.brands.roles import Intention
from wallet_service.brands.tills import Standing
from wallet_service.language import moment
from wallet_service.pages import when
from wallet_service.pages.console import frame
from wallet_service.pages.console.settings_forms import SPOKEN
from wallet_service.web import current_wallet
from wallet_service.web.doors import needs
from wallet_service.web.language import chosen, said
from wallet_service.web.language import gettext as _

bp = Blueprint("settings", __name__, url_prefix="/console/<slug>/settings")


@bp.get("")
@needs(Intention.BRAND_SEE)
def here() -> str:
    """All that can be set, and how it stands."""
    with current_wallet().database.read() as connection:
        return page("", stands=_stands(connection))


def page(name: str, /, **shown: object) -> str:
    """A page of the settings, with the way to the others."""
    template = f"console/settings-{name}.html" if name else "console/settings.html"
    return render_template(
        template,
        visit=frame.current(),
        root=f"{frame.current().root}/settings",
        tabs=_tabs(name),
        moment_of=moment_of,
        zone=frame.current().brand.zone,
        near=when.near,
        exact=when.exact,
        **shown,
    )


def moment_of(at: datetime) -> str:
    """A moment by the shop's clock."""
    return moment(at, frame.current().brand.time_zone, chosen())


def my_places(connection: Connection) -> tuple[Location, ...]:
    """The shops at which whoever is here may change something."""
    visit = frame.current()
    known = locations(connection, visit.brand.brand_id)
    return tuple(each for each in known if visit.staff.works_at(each.location_id))


def _places() -> list[tuple[str, str, Intention]]:
    return [
        ("brand", _("Brand"), Intention.BRAND_SEE),
        ("locations", _("Shops"), Intention.LOCATIONS_SEE),
        ("staff", _("Staff"), Intention.STAFF_SEE),
        ("tills", _("Tills"), Intention.TILLS_SEE),
        ("keys", _("API keys"), Intention.KEYS_SEE),
        ("security", _("Security"), Intention.SECURITY_SEE),
        ("audit", _("What happened"), Intention.AUDIT_SEE),
    ]


def _tabs(name: str) -> list[tuple[str, str, bool]]:
    visit = frame.current()
    root = f"{visit.root}/settings"
    mine = [(_("All settings"), root, name == "")]
    for path, label, intention in _places():
        if visit.may(intention):
            mine.append((label, f"{root}/{path}", name.partition("-")[0] == path))
    return mine


def _stands(connection: Connection) -> list[tuple[str, str, str]]:
    """Each place that one may open: its name, where it is, how it stands."""
    visit = frame.current()
    states = {
        "brand": _brand,
        "locations": _locations,
        "staff": _staff,
        "tills": _tills,
        "keys": _keys,
        "security": _security,
        "audit": _audit,
    }
    return [
        (label, path, states[path](connection, visit))
        for path, label, intention in _places()
        if visit.may(intention)
    ]


def _brand(_connection: Connection, visit: frame.Visit) -> str:
    brand = visit.brand
    return _(
        "%(name)s speaks %(language)s; members reach it at %(email)s.",
        name=brand.name,
        language=SPOKEN[brand.language],
        email=brand.contact_email,
    )


def _locations(connection: Connection, visit: frame.Visit) -> str:
    return _listed(each.name for each in locations(connection, visit.brand.brand_id))


def _staff(connection: Connection, visit: frame.Visit) -> str:
    people = staff.of(connection, visit.brand.brand_id)
    stuck = staff.locked(connection, visit.brand.brand_id)
    words = [_listed(each.name for each in people)]
    if stuck:
        names = _listed(each.name for each in people if each.staff_id in stuck)
        words.append(_("Locked out: %(names)s", names=names))
    return " ".join(words)


def _tills(connection: Connection, visit: frame.Visit) -> str:
    there = tills.standing(connection, visit.brand.brand_id)
    if not there:
        return _("None yet. A till is a phone, a tablet or a computer at the counter.")
    shops = {each.location_id: each.name for each in locations(connection, visit.brand.brand_id)}

    def named(each: Standing) -> str:
        where = shops.get(each.till.location_id, "")
        return f"{each.till.name} ({where})" if len(shops) > 1 else each.till.name

    words = [_listed(named(each) for each in there)]
    if unpaired := [named(each) for each in there if each.paired_at is None]:
        words.append(_("Not paired yet: %(names)s", names=_listed(unpaired)))
    return " ".join(words)


def _keys(connection: Connection, visit: frame.Visit) -> str:
    there = api_keys.of(connection, visit.brand.brand_id)
    if not there:
        return _("None. A POS, a CRM or an app needs one; a shop without them does not.")
    return _listed(each.name for each in there)


def _security(_connection: Connection, visit: frame.Visit) -> str:
    return said(level_words.in_a_line(visit.level))


def _audit(connection: Connection, visit: frame.Visit) -> str:
    last = audit.read(connection, visit.brand.brand_id, limit=1)
    if not last:
        return _("Nothing yet.")
    return _("Last %(when)s: %(what)s.", when=moment_of(last[0].at), what=said(last[0].say))


def _listed(names: Iterable[str]) -> str:
    there = list(names)
    # Shops are called "Kielo, Kallio": a comma between two of them would hide where one ends.
    return ("; " if any("," in each for each in there) else ", ").join(there) + "."


def today() -> date:
    """The day, where the brand is."""
    return clock.now().astimezone(frame.current().brand.zone).date()
