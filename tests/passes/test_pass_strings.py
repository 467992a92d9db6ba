"""pass.strings, read back by a small reader of the format."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from passes.apple import strings
from passes.design import Design

_LINE = re.compile(r'"((?:[^"\\]|\\.)*)" = "((?:[^"\\]|\\.)*)";\n')
_ESCAPE = re.compile(r"\\(U[0-9a-f]{4}|.)")
_MEANING = {"n": "\n", "r": "\r", "t": "\t"}


def read(content: bytes) -> dict[str, str]:
    def plain(text: str) -> str:
        return _ESCAPE.sub(
            lambda found: (
                chr(int(found[1][1:], 16))
                if len(found[1]) == 5
                else _MEANING.get(found[1], found[1])
            ),
            text,
        )

    text = content.decode()
    assert _LINE.sub("", text) == ""
    return {plain(key): plain(value) for key, value in _LINE.findall(text)}


@given(
    st.dictionaries(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")))
)
def test_any_words_come_back_as_they_were(words: dict[str, str]) -> None:
    assert read(strings.write(words)) == words


def test_lines_are_sorted_and_there_is_no_byte_order_mark() -> None:
    written = strings.write({"b": 'say "hei"', "a": "ä\n🌷"})

    assert written == '"a" = "ä\\n🌷";\n"b" = "say \\"hei\\"";\n'.encode()


def test_every_language_has_the_same_keys_and_its_own_words(kielo: Design) -> None:
    files = strings.files(kielo.plan)
    english, finnish, swedish = (
        read(files[f"{language}.lproj/pass.strings"]) for language in ("en", "fi", "sv")
    )

    assert english.keys() == finnish.keys() == swedish.keys()
    assert (english["text.stamps"], finnish["text.stamps"], swedish["text.stamps"]) == (
        "Stamps",
        "Leimat",
        "Stämplar",
    )
    assert all(word.strip() for words in (english, finnish, swedish) for word in words.values())
