"""Every sentence is there in Finnish and Swedish, and the catalogues are what the code says."""

import gettext
import importlib.machinery
import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from wallet_service.language import TRANSLATIONS, phrase, phrases

ROOT = Path(__file__).parents[2]
LANGUAGES = ("fi", "sv")
PLACES = re.compile(r"%\(\w+\)s|\{\w+\}")


@pytest.fixture(scope="module")
def gathering() -> ModuleType:
    """`.ci/translations`, which has no suffix."""
    loader = importlib.machinery.SourceFileLoader(
        "translations", str(ROOT / ".ci" / "translations")
    )
    spec = importlib.util.spec_from_loader("translations", loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def test_every_sentence_of_code_and_pages_is_translated(gathering: ModuleType) -> None:
    assert gathering.missing() == []


def test_the_catalogues_are_what_make_translations_would_write(gathering: ModuleType) -> None:
    stale = [
        str(path.relative_to(ROOT))
        for path, content in gathering.files().items()
        if not path.exists() or path.read_bytes() != content
    ]
    assert stale == [], "run `make translations`"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_places_of_its_sentence(gathering: ModuleType, language: str) -> None:
    wrong = []
    for message in gathering.catalogue(language, gathering.template()):
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        known = {place for each in ids for place in PLACES.findall(each)}
        needed = set(PLACES.findall(ids[-1]))
        for said in strings:
            places = set(PLACES.findall(said))
            # A singular may say "one card" instead of its number, in whichever language.
            if not places <= known or (said is strings[-1] and places != needed):
                wrong.append((message.id, said))
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_shouts(gathering: ModuleType, language: str) -> None:
    catalogue = gathering.catalogue(language, gathering.template())
    said = [
        each
        for message in catalogue
        if message.id
        for each in (message.string if isinstance(message.string, tuple) else (message.string,))
    ]
    assert [each for each in said if "!" in each or "  " in each or each != each.strip()] == []


def test_members_are_greeted_in_their_own_language() -> None:
    welcome = phrase("Welcome to {brand}. Show this when you pay.", brand="Kielo").in_all()
    assert len(set(welcome.values())) == 3
    assert all("Kielo" in sentence for sentence in welcome.values())


@pytest.mark.parametrize(
    ("n", "finnish", "swedish"),
    [
        (0, "0 leimaa", "0 stämplar"),
        (1, "1 leima", "1 stämpel"),
        (2, "2 leimaa", "2 stämplar"),
        (21, "21 leimaa", "21 stämplar"),
    ],
)
def test_one_and_many_are_right_in_each_language(n: int, finnish: str, swedish: str) -> None:
    stamps = phrases("{n} stamp", "{n} stamps", n)
    assert (stamps.say("fi"), stamps.say("sv")) == (finnish, swedish)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_can_be_read(language: str) -> None:
    assert gettext.translation("messages", TRANSLATIONS, [language]).gettext("Stamps") != "Stamps"
