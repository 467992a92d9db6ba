"""Reads design.toml and the text files into a Plan, and says everything that is wrong with them.

What is found here would keep a pass from being made or from being read; `check` adds what merely
would not look good.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, cast

from passes.colours import Colour
from passes.errors import PictureRefused
from passes.facts import CARD_FACTS, COUPON_FACTS, LINK_FACTS, names_in
from passes.issues import Issue, error
from passes.pictures import APPLE_NAMES, DRAWN_FROM_ART, png_size
from passes.plan import GROUPS, NEWS, Colours, Contact, Field, Group, Plan
from passes.svg import Art

DESIGN = "design.toml"
LANGUAGE_FILE = re.compile(r"([a-z]{2,3}(?:-[A-Z][A-Za-z]{1,3})?)\.toml")
BARCODES = ("qr", "pdf417", "aztec", "code128")
ALIGNMENTS = ("natural", "left", "center", "right")
DETECTORS = ("phone", "link", "address", "date")

_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")
_TOP = {
    "name": str, "organisation": str, "logo_text": str, "language": str, "barcode": str,
    "sharing": bool, "colours": dict, "stamps": dict, "contact": dict,
    **{group: list for group in GROUPS},
}  # fmt: skip
_COLOURS = ("background", "foreground", "label")
_CONTACT = ("email", "phone", "website", "address")
_FIELD = ("key", "label", "value", "text", "link", "each", "align", "detect")
_REQUIRED_TEXTS = ("description",)
_KINDS = {
    str: "text in quotes",
    bool: "true or false",
    dict: "a table",
    list: "a list",
    int: "a whole number",
}


def known(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files that belong to a design; anything else is left behind."""
    art = {f"{base}.svg" for base in DRAWN_FROM_ART}
    return {
        name: files[name]
        for name in sorted(files)
        if name == DESIGN or LANGUAGE_FILE.fullmatch(name) or name in APPLE_NAMES | art
    }


def read(files: Mapping[str, bytes]) -> tuple[Plan | None, list[Issue]]:
    """The plan, where one can be made at all, and every fault."""
    return _Reader(files).read()


