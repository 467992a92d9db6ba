"""Proving: one experiment after the other, and the books at the end, whatever came of them."""

import time
from collections.abc import Iterator, Sequence

from wallet_service.prove.experiments import BOOKS
from wallet_service.prove.invariant import Experiment, Invariant, Proved
from wallet_service.prove.shop import Shop, Unexpected


def prove(shop: Shop, experiments: Sequence[Experiment]) -> Iterator[Proved]:
    """Make each of them, then look at the books; what came of each as soon as it is known."""
    for experiment in (*experiments, BOOKS):
        yield _made(shop, experiment)


def _made(shop: Shop, experiment: Experiment) -> Proved:
    calls, began = shop.asking.heard.total(), time.perf_counter()
    try:
        invariants = tuple(experiment.run(shop))
    except Unexpected as refused:
        # What only prepares a race must go well; that it did not is a breach like any other.
        invariants = (
            Invariant(
                name="everything that it needs", wanted=0, seen=1, count=1, more=str(refused)
            ),
        )
    return Proved(
        experiment=experiment,
        invariants=invariants,
        calls=shop.asking.heard.total() - calls,
        seconds=time.perf_counter() - began,
    )
