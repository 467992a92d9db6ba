"""What is wrong, where, and how to mend it: the one shape in which this library complains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One finding. `where` names the file, and the key or line where there is one."""

    severity: Severity
    where: str
    says: str
    mend: str

    @property
    def is_error(self) -> bool:
        return self.severity == "error"

    def __str__(self) -> str:
        return f"{self.where}: {self.says} {self.mend}"


def error(where: str, says: str, mend: str) -> Issue:
    return Issue(severity="error", where=where, says=says, mend=mend)


def warning(where: str, says: str, mend: str) -> Issue:
    return Issue(severity="warning", where=where, says=says, mend=mend)
