"""Differing: pure. Two values of one field as a sentence, and whether the new one is worse."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from wallet_service.language import Money, Phrase, phrase
from wallet_service.programme.part import Part

Say = Callable[[Any, str], "str | int | Money | Phrase"]
Worse = Callable[[Any, Any], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change in words, and whether a member may be worse off by it."""

    say: Phrase
    worsens: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a part: how it is called, how a value is said, and when it is worse."""

    name: str
    called: Phrase
    worse: Worse
    say: Say = lambda value, currency: value


def differing(
    where: Phrase, old: Part, new: Part, fields: Sequence[Field], currency: str
) -> Iterator[Change]:
    """One change a field that differs."""
    for field in fields:
        before, after = getattr(old, field.name), getattr(new, field.name)
        if before != after:
            yield Change(
                say=phrase(
                    "{where}: {what} is {new} instead of {old}.",
                    where=where,
                    what=field.called,
                    new=_said(field, after, currency),
                    old=_said(field, before, currency),
                ),
                worsens=field.worse(before, after),
            )


def _said(field: Field, value: Any, currency: str) -> "str | int | Money | Phrase":
    if value is None:
        return phrase("not set")
    if isinstance(value, bool):
        return phrase("on") if value else phrase("off")
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return field.say(value, currency)


def in_money(amount: int, currency: str) -> Money:
    return Money(amount=amount, currency=currency)


def in_percent(share: int, _: str) -> str:
    """Hundredths of a per cent: 250 is 2.5 %."""
    return f"{share / 100:g} %"


def never(_: Any, __: Any) -> bool:
    return False


def always(_: Any, __: Any) -> bool:
    return True


def if_less(old: Any, new: Any) -> bool:
    """Less is worse; what is not set has no bound."""
    return new is not None and (old is None or new < old)


def if_more(old: Any, new: Any) -> bool:
    """More is worse; what is not set is nothing."""
    return new is not None and (old is None or new > old)


def if_narrower(old: Any, new: Any) -> bool:
    """It is worse where something that fitted no longer does; what is not set fits everything."""
    return new is not None and (old is None or not set(old) <= set(new))


def if_off(old: Any, new: Any) -> bool:
    """It is worse to be without it."""
    return bool(old) and not new
