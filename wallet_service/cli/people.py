"""Commands that let people and machines in: API keys, staff, tills."""

from pathlib import Path
from typing import TextIO

import click
from sqlalchemy import Connection

from wallet_service.brands import add_location, api_keys, locations, tills
from wallet_service.brands import staff as staff_room
from wallet_service.cli.options import config_option, opened
from wallet_service.errors import StartError


@click.group(name="api-key")
def api_key() -> None:
    """Keys for a POS, a CRM or an app."""


@api_key.command(name="create")
@config_option
@click.option("--name", required=True, help="Who will hold it, for your own list.")
@click.option(
    "--scopes",
    default="members,sales,coupons",
    show_default=True,
    help="What it may do, with commas between; `:read` behind one means reading only.",
)
@click.option("--location", help="The shop that it speaks for, by name.")
def create_key(config_file: Path | None, name: str, scopes: str, location: str | None) -> None:
    """Make a key and show it, this once."""
    with opened(config_file) as (wallet, brand):
        wanted = [scope.strip() for scope in scopes.split(",") if scope.strip()]
        with wallet.database.write() as connection:
            location_id = _location(connection, brand.brand_id, location) if location else None
            _, secret = api_keys.create(
                connection, brand.brand_id, name=name, scopes=wanted, location_id=location_id
            )
    click.echo(secret)


@api_key.command(name="end")
@config_option
@click.argument("name")
def end_key(config_file: Path | None, name: str) -> None:
    """End every key of a name, at once and for good."""
    with opened(config_file) as (wallet, brand), wallet.database.write() as connection:
        ended = api_keys.end(connection, brand.brand_id, name)
    if not ended:
        raise StartError(f"There is no living key of the name {name}.")
    click.echo(f"{name} opens nothing any more.")


@click.group()
def staff() -> None:
    """People who work at a till."""


@staff.command(name="add")
@config_option
@click.argument("name")
@click.option(
    "--pin-file",
    type=click.File("r"),
    help="A file with the PIN (- for standard input); without it the PIN is asked.",
)
def add_staff(config_file: Path | None, name: str, pin_file: TextIO | None) -> None:
    """Add a person with a PIN of four to eight digits."""
    if pin_file is not None:
        pin = pin_file.read().strip()
    else:
        # Never an argument: whoever may list processes would read it.
        pin = click.prompt("PIN", hide_input=True, confirmation_prompt=True)
    with opened(config_file) as (wallet, brand), wallet.database.write() as connection:
        staff_room.add(connection, wallet.keyring, brand.brand_id, name.strip(), pin)
    click.echo(f"{name} can work at every till of {brand.name}.")


@click.group()
def till() -> None:
    """Devices at a counter."""


@till.command(name="pair")
@config_option
@click.option("--name", default="Counter", show_default=True, help="What to call the device.")
@click.option("--location", help="The shop it stands in, by name (default: the only one).")
def pair_till(config_file: Path | None, name: str, location: str | None) -> None:
    """Show a code that lets one device in, within ten minutes."""
    with opened(config_file) as (wallet, brand), wallet.database.write() as connection:
        location_id = _location(connection, brand.brand_id, location)
        known = [
            each
            for each in tills.of(connection, brand.brand_id)
            if each.name == name and each.location_id == location_id
        ]
        device = known[0] if known else tills.add(connection, brand.brand_id, location_id, name)
        code = tills.pairing_code(connection, device)
    click.echo(f"Open {wallet.config.base_url}/till on the device and type {code}")
    if known:
        click.echo(f"The device that was {name} until now is out as soon as the code is typed.")


def _location(connection: Connection, brand_id: str, name: str | None) -> str:
    known = locations(connection, brand_id)
    if name is None:
        if len(known) == 1:
            return known[0].location_id
        names = ", ".join(each.name for each in known)
        raise StartError(f"Which shop? Say --location with one of: {names}.")
    for each in known:
        if each.name.casefold() == name.casefold():
            return each.location_id
    return add_location(connection, brand_id, name=name).location_id
