"""The delivery ledger: what each device was called for, asked about, and fetched.

Apple's request for a pass does not say which device makes it. The one before it does: a phone
that was called asks what changed (that request names the device), then fetches. So a fetch
belongs to the devices that have asked about the pass and not fetched since: to the one, if it
is one; if they are several, it belongs to nobody until as many fetches came as devices asked,
and then to all of them. A fetch that nobody asked for (another wallet app, somebody who pulls
the pass down) belongs to nobody.

A guess can be wrong, when a device asks, goes silent, and another fetches twice. So a device is
only ever believed to have fetched what it had asked about, never what came later: a wrong guess
may cost it a reminder of a version that it was called for and asked about, but no call for the
next. A guess that was too careful costs a push that was not needed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock, db
from wallet_service.phones import outbox
from wallet_service.phones.issued import IssuedPass
from wallet_service.phones.tables import device, issued_pass, registration
from wallet_service.phones.tables import outbox as words

# Between opening the link and adding the pass, others may open it too (mail scanners do).
DOWNLOAD_LASTS = timedelta(minutes=10)
# A phone fetches within moments of asking; after this it has given up.
ASK_LASTS = timedelta(minutes=10)
# A phone that was just called is on its way, and will find whatever has changed meanwhile.
ON_ITS_WAY = timedelta(seconds=2)
# A phone that did not come is called again 1, 6 and 24 hours after the first call.
REMINDERS = (timedelta(hours=1), timedelta(hours=5), timedelta(hours=18))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one device was told about one pass, and where to call it."""

    member_id: str
    pass_id: str
    device_library_identifier: str
    push_token: str
    announced_version: int
    announced_at: datetime | None
    call_again: bool
    fetched_version: int
    fetched_at: datetime | None

    def must_be_called(self, visible_version: int) -> bool:
        """Whether there is something to see that this device has neither fetched nor heard of."""
        return self.fetched_version < visible_version and (
            self.announced_version < visible_version or self.call_again
        )

    def on_its_way_until(self, now: datetime) -> datetime | None:
        """Until when a device that was just called is expected; None: it may be called now."""
        if self.announced_at is None or self.announced_at + ON_ITS_WAY <= now:
            return None
        if self.announced_at > now:  # the clock was turned back
            return None
        if self.fetched_version >= self.announced_version:
            return None
        if self.fetched_at is not None and self.fetched_at >= self.announced_at:
            return None
        return self.announced_at + ON_ITS_WAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """A push that Apple took: this device is called for this version."""

    member_id: str
    pass_id: str
    device_library_identifier: str
    push_token: str
    version: int
    at: datetime


def downloaded(connection: Connection, card: IssuedPass) -> None:
    """Note which version the link gave out, for the device that will register with it.

    The oldest of the last minutes counts: the person may still hold it while a scanner opens the
    link again. Better one push too many than a pass that stays old.
    """
    now = clock.now()
    connection.execute(
        sa.update(issued_pass)
        .where(
            issued_pass.c.member_id == card.member_id,
            issued_pass.c.pass_id == card.pass_id,
            sa.or_(
                issued_pass.c.downloaded_at.is_(None),
                issued_pass.c.downloaded_at <= now - DOWNLOAD_LASTS,
            ),
        )
        .values(downloaded_version=card.version, downloaded_at=now)
    )


def asked(
    connection: Connection,
    device_library_identifier: str,
    visible_versions: Mapping[tuple[str, str], int],
) -> None:
    """Note that a device was answered: these passes, in these versions, have changed."""
    now = clock.now()
    connection.execute(
        sa.update(registration)
        .where(
            registration.c.member_id == sa.bindparam("member"),
            registration.c.pass_id == sa.bindparam("pass"),
            registration.c.device_library_identifier == device_library_identifier,
        )
        .values(asked_version=sa.bindparam("version"), asked_at=now, fetches_since=0),
        [
            {"member": member_id, "pass": pass_id, "version": version}
            for (member_id, pass_id), version in sorted(visible_versions.items())
        ],
    )


def fetched(connection: Connection, card: IssuedPass) -> None:
    """Note that somebody fetched this pass or heard that it has the last; whose it is: above."""
    now = clock.now()
    waiting = connection.execute(
        sa.select(registration.c.device_library_identifier, registration.c.fetches_since)
        .where(
            registration.c.member_id == card.member_id,
            registration.c.pass_id == card.pass_id,
            registration.c.asked_at > now - ASK_LASTS,
        )
        .order_by(registration.c.asked_at, registration.c.device_library_identifier)
        .with_for_update()
    ).all()
    if not waiting:
        return
    theirs = (
        registration.c.member_id == card.member_id,
        registration.c.pass_id == card.pass_id,
        registration.c.device_library_identifier.in_(
            [row.device_library_identifier for row in waiting]
        ),
    )
    if waiting[0].fetches_since + 1 < len(waiting):
        connection.execute(
            sa.update(registration)
            .where(*theirs)
            .values(fetches_since=registration.c.fetches_since + 1)
        )
        return
    has_all = registration.c.asked_version >= registration.c.announced_version
    connection.execute(
        sa.update(registration)
        .where(*theirs)
        .values(
            fetched_version=db.greatest(
                connection, registration.c.fetched_version, registration.c.asked_version
            ),
            fetched_at=now,
            asked_at=None,
            fetches_since=0,
            remind_at=sa.case((has_all, sa.null()), else_=registration.c.remind_at),
        )
    )
    _let_go(connection, card, now)


