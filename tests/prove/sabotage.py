"""The build with faults put into it: `python sabotage.py FAULT… -- serve …` runs it.

Each fault is one that somebody could make, and that an experiment of `prove` must find.
"""

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from wallet_service import coupons, idempotency, ledger, sales
from wallet_service.cli import main
from wallet_service.idempotency import Outcome
from wallet_service.phones import outbox
from wallet_service.sales import findings, undoing, velocity


def used_again() -> None:
    """Nobody looks whether a coupon was used."""
    sys.modules["wallet_service.coupons.redeem"].check = lambda *_, **__: None


def held_by_anybody() -> None:
    """Nobody who uses a coupon is asked whether another holds it."""
    sys.modules["wallet_service.coupons.redeem"].allow = lambda *_, **__: None


def copies_without_end() -> None:
    """Copies are given out uncounted."""
    sys.modules["wallet_service.coupons.issue"]._take = lambda *_: True


def uncounted_copies() -> None:
    """Nobody looks how many copies a card has had."""
    sys.modules["wallet_service.coupons.issue"]._held = lambda *_: 0


def unknown_customer() -> None:
    """Nobody looks whether a customer is known already."""
    sys.modules["wallet_service.enrolment.enrol"]._by_external_id = lambda *_: None


def two_rewards() -> None:
    """A full card brings its reward twice."""
    once = coupons.issue

    def twice(*given: Any) -> object:
        once(*given)
        return once(*given)

    coupons.issue = twice


def below_nothing() -> None:
    """Nobody looks whether there is enough on the card."""
    everything = {"stamps": 10_000, "points": 10_000}
    sys.modules["wallet_service.sales.bought"].ledger = _Ledger(everything)


class _Ledger:
    def __init__(self, has: dict[str, int]) -> None:
        self._has = has

    def __getattr__(self, name: str) -> object:
        return getattr(ledger, name)

    def balances_of(self, *given: Any) -> object:
        found = ledger.balances_of(*given)
        return {unit: replace(each, available=self._has[unit]) for unit, each in found.items()}

    def post(self, *given: Any) -> object:
        return ledger.post(*given, may_owe=True)


def nothing_taken_back() -> None:
    """A return is noted, and takes nothing."""
    undoing.Undoing.reverse = lambda *_, **__: None


def kept_reward() -> None:
    """What a purchase brought stays, though the purchase comes back."""
    undoing.Undoing.brought = lambda *_, **__: None
    undoing.Undoing.make_room = lambda *_, **__: None


def open_door() -> None:
    """Everybody is let in, however many the ticket is for."""
    let_in = coupons.admit

    def all_of_them(connection: Any, brand_id: str, coupon: Any, *more: Any, **how: Any) -> object:
        big = replace(coupon, admissions=1_000_000)
        return let_in(connection, brand_id, big, *more, **how)

    coupons.admit = all_of_them


def no_findings() -> None:
    """A conflict of an offline till is forgotten."""
    findings.note = lambda *_, **__: ""


def no_limits() -> None:
    """A card may be stamped as fast as one likes."""
    velocity.check = lambda *_, **__: None


def told_nobody() -> None:
    """A change leaves no word for the phones."""
    outbox.changed = lambda *_, **__: None


def forgetful() -> None:
    """What was told before is done again, as if it were new."""

    def once(connection: Any, *, act: Callable[[], Any], **_: Any) -> Outcome:
        return Outcome(answer=act().answer, repeated=False)

    idempotency.once = once


def lost() -> None:
    """Every other stamp is answered, and then not kept."""
    stamp, calls = sales.stamp, []

    def not_kept(connection: Any, *told: Any) -> object:
        calls.append(1)
        if len(calls) % 2:
            return stamp(connection, *told)
        trial = connection.begin_nested()
        try:
            return stamp(connection, *told)
        finally:
            trial.rollback()

    sales.stamp = not_kept


if __name__ == "__main__":
    place = sys.argv.index("--")
    for fault in sys.argv[1:place]:
        globals()[fault]()
    sys.argv = ["wallet-service", *sys.argv[place + 1 :]]
    main()
