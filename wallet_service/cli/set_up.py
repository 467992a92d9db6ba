"""`wallet-service init` and `migrate`: from an empty folder to a shop that can work."""

from pathlib import Path

import click

from wallet_service import migrations
from wallet_service.brands import the_first
from wallet_service.cli.options import config_option, load, load_here
from wallet_service.db import Database
from wallet_service.errors import StartError
from wallet_service.starting import STARTERS, Shop, make_key, open_shop, write_settings
from wallet_service.wallet import Wallet


@click.command()
@config_option
@click.option(
    "--starter", type=click.Choice(sorted(STARTERS)), default="florist", show_default=True
)
@click.option("--name", default="Kielo", show_default=True, help="What the shop is called.")
@click.option("--email", default="hei@kielo.example", show_default=True, help="Whom members ask.")
@click.option("--phone", default="", help="A telephone number for members.")
@click.option("--website", default="", help="The shop's own pages, as https://….")
@click.option("--address", default="", help="Where the shop is.")
@click.option("--language", type=click.Choice(["en", "fi", "sv"]), default="en", show_default=True)
@click.option("--time-zone", default="Europe/Helsinki", show_default=True)
def init(config_file: Path | None, email: str, phone: str, **said: str) -> None:
    """Make a shop in this folder: settings, keys, database, programme, design."""
    shop = Shop(contact_email=email, contact_phone=phone, **said)
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
        folder = wallet.database.run(open_shop, shop, file.parent)
    finally:
        wallet.close()
    click.echo(f"{shop.name} is ready. Its look lies in {folder}; `design apply` takes changes.")
    click.echo("Next: `wallet-service staff add NAME`, `till pair`, `api-key create`, `serve`.")


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
