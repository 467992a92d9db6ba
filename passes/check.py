"""`design check`: everything that is wrong with a design, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from passes import reading
from passes.checks import layout, looks, pictures, words
from passes.design import files_in
from passes.issues import Issue, error, warning


def check(design: Path | Mapping[str, bytes]) -> list[Issue]:
    """Every issue of a folder or of its files, errors first; without errors it can be used."""
    if isinstance(design, Path):
        if not design.is_dir():
            return [error(str(design), "There is no such folder.", "Name the folder of a design.")]
        design = files_in(design)
    plan, issues = reading.read(design)
    issues += _left_behind(design)
    issues += pictures.check(design, plan)
    if plan is not None:
        issues += [*layout.check(plan), *words.check(plan), *looks.check(plan)]
    return sorted(issues, key=lambda issue: not issue.is_error)


def _left_behind(files: Mapping[str, bytes]) -> list[Issue]:
    return [
        warning(name, "The file is no part of a design and is left behind.", "Take it out.")
        for name in sorted(files.keys() - reading.known(files).keys())
    ]
