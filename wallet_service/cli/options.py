"""What several commands share: `--config`, `--brand`, and opening the service they name."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from wallet_service import brands, config, migrations
from wallet_service.brands import Brand
from wallet_service.config import Config
from wallet_service.db import Database
from wallet_service.errors import StartError
from wallet_service.wallet import Wallet


def config_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--config FILE`; without it, ./config.toml where there is one, else the defaults."""
    return click.option(
        "--config",
        "config_file",
        type=click.Path(dir_okay=False, path_type=Path),
        help="The settings (default: config.toml in this folder).",
    )(command)


def shop_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--config` and `--brand`, for commands that work on one brand; both go to `opened`."""
    return config_option(
        click.option(
            "--brand", "slug", help="Which brand, by its slug; needed where there are several."
        )(command)
    )


def load(config_file: Path | None) -> Config:
    """The settings that a command runs with. Raises StartError."""
    if config_file is None and Path("config.toml").is_file():
        config_file = Path("config.toml")
    return config.load(config_file)


def load_here(config_file: Path | None) -> Config:
    """The settings of the shop in this folder. Raises StartError where there is none: a person
    who is in the wrong folder must not be led into making another shop there."""
    settings = load(config_file)
    if config_file is None and not Path("config.toml").is_file():
        file = Database(settings.database_url).file
        if file is not None and not file.exists:
            raise StartError(
                "There is no shop in this folder; go to its folder, or run `wallet-service init`."
            )
    return settings


@contextmanager
def opened_wallet(config_file: Path | None) -> Iterator[Wallet]:
    """The service, for a command beside a running `serve`. Raises StartError."""
    wallet = Wallet.open(load_here(config_file))
    try:
        migrations.require_head(wallet.database)
        yield wallet
    finally:
        wallet.close()


@contextmanager
def opened(config_file: Path | None, slug: str | None) -> Iterator[tuple[Wallet, Brand]]:
    """The service and the brand that is meant. Raises StartError."""
    with opened_wallet(config_file) as wallet:
        with wallet.database.read() as connection:
            there = brands.every(connection)
        yield wallet, _meant(there, slug)


def _meant(there: tuple[Brand, ...], slug: str | None) -> Brand:
    if not there:
        raise StartError("There is no shop yet; run `wallet-service init`.")
    if slug is None and len(there) == 1:
        return there[0]
    slugs = ", ".join(brand.slug for brand in there)
    if slug is None:
        raise StartError(f"Which brand? Say --brand with one of: {slugs}.")
    for brand in there:
        if brand.slug == slug.strip().casefold():
            return brand
    raise StartError(f"There is no brand {slug}; there are: {slugs}.")
