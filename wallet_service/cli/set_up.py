"""`wallet-service init` and `migrate`: from an empty folder to a shop that can work."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection

from passes.design import Design
from wallet_service import migrations
from wallet_service.access import invitations
from wallet_service.brands import the_first
from wallet_service.cli.options import config_option, load, load_here
from wallet_service.db import Database
from wallet_service.errors import StartError
from wallet_service.starting import (
    STARTERS,
    Opened,
    Shop,
    draw,
    let_owner_in,
    make_key,
    open_shop,
    starter_of,
    write_settings,
)
from wallet_service.wallet import Wallet


def shop_facts(command: Callable[..., Any]) -> Callable[..., Any]:
    """What somebody says who opens a shop, and who owns it."""
    for option in (
        click.option("--owner-email", default="", help="With what the owner signs in (--email)."),
        click.option("--owner", default="", help="The owner's name, as staff know it."),
        click.option("--time-zone", default="Europe/Helsinki", show_default=True),
        click.option(
            "--language", type=click.Choice(["en", "fi", "sv"]), default="en", show_default=True
        ),
        click.option("--address", default="", help="Where the shop is."),
        click.option("--website", default="", help="The shop's own pages, as https://…."),
        click.option("--phone", default="", help="A telephone number for members."),
        click.option(
            "--location",
            "locations",
            multiple=True,
            help="A place where it sells, by name; again for each (default: one of its own name).",
        ),
        click.option(
            "--starter",
            default="florist",
            show_default=True,
            help=f"What kind of shop: {', '.join(STARTERS)}.",
        ),
    ):
        command = option(command)
    return command


@click.command()
@config_option
@click.option("--name", default=None, help="What the shop is called (default: an invented name).")
@click.option("--email", default=None, help="Whom members ask (default: an invented address).")
@shop_facts
def init(
    config_file: Path | None,
    name: str | None,
    email: str | None,
    phone: str,
    starter: str,
    owner: str,
    owner_email: str,
    **said: Any,
) -> None:
    """Make a shop in this folder: settings, keys, database, design, owner."""
    invented = starter_of(starter).name
    shop = Shop(
        name=invented if name is None else name,
        contact_email=f"hei@{invented.lower()}.example" if email is None else email,
        contact_phone=phone,
        starter=starter,
        **said,
    )
    file = (config_file or Path("config.toml")).absolute()
    if not file.parent.is_dir():
        raise StartError(f"The folder {file.parent} does not exist.")
    if write_settings(file):
        click.echo(f"{file} holds every setting, commented.")
    settings = load(file)
    make_key(settings)
    wallet = Wallet.open(settings)
    try:
        migrations.upgrade(wallet.database)
        with wallet.database.read() as connection:
            if (brand := the_first(connection)) is not None:
                raise StartError(f"There is a shop here already: {brand.name}.")
        open_with_owner(wallet, shop, file.parent, owner, owner_email)
    finally:
        wallet.close()
    click.echo("Next: `wallet-service staff add NAME`, `till pair`, `api-key create`, `serve`.")


def open_with_owner(wallet: Wallet, shop: Shop, folder: Path, owner: str, email: str) -> None:
    """Open a shop, and show its owner's invitation, this once."""
    click.echo(f"Making {shop.name}: its cards are drawn, which takes a moment …")
    drawn = draw(wallet.database, shop, folder)
    opened, link = wallet.database.run(_open, wallet, shop, folder, drawn, owner, email)
    click.echo(
        f"{shop.name} is ready. Its look lies in {opened.design}; `design apply` takes changes."
    )
    click.echo("The owner signs in with this link, once `serve` runs; it works once:")
    click.echo(link)


def _open(
    connection: Connection,
    wallet: Wallet,
    shop: Shop,
    folder: Path,
    drawn: Design,
    owner: str,
    email: str,
) -> tuple[Opened, str]:
    opened = open_shop(connection, shop, folder, drawn)
    _, token = let_owner_in(connection, wallet.keyring, opened.brand, name=owner, email=email)
    return opened, invitations.url(wallet.config.base_url, token)


@click.command()
@config_option
def migrate(config_file: Path | None) -> None:
    """Bring the database to this version's schema."""
    database = Database(load_here(config_file).database_url)
    try:
        before, wanted = migrations.state(database)
        migrations.upgrade(database)
    finally:
        database.close()
    click.echo(
        f"The database was at {wanted} already."
        if before == wanted
        else f"The database went from {before or 'nothing'} to {wanted}."
    )
