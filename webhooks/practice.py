"""The test clock: in practice mode the whole service's time can be driven, forward only.

It answers this machine alone, and only keys with the scope `practice`: docs/practice-mode.md.
"""

import re
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Annotated

from flask import Blueprint, Response
from pydantic import BaseModel, ConfigDict, PlainValidator, model_validator

from wallet_service import audit, by_time, clock
from wallet_service.language import phrase
from wallet_service.web import current_wallet, here
from wallet_service.web.problems import problem
from webhooks.api import reply
from webhooks.api.body import read
from webhooks.api.key import actor, current, needs
from webhooks.api.reply import json_reply
from webhooks.api.times import At

blueprint = Blueprint("practice_clock", __name__)
reply.install(blueprint)

# Calendars and certificates end somewhere; a century is as far as `to` goes, too.
_END = datetime(2100, 1, 1, tzinfo=UTC)

# Days and less: a month and a year have no length of their own, `to` says those.
_DURATION = re.compile(
    r"P(?=.)(?:(?P<weeks>[0-9]{1,5})W)?(?:(?P<days>[0-9]{1,5})D)?"
    r"(?:T(?=.)(?:(?P<hours>[0-9]{1,7})H)?(?:(?P<minutes>[0-9]{1,9})M)?(?:(?P<seconds>[0-9]{1,10})S)?)?"
)


def _ahead(told: object) -> timedelta:
    if isinstance(told, int) and not isinstance(told, bool) and 0 <= told < 10**10:
        return timedelta(seconds=told)
    found = _DURATION.fullmatch(told) if isinstance(told, str) else None
    if found is None:
        raise ValueError('write seconds, or a duration of days and less like "P1D" or "PT90M"')
    return timedelta(**{unit: int(count) for unit, count in found.groupdict("0").items()})


class ClockBody(BaseModel):
    """Where the clock is driven: to a moment, or by so much."""

    model_config = ConfigDict(extra="forbid")

    to: At | None = None
    advance: Annotated[timedelta, PlainValidator(_ahead)] | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> "ClockBody":
        if (self.to is None) == (self.advance is None):
            raise ValueError("say either to or advance")
        return self


@blueprint.post("/clock")
@needs("practice")
def drive() -> Response:
    """Move the clock; when it answers, everything that was due until then is done."""
    here.require()
    told = read(ClockBody)
    if told.advance is not None and told.advance >= _END - clock.now():
        return problem(HTTPStatus.BAD_REQUEST, "invalid", "advance: this is too far from now")
    try:
        by = clock.drive_to(told.to) if told.to else clock.drive_by(told.advance or timedelta())
    except clock.Backwards as error:
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "clock_goes_forward", str(error))
    now = clock.now()
    database = current_wallet().database
    say = phrase("{who} drove the clock to {moment}", moment=clock.written(now))
    database.run(audit.write, current().brand_id, actor(), say, what="clock.driven")
    by_time.catch_up(database, now)
    return json_reply({"now": clock.written(now), "moved_seconds": int(by.total_seconds())})
