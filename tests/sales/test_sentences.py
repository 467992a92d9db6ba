"""Every sentence of the florist fits the row that a pass has for it, in each language."""

from itertools import product
from pathlib import Path

import pytest

from wallet_service.language import LANGUAGES, Phrase, Words, phrase
from wallet_service.ledger import Balance
from wallet_service.programme import Earned, ruleset
from wallet_service.sales import sentences
from wallet_service.sales.sentences import Standing

RULES = ruleset.read(
    (Path(__file__).parents[2] / "templates/programmes/florist.toml").read_text(encoding="utf-8")
)
ROOM = 50
BOUQUET = Words(words=RULES.reward[0].name)


def standing(have: int, open_rewards: int = 0, lifetime: int = 1234) -> Standing:
    """Ten stamps are the full card, which is shown while its coupon waits."""
    available = 0 if have == 10 else have
    return Standing(
        rules=RULES,
        balances={
            "stamps": Balance(available=available, lifetime=lifetime),
            "points": Balance(available=lifetime),
        },
        open_rewards=max(open_rewards, 1) if have == 10 else open_rewards,
    )


def told(at: Standing) -> list[Phrase]:
    stamp = Earned(unit="stamps", amount=1, why=phrase("a stamp at the counter"))
    points = Earned(unit="points", amount=999, why=stamp.why)
    used = (BOUQUET, BOUQUET)
    return [
        sentences.state(at),
        sentences.to_say(at),
        sentences.after_use(at, BOUQUET),
        sentences.after_undo(at),
        *(
            sentences.after_sale(at, earned, brought=brought, used=used[:n])
            for earned, brought, n in product(([stamp], [points]), (0, 1, 2), (0, 1, 2))
        ),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("have", range(11))
def test_no_sentence_is_longer_than_its_row(have: int, language: str) -> None:
    for open_rewards in (0, 1, 2, 9):
        at = standing(have, open_rewards)
        for said in told(at):
            again = sentences.unlike(said, said.in_all(), at)
            assert len(said.say(language)) <= ROOM, said.say(language)
            assert len(again.say(language)) <= ROOM, again.say(language)
            assert again.say(language) != said.say(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_stamp_says_its_own_count_and_an_undo_something_else(language: str) -> None:
    stamped = [sentences.state(standing(have)).say(language) for have in range(11)]
    undone = [sentences.after_undo(standing(have)).say(language) for have in range(11)]
    assert len({*stamped, *undone}) == 22
    for have, (one, other) in enumerate(zip(stamped, undone, strict=True)):
        assert str(have) in one
        assert str(have) in other


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("brand", ["Kielo", "Vuokko", "Kukka & Co", "Blomsterhuset"])
def test_the_welcome_fits_too(brand: str, language: str) -> None:
    welcome = phrase("Welcome to {brand}. Show this when you pay.", brand=brand)
    assert len(welcome.say(language)) <= ROOM
