"""`wallet-service backup` and `restore`: the database in one file, and back again."""

import sys
from pathlib import Path

import click

from wallet_service import backup as backups
from wallet_service.cli.options import config_option, load, load_here
from wallet_service.db import Database
from wallet_service.wallet import keyring_of


@click.command()
@config_option
@click.argument("place", type=click.Path(path_type=Path))
def backup(config_file: Path | None, place: Path) -> None:
    """Write the database to one file while the service runs, and check it."""
    settings = load_here(config_file)
    database = Database(settings.database_url)
    try:
        made = backups.make(database, keyring_of(settings), place.absolute())
    finally:
        database.close()
    counts = made.manifest.counts
    click.echo(
        f"{made.file} holds {counts.get('member', 0)} members and {counts.get('entry', 0)} entries"
        f" of {made.manifest.made_at}, {made.manifest.bytes / 1e6:.1f} MB."
    )
    if made.unsound:
        _tell_unsound(made.unsound)
        sys.exit(1)
    click.echo("Its books agree. Keep the secret keys apart from it: they are not in it.")


@click.command()
@config_option
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--into", help="Another database to make: a file, or the name of an empty one.")
@click.option("--anyway", is_flag=True, help="Also when the backup's books do not agree.")
def restore(config_file: Path | None, file: Path, into: str | None, anyway: bool) -> None:
    """Put a backup in the database's place, check it, and let the phones catch up."""
    settings = load(config_file)
    database = Database(settings.database_url)
    try:
        done = backups.restore(
            database, keyring_of(settings), file.absolute(), into=into, anyway=anyway
        )
    finally:
        database.close()
    click.echo(f"{done.where} is as it was at {done.manifest.made_at}.")
    if done.kept is not None:
        click.echo(f"The database before it lies in {done.kept}; remove it when you are through.")
    if done.erased is None:
        click.echo(
            "There was no database to learn from who was erased since then: erase them again."
        )
    elif done.erased:
        click.echo(f"{done.erased} members who were erased since then were erased again.")
    click.echo(f"{done.passes} passes will be brought up to date on the phones, once `serve` runs.")
    if into:
        click.echo("Put it into [database] url to use it.")
    if done.unsound:
        _tell_unsound(done.unsound)
        sys.exit(1)


def _tell_unsound(sentences: tuple[str, ...]) -> None:
    click.echo("Its books do not agree:", err=True)
    for sentence in sentences:
        click.echo(f"  {sentence}", err=True)
