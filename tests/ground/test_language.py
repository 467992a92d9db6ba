"""Sentences: in whom they are said is chosen late, and a value is never read as a place."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet_service.language import (
    LANGUAGES,
    Day,
    Money,
    Phrase,
    Piece,
    Words,
    day,
    in_words,
    moment,
    money,
    phrase,
    phrases,
    spoken_in,
    verbatim,
)


def plain(text: str) -> str:
    """With ordinary spaces: which kind a language wants is its own matter."""
    return text.replace("\xa0", " ").replace("\u202f", " ")


def test_places_are_filled_by_name() -> None:
    said = phrase("{have} of {of} stamps", have=7, of=10)
    assert said.say("en") == "7 of 10 stamps"


@pytest.mark.parametrize(("n", "sentence"), [(0, "0 stamps"), (1, "1 stamp"), (2, "2 stamps")])
def test_one_and_many_differ(n: int, sentence: str) -> None:
    assert phrases("{n} stamp", "{n} stamps", n).say("en") == sentence


def test_a_brace_or_a_percent_sign_in_a_name_means_nothing() -> None:
    said = phrase("Hello {name} from {shop}", name="{shop} %s {0} }{", shop="Kielo")
    assert said.say("en") == "Hello {shop} %s {0} }{ from Kielo"


def test_a_place_that_nothing_fills_stays_as_it_is() -> None:
    assert phrase("Hello {name}, {").say("en") == "Hello {name}, {"


@given(st.text(), st.text())
def test_whatever_a_value_holds_it_arrives_as_it_is(one: str, two: str) -> None:
    assert phrase("{one}|{two}", one=one, two=two).say("en") == f"{one}|{two}"


def test_a_phrase_inside_a_phrase_is_said_in_the_same_language() -> None:
    said = phrase("{money} until {day}", money=Money(amount=1250, currency="EUR"),
                  day=Day(date=date(2026, 12, 24)))  # fmt: skip
    assert plain(said.say("en")) == "12.50 € until 24 December 2026"
    assert "12,50 €" in plain(said.say("fi"))
    assert "24. joulukuuta 2026" in said.say("fi")
    assert "24 december 2026" in said.say("sv")


def test_every_kind_of_part_comes_back_from_json_as_it_went() -> None:
    said = phrases(
        "{n} more and {what} is yours until {day}: {money}. {shop}",
        "{n} more and {what} are yours until {day}: {money}. {shop}",
        3,
        what=Words(words={"en": "a bouquet of {n}", "fi": "kimppu"}, parts={"n": 5}),
        day=Day(date=date(2026, 12, 24)),
        money=Money(amount=-5, currency="EUR"),
        shop=verbatim("Kielo {n}"),
    )
    revived = Phrase.from_json(said.as_json())
    assert revived == said
    assert revived.in_all() == said.in_all()


@pytest.mark.parametrize("rubbish", ["{}", "[]", "3", '{"text": 3}', '"words"', '{"day": "x"}'])
def test_json_that_is_no_phrase_is_refused(rubbish: str) -> None:
    with pytest.raises(ValueError):
        Phrase.from_json(rubbish)


def test_an_unknown_language_is_answered_in_english() -> None:
    assert phrase("Good morning").say("tlh") == "Good morning"


@pytest.mark.parametrize(
    ("written", "hers", "brands", "read"),
    [
        ("en fi sv", "sv", "fi", "sv"),  # hers, where the shop wrote it
        ("en fi", "sv", "fi", "fi"),  # else the brand's, and not English
        ("en fi", "sv", "en", "en"),
        ("en sv", "fi", "fi", "en"),  # else any there is
        ("fi", "sv", "sv", "fi"),
        ("fi", "en", "en", "fi"),
        ("de", "sv", "fi", "de"),
    ],
)
def test_the_shops_words_are_read_in_her_language_else_the_brands_else_any(
    written: str, hers: str, brands: str, read: str
) -> None:
    words = {language: f"Kimppu ({language})" for language in written.split()}
    assert spoken_in(words, hers, brands) == read
    assert in_words(words, hers, brands) == f"Kimppu ({read})"
    assert Words(words=words, fallback=brands).say(hers) == f"Kimppu ({read})"


def test_words_that_nobody_wrote_are_no_words() -> None:
    assert in_words({}, "en", "fi") == ""
    assert in_words({"fi": ""}, "fi", "fi") == ""
    assert Words(words={}).pieces("sv") == ()


LEFT = Words(
    words={"fi": "{left} jäljellä, niin kimppu on meiltä."},
    parts={"left": phrase("three")},
    fallback="fi",
)


def test_what_stands_in_the_shops_sentence_speaks_the_sentences_language() -> None:
    assert LEFT.say("sv") == LEFT.say("fi") == "Kolme jäljellä, niin kimppu on meiltä."


def test_each_word_of_a_sentence_knows_its_language() -> None:
    said = phrase("{have} of {of}. {rest}", have=7, of=10, rest=LEFT)
    assert said.pieces("sv") == (
        Piece("7 av 10. ", "sv"),
        Piece("Kolme jäljellä, niin kimppu on meiltä.", "fi"),
    )
    assert said.pieces("fi") == (Piece(said.say("fi"), "fi"),)
    assert [piece.language for piece in said.pieces("tlh")] == ["en", "fi"]


def test_what_was_kept_before_brands_had_a_say_is_read_as_it_was() -> None:
    old = '{"words": {"en": "A bouquet", "fi": "Kimppu"}, "parts": {}}'
    kept = f'{{"text": "{{words}}", "plural": null, "count": 1, "parts": {{"words": {old}}}}}'
    assert Phrase.from_json(kept).say("sv") == "A bouquet"

    fresh = phrase("{words}", words=Words(words={"en": "A bouquet", "fi": "Kimppu"}, fallback="fi"))
    assert Phrase.from_json(fresh.as_json()).say("sv") == "Kimppu"


def test_words_that_begin_with_a_place_begin_with_a_capital() -> None:
    words = Words(words={"en": "{gift} is on us."}, parts={"gift": "a bouquet"})
    assert words.say("en") == "A bouquet is on us."


@pytest.mark.parametrize(
    ("amount", "currency", "english", "finnish"),
    [
        (1250, "EUR", "12.50 €", "12,50 €"),
        (500, "EUR", "5 €", "5 €"),
        (-500, "EUR", "-5 €", "-5 €"),
        (0, "EUR", "0 €", "0 €"),
        (123456789, "EUR", "1,234,567.89 €", "1 234 567,89 €"),
    ],
)
def test_money_is_written_as_people_of_a_language_write_it(
    amount: int, currency: str, english: str, finnish: str
) -> None:
    assert plain(money(amount, currency, "en")) == english
    assert plain(money(amount, currency, "fi")) == finnish


def test_days_and_moments_are_local() -> None:
    late = datetime(2026, 12, 23, 23, 30, tzinfo=ZoneInfo("UTC"))
    assert day(date(2026, 12, 24), "en") == "24 December 2026"
    assert moment(late, "Europe/Helsinki", "en") == "24 Dec 01:30"


def test_every_language_can_say_everything() -> None:
    said = phrase("{day}", day=Day(date=date(2026, 1, 1)))
    assert set(said.in_all()) == set(LANGUAGES)
