"""What each starter is made of is whole, and becomes the shop's own."""

import re
import tomllib
from pathlib import Path

import pytest
from shell import Shell

from passes import check
from wallet_service.language import LANGUAGES
from wallet_service.ledger import Balance
from wallet_service.programme import earn, ruleset
from wallet_service.sales import sentences
from wallet_service.sales.sentences import Standing
from wallet_service.shipped import shipped
from wallet_service.starting import STARTERS, Shop, _files, _renaming

KINDS = ("florist", "restaurant", "hotel", "dealer")
_FIFTY = 50  # what a pass has room for


def rules_of(kind: str) -> ruleset.Ruleset:
    file = shipped("templates", "programmes", STARTERS[kind].programme)
    return ruleset.read(file.read_text(encoding="utf-8"))


def test_there_is_a_starter_for_each_kind_of_shop() -> None:
    assert tuple(STARTERS) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_in_a_starter_is_left_to_mend(kind: str, shell: Shell) -> None:
    design = STARTERS[kind].design
    assert shell.well("programme", "check", kind) == f"{kind}: nothing to mend.\n"
    assert check.check(shipped("templates", "designs", design)) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_starter_speaks_every_language_of_the_service(kind: str) -> None:
    rules = rules_of(kind)
    assert sorted(rules.languages) == sorted(LANGUAGES)
    assert {*rules.consents} == {"pass", "email", "sms", "web_push"}
    folder = shipped("templates", "designs", STARTERS[kind].design)
    assert {each.stem for each in folder.glob("??.toml")} == {*LANGUAGES}


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_the_invented_name_is_left_in_a_shop_of_its_own(kind: str) -> None:
    invented = STARTERS[kind].name
    shop = Shop(name="Vuokko", contact_email="hei@vuokko.example", starter=kind)
    renamed = _renaming(shop, "vuokko", invented)
    toml = renamed(shipped("templates", "programmes", STARTERS[kind].programme).read_text())
    assert ruleset.read(toml).key == "vuokko"
    assert invented not in toml
    files = _files(shipped("templates", "designs", STARTERS[kind].design), renamed)
    for name, content in files.items():
        if name.endswith(".toml"):
            said = tomllib.loads(content.decode())
            assert invented.lower() not in str(said).lower().replace("hei@vuokko", ""), name


@pytest.mark.parametrize("kind", KINDS)
def test_the_sentences_of_a_starter_fit_the_row_of_a_pass(kind: str) -> None:
    rules = rules_of(kind)
    standing = Standing(
        rules=rules,
        balances={
            unit: Balance(
                available=1_280, pending=480 if unit in rules.pending else 0, lifetime=1_760
            )
            if unit != "stamps"
            else Balance(available=4, lifetime=4)
            for unit in rules.units
        },
        open_rewards=0,
    )
    given = earn.earn(rules, earn.Purchase(amount=24_000)).earned
    said = [
        sentences.after_sale(standing, given, brought=0, used=()),
        sentences.to_say(standing),
        *(sentences.after_use(standing, rules.words(each.name)) for each in rules.reward),
    ]
    for language in LANGUAGES:
        for each in said:
            assert len(re.sub(r"\s", " ", each.say(language))) <= _FIFTY + 5, each.say(language)


def test_a_starter_that_is_none_is_a_sentence(shell: Shell) -> None:
    said = "There is no starter bakery. There are: florist, restaurant, hotel, dealer."
    assert shell.badly("init", "--starter", "bakery") == said
    assert not (shell.folder / "config.toml").exists()
    shell.well("init", "--starter", "hotel")
    more = ("--email", "hei@rosa.example", "--starter", "bakery")
    assert shell.badly("brand", "add", "Rosa", *more) == said


def test_a_brand_with_dealers_opens_with_all_of_them(shell: Shell) -> None:
    places = [word for name in ("Tampere", "Turku", "Oulu") for word in ("--location", name)]
    shell.well(
        "init", "--starter", "dealer", "--name", "Rosa", "--address", "Kauppakatu 1", *places
    )
    listed = shell.well("location", "list").splitlines()
    assert sorted(each.split("  ")[0] for each in listed) == ["Oulu", "Tampere", "Turku"]
    assert next(each for each in listed if "Kauppakatu 1" in each).startswith("Tampere")
    shown = shell.well("programme", "show")
    assert shown.startswith("# The programme of a brand with dealers")
    assert 'key = "rosa"' in shown
    assert (Path(shell.folder) / "designs" / "rosa" / "strip.svg").is_file()


def test_a_name_of_several_words_stands_in_each_language_as_it_is_written_there(
    shell: Shell,
) -> None:
    shell.well("init", "--starter", "restaurant", "--name", "Kahvila Meri")
    shown = shell.well("programme", "show")
    for name in ("Kahvila Meri card", "Kahvila Meri -kortti", "Kahvila Meri-kort"):
        assert f'"{name}"' in shown
