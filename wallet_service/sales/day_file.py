"""A day file: sales as a till exports them, a CSV with a header, read and checked whole. Pure.

Rows of one `sale_id` are the lines of one sale. What cannot be read is named with its line; the
rest stands.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from wallet_service.brands import Location
from wallet_service.programme.earn import Goods
from wallet_service.sales import day_cells
from wallet_service.sales.day_cells import BadCell
from wallet_service.sales.told import AMOUNT_MAX, LINES_MAX, Sale

SIZE_MAX = 32 * 1024 * 1024
ROWS_MAX = 200_000
CELL_LENGTH_MAX = 200
OF_A_SALE = ("code", "member", "occurred_at", "amount", "currency", "location", "till", "staff")
OF_A_LINE = ("product", "category", "quantity", "price")
COLUMNS = ("sale_id", *OF_A_SALE, *OF_A_LINE)


class BadFile(Exception):
    """The file as a whole cannot be read; the message is one whole sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong in a line of the file, as a sentence."""

    line: int
    say: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A sale, and where it stands in the file and in the world."""

    line: int
    sale: Sale
    location_id: str | None
    till: str | None
    staff: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFile:
    """What a file says: its sales in their order, its faults, and the columns it has besides."""

    sales: tuple[Told, ...]
    faults: tuple[Fault, ...]
    ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """What a file leaves out: the currency, the clock, and its places by name."""

    currency: str
    zone: ZoneInfo
    places: Mapping[str, Location] = field(default_factory=dict)  # by their names, casefolded

    def place(self, name: str) -> Location | None:
        """Raises BadCell."""
        if not name:
            return None
        found = self.places.get(name.casefold())
        if found is None:
            raise BadCell(f"There is no shop “{name}”.")
        return found


def read(raw: bytes, shop: Shop) -> DayFile:
    """Read a whole file. Raises BadFile."""
    if len(raw) > SIZE_MAX:
        raise BadFile(f"The file is larger than {SIZE_MAX // 1024 // 1024} MB; split it.")
    rows = _rows(_text(raw))
    try:
        _, header = next(rows)
    except StopIteration:
        raise BadFile("The file is empty; its first line must name the columns.") from None
    columns = [name.strip().casefold().replace(" ", "_") for name in header]
    _check(columns)
    sales: dict[str, list[tuple[int, dict[str, str]]]] = {}
    faults: list[Fault] = []
    broken: set[str] = set()
    for line, cells in rows:
        try:
            row = _row(columns, cells)
        except BadCell as bad:
            faults.append(Fault(line=line, say=str(bad)))
            # It may be a line of a sale that can be read: half a sale is not told.
            sales.pop(named := _named(columns, cells), None)
            broken.add(named)
        else:
            sales.setdefault(row["sale_id"], []).append((line, row))
    told: list[Told] = []
    for sale_id, of_sale in sales.items():
        if sale_id in broken:
            continue
        try:
            told.append(_told(of_sale, shop))
        except _BadRow as bad_row:
            faults.append(bad_row.fault)
    return DayFile(
        sales=tuple(told),
        faults=tuple(sorted(faults, key=lambda fault: fault.line)),
        ignored=tuple(name for name in columns if name and name not in COLUMNS),
    )


class _BadRow(Exception):
    def __init__(self, line: int, say: str) -> None:
        self.fault = Fault(line=line, say=say)


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Windows programs of our countries write when they do not write UTF-8.
        return raw.decode("cp1252", errors="replace")


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, with the number of its first line."""
    first = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(";\t,", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line, rows = 1, 0
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            raise BadFile(f"Line {line} is no CSV; is a quotation mark open?") from None
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            rows += 1
            if rows > ROWS_MAX:
                raise BadFile(f"The file has more than {ROWS_MAX} rows; split it.")
            yield line, cells
        line = reader.line_num + 1


def _check(columns: Sequence[str]) -> None:
    known = [name for name in columns if name in COLUMNS]
    if twice := next((name for name in known if known.count(name) > 1), None):
        raise BadFile(f"The column {twice} stands in the first line twice.")
    for needed in (("sale_id",), ("occurred_at",), ("code", "member"), ("amount", "price")):
        if not any(name in columns for name in needed):
            raise BadFile(f"The first line names no column {' or '.join(needed)}.")


def _row(columns: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        raise BadCell("There are more cells than columns; is a decimal comma not in quotes?")
    row = dict.fromkeys(COLUMNS, "")
    for name, cell in zip(columns, cells, strict=False):
        if name not in row:
            continue
        row[name] = cell.strip()
        if len(row[name]) > CELL_LENGTH_MAX or not (row[name].isprintable() or not row[name]):
            raise BadCell(f"The cell {name} is too long, or holds what cannot be printed.")
    if not row["sale_id"]:
        raise BadCell("The sale_id is missing.")
    return row


def _named(columns: Sequence[str], cells: Sequence[str]) -> str:
    place = columns.index("sale_id")
    return cells[place].strip() if place < len(cells) else ""


def _told(rows: list[tuple[int, dict[str, str]]], shop: Shop) -> Told:
    """The sale of some rows. Raises _BadRow."""
    first_line, first = rows[0]
    goods: list[Goods] = []
    at = first_line
    if len(rows) > LINES_MAX:
        raise _BadRow(first_line, f"The sale has more than {LINES_MAX} lines.")
    try:
        currency = first["currency"].upper() or shop.currency
        for line, row in rows:
            at = line
            for name in OF_A_SALE:
                if row[name] and row[name] != first[name]:
                    raise BadCell(
                        f"The {name} is another than in line {first_line}, of the same sale."
                    )
            if any(row[name] for name in OF_A_LINE):
                goods.append(_goods(row, currency))
            elif line != first_line:
                raise BadCell(f"The sale stands in line {first_line} already.")
        at = first_line
        return _sale(first, goods, currency, shop, first_line)
    except BadCell as bad:
        raise _BadRow(at, str(bad)) from None


def _sale(
    first: Mapping[str, str], goods: Sequence[Goods], currency: str, shop: Shop, line: int
) -> Told:
    place = shop.place(first["location"])
    if not first["code"] and not first["member"]:
        raise BadCell("Neither a code nor a member says whose sale it is.")
    if not first["occurred_at"]:
        raise BadCell("The occurred_at is missing.")
    if not goods and not first["amount"]:
        raise BadCell("There is neither an amount nor a price.")
    if len(currency) != 3 or not currency.isascii() or not currency.isalpha():
        raise BadCell(f"“{currency}” is no currency; write it as EUR.")
    total = sum(each.quantity * each.price for each in goods)
    amount = day_cells.money(first["amount"], currency) if first["amount"] else None
    if not 1 <= (total if amount is None else amount) <= AMOUNT_MAX:
        raise BadCell("The amount must be more than nothing, and not beyond what a till takes.")
    zone = place.zone(shop.zone) if place else shop.zone
    return Told(
        line=line,
        sale=Sale(
            sale_id=first["sale_id"],
            amount=amount,
            currency=currency,
            code=first["code"] or None,
            member_id=first["member"] or None,
            occurred_at=day_cells.moment(first["occurred_at"], zone),
            lines=tuple(goods),
        ),
        location_id=place.location_id if place else None,
        till=first["till"] or None,
        staff=first["staff"] or None,
    )


def _goods(row: Mapping[str, str], currency: str) -> Goods:
    if not row["price"]:
        raise BadCell("The line has no price.")
    return Goods(
        product=row["product"] or None,
        category=row["category"] or None,
        quantity=day_cells.count(row["quantity"]) if row["quantity"] else 1,
        price=day_cells.money(row["price"], currency),
    )
