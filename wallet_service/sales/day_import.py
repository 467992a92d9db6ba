"""Import a day file: each of its sales as if its till had told it then; a second time, nothing."""

from dataclasses import dataclass, replace

from wallet_service.db import Database
from wallet_service.errors import Refusal
from wallet_service.sales import offline, told
from wallet_service.sales.day_file import DayFile, Fault, Told
from wallet_service.sales.record import dry
from wallet_service.sales.told import Counter

SOURCE = "day file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """How many sales were new, how many known, and what could not be read or was refused."""

    new: int
    known: int
    faults: tuple[Fault, ...]


def import_day(
    database: Database, counter: Counter, day: DayFile, *, is_dry: bool = False
) -> Imported:
    """Tell the sales in the order in which they were, each in its own transaction.

    `counter` says whose they are, and where those were that name no shop.
    """
    in_order = sorted(day.sales, key=lambda each: str(each.sale.occurred_at))
    new = known = 0
    faults = list(day.faults)
    for each in in_order:
        answered = _try(database, counter, each) if is_dry else _tell(database, counter, each)
        if isinstance(answered, Fault):
            faults.append(answered)
        elif answered:
            known += 1
        else:
            new += 1
    in_file_order = sorted(faults, key=lambda fault: fault.line)
    return Imported(new=new, known=known, faults=tuple(in_file_order))


def _tell(database: Database, counter: Counter, each: Told) -> bool | Fault:
    """Whether it was known, or why not."""
    here = _at(counter, each)
    item = offline.tell(database, offline.Happened(what=each.sale, counter_of=lambda _: here))
    if item.say is not None:
        return Fault(line=each.line, say=item.say.say("en"))
    return item.status == "duplicate"


def _try(database: Database, counter: Counter, each: Told) -> bool | Fault:
    here = replace(_at(counter, each), unhurried=True)
    try:
        return database.run(dry, here, each.sale).repeated
    except Refusal as refusal:
        return Fault(line=each.line, say=str(refusal))


def _at(counter: Counter, each: Told) -> Counter:
    # Under the file's own names: those of a till or a person may be changed here, and the same
    # file must still be the same.
    return replace(
        counter,
        location_id=each.location_id or counter.location_id,
        till_id=told.theirs(each.till) if each.till else None,
        staff_id=told.theirs(each.staff) if each.staff else None,
    )
