"""After a restore: who was erased stays erased, and phones come to show what is true now."""

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import audit, brands, clock, db, enrolment
from wallet_service.access import tables as access
from wallet_service.audit import COMMAND
from wallet_service.backup.replaced import Erasure, Registered, Replaced
from wallet_service.db import Database
from wallet_service.language import phrase
from wallet_service.members.tables import erasure, member
from wallet_service.phones import issued, outbox
from wallet_service.phones.tables import device, issued_pass, pass_type, registration

# Further than any phone can have come since the backup: a tag is good for asking what is newer.
_TAGS_AHEAD = 1_000_000
_STEP = 500


def replay(database: Database, erasures: tuple[Erasure, ...]) -> int:
    """Erase again who was erased since the backup; returns how many were still there."""
    return sum(database.run(_erase, each) for each in erasures)


def _erase(connection: Connection, told: Erasure) -> bool:
    is_new = connection.execute(
        db.insert(connection, erasure)
        .values(
            member_id=told.member_id, brand_id=told.brand_id, erased_at=told.erased_at
        )  # before `erase` writes today's date there
        .on_conflict_do_nothing()
        .returning(erasure.c.member_id)
    ).scalar()
    there = connection.execute(
        sa.select(member.c.status).where(
            member.c.member_id == told.member_id, member.c.brand_id == told.brand_id
        )
    ).scalar()
    if not is_new or there in (None, "erased"):
        return False
    enrolment.erase(connection, told.brand_id, told.member_id, actor=COMMAND)
    return True


def tell(database: Database, made_at: str) -> None:
    """Write in each brand's log that a backup was put back, and sign everybody out.

    A session that was ended since the backup must not live again.
    """
    database.run(_tell, made_at)


def _tell(connection: Connection, made_at: str) -> None:
    connection.execute(sa.delete(access.session))
    say = phrase("{who} put a backup of {moment} back", moment=made_at)
    for brand in brands.every(connection):
        audit.write(connection, brand.brand_id, COMMAND, say, what="backup.restored")


def keep_phones(database: Database, registered: tuple[Registered, ...]) -> None:
    """Let the phones that came since the backup be called, too, for the passes that it knows.

    No phone would ever register again by itself. One that has gone since says so when it is called.
    """
    for first in range(0, len(registered), _STEP):
        database.run(_keep_phones, registered[first : first + _STEP])


def _keep_phones(connection: Connection, registered: tuple[Registered, ...]) -> None:
    known = issued.by_keys(connection, {(each.member_id, each.pass_id) for each in registered})
    for each in registered:
        if (each.member_id, each.pass_id) not in known:
            continue
        told = {"push_token": each.push_token, "told_at": each.told_at}
        connection.execute(
            db.insert(connection, device)
            .values(device_library_identifier=each.device_library_identifier, **told)
            .on_conflict_do_update(index_elements=["device_library_identifier"], set_=told)
        )
        connection.execute(
            db.insert(connection, registration)
            .values(
                member_id=each.member_id,
                pass_id=each.pass_id,
                device_library_identifier=each.device_library_identifier,
                registered_at=each.registered_at,
                announced_version=0,
                call_again=False,
                reminders=0,
                asked_version=0,
                fetches_since=0,
                fetched_version=0,
            )
            .on_conflict_do_nothing()
        )


def renew_passes(database: Database, replaced: Replaced | None) -> int:
    """Give every pass a new version, a later date and a new tag, and leave word; returns how many.

    A phone may hold a pass, a date and a tag from after the backup: none of them may make it
    think that it has the newest.
    """
    passes = database.run(_renew, replaced or Replaced())
    with database.read() as connection:
        there = brands.every(connection)
    for brand in there:
        done: str | None = ""
        while done is not None:
            done = database.run(outbox.changed_in_brand, brand.brand_id, after=done)
    return passes


def _renew(connection: Connection, replaced: Replaced) -> int:
    for row in connection.execute(sa.select(pass_type)).all():
        newest = max(row.update_tag, replaced.update_tags.get(row.pass_type_identifier, 0))
        for table in (pass_type, issued_pass):
            connection.execute(
                sa.update(table)
                .where(table.c.pass_type_identifier == row.pass_type_identifier)
                .values(update_tag=newest + _TAGS_AHEAD)
            )
    newest_date = max(clock.seconds(), replaced.last_modified)
    # No content is known to be on any phone, so that all of it counts as changed.
    connection.execute(
        sa.update(issued_pass).values(
            content_hash="",
            last_modified=db.greatest(connection, issued_pass.c.last_modified, newest_date),
        )
    )
    return connection.execute(sa.select(sa.func.count()).select_from(issued_pass)).scalar_one()
