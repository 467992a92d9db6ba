"""`wallet-service api-key …`: keys that let machines in."""

from pathlib import Path

import click

from wallet_service.audit import COMMAND
from wallet_service.brands import api_keys
from wallet_service.cli import named
from wallet_service.cli.options import opened, shop_options


@click.group(name="api-key")
def api_key() -> None:
    """Keys for a POS, a CRM or an app."""


@api_key.command()
@shop_options
@click.option("--name", required=True, help="Who will hold it, for your own list.")
@click.option(
    "--scopes",
    default="members,sales,coupons",
    show_default=True,
    help="What it may do, with commas between; `:read` behind one means reading only.",
)
@click.option(
    "--location",
    "places",
    multiple=True,
    help="A shop that it speaks for, by name; again for each (default: all of them).",
)
def create(
    config_file: Path | None, slug: str | None, name: str, scopes: str, places: tuple[str, ...]
) -> None:
    """Make a key and show it, this once."""
    wanted = [scope.strip() for scope in scopes.split(",") if scope.strip()]
    with opened(config_file, slug) as (wallet, brand), wallet.database.write() as connection:
        _, secret = api_keys.create(
            connection,
            brand.brand_id,
            name=name,
            scopes=wanted,
            locations=named.places(connection, brand.brand_id, places),
            actor=COMMAND,
        )
    click.echo(secret)


@api_key.command(name="list")
@shop_options
def list_keys(config_file: Path | None, slug: str | None) -> None:
    """List the living keys: what each may do, where, and when it was last used."""
    with opened(config_file, slug) as (wallet, brand), wallet.database.read() as connection:
        for key in api_keys.of(connection, brand.brand_id):
            where = named.names_of(connection, brand.brand_id, key.locations)
            used = f"used {key.used_at:%Y-%m-%d}" if key.used_at else "never used"
            click.echo(f"{key.name}  ({', '.join(sorted(key.scopes))}; {where}; {used})")


@api_key.command()
@shop_options
@click.argument("name")
def replace(config_file: Path | None, slug: str | None, name: str) -> None:
    """Make a new key in the place of an old one, and show it, this once."""
    with opened(config_file, slug) as (wallet, brand), wallet.database.write() as connection:
        old = named.key(connection, brand.brand_id, name)
        _, secret = api_keys.replace(connection, old, actor=COMMAND)
    click.echo(secret)


@api_key.command()
@shop_options
@click.argument("name")
def end(config_file: Path | None, slug: str | None, name: str) -> None:
    """End the key of a name, at once and for good."""
    with opened(config_file, slug) as (wallet, brand), wallet.database.write() as connection:
        key = named.key(connection, brand.brand_id, name)
        api_keys.end(connection, key, actor=COMMAND)
    click.echo(f"{name} opens nothing any more.")
