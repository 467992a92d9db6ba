"""`design check`: everything that is wrong, where it stands, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from passes.check import check
from passes.issues import Issue

Files = dict[str, bytes]
KIELO = Path(__file__).parents[2] / "templates" / "designs" / "kielo"


def changed(files: Files, name: str, *swaps: tuple[str, str]) -> Files:
    text = files[name].decode()
    for old, new in swaps:
        assert old in text, old
        text = text.replace(old, new, 1)
    return {**files, name: text.encode()}


def one(issues: list[Issue], *words: str) -> Issue:
    (found,) = [issue for issue in issues if all(word in str(issue) for word in words)]
    return found


def test_the_design_that_comes_along_has_no_issue() -> None:
    assert check(KIELO) == []


def test_a_folder_that_is_not_there_is_one_issue(tmp_path: Path) -> None:
    assert "no such folder" in check(tmp_path / "none")[0].says


def test_an_empty_folder_tells_all_that_is_needed(tmp_path: Path) -> None:
    wheres = [issue.where for issue in check(tmp_path)]

    assert wheres[:3] == ["design.toml", "en.toml", "icon.png"]


def test_several_faults_are_told_at_once_with_their_lines(kielo_files: Files) -> None:
    files = changed(
        kielo_files,
        "design.toml",
        ('name = "Kielo card"', 'nmae = "Kielo card"'),
        ('label = "#c9dcc0"', 'label = "mint"'),
        ("of = 10", "of = 12"),
        ('key = "member"', 'key = "stamps"'),
        ('value = "{holder}"', 'value = "{holder.__class__}"'),
        ('label = "next"', 'label = "nekst"'),
    )
    files = changed(files, "sv.toml", ("code = ", "kode = "))
    del files["icon.svg"]
    files["Thumbs.db"] = b""
    issues = check(files)

    assert "line 7" in one(issues, "'nmae' means nothing").where
    assert one(issues, "does not say its name").mend == 'Write name = "…" at the top.'
    assert "line 17" in one(issues, "'mint' is no colour").where
    assert one(issues, "n11, n12").where == "strip.svg"
    assert "[[header]] stamps" in one(issues, "'stamps' stands in [[header]] already").where
    assert one(issues, "no fact {holder.__class__}").mend.startswith("Did you mean 'holder'?")
    assert len([issue for issue in issues if "'nekst' is missing" in issue.says]) == 3
    assert one(issues, "'code' is missing").where == "sv.toml"
    assert one(issues, "The icon is missing").severity == "error"
    assert one(issues, "Thumbs.db").severity == "warning"
    assert one(issues, "sv.toml, kode", "No field uses").severity == "warning"
    assert [issue.severity for issue in issues] == sorted(issue.severity for issue in issues)


@dataclass(frozen=True)
class Slip:
    """A mistake somebody made in a file, and what is to be said about it."""

    was: str
    became: str
    words: str
    severity: str = "error"
    file: str = "design.toml"


def extra(group: str, key: str) -> str:
    return f'[[{group}]]\nkey = "{key}"\nlabel = "points"\nvalue = "{{points}}"\n'


SLIPS = {
    "news in words": Slip('value = "{news}"', 'value = "New: {news}"', "must stand alone"),
    "crowded header": Slip(
        "[[secondary]]", f"{extra('header', 'p')}[[secondary]]", "4 header fields"
    ),
    "two primaries": Slip(
        "[[secondary]]",
        f"{extra('primary', 'p')}{extra('primary', 'q')}[[secondary]]",
        "2 primary fields",
    ),
    "crowded row": Slip(
        "[[back]]", "".join(extra("auxiliary", key) for key in "pqrs") + "[[back]]", "are 5 sec"
    ),
    "shared row": Slip(
        "[[back]]", f"{extra('auxiliary', 'p')}[[back]]", "shares its row", "warning"
    ),
    "unknown group": Slip("[[secondary]]", "[[middle]]", "'middle' means nothing"),
    "own change message": Slip(
        'value = "{holder}"',
        'value = "{holder}"\nchangeMessage = "%@"',
        "'changeMessage' means nothing",
    ),
    "%@ in a value": Slip('"{holder}"', '"{holder} %@"', "%@ would be read", "warning"),
    "value and text": Slip(
        'text = "how_it_works"', 'text = "how_it_works"\nvalue = "x"', "both or neither"
    ),
    "neither": Slip('text = "how_it_works"', "", "both or neither"),
    "a link nowhere": Slip('link = "card_link"', 'link = "holder"', "nothing to link to"),
    "a link in front": Slip(
        'value = "{news}"', 'value = "{news}"\ndetect = ["phone"]', "Only the back has links"
    ),
    "odd detector": Slip('"address", "phone"', '"street", "phone"', "what to find"),
    "aligned back": Slip('key = "told"', 'key = "told"\nalign = "left"', "cannot be aligned"),
    "odd alignment": Slip('"{holder}"', '"{holder}"\nalign = "middle"', "no alignment"),
    "each of what": Slip('each = "coupon"', 'each = "stamp"', "cannot stand once for each"),
    "a coupon's fact": Slip('"{points}"', '"{coupon_name}"', 'need each = "coupon"'),
    "odd key": Slip('key = "told"', 'key = "Told You"', "no good key"),
    "a number": Slip('value = "{points}"', "value = 7", "no text"),
    "no label": Slip('label = "member"', "", "has no label", "warning"),
    "barcode": Slip('barcode = "qr"', 'barcode = "ean"', "no kind of code"),
    "language": Slip('language = "en"', 'language = "de"', "there is no de.toml"),
    "sharing": Slip("sharing = false", 'sharing = "no"', "neither true nor false"),
    "stamps": Slip("of = 10", "of = 0", "from 1 to 50"),
    "no stamps": Slip("[stamps]\nof = 10", "", "does not count any"),
    "fewer stamps": Slip("of = 10", "of = 9", "would never fill: n10"),
    "website": Slip("https://kielo.example/", "kielo.example", "not a whole address"),
    "contrast": Slip("#f7f1e3", "#2f6d4a", "contrast"),
    "pale": Slip("#c9dcc0", "#7d9d8c", "contrast", "warning"),
    "no card link": Slip('link = "card_link"', 'link = "website"', "own card page", "warning"),
    "no log": Slip('value = "{all_news}"', 'value = "{points}"', "told before", "warning"),
    "empty words": Slip('"Leimat"', '" "', "no text", file="fi.toml"),
    "a placeholder": Slip('"Leimat"', '"%@ leimaa"', "%@ would be read", "warning", "fi.toml"),
    "a fact in a label": Slip('"Leimat"', '"{stamps}"', "hold no facts", "warning", "fi.toml"),
    "until when": Slip("{date} asti", "vielä", "last day has no place", file="fi.toml"),
    "odd alt text": Slip("{stamps}/", "{stomps}/", "no fact {stomps}", file="fi.toml"),
    "no alt text": Slip("picture = ", "pictura = ", "en.toml has it", file="fi.toml"),
    "long label": Slip(
        '"Leimat"', '"Tähän mennessä kerätyt leimasi"', "too long", "warning", "fi.toml"
    ),
    "half a stamp": Slip(
        'n3"><use class="filled"',
        'n3"><use class="full"',
        "Stamp 3 has no filled",
        file="strip.svg",
    ),
    "words in art": Slip("</svg>", "<text>K</text></svg>", "into paths", file="strip.svg"),
    "square strip": Slip("0 0 375 144", "0 0 144 144", "375 × 144", "warning", "strip.svg"),
    "oblong icon": Slip("0 0 64 64", "0 0 64 32", "square", "warning", "icon.svg"),
}


@pytest.mark.parametrize("slip", SLIPS.values(), ids=list(SLIPS))
def test_a_slip_has_its_sentence(kielo_files: Files, slip: Slip) -> None:
    issues = check(changed(kielo_files, slip.file, (slip.was, slip.became)))
    found = next(issue for issue in issues if slip.words in str(issue))

    assert found.severity == slip.severity
    assert found.where.split(",")[0] in kielo_files
    assert found.mend.endswith((".", "!"))
    assert "invalid" not in str(found).lower()


def test_the_news_stands_once(kielo_files: Files) -> None:
    twice = changed(
        kielo_files,
        "design.toml",
        ('key = "told"', 'key = "news"'),
        ('value = "{all_news}"', 'value = "{news}"'),
    )
    never = changed(
        kielo_files,
        "design.toml",
        ('value = "{news}"', 'value = "{points}"'),
        ('key = "news" ', 'key = "olds" '),
    )

    assert one(check(twice), "news stands 2 times").is_error
    assert one(check(never), "news stands nowhere").is_error


def test_somebody_can_be_asked(kielo_files: Files) -> None:
    nobody = changed(kielo_files, "design.toml", ("email =", "#"), ('phone = "', '# "'))
    unsaid = changed(
        kielo_files,
        "design.toml",
        ("{address}\n{phone}\n{email}", "{code}"),
        ('link = "website"', 'link = "card_link"'),
    )

    assert one(check(nobody), "Nobody can be asked").is_error
    assert one(check(unsaid), "whom to ask").is_error


def test_a_file_that_cannot_be_read_says_where(kielo_files: Files) -> None:
    issues = check({**kielo_files, "design.toml": b"a = \n", "fi.toml": b"a = '\xff'"})

    assert one(issues, "not TOML: a wrong value").where == "design.toml, line 1, column 5"
    assert one(issues, "not UTF-8 (byte 5)").where == "fi.toml"


def test_pictures_have_apples_names_sizes_and_weights(kielo_files: Files) -> None:
    icons = {name: kielo_files[name] for name in kielo_files if name != "icon.svg"}
    icons |= {"icon.png": png(38, 38), "icon@3x.png": png(38, 38)}
    logos = {**kielo_files, "logo.png": b"GIF89a", "logo@2x.png": png(320, 100) + bytes(1_000_000)}

    assert one(check(icons), "icon@2x.png", "size is missing").severity == "warning"
    assert one(check(icons), "icon@3x.png", "blurred").severity == "warning"
    assert one(check({**icons, "icon@2x.png": png(800, 800)}), "76 × 76 are shown")
    assert one(check(logos), "logo.png", "no PNG").is_error
    assert one(check(logos), "logo.svg", "Keep one").severity == "warning"
    assert one(check(logos), "logo@2x.png", "weighs 1000 kB").is_error
    del kielo_files["logo.svg"]
    assert one(check(kielo_files), "There is no logo").severity == "warning"


def png(width: int, height: int) -> bytes:
    sides = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + sides
