"""`wallet-service design …`: how the brand's passes look."""

import sys
from pathlib import Path

import click

from passes import check as checks
from wallet_service.cli.options import config_option, opened, shop_options
from wallet_service.errors import StartError
from wallet_service.shipped import shipped
from wallet_service.starting import wear

_folder = click.argument("folder", type=click.Path(file_okay=False, path_type=Path))


@click.group()
def design() -> None:
    """How the passes look."""


@design.command()
@config_option
@_folder
def check(config_file: Path | None, folder: Path) -> None:  # as every command does
    """List everything that is wrong with a design, where, and how to mend it."""
    if _report(find(folder)):
        sys.exit(1)


@design.command()
@shop_options
@_folder
def apply(config_file: Path | None, slug: str | None, folder: Path) -> None:
    """Take a design into use; every phone is told."""
    folder = find(folder)
    if _report(folder):
        click.echo("Nothing was changed.", err=True)
        sys.exit(1)
    with opened(config_file, slug) as (wallet, brand):
        version = wear(wallet.database, brand, folder)
    click.echo(f"{brand.name} wears {folder.name} now (version {version}).")


def find(folder: Path) -> Path:
    """A design's folder: as it is named, or one that came with the service. Raises StartError."""
    if folder.is_dir():
        return folder
    came_with_us = shipped("templates", "designs") / folder.name
    if folder.name == str(folder) and came_with_us.is_dir():
        return came_with_us
    meant = Path("designs") / folder.name
    hint = f" Did you mean {meant}?" if meant.is_dir() else ""
    raise StartError(f"There is no folder {folder} here.{hint}")


def _report(folder: Path) -> bool:
    """Say every issue; whether one of them is an error."""
    issues = checks.check(folder)
    for issue in issues:
        click.echo(f"{issue.severity}: {issue}")
    errors = [issue for issue in issues if issue.is_error]
    if not issues:
        click.echo(f"{folder}: nothing to mend.")
    return bool(errors)
