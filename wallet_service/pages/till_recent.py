"""What this till did last, so that it can be taken back: ids and times in its own session."""

from dataclasses import asdict, dataclass, replace

from flask import session

from wallet_service import clock

KEPT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """One stamp, or one use of a coupon; no name, as the session lies in the browser.

    `reward` is the coupon that a stamp brought, `coupon` the one that was used.
    """

    event_id: str
    code: str
    at: int
    reward: str = ""
    coupon: str = ""
    undone: bool = False


def all_of_them() -> tuple[Recent, ...]:
    """The last few, the newest first."""
    return tuple(Recent(**each) for each in session.get("recent", ()))


def note(event_id: str, code: str, *, reward: str = "", coupon: str = "") -> None:
    """Remember what was done; a repeat of the same event changes nothing."""
    if find(event_id) is None:
        at = clock.seconds()
        _keep(Recent(event_id=event_id, code=code, at=at, reward=reward, coupon=coupon))


def note_undone(recent: Recent) -> None:
    """Remember that it was taken back."""
    _keep(replace(recent, undone=True))


def find(event_id: str) -> Recent | None:
    """What this till did under this event, if it was one of the last few."""
    return next((each for each in all_of_them() if each.event_id == event_id), None)


def _keep(recent: Recent) -> None:
    others = [each for each in all_of_them() if each.event_id != recent.event_id]
    newest_first = sorted([recent, *others], key=lambda each: -each.at)
    session["recent"] = [asdict(each) for each in newest_first[:KEPT]]
