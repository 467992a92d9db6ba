"""What several commands share: `--config`, and opening the service it names."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from wallet_service import config, migrations
from wallet_service.brands import Brand, the_first
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
def opened(config_file: Path | None) -> Iterator[tuple[Wallet, Brand]]:
    """The service and its brand, for a command beside a running `serve`. Raises StartError."""
    wallet = Wallet.open(load_here(config_file))
    try:
        migrations.require_head(wallet.database)
        with wallet.database.read() as connection:
            brand = the_first(connection)
        if brand is None:
            raise StartError("There is no shop yet; run `wallet-service init`.")
        yield wallet, brand
    finally:
        wallet.close()
