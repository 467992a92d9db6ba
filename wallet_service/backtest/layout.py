"""Layout: plain text for a terminal of eighty columns, three figures to a line. Pure."""

from collections.abc import Callable
from textwrap import wrap

from wallet_service.language import money

WIDTH = 80
_COLUMN = 15
_LABEL = WIDTH - 3 * _COLUMN

Say = Callable[[int], str]


def head(*cells: str) -> str:
    """The first line of a table."""
    return line(*cells, indent="")


def row(label: str, both: tuple[int, int], say: Say) -> str:
    """Two figures, and the difference."""
    before, after = both
    return line(label, say(before), say(after), signed(after - before, say))


def line(label: str, *cells: str, indent: str = "  ") -> str:
    """A label and its figures; below it, where it is too long to stand beside them."""
    label = f"{indent}{label}"
    figures = "".join(cell.rjust(_COLUMN) for cell in cells)
    if len(label) >= _LABEL:
        label = f"{label}\n".ljust(len(label) + 1 + _LABEL)
    return f"{label.ljust(_LABEL)}{figures}".rstrip()


def text(sentence: str) -> list[str]:
    """A sentence, in lines."""
    return wrap(sentence, WIDTH)


def item(sentence: str, mark: str = "") -> list[str]:
    """A sentence of a list, in lines."""
    return wrap(sentence, WIDTH, initial_indent=f"  {mark}", subsequent_indent="    ")


def plainly(amount: int) -> str:
    """A number."""
    return f"{amount:,}"


def money_of(currency: str) -> Say:
    """How amounts of this money are said."""
    return lambda amount: money(amount, currency, "en")


def signed(amount: int, say: Say) -> str:
    """A difference."""
    return f"+{say(amount)}" if amount > 0 else say(amount)


def counted(number: int, one: str, many: str) -> str:
    """So many of something."""
    return f"{number:,} {one if number == 1 else many}"
