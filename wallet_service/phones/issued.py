"""An issued pass: one person's on one platform, of the card or of a coupon; and its proof."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import formatdate

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock, db, ids
from wallet_service.keys import Keyring
from wallet_service.phones import outbox
from wallet_service.phones.tables import issued_pass, pass_type

SERIAL_NUMBER_LENGTH = 24  # 120 bits: never reused, tells nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedPass:
    """One pass as it stood when it was read."""

    member_id: str
    pass_id: str
    person_id: str
    brand_id: str
    platform: str
    coupon_code: str  # of a coupon that is a pass of its own; empty for the card
    pass_type_identifier: str
    serial_number: str
    key_id: str
    version: int
    last_modified: int  # whole Unix seconds
    visible_version: int
    content_hash: str
    update_tag: int
    next_change_at: datetime | None
    downloaded_version: int | None


def issue(
    connection: Connection,
    *,
    member_id: str,
    person_id: str,
    brand_id: str,
    pass_type_identifier: str,
    key_id: str,
    platform: str = "apple",
    coupon_code: str = "",
) -> IssuedPass:
    """Issue a person's pass, of the card or of one coupon; a second call gives the same pass."""
    connection.execute(
        db.insert(connection, pass_type)
        .values(pass_type_identifier=pass_type_identifier, update_tag=0)
        .on_conflict_do_nothing()
    )
    now = clock.now()
    is_new = connection.execute(
        db.insert(connection, issued_pass)
        .values(
            member_id=member_id,
            pass_id=ids.new_id(),
            brand_id=brand_id,
            person_id=person_id,
            platform=platform,
            coupon_code=coupon_code,
            pass_type_identifier=pass_type_identifier,
            serial_number=ids.random_text(SERIAL_NUMBER_LENGTH),
            key_id=key_id,
            issued_at=now,
            version=1,
            last_modified=int(now.timestamp()),
            visible_version=1,
            content_hash="",
            update_tag=0,
        )
        .on_conflict_do_nothing(
            index_elements=["member_id", "person_id", "platform", "coupon_code"]
        )
        .returning(issued_pass.c.pass_id)
    ).scalar()
    issued = _one(
        connection,
        issued_pass.c.member_id == member_id,
        issued_pass.c.person_id == person_id,
        issued_pass.c.platform == platform,
        issued_pass.c.coupon_code == coupon_code,
    )
    assert issued is not None
    if is_new:
        # Nobody waits for it, but the first drawing says when time alone will change the pass.
        outbox.leave_word(connection, [issued], priority=outbox.CAMPAIGN)
    return issued


def of_member(connection: Connection, member_id: str) -> tuple[IssuedPass, ...]:
    """Every pass of a member."""
    rows = connection.execute(
        sa.select(*_COLUMNS).where(issued_pass.c.member_id == member_id).order_by(_BY_KEY)
    )
    return tuple(_read(row) for row in rows)


def of_person(
    connection: Connection,
    member_id: str,
    person_id: str,
    platform: str = "apple",
    coupon_code: str = "",
) -> IssuedPass | None:
    """A person's pass on one platform: of the card, or of one coupon."""
    return _one(
        connection,
        issued_pass.c.member_id == member_id,
        issued_pass.c.person_id == person_id,
        issued_pass.c.platform == platform,
        issued_pass.c.coupon_code == coupon_code,
    )


def by_serial(
    connection: Connection,
    pass_type_identifier: str,
    serial_number: str,
    *,
    for_update: bool = False,
) -> IssuedPass | None:
    """The pass with this serial number; `for_update` holds its version still until the commit."""
    return _one(
        connection,
        issued_pass.c.pass_type_identifier == pass_type_identifier,
        issued_pass.c.serial_number == serial_number,
        for_update=for_update,
    )


def by_keys(
    connection: Connection, keys: Iterable[tuple[str, str]], *, for_update: bool = False
) -> dict[tuple[str, str], IssuedPass]:
    """The passes with these (member_id, pass_id), in the order in which they may be locked."""
    rows = connection.execute(_LOCKED if for_update else _OF_KEYS, {"keys": sorted(keys)})
    return {(row.member_id, row.pass_id): _read(row) for row in rows}


def authentication_token(keyring: Keyring, serial_number: str, key_id: str) -> str:
    """What a phone proves itself with for one pass: derived, never stored, never changed."""
    derived = keyring.derive("apple-authentication-token", serial_number, key_id)
    return base64.urlsafe_b64encode(derived).rstrip(b"=").decode()


def last_modified_http(issued: IssuedPass) -> str:
    """The pass's Last-Modified as HTTP writes it: the same at every door."""
    return formatdate(issued.last_modified, usegmt=True)


def _one(
    connection: Connection, *conditions: sa.ColumnElement[bool], for_update: bool = False
) -> IssuedPass | None:
    select = sa.select(*_COLUMNS).where(*conditions)
    row = connection.execute(
        select.with_for_update(key_share=True) if for_update else select
    ).first()
    return None if row is None else _read(row)


def _read(row: sa.Row[tuple[object, ...]]) -> IssuedPass:
    return IssuedPass(**row._mapping)


_COLUMNS = tuple(issued_pass.c[name] for name in IssuedPass.__dataclass_fields__)
_BY_KEY = issued_pass.c.pass_id
_OF_KEYS = (
    sa.select(*_COLUMNS)
    .where(
        sa.tuple_(issued_pass.c.member_id, issued_pass.c.pass_id).in_(
            sa.bindparam("keys", expanding=True)
        )
    )
    .order_by(issued_pass.c.member_id, issued_pass.c.pass_id)
)
_LOCKED = _OF_KEYS.with_for_update(key_share=True)
