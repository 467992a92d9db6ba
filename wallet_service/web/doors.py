"""Who may pass: every route says it, and one guard for each kind of door holds it to that.

A view without a declaration is shut. The declarations are also what the matrix of the tests
is made of: who may pass, and who may not, is read from here and tried on the running service.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

import structlog
from flask import Flask, abort, current_app, request
from werkzeug.wrappers import Response

from wallet_service.brands.roles import Intention

log = structlog.get_logger("web")

View = TypeVar("View", bound=Callable[..., Any])


class Kind(StrEnum):
    """What opens a door."""

    ANYONE = "anyone"
    TOKEN = "token"  # noqa: S105 - the address itself is the capability
    DEVICE = "device"  # a phone's Wallet, by the pass's own token
    KEY = "key"  # an API key with one of the scopes
    HERE = "here"  # whoever sits at this machine (practice mode)
    PAIRED = "paired"  # a browser that is a till
    TILL = "till"  # a paired till with somebody at it
    ACCOUNT = "account"  # somebody who is signed in, whatever the brand
    STAFF = "staff"  # somebody with a role in the brand of the address


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """How a view is opened. `proof`: only soon after the password or passkey was shown."""

    kind: Kind
    intention: Intention | None = None
    scopes: tuple[str, ...] = ()
    proof: bool = False


Guard = Callable[[Door], Response | None]


def declare(door: Door) -> Callable[[View], View]:
    """Say how a view is opened."""

    def declared(view: View) -> View:
        view.door = door  # type: ignore[attr-defined]
        return view

    return declared


anyone = declare(Door(kind=Kind.ANYONE))
by_token = declare(Door(kind=Kind.TOKEN))
by_device = declare(Door(kind=Kind.DEVICE))
at_this_machine = declare(Door(kind=Kind.HERE))
at_a_paired_till = declare(Door(kind=Kind.PAIRED))


def needs(intention: Intention, *, proof: bool = False) -> Callable[[View], View]:
    """Open to those of the brand whose role may do this."""
    return declare(Door(kind=Kind.STAFF, intention=intention, proof=proof))


def signed_in(*, proof: bool = False) -> Callable[[View], View]:
    """Open to whoever is signed in."""
    return declare(Door(kind=Kind.ACCOUNT, proof=proof))


def at_the_till(intention: Intention) -> Callable[[View], View]:
    """Open to a paired till at which somebody stands whose role may do this."""
    return declare(Door(kind=Kind.TILL, intention=intention))


def of(app: Flask, endpoint: str) -> Door | None:
    """How an endpoint is opened; None when nobody said."""
    return getattr(app.view_functions[endpoint], "door", None)


def guard(app: Flask, guards: Mapping[Kind, Guard]) -> None:
    """Put guards on kinds of doors. A kind without one opens to nobody."""
    app.extensions["guards"].update(guards)


def install(app: Flask) -> None:
    app.extensions["guards"] = dict.fromkeys((Kind.ANYONE, Kind.TOKEN, Kind.DEVICE), _pass)
    app.before_request(_hold)


def _hold() -> Response | None:
    if request.endpoint is None:
        return None
    door = of(current_app, request.endpoint)
    guards = current_app.extensions["guards"]
    if door is None or door.kind not in guards:
        log.error("a door without a guard", endpoint=request.endpoint)
        abort(404)
    answer: Response | None = guards[door.kind](door)
    return answer


def _pass(_door: Door) -> None:
    return None
