"""How many stamps a card shows: decided here once, for the till, the API and every pass."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamps:
    """So many of so many."""

    have: int
    of: int


def card_face(available: int, of: int, open_reward: bool) -> Stamps:
    """What a card shows for `available` stamps.

    The tenth stamp becomes a coupon at once, so the books say 0; yet whoever has just filled a
    card wants to see it full. It shows full until the next stamp, or until the coupon is used.
    """
    if available == 0 and open_reward:
        return Stamps(have=of, of=of)
    return Stamps(have=max(0, min(available, of)), of=of)
