"""Reading a pass.strings file: `"key" = "text";`, in UTF-8 or UTF-16."""

import codecs
import re

_TOKEN = re.compile(r'\s+|/\*.*?\*/|//[^\n]*|"(?P<text>(?:[^"\\]|\\.)*)"|(?P<mark>[=;])', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:[Uu]([0-9A-Fa-f]{4})|(.))", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


class BadStrings(Exception):
    """The strings file cannot be read; the message says why."""


def parse(file: bytes) -> dict[str, str]:
    """Key → text. Raises BadStrings."""
    tokens = _tokens(_decoded(file))
    if len(tokens) % 4:
        raise BadStrings('a line is not of the form "key" = "text";')
    texts = {}
    for at in range(0, len(tokens), 4):
        key, equals, text, end = tokens[at : at + 4]
        if (key[0], equals, text[0], end) != ('"', "=", '"', ";"):
            raise BadStrings('a line is not of the form "key" = "text";')
        texts[key[1:]] = text[1:]
    return texts


def _decoded(file: bytes) -> str:
    encoding = "utf-8"
    if file.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif file.startswith(codecs.BOM_UTF8):
        # Apple's reader takes it; two others that people use do not.
        raise BadStrings("it begins with a byte order mark, which several wallets cannot read")
    try:
        return file.decode(encoding)
    except UnicodeDecodeError:
        raise BadStrings("it is neither UTF-8 nor UTF-16") from None


def _tokens(text: str) -> list[str]:
    """Marks as they are; quoted texts unescaped, with a quote before them to tell them apart."""
    tokens, at = [], 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise BadStrings(f"the character {text[at]!r} is out of place")
        at = found.end()
        if found["text"] is not None:
            tokens.append('"' + _ESCAPE.sub(_unescaped, found["text"]))
        elif found["mark"]:
            tokens.append(found["mark"])
    return tokens


def _unescaped(found: re.Match[str]) -> str:
    if found[1]:
        return chr(int(found[1], 16))
    return _ESCAPES.get(found[2], found[2])