class _Reader:
    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.issues: list[Issue] = []
        self.source = ""

    def read(self) -> tuple[Plan | None, list[Issue]]:
        texts = self._texts()
        design = self._toml(DESIGN) if DESIGN in self.files else None
        if DESIGN not in self.files:
            self._fault(
                DESIGN, "The file is missing.", "Copy one from the designs that came along."
            )
        self._pictures()
        if design is None:
            return None, self.issues
        self.source = self.files[DESIGN].decode("utf-8", "replace")
        plan = self._plan(design, texts)
        return plan, self.issues

    # -- design.toml -------------------------------------------------------------------------

    def _plan(self, design: dict[str, Any], texts: dict[str, dict[str, str]]) -> Plan | None:
        for key in design:
            if key not in _TOP:
                self._unknown(key, "design.toml knows", _TOP)
        fields = {group: tuple(self._fields(group, design)) for group in GROUPS}
        language = self._word(design, "language") or "en"
        if language not in texts:
            self._fault(
                self._at("language"), f"The design's own language is {language}, and there is no {language}.toml.",
                f"Add {language}.toml, or set language to one of: {', '.join(sorted(texts)) or 'none yet'}.",
            )  # fmt: skip
        barcode = self._word(design, "barcode") or "qr"
        if barcode not in BARCODES:
            self._fault(
                self._at("barcode"),
                f"{barcode!r} is no kind of code.",
                f"Use one of: {', '.join(BARCODES)}.",
            )
        colours = self._colours(design)
        stamps = self._stamps(design)
        contact = self._contact(design)
        sharing = design.get("sharing", False)
        if not isinstance(sharing, bool):
            self._fault(
                self._at("sharing"),
                "sharing is neither true nor false.",
                "Write true or false, without quotes.",
            )
            sharing = False
        self._unique(fields)
        self._one_news(fields)
        self._keys_have_words(fields, texts)
        name, organisation = (self._required(design, key) for key in ("name", "organisation"))
        if colours is None:
            return None
        return Plan(
            name=name,
            organisation=organisation,
            logo_text=self._word(design, "logo_text"),
            language=language,
            colours=colours,
            contact=contact,
            stamps=stamps,
            barcode=barcode,
            sharing=sharing,
            fields=fields,
            texts=texts,
        )

    def _fields(self, group: Group, design: dict[str, Any]) -> Iterator[Field]:
        places = design.get(group, [])
        if not isinstance(places, list) or not all(isinstance(place, dict) for place in places):
            self._fault(
                self._at(group),
                f"{group} is not a list of fields.",
                f"Write each field under its own [[{group}]].",
            )
            return
        for number, place in enumerate(places, start=1):
            where = self._field_at(group, number, place)
            if field := self._field(group, where, place):
                yield field

    def _field(self, group: Group, where: str, place: dict[str, Any]) -> Field | None:
        for name in place:
            if name not in _FIELD:
                self._fault(
                    where, f"A field has no {name!r}.", f"A field knows: {', '.join(_FIELD)}."
                )
        words: dict[str, str | None] = {}
        for name in ("key", "label", "value", "text", "link", "each", "align"):
            given = place.get(name)
            if given is not None and (not isinstance(given, str) or not given.strip()):
                self._fault(
                    where,
                    f"{name} is not text.",
                    f'Write {name} = "…" with something in the quotes, or leave it out.',
                )
                given = None
            words[name] = given
        key = words["key"]
        if key is None or not _KEY.fullmatch(key):
            self._fault(
                where,
                f"The field has no good key ({key!r}).",
                'Give it key = "…" of small letters, digits and underscores.',
            )
            return None
        self._says_one_thing(where, words)
        self._template(where, key, words)
        if words["align"] is not None:
            if words["align"] not in ALIGNMENTS:
                self._fault(
                    where,
                    f"{words['align']!r} is no alignment.",
                    f"Use one of: {', '.join(ALIGNMENTS)}.",
                )
            if group in ("primary", "back"):
                self._fault(where, f"A {group} field cannot be aligned.", "Leave align out here.")
        detect = place.get("detect", [])
        if not isinstance(detect, list) or any(one not in DETECTORS for one in detect):
            self._fault(
                where,
                "detect is not a list of what to look for.",
                f"Use some of: {', '.join(DETECTORS)}.",
            )
            detect = []
        if (detect or words["link"]) and group != "back":
            self._fault(where, "Only the back has links.", "Move the field to [[back]].")
        return Field(
            key=key, label=words["label"], value=words["value"], text=words["text"], link=words["link"],
            each=words["each"], align=words["align"], detect=tuple(detect),
        )  # fmt: skip

    def _says_one_thing(self, where: str, words: dict[str, str | None]) -> None:
        if (words["value"] is None) == (words["text"] is None):
            self._fault(where, "A field says either a value or a text, and this one says both or neither.",
                        'Give it value = "{holder}" for facts, or text = "…" for words of the text files.')  # fmt: skip
        if words["link"] is not None and words["link"] not in LINK_FACTS:
            self._fault(
                where,
                f"{words['link']!r} is nothing to link to.",
                f"Use one of: {', '.join(sorted(LINK_FACTS))}.",
            )
        if words["link"] is not None and words["text"] is None:
            self._fault(
                where,
                "A link has no words to press.",
                'Give it text = "…", a key of the text files.',
            )

    def _template(self, where: str, key: str, words: dict[str, str | None]) -> None:
        if words["each"] not in (None, "coupon"):
            self._fault(
                where,
                f"A field cannot stand once for each {words['each']!r}.",
                'Only each = "coupon" is known.',
            )
        allowed = CARD_FACTS | (COUPON_FACTS if words["each"] else frozenset())
        names = names_in(words["value"] or "")
        for name in names:
            if name not in allowed:
                hint = ' Facts of a coupon need each = "coupon".' if name in COUPON_FACTS else ""
                self._fault(
                    where,
                    f"There is no fact {{{name}}}.",
                    f"Facts are: {', '.join(sorted(allowed))}.{hint}",
                )
        if (key == NEWS or NEWS in names) and (words["value"] != "{news}" or key != NEWS):
            self._fault(where, "The news must stand alone, under its own key: phones speak that field's whole value.",
                        'Write key = "news" and value = "{news}"; {all_news} and {earlier_news} may stand elsewhere.')  # fmt: skip

    def _colours(self, design: dict[str, Any]) -> Colours | None:
        given = self._table(design, "colours", _COLOURS)
        parsed: dict[str, Colour] = {}
        for name in _COLOURS:
            text = given.get(name)
            colour = Colour.parse(text) if isinstance(text, str) else None
            if colour is None:
                says = f"There is no {name} colour." if text is None else f"{text!r} is no colour."
                self._fault(
                    self._at(name, "colours"), says, 'Write it as "#1f4d3a" or "rgb(31, 77, 58)".'
                )
            else:
                parsed[name] = colour
        return Colours(**parsed) if len(parsed) == len(_COLOURS) else None

    def _stamps(self, design: dict[str, Any]) -> int | None:
        if "stamps" not in design:
            return None
        of = self._table(design, "stamps", ("of",)).get("of")
        if not isinstance(of, int) or isinstance(of, bool) or not 1 <= of <= 50:
            self._fault(
                self._at("of", "stamps"),
                "The number of stamps is not a whole number from 1 to 50.",
                "Write of = 10.",
            )
            return None
        return of

    def _contact(self, design: dict[str, Any]) -> Contact:
        given = self._table(design, "contact", _CONTACT)
        words: dict[str, str | None] = {}
        for name in _CONTACT:
            text = given.get(name)
            if text is not None and not isinstance(text, str):
                self._fault(
                    self._at(name, "contact"), f"{name} is not text.", f'Write {name} = "…".'
                )
                text = None
            words[name] = text or None
        website = words["website"]
        if website and not website.startswith(("https://", "http://")):
            self._fault(
                self._at("website", "contact"),
                f"{website!r} is not a whole address.",
                "Begin it with https://.",
            )
        return Contact(**words)

    def _table(self, design: dict[str, Any], name: str, keys: tuple[str, ...]) -> dict[str, Any]:
        given = design.get(name, {})
        if not isinstance(given, dict):
            self._fault(
                self._at(name), f"{name} is not a table.", f"Write its lines under [{name}]."
            )
            return {}
        for key in given:
            if key not in keys:
                self._unknown(key, f"[{name}] knows", dict.fromkeys(keys), name)
        return given

    def _word(self, design: dict[str, Any], key: str) -> str | None:
        given = design.get(key)
        if given is not None and not isinstance(given, str):
            self._fault(self._at(key), f"{key} is not text.", f'Write {key} = "…".')
            return None
        return given or None

    def _required(self, design: dict[str, Any], key: str) -> str:
        word = self._word(design, key)
        if word is None:
            self._fault(
                self._at(key),
                f"The design does not say its {key}.",
                f'Write {key} = "…" at the top.',
            )
        return word or ""

    # -- over all fields ---------------------------------------------------------------------

    def _unique(self, fields: Mapping[Group, tuple[Field, ...]]) -> None:
        first: dict[str, str] = {}
        for group, places in fields.items():
            for place in places:
                if place.key in first:
                    self._fault(
                        self._at_key(group, place.key),
                        f"The key {place.key!r} stands in {first[place.key]} already.",
                        "Give each field a key of its own over all groups: phones refuse a pass with two.",
                    )
                first.setdefault(place.key, group)

    def _one_news(self, fields: Mapping[Group, tuple[Field, ...]]) -> None:
        count = sum(place.key == NEWS for places in fields.values() for place in places)
        if count != 1:
            self._fault(DESIGN, f"The design places the news {count} times.",
                        'Place exactly one field with key = "news" and value = "{news}": it is what phones speak.')  # fmt: skip

    def _keys_have_words(
        self, fields: Mapping[Group, tuple[Field, ...]], texts: dict[str, dict[str, str]]
    ) -> None:
        wanted = dict.fromkeys(_REQUIRED_TEXTS, DESIGN)
        for group, places in fields.items():
            for place in places:
                for key in filter(None, (place.label, place.text)):
                    wanted.setdefault(key, f"{group} {place.key}")
                if place.each:
                    wanted.setdefault("until", f"{group} {place.key}")
        for key, user in wanted.items():
            for language in sorted(texts):
                if key not in texts[language]:
                    self._fault(
                        f"{language}.toml",
                        f"There are no words for {key!r}, which {user} needs.",
                        f'Add {key} = "…".',
                    )

    # -- the other files ---------------------------------------------------------------------

    def _texts(self) -> dict[str, dict[str, str]]:
        texts: dict[str, dict[str, str]] = {}
        for name in sorted(self.files):
            if name == DESIGN or not (found := LANGUAGE_FILE.fullmatch(name)):
                continue
            words = self._toml(name) or {}
            texts[found.group(1)] = {}
            for key, text in words.items():
                if isinstance(text, str) and text.strip():
                    texts[found.group(1)][key] = text.strip()
                else:
                    self._fault(
                        f"{name}, {key}", "The words are empty or no text.", f'Write {key} = "…".'
                    )
        if not texts:
            self._fault(
                "en.toml", "There is no text file.", "Add one per language, such as en.toml."
            )
        return texts

    def _pictures(self) -> None:
        if not {"icon.png", "icon.svg"} & self.files.keys():
            self._fault("icon.png", "The icon is missing, and phones refuse a pass without one.",
                        "Add icon.svg, or icon.png with icon@2x.png and icon@3x.png.")  # fmt: skip
        for name in sorted(self.files):
            if name in APPLE_NAMES and png_size(self.files[name]) is None:
                self._fault(name, "The file is no PNG picture.", "Save it as PNG again.")
            elif name in {f"{base}.svg" for base in DRAWN_FROM_ART}:
                try:
                    Art.read(name, self.files[name])
                except PictureRefused as refused:
                    self._fault(
                        name,
                        f"It cannot be drawn: {refused.facts['why']}",
                        "Mend the drawing, or bring PNG pictures.",
                    )

    def _toml(self, name: str) -> dict[str, Any] | None:
        try:
            return tomllib.loads(self.files[name].decode("utf-8"))
        except UnicodeDecodeError as fault:
            self._fault(name, f"The file is not UTF-8 (byte {fault.start}).", "Save it as UTF-8.")
        except tomllib.TOMLDecodeError as fault:
            self._fault(
                name, f"The file is not TOML: {fault}.", "Mend that line; texts stand in quotes."
            )
        return None

    # -- saying it ---------------------------------------------------------------------------

    def _fault(self, where: str, says: str, mend: str) -> None:
        self.issues.append(error(where, says, mend))

    def _unknown(self, key: str, knows: str, keys: Mapping[str, object], table: str = "") -> None:
        self._fault(
            self._at(key, table), f"{key!r} means nothing here.", f"{knows}: {', '.join(keys)}."
        )

    def _at(self, key: str, table: str = "") -> str:
        """The file, the key, and its line where it can be found."""
        inside = not table
        for number, line in enumerate(self.source.splitlines(), start=1):
            if heading := re.match(r"\s*\[+\s*([\w.-]+)", line):
                inside = heading.group(1) == table
                if heading.group(1) == key:
                    return f"{DESIGN}, line {number}"
            if inside and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line):
                return f"{DESIGN}, line {number}"
        return f"{DESIGN}, {f'[{table}] ' if table else ''}{key}"

    def _field_at(self, group: str, number: int, place: dict[str, Any]) -> str:
        seen = 0
        for line_number, line in enumerate(self.source.splitlines(), start=1):
            if re.match(rf"\s*\[\[\s*{group}\s*\]\]", line):
                seen += 1
                if seen == number:
                    return f"{DESIGN}, line {line_number} ([[{group}]] {place.get('key', '')})".replace(
                        " )", ")"
                    )
        return f"{DESIGN}, {group} {place.get('key', number)}"

    def _at_key(self, group: str, key: str) -> str:
        return cast("str", f"{DESIGN}, [[{group}]] {key}")
