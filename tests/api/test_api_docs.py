"""docs/api.md names every call and every code that there is."""

from pathlib import Path
from typing import Any

from wallet_service.brands.location import UnknownLocation
from wallet_service.coupons import errors as coupon_errors
from wallet_service.enrolment import MemberExists
from wallet_service.errors import Refusal
from wallet_service.idempotency import IdempotencyConflict
from wallet_service.ledger import NotEnough
from wallet_service.members import codes
from wallet_service.sales import errors as sale_errors
from wallet_service.sales.adjust import BadAdjustment
from wallet_service.sales.reasons import BadReason
from wallet_service.web.problems import STATUS_OF_CODE
from webhooks.api.at_counter import LocationNeeded, OtherLocation
from webhooks.api.etags import ChangedMeanwhile
from webhooks.api.members import SecondPersonNeeded

DOCS = (Path(__file__).parents[2] / "docs" / "api.md").read_text()


def refusals() -> set[type[Refusal]]:
    found = {MemberExists, IdempotencyConflict, NotEnough, UnknownLocation, OtherLocation}
    found |= {LocationNeeded, SecondPersonNeeded}
    found |= {BadAdjustment, BadReason, ChangedMeanwhile}
    for room in (coupon_errors, sale_errors, codes):
        found |= {
            each
            for each in vars(room).values()
            if isinstance(each, type) and issubclass(each, Refusal) and each is not Refusal
        }
    return found


def test_every_code_that_a_door_may_answer_stands_in_the_docs_with_its_status() -> None:
    for refusal in refusals():
        status = int(STATUS_OF_CODE.get(refusal.code, 422))
        assert f"| `{refusal.code}` | {status} |" in DOCS


def test_every_call_stands_in_the_docs(small_shop: Any) -> None:
    for rule in small_shop.app.url_map.iter_rules():
        if rule.rule.startswith("/api/v1"):
            path = rule.rule.removeprefix("/api/v1").replace("<member_id>", "{id}")
            path = path.replace("<", "{").replace(">", "}")
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                assert f"`{method} {path}" in DOCS, f"{method} {path}"
