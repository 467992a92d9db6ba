"""A line of a pass: a label and what stands under it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A label and what stands under it."""

    key: str
    value: str
    label: str = ""
    link: str | None = None
    detect: tuple[str, ...] = ()
