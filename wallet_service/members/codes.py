"""The card code: what the barcode says and staff can type.

`LP1` and 12 characters of Crockford's base32, the last a check. It is no secret: it names a card,
and nothing is done with it but at a counter or with an API key.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock, ids
from wallet_service.errors import Refusal
from wallet_service.language import phrase
from wallet_service.members import tables
from wallet_service.members.member import Member, of_row

PREFIX = "LP1"
_LENGTH = 12
_READ_AS = str.maketrans("OIL", "011")


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whose card it is."""

    member_id: str
    person_id: str
    code: str


class UnknownCard(Refusal):
    """Nobody holds a card with this code."""

    code = "unknown_card"


class EndedCard(Refusal):
    """The card was replaced, or its holder has left."""

    code = "ended_card"


class OtherBrandsCard(Refusal):
    """The card is another shop's."""

    code = "other_brands_card"


def issue(connection: Connection, brand_id: str, member_id: str, person_id: str) -> str:
    """A new card code for a person."""
    body = ids.random_text(_LENGTH - 1)
    code = PREFIX + body + _check(body)
    connection.execute(
        sa.insert(tables.card_code).values(
            member_id=member_id,
            person_id=person_id,
            code=code,
            brand_id=brand_id,
            issued_at=clock.now(),
        )
    )
    return code


def of(connection: Connection, member_id: str) -> dict[str, str]:
    """The living code of each person of a member, by person id."""
    rows = connection.execute(_OF_MEMBER, {"of_member": member_id})
    return {row.person_id: row.code for row in rows}


def newest(connection: Connection, member_id: str) -> str:
    """The code of a member's card that lives, else of the last one that has ended."""
    code = tables.card_code.c
    return str(
        connection.execute(
            sa.select(code.code)
            .where(code.member_id == member_id)
            .order_by(code.ended_at.is_not(None), code.person_id, code.issued_at.desc())
            .limit(1)
        ).scalar_one()
    )


def normalise(typed: str) -> str | None:
    """The code that somebody typed or scanned, or None when it cannot be one.

    With or without the prefix, any case, spaces and hyphens; O is read as 0, I and L as 1. What
    follows a dot is ignored: offline tills will find a signature there.
    """
    text = typed.partition(".")[0].upper()
    text = "".join(character for character in text if not character.isspace() and character != "-")
    # The prefix has an L of its own, so it goes before L is read as 1.
    body = text.removeprefix(PREFIX) if len(text) > _LENGTH else text
    if len(body) > _LENGTH:
        body = body.translate(_READ_AS).removeprefix(PREFIX.translate(_READ_AS))
    body = body.translate(_READ_AS)
    if len(body) != _LENGTH or any(character not in ids.ALPHABET for character in body):
        return None
    return PREFIX + body if body[-1] == _check(body[:-1]) else None


def spaced(code: str) -> str:
    """The code as people read it: in fours, without the prefix."""
    body = code.removeprefix(PREFIX)
    return " ".join(body[start : start + 4] for start in range(0, len(body), 4))


def find(connection: Connection, brand_id: str, typed: str) -> Holder:
    """Whose card `typed` is. Raises UnknownCard, EndedCard or OtherBrandsCard."""
    row = _living(connection, _FOUND, brand_id, typed)
    return Holder(member_id=row.member_id, person_id=row.person_id, code=row.code)


def lock(connection: Connection, brand_id: str, typed: str) -> Member:
    """Whose card `typed` is, held as by `members.lock`. Raises what `find` raises."""
    return of_row(_living(connection, _HELD, brand_id, typed))


def end(connection: Connection, member_id: str) -> None:
    """End every code of a member."""
    connection.execute(
        sa.update(tables.card_code)
        .where(tables.card_code.c.member_id == member_id, tables.card_code.c.ended_at.is_(None))
        .values(ended_at=clock.now())
    )


def _living(
    connection: Connection, wanted: sa.Select[Any], brand_id: str, typed: str
) -> sa.Row[Any]:
    code = normalise(typed)
    row = None
    if code is not None:
        row = connection.execute(wanted, {"wanted": code}).first()
    if row is None:
        raise UnknownCard(phrase("We do not know this card. Could you open the card itself?"))
    if row.brand_id != brand_id:
        raise OtherBrandsCard(phrase("This is another shop's card."))
    if row.ended_at is not None:
        raise EndedCard(phrase("This card has ended. There is a newer one."))
    return row


def _check(body: str) -> str:
    # Each place has an odd weight, so one wrong character and most swaps of two are noticed.
    total = sum(
        (2 * place + 1) * ids.ALPHABET.index(character) for place, character in enumerate(body)
    )
    return ids.ALPHABET[total % 32]


_FOUND = sa.select(tables.card_code).where(tables.card_code.c.code == sa.bindparam("wanted"))
# A card and its member are of one brand, so that the brand of either is both's.
_HELD = (
    sa.select(tables.member, tables.card_code.c.ended_at)
    .join(tables.card_code, tables.card_code.c.member_id == tables.member.c.member_id)
    .where(tables.card_code.c.code == sa.bindparam("wanted"))
    .with_for_update(of=tables.member)
)
_OF_MEMBER = sa.select(tables.card_code.c.person_id, tables.card_code.c.code).where(
    tables.card_code.c.member_id == sa.bindparam("of_member"), tables.card_code.c.ended_at.is_(None)
)
