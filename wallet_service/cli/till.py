"""`wallet-service till …`: devices at a counter."""

from pathlib import Path

import click

from wallet_service.audit import COMMAND
from wallet_service.brands import tills
from wallet_service.cli import named
from wallet_service.cli.options import opened, shop_options
from wallet_service.errors import StartError

_place = click.option("--location", help="The shop it stands in, by name (default: the only one).")


@click.group()
def till() -> None:
    """Devices at a counter."""


@till.command()
@shop_options
@click.option("--name", default="Counter", show_default=True, help="What to call the device.")
@_place
def pair(config_file: Path | None, slug: str | None, name: str, location: str | None) -> None:
    """Show a code that lets one device in, within ten minutes."""
    with opened(config_file, slug) as (wallet, brand), wallet.database.write() as connection:
        place = named.place(connection, brand.brand_id, location)
        known = named.till(connection, brand.brand_id, name, place.location_id)
        device = known or tills.add(
            connection, brand.brand_id, place.location_id, name, actor=COMMAND
        )
        code = tills.pairing_code(connection, device, actor=COMMAND)
    click.echo(f"Open {wallet.config.base_url}/till on the device and type {code}")
    if known:
        click.echo(f"The device that was {name} until now is out as soon as the code is typed.")


@till.command(name="list")
@shop_options
def list_tills(config_file: Path | None, slug: str | None) -> None:
    """List the tills: where each stands, and whether a device is it."""
    with opened(config_file, slug) as (wallet, brand), wallet.database.read() as connection:
        for each in tills.standing(connection, brand.brand_id):
            where = named.names_of(connection, brand.brand_id, [each.till.location_id])
            state = f"paired {each.paired_at:%Y-%m-%d}" if each.paired_at else "not paired"
            click.echo(f"{each.till.name}  ({where}; {state})")


@till.command()
@shop_options
@click.argument("name")
@_place
def end(config_file: Path | None, slug: str | None, name: str, location: str | None) -> None:
    """End a till: its device is out at once."""
    with opened(config_file, slug) as (wallet, brand), wallet.database.write() as connection:
        place = named.place(connection, brand.brand_id, location)
        device = named.till(connection, brand.brand_id, name, place.location_id)
        if device is None:
            raise StartError(f"There is no till {name} in {place.name}.")
        tills.end(connection, device, actor=COMMAND)
    click.echo(f"{device.name} in {place.name} lets nobody in any more.")
