"""Reads the places of a design, `[[header]]` to `[[back]]`, and says what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from passes.facts import CARD_FACTS, COUPON_FACTS, LINK_FACTS, names_in
from passes.plan import GROUPS, NEWS, Field, Group
from passes.toml_file import TomlFile, closest

ALIGNMENTS = ("natural", "left", "center", "right")
DETECTORS = ("phone", "link", "address", "date")
_TEXTS = ("key", "label", "value", "text", "link", "each", "align")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")

Places = Mapping[Group, tuple[Field, ...]]


def read(design: TomlFile) -> Places:
    """Every field that can be read at all; the faults stay with the file."""
    places: dict[Group, tuple[Field, ...]] = {
        group: tuple(_group(design, group)) for group in GROUPS
    }
    _unique(design, places)
    _one_news(design, places)
    return places


def _group(design: TomlFile, group: Group) -> Iterator[Field]:
    entries = (design.root or {}).get(group, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        says = f"{group} is not a list of fields."
        design.fault(design.at(group), says, f"Write each field under its own [[{group}]].")
        return
    for number, entry in enumerate(entries, start=1):
        where = design.at_entry(group, number, str(entry.get("key", f"number {number}")))
        if field := _Place(design, group, where, entry).read():
            yield field


class _Place:
    """One entry on its way to a Field."""

    def __init__(self, design: TomlFile, group: Group, where: str, entry: dict[str, Any]) -> None:
        self.design = design
        self.group = group
        self.where = where
        self.entry = entry
        self.texts = {name: design.text(entry, name, where) for name in _TEXTS}

    def read(self) -> Field | None:
        for name in self.entry:
            if name not in (*_TEXTS, "detect"):
                knows = f"A field knows: {', '.join(_TEXTS)}, detect."
                self._fault(f"{name!r} means nothing in a field.", knows)
        key = self.texts["key"]
        if key is None or not _KEY.fullmatch(key):
            self._fault(
                f"The field has no good key ({key!r}).",
                'Give it key = "…" of small letters, digits and underscores.',
            )
            return None
        self._says_one_thing()
        self._names_known_facts(key)
        self._stands_where_it_may()
        return Field(
            key=key,
            label=self.texts["label"],
            value=self.texts["value"],
            text=self.texts["text"],
            link=self.texts["link"],
            each=self.texts["each"],
            align=self.texts["align"],
            detect=self._detectors(),
        )

    def _says_one_thing(self) -> None:
        if (self.texts["value"] is None) == (self.texts["text"] is None):
            self._fault(
                "A field says either a value or a text; this one says both or neither.",
                'Give it value = "{holder}" for facts, or text = "…", a key of the text files.',
            )
        link = self.texts["link"]
        if link is not None and link not in LINK_FACTS:
            self._fault(
                f"{link!r} is nothing to link to.", f"Use: {', '.join(sorted(LINK_FACTS))}."
            )
        if link is not None and self.texts["text"] is None:
            self._fault("The link has no words to press.", 'Give it text = "…".')

    def _names_known_facts(self, key: str) -> None:
        each, value = self.texts["each"], self.texts["value"]
        if each not in (None, "coupon"):
            self._fault(f"A field cannot stand once for each {each!r}.", 'Write each = "coupon".')
        known = CARD_FACTS | COUPON_FACTS if each else CARD_FACTS
        names = names_in(value or "")
        for name in names:
            if name in known:
                continue
            near = closest(name, known)
            if name in COUPON_FACTS:
                near = 'A coupon\'s own facts need each = "coupon". '
            mend = f"{near}Facts: {', '.join(sorted(known))}."
            self._fault(f"There is no fact {{{name}}}.", mend)
        if (key == NEWS or NEWS in names) and (key != NEWS or value != "{news}" or each):
            self._fault(
                "The news must stand alone under its own key: a phone speaks the whole value.",
                'Write key = "news" and value = "{news}"; use {all_news} elsewhere.',
            )

    def _stands_where_it_may(self) -> None:
        align = self.texts["align"]
        if align is not None and align not in ALIGNMENTS:
            self._fault(f"{align!r} is no alignment.", f"Use one of: {', '.join(ALIGNMENTS)}.")
        if align is not None and self.group in ("primary", "back"):
            self._fault(f"A {self.group} field cannot be aligned.", "Leave align out here.")
        if (self.texts["link"] or self.entry.get("detect")) and self.group != "back":
            self._fault("Only the back has links.", "Move the field to [[back]].")

    def _detectors(self) -> tuple[str, ...]:
        detect = self.entry.get("detect", [])
        if isinstance(detect, list) and all(one in DETECTORS for one in detect):
            return tuple(detect)
        self._fault("detect is not a list of what to find.", f"Use: {', '.join(DETECTORS)}.")
        return ()

    def _fault(self, says: str, mend: str) -> None:
        self.design.fault(self.where, says, mend)


def _unique(design: TomlFile, places: Places) -> None:
    first: dict[str, Group] = {}
    for group, fields in places.items():
        for number, field in enumerate(fields, start=1):
            if field.key in first:
                design.fault(
                    design.at_entry(group, number, field.key),
                    f"The key {field.key!r} stands in [[{first[field.key]}]] already.",
                    "Give it another: phones refuse a pass with one key twice, in any groups.",
                )
            first.setdefault(field.key, group)


def _one_news(design: TomlFile, places: Places) -> None:
    count = sum(field.key == NEWS for fields in places.values() for field in fields)
    if count != 1:
        times = "nowhere" if count == 0 else f"{count} times"
        design.fault(
            design.name,
            f"The news stands {times}; it is the one field whose change a phone speaks.",
            'Place exactly one field with key = "news" and value = "{news}".',
        )
