"""The two links of a person: the invitation (closed, expires) and the card link (on the back).

A token is derived from a key of the service and never stored: kind, person, generation, proof.
Opening one changes nothing; a mail scanner may open it a hundred times.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock, ids
from wallet_service.keys import Keyring
from wallet_service.members import tables

Kind = Literal["invitation", "card"]

INVITATION_LASTS = timedelta(days=90)

_LETTERS: dict[str, Kind] = {"i": "invitation", "k": "card"}
_PERSON_LENGTH = 20
_GENERATION_LENGTH = 2
_PROOF_LENGTH = 26  # 130 bits
_TOKEN_LENGTH = 1 + _PERSON_LENGTH + _GENERATION_LENGTH + _PROOF_LENGTH


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Whose link it is, and which of the two."""

    kind: Kind
    brand_id: str
    member_id: str
    person_id: str


class DeadLink(LookupError):
    """The link is unknown, too old or revoked; which one is nobody's business."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Makes and opens links. `base_url` is the service's own address, with no slash at the end."""

    keyring: Keyring
    base_url: str

    def invitation_url(self, connection: Connection, member_id: str, person_id: str) -> str:
        """The closed, personal link of a person."""
        return f"{self.base_url}/c/{self._token(connection, 'i', member_id, person_id)}"

    def card_url(self, connection: Connection, member_id: str, person_id: str) -> str:
        """The link that lives with the pass."""
        return f"{self.base_url}/c/{self._token(connection, 'k', member_id, person_id)}/card"

    def open(self, connection: Connection, token: str) -> Opened:
        """Whose link `token` is. Raises DeadLink."""
        letter, person_id, generation, proof = _parts(token)
        row = connection.execute(
            sa.select(tables.person).where(tables.person.c.person_id == person_id)
        ).first()
        try:
            right = self._proof(letter, person_id, generation, row.key_id if row else None)
        except LookupError:
            right = ""  # its key is gone
        genuine = hmac.compare_digest(proof.encode(), right.encode())
        if row is None or not genuine or generation != _generation(row, letter):
            raise DeadLink
        if letter == "i" and row.invitation_expires_at <= clock.now():
            raise DeadLink
        return Opened(
            kind=_LETTERS[letter],
            brand_id=row.brand_id,
            member_id=row.member_id,
            person_id=person_id,
        )

    def _token(self, connection: Connection, letter: str, member_id: str, person_id: str) -> str:
        row = connection.execute(_ONE, {"of_member": member_id, "of_person": person_id}).one()
        generation = _generation(row, letter)
        proof = self._proof(letter, person_id, generation, row.key_id)
        return letter + person_id + ids.base32(generation, _GENERATION_LENGTH).lower() + proof

    def _proof(self, letter: str, person_id: str, generation: int, key_id: str | None) -> str:
        purpose = _LETTERS.get(letter, "unknown")
        derived = self.keyring.derive(f"link {purpose}", f"{person_id}|{generation}", key_id)
        return ids.base32(int.from_bytes(derived[:17]), _PROOF_LENGTH).lower()


def lost_key(connection: Connection, keyring: Keyring) -> str | None:
    """The id of a key that somebody's links were made with and that is not in the ring."""
    return connection.execute(
        sa.select(tables.person.c.key_id)
        .where(tables.person.c.key_id.not_in(sorted(keyring.ids)))
        .limit(1)
    ).scalar()


def expires_at(connection: Connection, member_id: str, person_id: str) -> datetime:
    """Until when the invitation at hand opens."""
    ends: datetime = connection.execute(
        sa.select(tables.person.c.invitation_expires_at).where(
            tables.person.c.member_id == member_id, tables.person.c.person_id == person_id
        )
    ).scalar_one()
    return ends


def revoke_invitation(connection: Connection, member_id: str, person_id: str) -> None:
    """End the invitation at hand; the next one is a new link."""
    connection.execute(
        sa.update(tables.person)
        .where(tables.person.c.member_id == member_id, tables.person.c.person_id == person_id)
        .values(
            invitation_generation=tables.person.c.invitation_generation + 1,
            invitation_expires_at=clock.now() + INVITATION_LASTS,
        )
    )


def _generation(row: sa.Row[tuple[object, ...]], letter: str) -> int:
    found = row.invitation_generation if letter == "i" else row.card_generation
    return int(found)


def _parts(token: str) -> tuple[str, str, int, str]:
    if len(token) != _TOKEN_LENGTH or not token.isascii() or token[0] not in _LETTERS:
        raise DeadLink
    person_id = token[1 : 1 + _PERSON_LENGTH]
    counted = token[1 + _PERSON_LENGTH :][:_GENERATION_LENGTH].upper()
    if any(character not in ids.ALPHABET for character in counted):
        raise DeadLink
    generation = 0
    for character in counted:
        generation = generation * 32 + ids.ALPHABET.index(character)
    return token[0], person_id, generation, token[-_PROOF_LENGTH:]


_ONE = sa.select(tables.person).where(
    tables.person.c.member_id == sa.bindparam("of_member"),
    tables.person.c.person_id == sa.bindparam("of_person"),
)
