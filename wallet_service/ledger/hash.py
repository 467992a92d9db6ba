"""The hash that chains a member's entries, so that a change in the past shows.

The formula has a number, written on each entry: a better one may come, old entries keep theirs.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from wallet_service.ledger.entry import Event

LineFacts = tuple[str | int | None, ...]

FORMULA = 2  # 1 knew neither what an entry confirms nor when a line is confirmed
KNOWN = (1, 2)
BEGINNING = ""  # what stands before a member's first entry


def chained(
    *,
    member_id: str,
    number: int,
    brand_id: str,
    programme_id: str,
    event: Event,
    lines: Sequence[LineFacts],
    recorded_at: datetime,
    previous_hash: str,
    formula: int = FORMULA,
) -> str:
    """The hash of an entry: every fact of it and of its lines, and the hash before."""
    if formula not in KNOWN:
        raise ValueError(f"There is no hash formula {formula}.")
    facts: dict[str, object] = {
        "formula": formula,
        "member_id": member_id,
        "number": number,
        "brand_id": brand_id,
        "programme_id": programme_id,
        "kind": event.kind.value,
        "source": event.source,
        "key": event.key,
        "part": event.part,
        "sale_id": event.sale_id,
        "reverses": event.reverses,
        "rule_version": event.rule_version,
        "location_id": event.location_id,
        "till_id": event.till_id,
        "staff_id": event.staff_id,
        "occurred_at": event.occurred_at.isoformat(),
        "recorded_at": recorded_at.isoformat(),
        "lines": lines,
        "previous_hash": previous_hash,
    }
    if formula > 1:
        facts["confirms"] = event.confirms
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def line_facts(
    *,
    unit: str,
    account: str,
    amount: int,
    expires_at: datetime | None,
    confirm_at: datetime | None,
    funder: str | None,
    why: str | None,
    formula: int = FORMULA,
) -> LineFacts:
    """What the hash says of a line. The words go in as they are stored, letter for letter."""
    facts = (unit, account, amount, expires_at.isoformat() if expires_at else None, funder, why)
    if formula == 1:
        return facts
    return (*facts, confirm_at.isoformat() if confirm_at else None)
