"""Registrations: which device shows which pass and wants its updates.

What a device was told is forgotten when it unregisters: it threw the pass away, or it may come
back with an older copy from a backup, so nothing said before proves what it shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock, db
from wallet_service.phones import issued, outbox, pass_types
from wallet_service.phones.errors import TooManyDevices, TooManyPasses
from wallet_service.phones.issued import IssuedPass
from wallet_service.phones.tables import device, issued_pass, registration

DEVICES_A_PASS_MAX = 20
PASSES_A_DEVICE_MAX = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What a device is told when it asks what changed: passes by key, and the newest tag."""

    serial_numbers: tuple[str, ...]
    update_tag: int
    visible_versions: Mapping[tuple[str, str], int]


def register(
    connection: Connection, known: IssuedPass, device_library_identifier: str, push_token: str
) -> bool:
    """Register a device for a pass; true if it is new. The push token is kept either way.

    Nothing is pushed when the device is up to date. Raises TooManyDevices, TooManyPasses.
    """
    is_new_token = _keep_token(connection, device_library_identifier, push_token)
    # Locked: a change that commits now would otherwise look for phones before this one is there.
    key = (known.member_id, known.pass_id)
    card = issued.by_keys(connection, [key], for_update=True)[key]
    has_it = connection.execute(
        sa.update(registration)
        .where(*_is(card, device_library_identifier))
        .values(registered_at=clock.now())
        .returning(registration.c.pass_id)
    ).scalar()
    if has_it is None:
        _add(connection, card, device_library_identifier)
    if is_new_token:
        _tell_again(connection, device_library_identifier)
    return has_it is None


def unregister(connection: Connection, card: IssuedPass, device_library_identifier: str) -> bool:
    """End one registration; true if there was one. The device goes with its last pass."""
    connection.execute(
        sa.select(device.c.device_library_identifier)
        .where(device.c.device_library_identifier == device_library_identifier)
        .with_for_update()
    )
    ended = connection.execute(
        sa.delete(registration)
        .where(*_is(card, device_library_identifier))
        .returning(registration.c.pass_id)
    ).scalar()
    _drop_device_without_passes(connection, device_library_identifier)
    return ended is not None


def list_changed(
    connection: Connection,
    device_library_identifier: str,
    pass_type_identifier: str,
    since: int | None,
) -> Changed | None:
    """This device's passes of one type whose tag is newer than `since`; None when there are none.

    Without `since`: all of them. A tag that was never given out is none: it comes from after the
    backup that was restored here, and whatever we say now would be older than it.
    """
    if since is not None and since > pass_types.last_update_tag(connection, pass_type_identifier):
        since = None
    rows = connection.execute(
        sa.select(
            issued_pass.c.member_id,
            issued_pass.c.pass_id,
            issued_pass.c.serial_number,
            issued_pass.c.update_tag,
            issued_pass.c.visible_version,
        )
        .join_from(registration, issued_pass)
        .where(
            registration.c.device_library_identifier == device_library_identifier,
            issued_pass.c.pass_type_identifier == pass_type_identifier,
            issued_pass.c.update_tag > (-1 if since is None else since),
        )
        .order_by(issued_pass.c.update_tag, issued_pass.c.serial_number)
    ).all()
    if not rows:
        return None
    return Changed(
        serial_numbers=tuple(row.serial_number for row in rows),
        update_tag=rows[-1].update_tag,
        visible_versions={(row.member_id, row.pass_id): row.visible_version for row in rows},
    )


def drop_token(
    connection: Connection,
    push_token: str,
    pass_type_identifier: str,
    *,
    registered_before: datetime | None,
) -> int:
    """A push token is dead for a pass type: end what was registered before that; returns how many.

    A device that registered any pass of the type since then has shown that the token lives, and
    keeps them all: it would never know that it must register the others again. None: all end.
    """
    ended = 0
    devices = connection.execute(
        sa.select(device.c.device_library_identifier)
        .where(device.c.push_token == push_token)
        .order_by(device.c.device_library_identifier)
        .with_for_update()
    ).scalars()
    for identifier in devices.all():
        held = connection.execute(
            sa.select(
                registration.c.member_id, registration.c.pass_id, registration.c.registered_at
            )
            .join_from(registration, issued_pass)
            .where(
                registration.c.device_library_identifier == identifier,
                issued_pass.c.pass_type_identifier == pass_type_identifier,
            )
        ).all()
        if not held:
            continue
        alive_at = max(row.registered_at for row in held)
        if registered_before is not None and alive_at >= registered_before:
            continue
        keys = sorted((row.member_id, row.pass_id) for row in held)
        connection.execute(
            sa.delete(registration).where(
                registration.c.device_library_identifier == identifier,
                sa.tuple_(registration.c.member_id, registration.c.pass_id).in_(keys),
            )
        )
        _drop_device_without_passes(connection, identifier)
        ended += len(keys)
    return ended


