"""Reads the files of a design into a Plan, and says everything that would keep a pass from working.

What merely would not look good is `check`'s to say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from passes import places
from passes.colours import Colour
from passes.errors import PictureRefused
from passes.issues import Issue, error
from passes.pictures import APPLE_NAMES, ART_NAMES, png_size
from passes.plan import GROUPS, Colours, Contact, Plan
from passes.svg import Art
from passes.toml_file import TomlFile

DESIGN = "design.toml"
LANGUAGE_FILE = re.compile(r"([a-z]{2,3}(?:-[A-Z][A-Za-z]{1,3})?)\.toml")
BARCODES = ("qr", "pdf417", "aztec", "code128")
REQUIRED_TEXTS = ("description",)
STAMPS_MAX = 50

_TOP = ("name", "organisation", "logo_text", "language", "barcode", "sharing")
_TABLES = ("colours", "stamps", "contact")
_COLOURS = ("background", "foreground", "label")
_CONTACT = ("email", "phone", "website", "address")

Texts = dict[str, dict[str, str]]

_BLACK = Colour(0, 0, 0)
NO_COLOURS = Colours(background=_BLACK, foreground=_BLACK, label=_BLACK)
"""What a plan has where its own colours cannot be read."""


def known(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files that belong to a design; anything else is left behind."""
    return {
        name: files[name]
        for name in sorted(files)
        if name == DESIGN or LANGUAGE_FILE.fullmatch(name) or name in APPLE_NAMES | ART_NAMES
    }


def read(files: Mapping[str, bytes]) -> tuple[Plan | None, list[Issue]]:
    """The plan, where design.toml can be read at all, and every fault.

    A plan with faults has stand-ins where something is missing: good for finding more, not for use.
    """
    texts, issues = _texts(files)
    plan = None
    if DESIGN in files:
        design = TomlFile(DESIGN, files[DESIGN])
        if design.root is not None:
            plan = _plan(design, texts)
            issues += _missing_words(plan, texts)
        issues = [*design.issues, *issues]
    else:
        issues.insert(
            0, error(DESIGN, "The file is missing.", "Start from a design that came along.")
        )
    return plan, [*issues, *_pictures(files)]


def _plan(design: TomlFile, texts: Texts) -> Plan:
    root = design.root or {}
    design.only(root, (*_TOP, *_TABLES, *GROUPS))

    def word(key: str) -> str | None:
        return design.text(root, key, design.at(key))

    def required(key: str) -> str:
        given = word(key)
        if key not in root:
            says = f"The design does not say its {key}."
            design.fault(DESIGN, says, f'Write {key} = "…" at the top.')
        return given or ""

    return Plan(
        name=required("name"),
        organisation=required("organisation"),
        logo_text=word("logo_text"),
        language=_language(design, word("language") or "en", texts),
        colours=_colours(design) or NO_COLOURS,
        contact=_contact(design),
        stamps=_stamps(design),
        barcode=_barcode(design, word("barcode") or "qr"),
        sharing=_sharing(design),
        fields=places.read(design),
        texts=texts,
    )


def _colours(design: TomlFile) -> Colours | None:
    given = design.table("colours", _COLOURS)
    parsed: dict[str, Colour] = {}
    for name in _COLOURS:
        text = given.get(name)
        colour = Colour.parse(text) if isinstance(text, str) else None
        if colour is not None:
            parsed[name] = colour
            continue
        says = f"There is no {name} colour." if text is None else f"{text!r} is no colour."
        where = design.at("colours") if text is None else design.at(name, "colours")
        design.fault(where, says, f'Write {name} = "#1f4d3a" or "rgb(31, 77, 58)".')
    return Colours(**parsed) if len(parsed) == len(_COLOURS) else None


def _language(design: TomlFile, language: str, texts: Texts) -> str:
    if language not in texts:
        design.fault(
            design.at("language"),
            f"The design's own language is {language}, and there is no {language}.toml.",
            f"Add that file, or set language to one of: {', '.join(sorted(texts)) or 'none yet'}.",
        )
    return language


def _barcode(design: TomlFile, barcode: str) -> str:
    if barcode not in BARCODES:
        mend = f"Use one of: {', '.join(BARCODES)}."
        design.fault(design.at("barcode"), f"{barcode!r} is no kind of code.", mend)
    return barcode


def _sharing(design: TomlFile) -> bool:
    sharing = (design.root or {}).get("sharing", False)
    if not isinstance(sharing, bool):
        says = "sharing is neither true nor false."
        design.fault(design.at("sharing"), says, "Write true or false, without quotes.")
        return False
    return sharing


def _stamps(design: TomlFile) -> int | None:
    if "stamps" not in (design.root or {}):
        return None
    of = design.table("stamps", ("of",)).get("of")
    if isinstance(of, bool) or not isinstance(of, int) or not 1 <= of <= STAMPS_MAX:
        says = f"The number of stamps is not a whole number from 1 to {STAMPS_MAX}."
        design.fault(design.at("of", "stamps"), says, "Write of = 10 under [stamps].")
        return None
    return of


def _contact(design: TomlFile) -> Contact:
    given = design.table("contact", _CONTACT)
    words = {name: design.text(given, name, design.at(name, "contact")) for name in _CONTACT}
    website = words["website"]
    if website and not website.startswith(("https://", "http://")):
        says = f"{website!r} is not a whole address."
        design.fault(design.at("website", "contact"), says, "Begin it with https://.")
    return Contact(**words)


def _texts(files: Mapping[str, bytes]) -> tuple[Texts, list[Issue]]:
    texts: Texts = {}
    issues: list[Issue] = []
    for name in sorted(files):
        found = LANGUAGE_FILE.fullmatch(name)
        if name == DESIGN or found is None:
            continue
        file = TomlFile(name, files[name])
        words = {key: file.text(file.root or {}, key, file.at(key)) for key in file.root or {}}
        texts[found[1]] = {key: text.strip() for key, text in words.items() if text}
        issues += file.issues
    if not texts:
        says = "There is no text file."
        issues.append(error("en.toml", says, "Add one for each language, such as en.toml."))
    return texts, issues


def _missing_words(plan: Plan, texts: Texts) -> list[Issue]:
    wanted = dict.fromkeys(REQUIRED_TEXTS, "every pass")
    for group, fields in plan.fields.items():
        for field in fields:
            user = f"[[{group}]] {field.key}"
            for key in filter(None, (field.label, field.text, "until" if field.each else None)):
                wanted.setdefault(key, user)
    return [
        error(f"{language}.toml", f"{user} has no words: {key!r} is missing.", f'Add {key} = "…".')
        for language in sorted(texts)
        for key, user in wanted.items()
        if key not in texts[language]
    ]


def _pictures(files: Mapping[str, bytes]) -> list[Issue]:
    issues = []
    if not {"icon.png", "icon.svg"} & files.keys():
        issues.append(
            error(
                "icon.png",
                "The icon is missing; phones refuse a pass without one.",
                "Add icon.svg, or icon.png with icon@2x.png and icon@3x.png.",
            )
        )
    for name in sorted(files):
        if name in APPLE_NAMES and png_size(files[name]) is None:
            issues.append(error(name, "The file is no PNG picture.", "Save it as PNG again."))
        elif name in ART_NAMES:
            try:
                Art.read(name, files[name])
            except PictureRefused as refused:
                says = f"It cannot be drawn: {refused.facts['why']}"
                issues.append(error(name, says, "Mend the drawing, or bring PNG pictures."))
    return issues
