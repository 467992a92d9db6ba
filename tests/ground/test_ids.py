"""Ids sort by the time they were made, and no two are the same."""

import itertools
import string
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import ModuleType

from wallet_service import ids


def test_later_ids_sort_behind_earlier_ones(driven_clock: ModuleType) -> None:
    made = []
    for _ in range(200):
        made.append(ids.new_id())
        driven_clock.advance(timedelta(milliseconds=1))
    assert made == sorted(made)


def test_ids_of_one_millisecond_keep_their_order(driven_clock: ModuleType) -> None:
    made = [ids.new_id() for _ in range(1000)]
    assert made == sorted(set(made))


def test_ids_stay_unique_when_many_threads_make_them() -> None:
    with ThreadPoolExecutor(8) as pool:
        batches = pool.map(lambda _: [ids.new_id() for _ in range(500)], range(8))
    made = list(itertools.chain.from_iterable(batches))
    assert len(set(made)) == 4000


def test_an_id_is_twenty_characters_that_can_be_read_aloud() -> None:
    allowed = set(string.digits + string.ascii_lowercase) - set("ilou")
    made = ids.new_id()
    assert len(made) == 20
    assert set(made) <= allowed


def test_random_text_uses_the_whole_alphabet_and_no_more() -> None:
    seen = set(ids.random_text(4000))
    assert seen == set(ids.ALPHABET)
    assert len(ids.ALPHABET) == 32
    assert not seen & set("ILOU")


def test_base32_fills_up_from_the_left() -> None:
    assert ids.base32(0, 3) == "000"
    assert ids.base32(33, 3) == "011"
    assert ids.base32(31, 1) == "Z"
