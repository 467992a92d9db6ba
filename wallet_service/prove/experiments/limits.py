"""Limits: how fast one card may go holds when many ask at the same moment, too."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from wallet_service import clock
from wallet_service.prove.asking import Call
from wallet_service.prove.counted import Counted, tally
from wallet_service.prove.invariant import Invariant
from wallet_service.prove.shop import Card, Key, Shop

# As `programme.toml` says.
A_MINUTE = 4
A_DAY = 6
_ZONE = ZoneInfo("Europe/Helsinki")
_TILLS = 20


def too_fast(shop: Shop) -> list[Invariant]:
    """Many tills stamp one card within the same minute; then others, minutes apart on one day."""
    counted = Counted()
    for _ in range(shop.scale.rounds):
        now = clock.now()
        card = shop.card(Key.HURRIED)
        within = [_stamp(shop, card, now) for _ in range(_TILLS)]
        _look_at(counted, shop, within, A_MINUTE, "a minute")
        other = shop.card(Key.HURRIED)
        begin = _on_one_day(now)
        apart = [
            _stamp(shop, other, begin + timedelta(minutes=2 * place)) for place in range(_TILLS)
        ]
        _look_at(counted, shop, apart, A_DAY, "a day")
    return counted.invariants()


def _look_at(counted: Counted, shop: Shop, calls: list[Call], most: int, time: str) -> None:
    answers = shop.at_once(calls)
    codes = tally(answers)
    counted.add(f"taken within {time}", wanted=most, seen=codes["ok"], of=len(calls))
    counted.add(
        f"refused with too_fast within {time}",
        wanted=len(calls) - most,
        seen=codes["too_fast"],
        of=len(calls),
    )
    counted.answers(answers, ("ok", "too_fast"))


def _stamp(shop: Shop, card: Card, at: datetime) -> Call:
    call = shop.stamp(card, shop.name("stamp"))
    return shop.to_post(card.key, "/stamps", {**call.body, "occurred_at": clock.written(at)})


def _on_one_day(now: datetime) -> datetime:
    """Far enough back for every till, and all of them on the same day of the shop."""
    back = timedelta(hours=1 if now.astimezone(_ZONE).hour >= 2 else 3)
    return now - back
