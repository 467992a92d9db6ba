"""Calls under way: one push for each phone and pass type, however many passes it is for."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from wallet_service import clock
from wallet_service.delivery import backoff
from wallet_service.delivery.apns import Outcome
from wallet_service.delivery.claims import Claim, PutBack
from wallet_service.delivery.decide import Needed
from wallet_service.phones.told import Announced, Told


@dataclass(slots=True, kw_only=True, eq=False)
class Errand:
    """A claimed pass until every one of its calls has an outcome."""

    claim: Claim
    others_until: datetime | None
    calls_left: int = 0
    was_tried: bool = False
    error: str | None = None
    wait: timedelta | None = None

    @property
    def is_over(self) -> bool:
        return self.calls_left == 0

    @property
    def is_settled(self) -> bool:
        return self.wait is None and self.others_until is None

    def back(self) -> PutBack:
        """How the row goes back, when a call failed or a phone is still on its way."""
        times = [self.others_until, self.wait and clock.now() + self.wait]
        return PutBack(
            claim=self.claim,
            due_at=min((time for time in times if time), default=clock.now()),
            held=self.others_until is not None,
            attempts=self.claim.attempts + int(self.was_tried),
            error=self.error,
        )

    def failed(self, outcome: Outcome) -> None:
        """One of the calls did not get through: come again as soon as any of them may."""
        self.was_tried |= outcome.was_tried
        wait = backoff.UNTRIED
        if outcome.was_tried:
            wait = backoff.wait(outcome.fate, self.claim.attempts, outcome.retry_after)
        self.wait = wait if self.wait is None else min(self.wait, wait)
        status = "" if outcome.status is None else f" {outcome.status}"
        self.error = f"{outcome.fate.name.lower()}{status} {outcome.reason}".strip()[:200]


@dataclass(slots=True, kw_only=True, eq=False)
class Call:
    """One push to one token, for the passes of one type that the phone behind it shows."""

    lane: str
    push_token: str
    pass_type_identifier: str
    parts: list[tuple[Errand, Told, int]] = field(default_factory=list)
    called_at: datetime | None = None

    def announcements(self) -> list[Announced]:
        """What every device behind this token has now been called for."""
        assert self.called_at is not None
        return [
            Announced(
                member_id=device.member_id,
                pass_id=device.pass_id,
                device_library_identifier=device.device_library_identifier,
                push_token=self.push_token,
                version=version,
                at=self.called_at,
            )
            for _, device, version in self.parts
        ]

    def errands(self) -> set[Errand]:
        return {errand for errand, _, _ in self.parts}


def plan(lane: str, needed: Iterable[Needed]) -> tuple[list[Errand], list[Call]]:
    """The errands for these passes and the fewest calls that serve them all."""
    errands: list[Errand] = []
    calls: dict[tuple[str, str], Call] = {}
    for each in needed:
        errand = Errand(claim=each.claim, others_until=each.others_until)
        errands.append(errand)
        for device in each.devices:
            call = calls.setdefault(
                (device.push_token, each.pass_type_identifier),
                Call(
                    lane=lane,
                    push_token=device.push_token,
                    pass_type_identifier=each.pass_type_identifier,
                ),
            )
            call.parts.append((errand, device, each.visible_version))
    for call in calls.values():
        for errand in call.errands():
            errand.calls_left += 1
    return errands, list(calls.values())
