"""Which till a browser is, and who stands at it.

The device keeps a secret from its pairing; the person proves to be there with a PIN. The shift
itself is the till's (`tills`): how long it lasts, and after how long without a touch the PIN is
asked again, is the brand's level's matter.
"""

from dataclasses import dataclass, replace
from http import HTTPStatus

from flask import abort, current_app, g, redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from wallet_service import brands, clock
from wallet_service.brands import Brand, pin_check, staff, tills
from wallet_service.brands.pin_check import PinCheck
from wallet_service.brands.roles import Intention
from wallet_service.brands.staff import Staff
from wallet_service.brands.tills import Till
from wallet_service.language import phrase
from wallet_service.sales import Counter
from wallet_service.web import current_wallet
from wallet_service.web.doors import Door

_KEPT_SECONDS = 400 * 24 * 3600  # as long as browsers keep a cookie; each visit renews it


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A till with somebody at it."""

    till: Till
    staff: Staff
    brand: Brand
    where: str

    @property
    def idle_seconds(self) -> int:
        """After how long without a touch the page goes dark."""
        return int(self.brand.level.till_idle.total_seconds())

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

    def told_as(self, source: str) -> Counter:
        """The same counter, telling what belongs to something that another source told."""
        return replace(self.counter, source=source)


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
    """Somebody has shown a PIN; whoever was here before is not any more."""
    current_wallet().database.run(tills.begin_shift, till, person.staff_id)


def end(till: Till) -> None:
    """Nobody stands here any more."""
    current_wallet().database.run(tills.end_shift, till)


def people(connection: Connection, till: Till) -> tuple[Staff, ...]:
    """Those who may stand here: their role lets them serve, they work here, they have a PIN."""
    return tuple(each for each in staff.of(connection, till.brand_id) if _may_stand(each, till))


def person(connection: Connection, till: Till, staff_id: str | None) -> Staff | None:
    """One of those who may stand here, or None."""
    return next((each for each in people(connection, till) if each.staff_id == staff_id), None)


def shift_of(connection: Connection, till: Till) -> Shift | None:
    """The shift at this till, when somebody is on it and not too long ago."""
    brand = brands.get(connection, till.brand_id)
    here = person(connection, till, till.shift_staff_id)
    if here is None or not till.is_on(brand.level, clock.now()):
        return None
    return Shift(till=till, staff=here, brand=brand, where=where(connection, till))


def check_pin(till: Till, here: Staff, pin: str) -> PinCheck:
    """Whether this is the PIN of somebody who may stand here, and long enough for the level."""
    wallet = current_wallet()
    with wallet.database.read() as connection:
        least = brands.get(connection, till.brand_id).level.pin_digits_min
    if len(pin) < least:
        return PinCheck(
            staff=None,
            say=phrase(
                "A PIN has at least {n} digits here. If yours is shorter, ask for a new one.",
                n=least,
            ),
        )
    return pin_check.check(wallet.database, wallet.keyring, till.brand_id, here.staff_id, pin)


def touch(till: Till) -> None:
    """Whoever is here still is."""
    if till.shift_seen is None or clock.now() - till.shift_seen > tills.TOUCHED_EVERY:
        current_wallet().database.run(tills.touch, till)


def _may_stand(person: Staff, till: Till) -> bool:
    serves = person.may(Intention.TILL_SERVE) and person.has_pin
    return serves and person.works_at(till.location_id)


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
    touch(shift.till)
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
