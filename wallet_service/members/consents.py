"""Consents: a yes or a no, to a channel and a purpose, in a wording, from a source, at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock
from wallet_service.members import tables

CHANNELS = ("pass", "email", "sms", "web_push")
MARKETING = "marketing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One yes or no: by which channel, to which wording, told by whom, and when."""

    channel: str
    granted: bool
    wording: str
    source: str
    at: datetime


def record(
    connection: Connection,
    member_id: str,
    person_id: str,
    answers: Mapping[str, bool],
    *,
    wording: str,
    source: str,
) -> None:
    """Add what a person answered, by channel; an answer that already holds is not added again."""
    holding = of(connection, member_id, person_id)
    for channel, granted in answers.items():
        if channel not in CHANNELS:
            raise ValueError(f"{channel} is no channel.")
        if holding[channel] == granted:
            continue
        number = connection.execute(
            sa.select(sa.func.coalesce(sa.func.max(tables.consent.c.number), 0)).where(
                tables.consent.c.member_id == member_id,
                tables.consent.c.person_id == person_id,
                tables.consent.c.channel == channel,
                tables.consent.c.purpose == MARKETING,
            )
        ).scalar_one()
        connection.execute(
            sa.insert(tables.consent).values(
                member_id=member_id,
                person_id=person_id,
                channel=channel,
                purpose=MARKETING,
                number=number + 1,
                granted=granted,
                wording=wording,
                source=source,
                at=clock.now(),
            )
        )


def of(connection: Connection, member_id: str, person_id: str) -> dict[str, bool]:
    """What holds now for marketing, by channel; never asked means no."""
    rows = connection.execute(
        sa.select(tables.consent.c.channel, tables.consent.c.granted)
        .where(
            tables.consent.c.member_id == member_id,
            tables.consent.c.person_id == person_id,
            tables.consent.c.purpose == MARKETING,
        )
        .order_by(tables.consent.c.number)
    )
    return dict.fromkeys(CHANNELS, False) | {row.channel: row.granted for row in rows}


def history(connection: Connection, member_id: str, person_id: str) -> tuple[Answer, ...]:
    """What was answered for marketing, by whom and when, the newest first."""
    consent = tables.consent.c
    rows = connection.execute(
        sa.select(consent.channel, consent.granted, consent.wording, consent.source, consent.at)
        .where(
            consent.member_id == member_id,
            consent.person_id == person_id,
            consent.purpose == MARKETING,
        )
        .order_by(consent.at.desc(), consent.number.desc())
    )
    return tuple(Answer(**row._mapping) for row in rows)
