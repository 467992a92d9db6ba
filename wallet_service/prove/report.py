"""Report: what was proved, as a table to read and as JSON to keep."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from wallet_service import __version__
from wallet_service.prove.invariant import Proved

HEADING = f"{'seen':>9}{'wanted':>9}{'among':>10}"


def table(proved: Proved) -> Iterator[str]:
    """One experiment: what it does, whose fault it answers, and a line an invariant."""
    yield ""
    yield f"{proved.experiment.name}: {proved.experiment.does} ({proved.seconds:.1f} s)"
    yield f"  elsewhere: {proved.experiment.answers}"
    for each in proved.invariants:
        line = f"{each.seen:>9,}{each.wanted:>9,}{each.count:>10,}  {each.name}"
        if not each.holds:
            line += f"  BROKEN{f': {each.more}' if each.more else ''}"
        yield line


def summary(all_proved: Sequence[Proved]) -> str:
    """All of it in one sentence."""
    invariants = sum(len(each.invariants) for each in all_proved)
    calls = sum(each.calls for each in all_proved)
    seconds = sum(each.seconds for each in all_proved)
    broken = broken_in(all_proved)
    held = f"{len(broken)} of them are broken" if broken else "every one holds"
    return (
        f"{len(all_proved)} experiments, {calls:,} calls, {seconds:.0f} s,"
        f" {invariants} invariants: {held}."
    )


def broken_in(all_proved: Sequence[Proved]) -> list[str]:
    """Every invariant that is broken, with its experiment."""
    return [
        f"{proved.experiment.name}: {each.name}: {each.seen:,} seen, {each.wanted:,} wanted"
        + (f" ({each.more})" if each.more else "")
        for proved in all_proved
        for each in proved.invariants
        if not each.holds
    ]


def as_json(all_proved: Sequence[Proved], *, engine: str, seed: int, quick: bool) -> dict[str, Any]:
    """The same for machines."""
    return {
        "version": __version__,
        "engine": engine,
        "seed": seed,
        "quick": quick,
        "holds": all(each.holds for each in all_proved),
        "experiments": [
            {
                "name": each.experiment.name,
                "does": each.experiment.does,
                "elsewhere": each.experiment.answers,
                "holds": each.holds,
                "calls": each.calls,
                "seconds": round(each.seconds, 2),
                "invariants": [asdict(one) | {"holds": one.holds} for one in each.invariants],
            }
            for each in all_proved
        ],
    }
