"""A pass as a practice phone draws it: out of the file that the phone holds, and nothing else."""

import hashlib
import re
from html.parser import HTMLParser

from passes.face import Face, Kind, Line
from wallet_service.practice import contents
from wallet_service.practice.held import Field, HeldPass

_FORMATS = {
    "PKBarcodeFormatQR": "qr",
    "PKBarcodeFormatPDF417": "pdf417",
    "PKBarcodeFormatAztec": "aztec",
    "PKBarcodeFormatCode128": "code128",
}
_DETECTORS = {"PKDataDetectorTypeLink": "link", "PKDataDetectorTypePhoneNumber": "phone"}
_PAPER, _INK = (255, 255, 255), (0, 0, 0)

# What a pass has room for; Wallet drops the rest without a word.
_HEADER_MAX, _PRIMARY_MAX, _ROW_MAX = 3, 1, 4

_KINDS: dict[str, Kind] = {"coupon": "coupon", "eventTicket": "event"}


def of(held: HeldPass, phone: str, language: str) -> Face:
    """The face of `held` on the phone of that key."""
    fields = held.fields(language)
    code, barcode, caption = _code(held)
    kind = _KINDS.get(held.style, "store")
    row, second = _rows(fields, kind)
    return Face(
        language=language,
        description=held.text(str(held.contents["description"]), language),
        organisation=held.organisation(language),
        colours=f"held-{colours(held)}",
        code=code,
        caption=caption,
        kind=kind,
        barcode=barcode,
        logo_text=held.text(str(held.contents.get("logoText", "")), language),
        logo=_picture(held, phone, "logo", language),
        icon=_picture(held, phone, "icon", language),
        strip=_picture(held, phone, "strip", language),
        header=_lines(fields, "headerFields")[:_HEADER_MAX],
        primary=_lines(fields, "primaryFields")[:_PRIMARY_MAX],
        row=row,
        second_row=second,
        back=_lines(fields, "backFields"),
        voided=held.is_voided,
    )


def picture(held: HeldPass, name: str, content_hash: str) -> bytes | None:
    """The bytes of one of the pass's own pictures, or None."""
    file = held.files.get(name) if name.endswith(".png") else None
    return file if file is not None and _hash(file) == content_hash else None


def colours(held: HeldPass) -> str:
    """Background, foreground and label as hex: `1f4d3a-f7f1e3-c9dcc0`."""
    said = held.contents
    background = contents.colour(said.get("backgroundColor")) or _PAPER
    foreground = contents.colour(said.get("foregroundColor")) or _INK
    label = contents.colour(said.get("labelColor")) or foreground
    return "-".join(bytes(one).hex() for one in (background, foreground, label))


def stylesheet(of_colours: str) -> str:
    """The rule behind the class of a face; the caller has checked the form of `of_colours`."""
    background, foreground, label = of_colours.split("-")
    return (
        f".held-{of_colours} {{ --bg: #{background}; --fg: #{foreground}; --label: #{label}; }}\n"
    )


def _rows(fields: tuple[Field, ...], kind: Kind) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """A ticket has a row for each group; on a card and a coupon they share one."""
    if kind == "event":
        secondary, auxiliary = _lines(fields, "secondaryFields"), _lines(fields, "auxiliaryFields")
        return secondary[:_ROW_MAX], auxiliary[:_ROW_MAX]
    return _lines(fields, "secondaryFields", "auxiliaryFields")[:_ROW_MAX], ()


def _lines(fields: tuple[Field, ...], *groups: str) -> tuple[Line, ...]:
    return tuple(_line(field) for field in fields if field.group in groups)


def _line(field: Field) -> Line:
    words, link = _link(field.attributed) if field.attributed else ("", None)
    return Line(
        key=field.key,
        value=words if link and words else field.value,
        label=field.label,
        link=link,
        detect=tuple(_DETECTORS[kind] for kind in field.detectors if kind in _DETECTORS),
    )


def _picture(held: HeldPass, phone: str, name: str, language: str) -> str | None:
    path = held.picture(name, language)
    return f"/phones/{phone}/{_hash(held.files[path])}/{path}" if path else None


def _hash(file: bytes) -> str:
    return hashlib.sha256(file).hexdigest()[:12]


def _code(held: HeldPass) -> tuple[str, str, str]:
    """The message, the kind and the caption of the first code that this phone can draw."""
    for code in held.contents.get("barcodes") or ():
        if kind := _FORMATS.get(code["format"]):
            return code["message"], kind, code.get("altText", "")
    return "", "qr", ""


class _Anchor(HTMLParser):
    """The one link of an attributed value, and its words."""

    def __init__(self) -> None:
        super().__init__()
        self.link: str | None = None
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a" and self.link is None:
            self.link = dict(attrs).get("href")

    def handle_data(self, data: str) -> None:
        self.words += data


def _link(attributed: str) -> tuple[str, str | None]:
    anchor = _Anchor()
    anchor.feed(attributed)
    anchor.close()
    # What a phone would open; nothing that could run in the page.
    good = re.match(r"https?://", anchor.link or "", re.IGNORECASE)
    return anchor.words, anchor.link if good else None
