"""Many tills at one card in the same moment, on both engines: each thing happens once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, TypeVar

from wallet_service.enrolment import Enrolled
from wallet_service.errors import Refusal
from wallet_service.programme import Stamps

T = TypeVar("T")


def at_once(times: int, act: Callable[[int], T]) -> list[T | Refusal]:
    """What each of `times` threads got, all of them let go together."""
    together = Barrier(times)

    def one(number: int) -> T | Refusal:
        together.wait(timeout=30)
        try:
            return act(number)
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(one, range(times)))


def test_one_sale_told_twelve_times_at_once_is_one(till: Any, aino: Enrolled) -> None:
    answers = at_once(12, lambda _: till.sale(aino, 1250, "r-17"))

    assert sorted(each.repeated for each in answers) == [False] + [True] * 11
    assert {each.entry for each in answers} == {1}
    assert till.scan(aino).balances["points"].lifetime == 12
    assert till.scan(aino).stamps == Stamps(have=1, of=10)
    assert till.books(aino) == ()


def test_twenty_four_stamps_at_once_are_twenty_four(till: Any, aino: Enrolled) -> None:
    answers = at_once(24, lambda number: till.stamp(aino, 1, f"s-{number}"))

    assert not any(isinstance(each, Refusal) for each in answers)
    seen = till.scan(aino)
    assert seen.balances["stamps"].lifetime == 24
    assert seen.balances["stamps"].available == 4
    assert len(seen.coupons) == 2
    assert sum(len(each.brought) for each in answers) == 2
    assert till.books(aino) == ()


def test_one_coupon_used_at_eight_tills_at_once_is_used_at_one(till: Any, aino: Enrolled) -> None:
    code = till.stamp(aino, 10).coupons[0].code

    answers = at_once(8, lambda number: till.use(code, f"r-{number}"))

    lost = [each for each in answers if isinstance(each, Refusal)]
    assert len(lost) == 7
    assert {each.code for each in lost} == {"already_redeemed"}
    assert till.books(aino) == ()


def test_the_tenth_stamp_told_with_its_undo_and_its_coupon_leaves_the_books_whole(
    till: Any, aino: Enrolled
) -> None:
    till.stamp(aino, 9)
    code = till.stamp(aino, 1, "tenth").coupons[0].code

    def act(number: int) -> Any:
        match number % 4:
            case 0:
                return till.undo("tenth")
            case 1:
                return till.use(code, f"r-{number}")
            case 2:
                return till.stamp(aino, 1, f"s-{number}")
            case _:
                return till.sale(aino, 700, f"sale-{number}", redeem=(code,))

    answers = at_once(12, act)

    codes = {each.code for each in answers if isinstance(each, Refusal)}
    assert codes <= {"already_redeemed", "coupon_void", "coupon_used"}
    used = [each for each in answers if getattr(each, "applied", ()) or hasattr(each, "coupon")]
    undone = [each for each in answers[0::4] if not isinstance(each, Refusal)]
    assert len(used) <= 1
    assert not (used and undone)
    assert till.scan(aino).balances["stamps"].available < 10
    assert till.books(aino) == ()


def test_one_id_for_two_different_sales_at_once_is_one_sale_and_one_conflict(
    till: Any, aino: Enrolled
) -> None:
    answers = at_once(2, lambda number: till.sale(aino, 1000 + number, "17"))

    [refusal] = [each for each in answers if isinstance(each, Refusal)]
    assert refusal.code == "idempotency_conflict"
    assert till.books(aino) == ()
