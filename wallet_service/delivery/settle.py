"""Outcomes become facts: announced, dead, at fault, settled; one transaction for many."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy import Connection

from wallet_service.delivery import claims, faults
from wallet_service.delivery.answers import Fate
from wallet_service.delivery.apns import Outcome
from wallet_service.delivery.calls import Call, Errand
from wallet_service.delivery.claims import Claim, PutBack
from wallet_service.delivery.faults import Alarm
from wallet_service.phones import registrations, told
from wallet_service.phones.told import Announced

ATTEMPTS_TO_SPEAK_OF = 8

log = structlog.get_logger("delivery")


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """A token that reaches no phone; what was registered before `before` goes (None: all)."""

    push_token: str
    pass_type_identifier: str
    before: datetime | None


@dataclass(slots=True)
class Harvest:
    """What outcomes have taught us, until it is written."""

    announced: list[Announced] = field(default_factory=list)
    deaths: list[Death] = field(default_factory=list)
    settled: list[Claim] = field(default_factory=list)
    returned: list[PutBack] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)
    well: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.announced or self.deaths or self.settled or self.returned or self.faults)

    def take(self, call: Call, outcome: Outcome, alarm: Alarm) -> list[Errand]:
        """Learn from one outcome; returns the errands that it ended."""
        match outcome.fate:
            case Fate.DELIVERED:
                self.announced += call.announcements()
                if alarm.all_is_well(call.lane):
                    self.well.add(call.lane)
                    self.faults.pop(call.lane, None)
            case Fate.DEAD:
                self.deaths.append(
                    Death(
                        push_token=call.push_token,
                        pass_type_identifier=call.pass_type_identifier,
                        before=outcome.timestamp,
                    )
                )
            case Fate.CONFIGURATION:
                reason = f"{outcome.status or ''} {outcome.reason}".strip()
                if alarm.raise_for(call.lane, reason):
                    self.faults[call.lane] = reason
                    self.well.discard(call.lane)
        return self._end(call.errands(), outcome)

    def _end(self, errands: Iterable[Errand], outcome: Outcome) -> list[Errand]:
        over = []
        for errand in errands:
            if outcome.fate is not Fate.DELIVERED:
                errand.failed(outcome)
            errand.calls_left -= 1
            if errand.is_over:
                over.append(errand)
                self._close(errand)
        return over

    def _close(self, errand: Errand) -> None:
        if errand.is_settled:
            self.settled.append(errand.claim)
            return
        self.returned.append(errand.back())
        if errand.was_tried and errand.claim.attempts >= ATTEMPTS_TO_SPEAK_OF:
            log.error(
                "a pass still cannot be announced; trying on",
                pass_id=errand.claim.pass_id,
                attempts=errand.claim.attempts + 1,
                why=errand.error,
            )


def write(connection: Connection, harvest: Harvest) -> None:
    """Write all of it, in the order in which every writer here takes its locks."""
    for death in sorted(harvest.deaths, key=lambda death: death.push_token):
        ended = registrations.drop_token(
            connection,
            death.push_token,
            death.pass_type_identifier,
            registered_before=death.before,
        )
        log.info("a push token is dead", registrations_ended=ended)
    told.announced(connection, harvest.announced)
    claims.acknowledge(connection, harvest.settled)
    claims.put_back(connection, harvest.returned)
    for lane, reason in sorted(harvest.faults.items()):
        faults.note(connection, lane, reason)
    for lane in sorted(harvest.well):
        faults.clear(connection, lane)
