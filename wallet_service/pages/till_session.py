"""Which till a browser is, and who stands at it.

The device keeps a secret from its pairing; the person proves to be there with a PIN. A shift is
twelve hours at most, and after a quarter of an hour without a touch the PIN is asked again.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from flask import abort, current_app, g, redirect, request, session
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from wallet_service import brands, clock
from wallet_service.brands import Brand, staff, tills
from wallet_service.brands.staff import Staff
from wallet_service.brands.tills import Till
from wallet_service.sales import Counter
from wallet_service.web import current_wallet
from wallet_service.web.doors import Door

SHIFT = timedelta(hours=12)
IDLE = timedelta(minutes=15)
_KEPT_SECONDS = 400 * 24 * 3600  # as long as browsers keep a cookie; each visit renews it


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A till with somebody at it."""

    till: Till
    staff: Staff
    brand: Brand
    where: str
    idle_seconds: int = int(IDLE.total_seconds())

    @property
    def counter(self) -> Counter:
        """Who tells what happens here."""
        return Counter(
            brand_id=self.till.brand_id,
            source=self.till.source,
            location_id=self.till.location_id,
            till_id=self.till.till_id,
            staff_id=self.staff.staff_id,
        )


def paired(connection: Connection) -> Till | None:
    """The till that this browser is, if it was paired."""
    secret = request.cookies.get(_cookie_name(), "")
    return tills.by_secret(connection, secret) if secret else None


def keep(response: AnyResponse, secret: str) -> None:
    """Let this browser be a till from now on."""
    response.set_cookie(
        _cookie_name(),
        secret,
        max_age=_KEPT_SECONDS,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )


def begin(till: Till, person: Staff) -> None:
    """Somebody has shown a PIN; whoever was here before is not any more, with whatever cookie."""
    shift = current_wallet().database.run(tills.next_shift, till)
    now = clock.seconds()
    session["duty"] = {
        "till": till.till_id, "shift": shift, "staff": person.staff_id, "since": now, "seen": now
    }  # fmt: skip


def end(till: Till) -> None:
    """Nobody stands here any more."""
    current_wallet().database.run(tills.next_shift, till)
    session.pop("duty", None)


def last_person() -> str | None:
    """Who stood here last, though the PIN must be shown again."""
    duty = session.get("duty")
    return str(duty["staff"]) if duty else None


def shift_of(connection: Connection, till: Till) -> Shift | None:
    """The shift at this till, when somebody is on it and not too long ago; it counts as a touch."""
    duty = session.get("duty")
    if not duty or (duty["till"], duty.get("shift")) != (till.till_id, till.shift):
        return None
    now = clock.now()
    since, seen = (datetime.fromtimestamp(duty[name], UTC) for name in ("since", "seen"))
    person = staff.get(connection, till.brand_id, duty["staff"])
    if person is None or now - since > SHIFT or now - seen > IDLE:
        return None
    session["duty"] = {**duty, "seen": clock.seconds()}
    return Shift(
        till=till,
        staff=person,
        brand=brands.get(connection, till.brand_id),
        where=where(connection, till),
    )


def where(connection: Connection, till: Till) -> str:
    """The brand and the shop, as the top of the till says them."""
    brand = brands.get(connection, till.brand_id)
    shops = brands.locations(connection, till.brand_id)
    shop = next((each.name for each in shops if each.location_id == till.location_id), "")
    if shop.startswith(brand.name):
        return shop
    return f"{brand.name}, {shop}" if shop else brand.name


def paired_guard(_door: Door) -> AnyResponse | None:
    """Let in a browser that is a till; any other is asked for the pairing code."""
    with current_wallet().database.read() as connection:
        till = paired(connection)
    return redirect("/till", 303) if till is None else None


def guard(door: Door) -> AnyResponse | None:
    """Let in a till with somebody at it who may do this, or send the browser to say who."""
    with current_wallet().database.read() as connection:
        till = paired(connection)
        shift = shift_of(connection, till) if till else None
    if shift is None:
        return redirect("/till", 303)
    if door.intention is None or not shift.staff.may(door.intention):
        abort(HTTPStatus.FORBIDDEN)
    g.shift = shift
    return None


def shift() -> Shift:
    """The shift of this request; `require` has put it there."""
    found: Shift = g.shift
    return found


def _cookie_name() -> str:
    return "__Host-till" if current_app.config["SESSION_COOKIE_SECURE"] else "till"
