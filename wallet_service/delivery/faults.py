"""Faults of a way out: what `doctor`, /readyz and the operator's log say until one gets through."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog
from sqlalchemy import Connection

from wallet_service import clock, db
from wallet_service.phones.tables import lane_fault

SAID_EVERY = timedelta(minutes=1)

log = structlog.get_logger("delivery")


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneFault:
    """A way that is refused for a reason of our own: a certificate, a topic."""

    lane: str
    reason: str
    since: datetime
    seen_at: datetime


def current(connection: Connection) -> tuple[LaneFault, ...]:
    """Every way out that is at fault now."""
    rows = connection.execute(sa.select(lane_fault).order_by(lane_fault.c.lane))
    return tuple(LaneFault(**row._mapping) for row in rows)


def note(connection: Connection, lane: str, reason: str) -> None:
    """Note a fault of a way; the row of one that lasts keeps its beginning."""
    now = clock.now()
    insert = db.insert(connection, lane_fault).values(
        lane=lane, reason=reason, since=now, seen_at=now
    )
    connection.execute(
        insert.on_conflict_do_update(
            index_elements=["lane"], set_={"reason": reason, "seen_at": now}
        )
    )


def clear(connection: Connection, lane: str) -> None:
    """A push got through: the way is well."""
    connection.execute(sa.delete(lane_fault).where(lane_fault.c.lane == lane))


class Alarm:
    """Says that a way is at fault, once a minute and not once a push."""

    def __init__(self) -> None:
        self._said_at: dict[str, datetime] = {}
        self._cleared_at: dict[str, datetime] = {}

    def raise_for(self, lane: str, reason: str) -> bool:
        """Tell the operator; true when it was time to, and the fault's row is to be written."""
        self._cleared_at.pop(lane, None)
        if not self._is_time(self._said_at, lane):
            return False
        log.error(
            "pushes are refused for a reason of our own; no phone is dropped",
            lane=lane,
            reason=reason,
            mend="run `wallet-service doctor`; look at the certificate and the pass type",
        )
        return True

    def all_is_well(self, lane: str) -> bool:
        """A push got through; true when it is time to see that no fault is on record."""
        self._said_at.pop(lane, None)
        return self._is_time(self._cleared_at, lane)

    @staticmethod
    def _is_time(last: dict[str, datetime], lane: str) -> bool:
        now = clock.now()
        if lane in last and last[lane] <= now < last[lane] + SAID_EVERY:
            return False
        last[lane] = now
        return True
