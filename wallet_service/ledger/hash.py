"""The hash that chains a member's entries, so that a change in the past shows.

The formula has a number, written on each entry: a better one may come, old entries keep theirs.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from wallet_service.ledger.entry import Event, Line

LineFacts = tuple[str, str, int, str | None, str | None, str | None]

FORMULA = 1
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
    if formula != 1:
        raise ValueError(f"There is no hash formula {formula}.")
    facts = {
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
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def line_facts(line: Line) -> LineFacts:
    """What the hash says of a line. The words go in as they are stored, letter for letter."""
    return (
        line.unit,
        line.account.value,
        line.amount,
        line.expires_at.isoformat() if line.expires_at else None,
        line.funder,
        line.why.as_json() if line.why else None,
    )
