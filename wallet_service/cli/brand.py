"""`wallet-service brand …`: the brands of this installation, strictly apart."""

from pathlib import Path
from typing import Any

import click

from wallet_service import brands
from wallet_service.audit import COMMAND
from wallet_service.brands import level_words
from wallet_service.brands.levels import LevelName, level
from wallet_service.cli.options import config_option, opened, opened_wallet, shop_options
from wallet_service.cli.set_up import open_with_owner, shop_facts
from wallet_service.starting import Shop


@click.group()
def brand() -> None:
    """The brands of this installation."""


@brand.command()
@config_option
@click.argument("name")
@click.option("--email", required=True, help="Whom its members ask.")
@shop_facts
def add(
    config_file: Path | None,
    name: str,
    email: str,
    phone: str,
    owner: str,
    owner_email: str,
    **said: Any,
) -> None:
    """Open another brand's shop here, with all that is its own."""
    shop = Shop(name=name, contact_email=email, contact_phone=phone, **said)
    folder = (config_file or Path("config.toml")).absolute().parent
    with opened_wallet(config_file) as wallet:
        open_with_owner(wallet, shop, folder, owner, owner_email)


@brand.command(name="list")
@config_option
def list_brands(config_file: Path | None) -> None:
    """List the brands: slug, name, level of security."""
    with opened_wallet(config_file) as wallet, wallet.database.read() as connection:
        for each in brands.every(connection):
            click.echo(f"{each.slug}  ({each.name}; {each.language}; level {each.security_level})")


@brand.command(name="level")
@shop_options
@click.argument("name", type=click.Choice([each.value for each in LevelName]))
def choose_level(config_file: Path | None, slug: str | None, name: str) -> None:
    """Choose a level of security, and say what changes with it."""
    with opened(config_file, slug) as (wallet, before), wallet.database.write() as connection:
        after = brands.set_level(connection, before.brand_id, LevelName(name), actor=COMMAND)
    if after == before:
        click.echo(f"{after.name} is at the level {name} already.")
        return
    click.echo(f"{after.name} is at the level {name} now.")
    for sentence in level_words.consequences(before.level, level(name)):
        click.echo(f"  {sentence.say('en')}")