def count(connection: Connection, member_id: str) -> int:
    """How many devices show this member's passes."""
    return connection.execute(
        sa.select(sa.func.count())
        .select_from(registration)
        .where(registration.c.member_id == member_id)
    ).scalar_one()


def _keep_token(connection: Connection, device_library_identifier: str, push_token: str) -> bool:
    """Write the device's push token; true if the device had another one."""
    # Made first, whoever came first, so that there is a row to lock and to compare with.
    connection.execute(
        db.insert(connection, device)
        .values(
            device_library_identifier=device_library_identifier,
            push_token=push_token,
            told_at=clock.now(),
        )
        .on_conflict_do_nothing()
    )
    before: str = connection.execute(
        sa.select(device.c.push_token)
        .where(device.c.device_library_identifier == device_library_identifier)
        .with_for_update(key_share=True)
    ).scalar_one()
    connection.execute(
        sa.update(device)
        .where(device.c.device_library_identifier == device_library_identifier)
        .values(push_token=push_token, told_at=clock.now())
    )
    return before != push_token


def _add(connection: Connection, card: IssuedPass, device_library_identifier: str) -> None:
    of_this_pass = sa.and_(
        registration.c.member_id == card.member_id, registration.c.pass_id == card.pass_id
    )
    if _how_many(connection, of_this_pass) >= DEVICES_A_PASS_MAX:
        raise TooManyDevices
    on_this_device = registration.c.device_library_identifier == device_library_identifier
    if _how_many(connection, on_this_device) >= PASSES_A_DEVICE_MAX:
        raise TooManyPasses
    # What it shows is what was downloaded last, as far as we can know: see `told.downloaded`.
    shows = min(card.downloaded_version or 1, card.version)
    connection.execute(
        sa.insert(registration).values(
            member_id=card.member_id,
            pass_id=card.pass_id,
            device_library_identifier=device_library_identifier,
            registered_at=clock.now(),
            announced_version=shows,
            call_again=False,
            reminders=0,
            asked_version=0,
            fetches_since=0,
            fetched_version=shows,
        )
    )
    if shows < card.version:
        outbox.leave_word(connection, [card])


def _tell_again(connection: Connection, device_library_identifier: str) -> None:
    """A call to the old token may have been lost: call for whatever is not fetched yet."""
    behind = connection.execute(
        sa.select(issued_pass)
        .join_from(registration, issued_pass)
        .where(
            registration.c.device_library_identifier == device_library_identifier,
            registration.c.fetched_version < issued_pass.c.version,
        )
    ).all()
    if not behind:
        return
    connection.execute(
        sa.update(registration)
        .where(
            registration.c.device_library_identifier == device_library_identifier,
            sa.tuple_(registration.c.member_id, registration.c.pass_id).in_(
                sorted((row.member_id, row.pass_id) for row in behind)
            ),
        )
        .values(call_again=True, announced_at=None)
    )
    outbox.leave_word(connection, behind)


def _drop_device_without_passes(connection: Connection, device_library_identifier: str) -> None:
    connection.execute(
        sa.delete(device).where(
            device.c.device_library_identifier == device_library_identifier,
            ~sa.exists().where(
                registration.c.device_library_identifier == device_library_identifier
            ),
        )
    )


def _how_many(connection: Connection, condition: sa.ColumnElement[bool]) -> int:
    return connection.execute(
        sa.select(sa.func.count()).select_from(registration).where(condition)
    ).scalar_one()


def _is(card: IssuedPass, device_library_identifier: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        registration.c.member_id == card.member_id,
        registration.c.pass_id == card.pass_id,
        registration.c.device_library_identifier == device_library_identifier,
    )
