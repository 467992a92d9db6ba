"""Commands that let people and machines in: API keys, staff, shops, tills."""

import sys
from pathlib import Path
from typing import TextIO

import click
from sqlalchemy import Connection

from wallet_service.brands import add_location, api_keys, locations, tills
from wallet_service.brands import staff as staff_room
from wallet_service.brands.staff import Staff
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
            if api_keys.is_living(connection, brand.brand_id, name):
                raise StartError(f"There is a key of the name {name}; end it, or choose another.")
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


_pin_file = click.option(
    "--pin-file",
    type=click.File("r"),
    help="A file with the PIN (- for standard input); without it the PIN is asked.",
)


@staff.command(name="add")
@config_option
@click.argument("name")
@_pin_file
def add_staff(config_file: Path | None, name: str, pin_file: TextIO | None) -> None:
    """Add a person with a PIN of four to eight digits."""
    if not name.strip():
        raise StartError("A person at a till needs a name.")
    pin = _pin(pin_file)
    with opened(config_file) as (wallet, brand), wallet.database.write() as connection:
        staff_room.add(connection, wallet.keyring, brand.brand_id, name.strip(), pin)
    click.echo(f"{name} can work at every till of {brand.name}.")


@staff.command(name="pin")
@config_option
@click.argument("name")
@_pin_file
def change_pin(config_file: Path | None, name: str, pin_file: TextIO | None) -> None:
    """Give a person another PIN; one that was locked out is let in again."""
    pin = _pin(pin_file)
    with opened(config_file) as (wallet, brand), wallet.database.write() as connection:
        who = _known(connection, brand.brand_id, name)
        staff_room.set_pin(connection, wallet.keyring, who, pin)
    click.echo(f"{who.name} has a new PIN.")


@staff.command(name="end")
@config_option
@click.argument("name")
def end_staff(config_file: Path | None, name: str) -> None:
    """Let a person go: no till knows the name any more."""
    with opened(config_file) as (wallet, brand), wallet.database.write() as connection:
        who = _known(connection, brand.brand_id, name)
        staff_room.end(connection, who)
    click.echo(f"{who.name} works here no more.")


@click.group()
def location() -> None:
    """The shops of the brand."""


@location.command(name="add")
@config_option
@click.argument("name")
@click.option("--address", default="", help="Where it is.")
def add_shop(config_file: Path | None, name: str, address: str) -> None:
    """Add a shop, for tills and keys to stand in."""
    with opened(config_file) as (wallet, brand), wallet.database.write() as connection:
        known = locations(connection, brand.brand_id)
        if not name.strip() or any(_same(each.name, name) for each in known):
            raise StartError(f"There is a shop {name} already." if name.strip() else "Which shop?")
        add_location(connection, brand.brand_id, name=name.strip(), address=address.strip())
    click.echo(f"{name} is a shop of {brand.name}.")


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


def _pin(pin_file: TextIO | None) -> str:
    # Never an argument: whoever may list processes would read it.
    if pin_file is not None:
        return pin_file.read().strip()
    if not sys.stdin.isatty():
        raise StartError("There is nobody to ask for the PIN; give --pin-file.")
    return str(click.prompt("PIN", hide_input=True, confirmation_prompt=True))


def _known(connection: Connection, brand_id: str, name: str) -> Staff:
    found = staff_room.by_name(connection, brand_id, name)
    if found is None:
        names = ", ".join(each.name for each in staff_room.of(connection, brand_id))
        raise StartError(f"Nobody of the name {name} works here; there are: {names or 'none yet'}.")
    return found


def _location(connection: Connection, brand_id: str, name: str | None) -> str:
    known = locations(connection, brand_id)
    names = ", ".join(each.name for each in known)
    if name is None:
        if len(known) == 1:
            return known[0].location_id
        raise StartError(f"Which shop? Say --location with one of: {names}.")
    for each in known:
        if _same(each.name, name):
            return each.location_id
    raise StartError(f"There is no shop {name}; there are: {names}. `location add` makes one.")


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()
