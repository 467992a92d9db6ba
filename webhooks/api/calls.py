"""What a call takes and what it answers, said once over its view: the OpenAPI document is made of
it, and the tests hold every answer to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from pydantic import BaseModel

from wallet_service.web.doors import View

# What may be wrong with who and what a body names.
CARD = ("unknown_card", "other_brands_card", "ended_card", "unknown_member", "member_left")
COUNTER = ("unknown_location", "other_location", "location_needed")
COUPON = ("unknown_coupon", "coupon_expired", "coupon_void", "not_yet_valid")
CONDITIONS = (
    "wrong_day",
    "wrong_hour",
    "wrong_location",
    "purchase_too_small",
    "wrong_goods",
    "does_not_stack",
)
NAMED = ("bad_id", "idempotency_conflict")
TIMED = ("in_the_future", "before_joining")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call. `repeats`: the caller's name for it makes a repeat safe, and this is that name;
    `tagged`: it answers with an ETag; `guarded`: it takes If-Match;
    `bare`: it may come without its body."""

    summary: str
    answers: Mapping[HTTPStatus, type[BaseModel] | None]
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    refuses: tuple[str, ...] = ()
    repeats: str = ""
    tagged: bool = False
    guarded: bool = False
    bare: bool = False


def call(
    summary: str,
    answer: type[BaseModel] | None = None,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    also: Mapping[HTTPStatus, type[BaseModel] | None] | None = None,
    query: type[BaseModel] | None = None,
    body: type[BaseModel] | None = None,
    refuses: tuple[str, ...] = (),
    repeats: str = "",
    tagged: bool = False,
    guarded: bool = False,
    bare: bool = False,
) -> Callable[[View], View]:
    """Say what a view takes and answers."""
    said = Call(
        summary=summary,
        answers={status: answer, **(also or {})},
        query=query,
        body=body,
        refuses=refuses,
        repeats=repeats,
        tagged=tagged,
        guarded=guarded,
        bare=bare,
    )

    def declared(view: View) -> View:
        view.call = said  # type: ignore[attr-defined]
        return view

    return declared


def of(view: object) -> Call | None:
    """What was said over a view."""
    return getattr(view, "call", None)
