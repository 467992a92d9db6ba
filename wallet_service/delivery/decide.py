"""What a claimed pass needs, once it is drawn: nothing, a call now, or a call in a moment.

One transaction for a batch: what is visible moves, the update tag is taken, and whoever needs no
call is settled, before the first push goes out.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock
from wallet_service.delivery import claims
from wallet_service.delivery.claims import Claim, PutBack
from wallet_service.phones import issued, pass_types, told
from wallet_service.phones.issued import IssuedPass
from wallet_service.phones.rendered import Rendered
from wallet_service.phones.tables import issued_pass
from wallet_service.phones.told import Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A claimed pass as it was read, and what was then drawn of it."""

    claim: Claim
    card: IssuedPass
    rendered: Rendered
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """A pass whose devices must be called for a version, and until when others are awaited."""

    claim: Claim
    pass_type_identifier: str
    visible_version: int
    devices: tuple[Told, ...]
    others_until: datetime | None


@dataclass(slots=True)
class _Batch:
    settled: list[Claim] = field(default_factory=list)
    returned: list[PutBack] = field(default_factory=list)
    needed: list[Needed] = field(default_factory=list)
    seen: list[dict[str, object]] = field(default_factory=list)
    tagged: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))


def decide(connection: Connection, drawn: Sequence[Drawn]) -> tuple[Needed, ...]:
    """Write what is visible now and settle all that needs no call; the rest is returned."""
    keys = [each.claim.key for each in drawn]
    # Locked, so that a change or a registration comes before all of this or after it.
    cards = issued.by_keys(connection, keys, for_update=True)
    devices: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for device in told.of_passes(connection, keys):
        devices[device.member_id, device.pass_id].append(device)

    batch = _Batch()
    for each in drawn:
        card = cards[each.claim.key]
        if card.version == each.card.version:
            _look_at(batch, each, card, devices[each.claim.key])
        else:
            # It moved on while it was drawn: what was drawn may belong to either version. The
            # change left a newer word, so it is drawn again at once.
            batch.settled.append(each.claim)
    _write(connection, batch)
    return tuple(batch.needed)


def _look_at(batch: _Batch, drawn: Drawn, card: IssuedPass, devices: Iterable[Told]) -> None:
    now = clock.now()
    looks_different = card.content_hash != drawn.rendered.content_hash
    visible_version = card.version if looks_different else card.visible_version
    next_change_at = _to_come(drawn)
    if looks_different or next_change_at != card.next_change_at:
        batch.seen.append(
            {
                "member_": card.member_id,
                "pass_": card.pass_id,
                "visible_": visible_version,
                "hash_": drawn.rendered.content_hash,
                "next_": next_change_at,
            }
        )
    call_now: list[Told] = []
    awaited: list[datetime] = []
    for device in devices:
        if not device.must_be_called(visible_version):
            continue
        if until := device.on_its_way_until(now):
            awaited.append(until)
        else:
            call_now.append(device)
    if looks_different or call_now:
        # Also for a call that repeats another: the phone may have seen the earlier tag.
        batch.tagged[card.pass_type_identifier].append(drawn.claim.key)
    others_until = min(awaited, default=None)
    if call_now:
        batch.needed.append(
            Needed(
                claim=drawn.claim,
                pass_type_identifier=card.pass_type_identifier,
                visible_version=visible_version,
                devices=tuple(call_now),
                others_until=others_until,
            )
        )
    elif others_until is not None:
        batch.returned.append(PutBack(claim=drawn.claim, due_at=others_until, held=True))
    else:
        batch.settled.append(drawn.claim)


def _to_come(drawn: Drawn) -> datetime | None:
    # A moment that was past when it was said would wake the pass for ever.
    moment = drawn.rendered.next_change_at
    return moment if moment is not None and moment > drawn.at else None


def _write(connection: Connection, batch: _Batch) -> None:
    if batch.seen:
        connection.execute(_SEEN, batch.seen)
    for pass_type_identifier, keys in sorted(batch.tagged.items()):
        tag = pass_types.next_update_tag(connection, pass_type_identifier)
        connection.execute(_TAGGED, {"keys": sorted(keys), "tag": tag})
    claims.acknowledge(connection, batch.settled)
    claims.put_back(connection, batch.returned)


_SEEN = (
    sa.update(issued_pass)
    .where(
        issued_pass.c.member_id == sa.bindparam("member_"),
        issued_pass.c.pass_id == sa.bindparam("pass_"),
    )
    .values(
        visible_version=sa.bindparam("visible_"),
        content_hash=sa.bindparam("hash_"),
        next_change_at=sa.bindparam("next_"),
    )
)
_TAGGED = (
    sa.update(issued_pass)
    .where(
        sa.tuple_(issued_pass.c.member_id, issued_pass.c.pass_id).in_(
            sa.bindparam("keys", expanding=True)
        )
    )
    .values(update_tag=sa.bindparam("tag"))
)
