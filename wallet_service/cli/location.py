"""`wallet-service location …`: the brand's shops."""

from pathlib import Path

import click

from wallet_service.audit import COMMAND
from wallet_service.brands import add_location, locations, opening
from wallet_service.brands import location as shops
from wallet_service.cli import named
from wallet_service.cli.options import opened, shop_options


@click.group()
def location() -> None:
    """The shops of the brand."""


@location.command()
@shop_options
@click.argument("name")
@click.option("--address", default="", help="Where it is.")
@click.option("--time-zone", default="", help="As Europe/Helsinki (default: the brand's).")
def add(
    config_file: Path | None, slug: str | None, name: str, address: str, time_zone: str
) -> None:
    """Add a shop, for tills and keys to stand in."""
    with opened(config_file, slug) as (wallet, brand), wallet.database.write() as connection:
        add_location(
            connection,
            brand.brand_id,
            name=name,
            address=address,
            time_zone=time_zone or None,
            actor=COMMAND,
        )
    click.echo(f"{name} is a shop of {brand.name}.")


@location.command(name="list")
@shop_options
def list_shops(config_file: Path | None, slug: str | None) -> None:
    """List the shops, with their hours."""
    with opened(config_file, slug) as (wallet, brand), wallet.database.read() as connection:
        for each in locations(connection, brand.brand_id):
            facts = [each.address, each.time_zone or "", opening.summary(each.opening, "en")]
            click.echo(f"{each.name}  ({'; '.join(fact for fact in facts if fact)})")


@location.command()
@shop_options
@click.argument("name")
def end(config_file: Path | None, slug: str | None, name: str) -> None:
    """Close a shop for good; refused while tills, keys or people stand there."""
    with opened(config_file, slug) as (wallet, brand), wallet.database.write() as connection:
        place = named.place(connection, brand.brand_id, name)
        shops.end(connection, place, actor=COMMAND)
    click.echo(f"{place.name} is closed.")
