"""Prove: published races and faults against the running build, each invariant with its count."""

from wallet_service.prove.experiments import BOOKS, EXPERIMENTS, NAMES
from wallet_service.prove.invariant import Experiment, Invariant, Proved, Scale
from wallet_service.prove.proving import prove
from wallet_service.prove.scratch import opened

__all__ = [
    "BOOKS",
    "EXPERIMENTS",
    "NAMES",
    "Experiment",
    "Invariant",
    "Proved",
    "Scale",
    "opened",
    "prove",
]