def of_passes(connection: Connection, keys: Collection[tuple[str, str]]) -> tuple[Told, ...]:
    """What every device of these passes was told."""
    rows = connection.execute(_OF_PASSES, {"keys": sorted(keys)})
    return tuple(Told(**row._mapping) for row in rows)


def announced(connection: Connection, calls: Sequence[Announced]) -> None:
    """Note the pushes that Apple took. A device that has another token by now was not called."""
    if not calls:
        return
    connection.execute(
        _ANNOUNCED,
        [
            {
                "member": call.member_id,
                "pass": call.pass_id,
                "device": call.device_library_identifier,
                "token": call.push_token,
                "version": call.version,
                "at": call.at,
            }
            | {f"reminder_{n}": call.at + wait for n, wait in enumerate(REMINDERS)}
            for call in sorted(calls, key=_by_key)
        ],
    )


def call_laggards(connection: Connection, now: datetime, limit: int = 500) -> int:
    """Leave word about phones that were called and did not come; returns how many.

    A push is best effort: the phone may have been off for longer than Apple keeps one.
    """
    late = connection.execute(
        sa.select(registration)
        .where(registration.c.remind_at <= now)
        .order_by(registration.c.remind_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    if not late:
        return 0
    connection.execute(
        sa.update(registration)
        .where(
            sa.tuple_(
                registration.c.member_id,
                registration.c.pass_id,
                registration.c.device_library_identifier,
            ).in_(sorted(_key(row) for row in late))
        )
        .values(call_again=True, remind_at=None, reminders=registration.c.reminders + 1)
    )
    keys = sorted({(row.member_id, row.pass_id) for row in late})
    passes = connection.execute(
        sa.select(issued_pass).where(
            sa.tuple_(issued_pass.c.member_id, issued_pass.c.pass_id).in_(keys)
        )
    ).all()
    outbox.leave_word(connection, passes, priority=outbox.CAMPAIGN)
    return len(late)


def _let_go(connection: Connection, card: IssuedPass, now: datetime) -> None:
    """The phone came: what was held back until then may go at once."""
    released = connection.execute(
        sa.update(words)
        .where(words.c.member_id == card.member_id, words.c.pass_id == card.pass_id, words.c.held)
        .values(due_at=now, held=False)
        .returning(words.c.pass_id)
    ).scalar()
    if released:
        db.wake_after_commit(connection)


def _by_key(call: Announced) -> tuple[str, str, str]:
    return (call.member_id, call.pass_id, call.device_library_identifier)


def _key(row: sa.Row[tuple[object, ...]]) -> tuple[str, str, str]:
    return (row.member_id, row.pass_id, row.device_library_identifier)


def _announced() -> sa.Update:
    version = sa.bindparam("version", type_=db.Integer64)
    at = sa.bindparam("at", type_=db.Moment())
    is_first_call = registration.c.announced_version < version
    next_reminder = sa.case(
        (registration.c.fetched_version >= version, sa.null()),
        (is_first_call, sa.bindparam("reminder_0", type_=db.Moment())),
        *(
            (registration.c.reminders == n, sa.bindparam(f"reminder_{n}", type_=db.Moment()))
            for n in range(len(REMINDERS))
        ),
        else_=sa.null(),
    )
    return (
        sa.update(registration)
        .where(
            registration.c.member_id == sa.bindparam("member"),
            registration.c.pass_id == sa.bindparam("pass"),
            registration.c.device_library_identifier == sa.bindparam("device"),
            registration.c.announced_version <= version,
            sa.exists().where(
                device.c.device_library_identifier == registration.c.device_library_identifier,
                device.c.push_token == sa.bindparam("token"),
            ),
        )
        .values(
            remind_at=next_reminder,
            reminders=sa.case((is_first_call, 0), else_=registration.c.reminders),
            announced_version=version,
            announced_at=at,
            call_again=False,
        )
    )


_ANNOUNCED = _announced()
_OF_PASSES = (
    sa.select(
        *(
            device.c.push_token if name == "push_token" else registration.c[name]
            for name in Told.__dataclass_fields__
        )
    )
    .join_from(registration, device)
    .where(
        sa.tuple_(registration.c.member_id, registration.c.pass_id).in_(
            sa.bindparam("keys", expanding=True)
        )
    )
    .order_by(registration.c.registered_at)
)
