"""The audit log: who changed what, in words, written in the change's own transaction.

Rows are only ever added (triggers see to that), numbered within the brand and chained by a hash,
so that one that is missing or changed shows. Members stand in it by their id alone: it outlives
an erasure.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock, db
from wallet_service.db import Integer64, Moment, Text, table
from wallet_service.language import Phrase, phrase, verbatim

audit_entry = table(
    "audit_entry",
    sa.Column("brand_id", Text, primary_key=True),
    sa.Column("number", Integer64, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("actor_kind", Text, nullable=False),
    sa.Column("actor_id", Text),
    sa.Column("actor_name", Text, nullable=False),
    sa.Column("what", Text, nullable=False),
    sa.Column("subject", Text),
    sa.Column("say", Text, nullable=False),
    sa.Column("previous_hash", Text, nullable=False),
    sa.Column("hash", Text, nullable=False),
    append_only=True,
)

audit_head = table(
    "audit_head",
    sa.Column("brand_id", Text, primary_key=True),
    sa.Column("number", Integer64, nullable=False),
    sa.Column("hash", Text, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who does something: somebody of the staff, an API key, a command, or the service itself."""

    kind: Literal["staff", "key", "command", "service"]
    name: str
    id: str | None = None

    @property
    def said(self) -> Phrase:
        """Who it is, as the beginning of a sentence."""
        match self.kind:
            case "key":
                return phrase("The key {name}", name=self.name)
            case "command":
                return phrase("The command line")
            case "service":
                return phrase("The service")
            case _:
                return verbatim(self.name)


COMMAND = Actor(kind="command", name="wallet-service")
SERVICE = Actor(kind="service", name="wallet-service")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the log. `what` is stable ("staff.invited"), `say` is the sentence."""

    number: int
    at: datetime
    actor: Actor
    what: str
    subject: str | None
    say: Phrase


def write(
    connection: Connection,
    brand_id: str,
    actor: Actor,
    say: Phrase,
    *,
    what: str,
    subject: str | None = None,
) -> None:
    """Add a line, in the transaction of the change that it tells of.

    `say` is a whole sentence without a full stop; `{who}` in it becomes the actor:
    `phrase("{who} let {name} go", …)`. Where nothing changed there is nothing to write.
    """
    say = replace(say, parts={"who": actor.said, **say.parts})
    # The head is locked by its own upsert, so that two changes at once number in turn.
    head = connection.execute(
        db.insert(connection, audit_head)
        .values(brand_id=brand_id, number=1, hash="")
        .on_conflict_do_update(
            index_elements=["brand_id"], set_={"number": audit_head.c.number + 1}
        )
        .returning(audit_head.c.number, audit_head.c.hash)
    ).one()
    row = {
        "brand_id": brand_id,
        "number": head.number,
        "at": clock.now(),
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "actor_name": actor.name,
        "what": what,
        "subject": subject,
        "say": say.as_json(),
        "previous_hash": head.hash,
    }
    row["hash"] = _chained(row)
    connection.execute(sa.insert(audit_entry).values(**row))
    connection.execute(
        sa.update(audit_head).where(audit_head.c.brand_id == brand_id).values(hash=row["hash"])
    )


def read(
    connection: Connection, brand_id: str, *, before: int | None = None, limit: int = 50
) -> tuple[Entry, ...]:
    """The last lines of a brand, the newest first; `before` a number, the older ones."""
    wanted = sa.select(audit_entry).where(audit_entry.c.brand_id == brand_id)
    if before is not None:
        wanted = wanted.where(audit_entry.c.number < before)
    rows = connection.execute(wanted.order_by(audit_entry.c.number.desc()).limit(limit))
    return tuple(_entry(row) for row in rows)


def count(connection: Connection, brand_id: str) -> int:
    """How many lines a brand's log has."""
    head = sa.select(audit_head.c.number).where(audit_head.c.brand_id == brand_id)
    return connection.execute(head).scalar() or 0


def verify(connection: Connection, brand_id: str) -> Iterator[str]:
    """What is wrong with a brand's log, a sentence each; nothing when it is whole."""
    expected, previous = 1, ""
    rows = connection.execute(
        sa.select(audit_entry)
        .where(audit_entry.c.brand_id == brand_id)
        .order_by(audit_entry.c.number)
    )
    for row in rows:
        if row.number != expected:
            yield f"Line {expected} of the audit log is missing."
        kept = {name: value for name, value in row._mapping.items() if name != "hash"}
        if row.previous_hash != previous or row.hash != _chained(kept):
            yield f"Line {row.number} of the audit log was changed."
        expected, previous = row.number + 1, row.hash
    head = connection.execute(
        sa.select(audit_head).where(audit_head.c.brand_id == brand_id)
    ).first()
    if head is not None and (head.number, head.hash) != (expected - 1, previous):
        yield "The end of the audit log is missing."


def _entry(row: sa.Row[Any]) -> Entry:
    return Entry(
        number=row.number,
        at=row.at,
        actor=Actor(kind=row.actor_kind, name=row.actor_name, id=row.actor_id),
        what=row.what,
        subject=row.subject,
        say=Phrase.from_json(row.say),
    )


def _chained(row: dict[str, Any]) -> str:
    facts = {**row, "at": row["at"].isoformat()}
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
