"""Which rules a running card keeps: pure. The better card wins, unless the owner said otherwise."""

from dataclasses import replace

from wallet_service.programme.versions import Version


def running(current: Version, begun: Version | None) -> Version:
    """The version that a card begun under `begun` goes on with, now that `current` holds.

    A card that would need more stamps than when it was begun keeps the size, and the rewards, of
    its beginning; everything else is as the current rules say. Not where the owner turned
    `changes_never_worsen` off, or said at an apply since then that running cards follow.
    """
    if begun is None or begun.version >= current.version:
        return current
    if current.also_running or begun.version < current.followed_from:
        return current
    new, old = current.rules, begun.rules
    if not new.loyal.changes_never_worsen or new.stamps is None or old.stamps is None:
        return current
    if old.stamps.card >= new.stamps.card:
        return current
    of_stamps = [each for each in old.reward if each.unit == "stamps"]
    others = [each for each in new.reward if each.unit != "stamps"]
    card = new.stamps.model_copy(update={"card": old.stamps.card})
    return replace(
        current,
        rules=new.model_copy(update={"stamps": card, "reward": [*of_stamps, *others]}),
    )
