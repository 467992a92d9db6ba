"""`wallet-service audit …`: who changed what, and whether the log is whole."""

import sys
from pathlib import Path

import click

from wallet_service.audit import count
from wallet_service.audit import read as read_log
from wallet_service.audit import verify as verify_log
from wallet_service.cli.options import opened, shop_options


@click.group()
def audit() -> None:
    """Who changed what."""


@audit.command(name="list")
@shop_options
@click.option(
    "--last", type=click.IntRange(1, 1000), default=50, show_default=True, help="How many lines."
)
def list_lines(config_file: Path | None, slug: str | None, last: int) -> None:
    """List what was changed, by whom and when, the newest first."""
    with opened(config_file, slug) as (wallet, brand), wallet.database.read() as connection:
        for entry in read_log(connection, brand.brand_id, limit=last):
            at = entry.at.astimezone(brand.zone)
            click.echo(f"{entry.number:>5}  {at:%Y-%m-%d %H:%M}  {entry.say.say('en')}")


@audit.command()
@shop_options
def verify(config_file: Path | None, slug: str | None) -> None:
    """Look whether a line of the log was changed or is missing."""
    with opened(config_file, slug) as (wallet, brand), wallet.database.read() as connection:
        wrong = list(verify_log(connection, brand.brand_id))
        lines = count(connection, brand.brand_id)
    for sentence in wrong:
        click.echo(sentence, err=True)
    if wrong:
        sys.exit(1)
    click.echo(f"{lines} lines, each as it was written.")
