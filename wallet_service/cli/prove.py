"""`wallet-service prove`: races and faults against the running build, each invariant counted."""

import json
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import sqlalchemy as sa

from wallet_service import prove as proving
from wallet_service.cli.options import config_option, load
from wallet_service.db import Database
from wallet_service.errors import StartError
from wallet_service.prove import Experiment, Proved, Scale, report


@click.command()
@config_option
@click.option("--database", "url", help="An empty PostgreSQL database (default: SQLite, scratch).")
@click.option("--quick", is_flag=True, help="Everything a few times, in half a minute.")
@click.option("--seed", type=int, default=1, show_default=True, help="What chance begins with.")
@click.option(
    "--only", multiple=True, metavar="NAME", help="Only this experiment; may be repeated."
)
@click.option("--list", "listing", is_flag=True, help="Say which experiments there are, and stop.")
@click.option(
    "--json",
    "json_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what was seen there, too, as JSON.",
)
def prove(
    config_file: Path | None,
    url: str | None,
    quick: bool,
    seed: int,
    only: tuple[str, ...],
    listing: bool,
    json_file: Path | None,
) -> None:
    """Race, cut and kill a scratch shop of this build, and count what must hold."""
    if listing:
        for each in (*proving.EXPERIMENTS, proving.BOOKS):
            click.echo(f"{each.name:20}{each.does}\n{'':20}elsewhere: {each.answers}")
        return
    chosen = _chosen(only)
    if url is not None:
        _require_scratch(url, load(config_file).database_url)
    if json_file is not None:
        json_file.touch()  # not to be unable to write at the very end
    folder = Path(tempfile.mkdtemp(prefix="wallet-prove-"))
    scale = Scale.quick() if quick else Scale()
    done: list[Proved] = []
    is_kept = False
    try:
        click.echo(f"Opening a shop to prove it on, in {folder} …")
        with _ended_with_us(), proving.opened(folder, url, scale=scale, seed=seed) as shop:
            is_kept = True  # whatever ends it before its end is worth looking at
            engine = shop.database.url.get_backend_name()
            click.echo(f"It is served from {engine}. The books are looked at in the end.\n")
            click.echo(report.HEADING)
            for proved in proving.prove(shop, chosen):
                done.append(proved)
                for line in report.table(proved):
                    click.echo(line)
        is_kept = bool(report.broken_in(done))
    except KeyboardInterrupt:
        is_kept = False
        raise
    finally:
        if is_kept:
            click.echo(f"\nThe shop, its database and what it said lie in {folder}.", err=True)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    click.echo(f"\n{report.summary(done)}")
    if json_file is not None:
        said = report.as_json(done, engine=engine, seed=seed, quick=quick)
        json_file.write_text(json.dumps(said, indent=2, ensure_ascii=False) + "\n")
    for sentence in report.broken_in(done):
        click.echo(f"broken  {sentence}", err=True)
    if is_kept:
        sys.exit(1)


@contextmanager
def _ended_with_us() -> Iterator[None]:
    """Whoever ends this command with SIGTERM ends the service that it runs, too."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _chosen(only: tuple[str, ...]) -> tuple[Experiment, ...]:
    if unknown := [name for name in only if name not in proving.NAMES]:
        raise StartError(
            f"There is no experiment {unknown[0]}; there are: {', '.join(proving.NAMES)}."
        )
    return tuple(each for each in proving.EXPERIMENTS if not only or each.name in only)


def _require_scratch(url: str, shops_own: str) -> None:
    """Raise StartError where the database is not one to prove things on."""
    wanted, own = Database(url).url, Database(shops_own).url
    if wanted.get_backend_name() != "postgresql":
        raise StartError(
            "--database takes a postgresql:// address; SQLite is what is used without it, in a"
            " folder of its own."
        )
    if _place(wanted) == _place(own):
        raise StartError("--database is the shop's own database; proving wants an empty one.")


def _place(url: sa.URL) -> tuple[object, ...]:
    return (url.get_backend_name(), url.host, url.port, url.database, url.query)
