"""`wallet-service programme backtest`: a file's rules over the sales that were recorded."""

import csv
import json
import sys
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO

import click

from wallet_service import clock
from wallet_service.backtest import Report, Trial, ignore, run
from wallet_service.backtest.plain import head, plain, row
from wallet_service.backtest.verdict import Fate
from wallet_service.backtest.words import words
from wallet_service.cli import named, programme_file
from wallet_service.cli.options import opened, shop_options
from wallet_service.errors import StartError
from wallet_service.programme import ruleset
from wallet_service.sales.told import AMOUNT_MAX

_out = click.Path(dir_okay=False, path_type=Path)


@click.command()
@shop_options
@click.argument("file", type=_out)
@click.option(
    "--months",
    type=click.IntRange(1, 120),
    default=12,
    show_default=True,
    help="How many months of sales to look at.",
)
@click.option(
    "--worth",
    "worths",
    multiple=True,
    metavar="REWARD=AMOUNT",
    help="What a reward costs you, in the smallest unit of money: bouquet=2500.",
)
@click.option("--location", "location_name", help="Only the sales of this shop.")
@click.option(
    "--also-running-cards",
    "also_running",
    is_flag=True,
    help="As if cards that were running had followed the file's rules, dearer or not.",
)
@click.option("--json", "json_file", type=_out, help="Write the whole report to a JSON file, too.")
@click.option("--csv", "csv_file", type=_out, help="Write a row for each member to a CSV file.")
def backtest(
    config_file: Path | None,
    slug: str | None,
    file: Path,
    months: int,
    worths: tuple[str, ...],
    location_name: str | None,
    also_running: bool,
    json_file: Path | None,
    csv_file: Path | None,
) -> None:
    """Say what a file's rules would have given and cost; changes nothing."""
    toml = programme_file.read(file)
    if programme_file.has_faults(toml):
        sys.exit(1)
    with opened(config_file, slug) as (wallet, brand):
        rules = ruleset.read(toml, brand.language)
        with wallet.database.read() as connection:
            location = (
                named.place(connection, brand.brand_id, location_name) if location_name else None
            )
        trial = Trial(
            brand=brand,
            rules=rules,
            now=clock.now(),
            months=months,
            prices=dict(_worth(each) for each in worths),
            location=location,
            also_running=also_running,
        )
        with ExitStack() as closing:
            each = _Rows(csv_file, closing).add if csv_file is not None else ignore
            report = run(wallet.database, trial, each)
    click.echo(words(report, file.name), nl=False)
    if json_file is not None:
        text = json.dumps(plain(report, file.name), ensure_ascii=False, indent=2, sort_keys=True)
        with _opened(json_file) as out:
            out.write(text + "\n")


class _Rows:
    """A row for each member in a CSV file, which is made when the first one comes."""

    def __init__(self, file: Path, closing: ExitStack) -> None:
        self._file = file
        self._closing = closing
        self._write: Callable[[Iterable[Any]], Any] | None = None

    def add(self, report: Report, fate: Fate) -> None:
        """Write a member's row."""
        if self._write is None:
            out = self._closing.enter_context(_opened(self._file))
            self._write = csv.writer(out, lineterminator="\n").writerow
            self._write(head(report.units))
        self._write(row(fate, report.units))


def _opened(file: Path) -> TextIO:
    try:
        return file.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise StartError(f"{file} cannot be written: {error.strerror}.") from None


def _worth(said: str) -> tuple[str, int]:
    """A reward's key and what it is worth. Raises StartError."""
    key, _, amount = said.partition("=")
    if not key or not amount.isdecimal() or not 0 < int(amount) <= AMOUNT_MAX:
        raise StartError(
            f"--worth {said}: a reward and an amount in the smallest unit of money are needed, "
            "as bouquet=2500."
        )
    return key.strip(), int(amount)
