"""`wallet-service sales …`: sales from a till that can only export them."""

import sys
from pathlib import Path

import click
from sqlalchemy import Connection

from wallet_service import brands, programme
from wallet_service.brands import Brand
from wallet_service.cli import named
from wallet_service.cli.options import opened, shop_options
from wallet_service.errors import StartError
from wallet_service.sales import day_file
from wallet_service.sales.day_file import BadFile, Shop
from wallet_service.sales.day_import import SOURCE, Imported, import_day
from wallet_service.sales.told import Counter

FAULTS_MAX = 200


@click.group()
def sales() -> None:
    """Sales that were made elsewhere."""


@sales.command(name="import")
@shop_options
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--key", "key_name", help="The name of the API key whose till it is, where it tells sales too."
)
@click.option("--dry-run", "is_dry", is_flag=True, help="Check every row, and change nothing.")
def import_sales(
    config_file: Path | None, slug: str | None, file: Path, key_name: str | None, is_dry: bool
) -> None:
    """Import a day file: a CSV of sales. The same file twice changes nothing."""
    if file.stat().st_size > day_file.SIZE_MAX:
        raise StartError(f"{file} is larger than {day_file.SIZE_MAX // 1024 // 1024} MB; split it.")
    raw = file.read_bytes()
    with opened(config_file, slug) as (wallet, brand):
        with wallet.database.read() as connection:
            shop, counter = _shop(connection, brand, key_name)
        try:
            day = day_file.read(raw, shop)
        except BadFile as fault:
            raise StartError(f"{file}: {fault}") from None
        if day.ignored:
            click.echo(f"Columns that say nothing here: {', '.join(day.ignored)}.")
        done = import_day(wallet.database, counter, day, is_dry=is_dry)
    _say(done, is_dry)
    if done.faults:
        sys.exit(1)


def _shop(connection: Connection, brand: Brand, key_name: str | None) -> tuple[Shop, Counter]:
    """What the file leaves out, and who tells its sales."""
    key = named.key(connection, brand.brand_id, key_name) if key_name else None
    places = [
        each
        for each in brands.locations(connection, brand.brand_id)
        if key is None or not key.locations or each.location_id in key.locations
    ]
    try:
        rules = programme.of_brand(connection, brand.brand_id).rules
    except LookupError:
        raise StartError(f"{brand.name} has no programme yet.") from None
    shop = Shop(
        currency=rules.currency,
        zone=brand.zone,
        places={each.name.strip().casefold(): each for each in places},
    )
    counter = Counter(
        brand_id=brand.brand_id,
        source=key.source if key else SOURCE,
        location_id=places[0].location_id if len(places) == 1 else None,
    )
    return shop, counter


def _say(done: Imported, is_dry: bool) -> None:
    for fault in done.faults[:FAULTS_MAX]:
        click.echo(f"Line {fault.line}: {fault.say}", err=True)
    if len(done.faults) > FAULTS_MAX:
        click.echo(f"And {len(done.faults) - FAULTS_MAX} more.", err=True)
    would = "would be " if is_dry else ""
    click.echo(
        f"{done.new} sales {would}imported, {done.known} known before,"
        f" {len(done.faults)} lines refused."
    )
