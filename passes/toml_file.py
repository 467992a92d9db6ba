"""A TOML file that knows on which line a key stands, and collects what is wrong with it."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

from passes.issues import Issue, error


class TomlFile:
    """The file's tables, and its faults with their places."""

    def __init__(self, name: str, content: bytes) -> None:
        self.name = name
        self.issues: list[Issue] = []
        self.lines = content.decode("utf-8", "replace").splitlines()
        self.root: dict[str, Any] | None = None
        try:
            self.root = tomllib.loads(content.decode("utf-8"))
        except UnicodeDecodeError as fault:
            self.fault(name, f"The file is not UTF-8 (byte {fault.start}).", "Save it as UTF-8.")
        except tomllib.TOMLDecodeError as fault:
            what, _, place = str(fault).removesuffix(")").partition(" (at ")
            # Its own word for what is wrong says nothing to mend it by.
            says = f"The file is not TOML: {what.replace('Invalid ', 'a wrong ')}."
            where = f"{name}, {place}" if place else name
            self.fault(where, says, "Mend that line; texts need quotes.")

    def fault(self, where: str, says: str, mend: str) -> None:
        self.issues.append(error(where, says, mend))

    def at(self, key: str, table: str = "") -> str:
        """Where a key stands: the file, and the line if it can be found."""
        inside = not table
        for number, line in enumerate(self.lines, start=1):
            if heading := re.match(r"\s*\[+\s*([\w.-]+)", line):
                inside = heading[1] == table
                if not table and heading[1] == key:
                    return f"{self.name}, line {number}"
            elif inside and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line):
                return f"{self.name}, line {number}"
        return f"{self.name}, {f'[{table}] ' if table else ''}{key}"

    def at_entry(self, group: str, number: int, key: str) -> str:
        """Where the n-th `[[group]]` stands."""
        seen = 0
        for line_number, line in enumerate(self.lines, start=1):
            seen += bool(re.match(rf"\s*\[\[\s*{re.escape(group)}\s*\]\]", line))
            if seen == number:
                return f"{self.name}, line {line_number} ([[{group}]] {key})"
        return f"{self.name}, {group} {key}"

    def text(self, table: Mapping[str, Any], key: str, where: str) -> str | None:
        """A text that may be missing but may not be empty or of another kind."""
        given = table.get(key)
        if given is None or (isinstance(given, str) and given.strip()):
            return given
        self.fault(where, f"{key} is empty or no text.", f'Write {key} = "…", or leave it out.')
        return None

    def table(self, key: str, keys: Iterable[str]) -> dict[str, Any]:
        """A table of which only these keys are known."""
        given = (self.root or {}).get(key, {})
        if not isinstance(given, dict):
            self.fault(self.at(key), f"{key} is not a table.", f"Write its lines under [{key}].")
            return {}
        self.only(given, keys, table=key)
        return given

    def only(self, given: Mapping[str, Any], keys: Iterable[str], table: str = "") -> None:
        known = list(keys)
        place = f"[{table}]" if table else self.name
        for key in given:
            if key not in known:
                mend = f"{closest(key, known)}{place} knows: {', '.join(known)}."
                self.fault(self.at(key, table), f"{key!r} means nothing here.", mend)


def closest(word: str, known: Iterable[str]) -> str:
    """A question to put before the list of what is known; nothing where nothing is near."""
    near = difflib.get_close_matches(word.split(".")[0], list(known), n=1)
    return f"Did you mean {near[0]!r}? " if near else ""
