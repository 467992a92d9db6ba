"""`wallet-service demo`: a living shop with practice phones, in one folder, in one command."""

import logging
import shutil
import tempfile
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import click

from wallet_service import config, migrations
from wallet_service.brands import the_first
from wallet_service.cli.serve import run
from wallet_service.demo import people, shop
from wallet_service.demo.shop import Seeded
from wallet_service.errors import StartError
from wallet_service.members import codes
from wallet_service.practice.iphone import PhoneError
from wallet_service.practice.verify import BadPass
from wallet_service.running import Running
from wallet_service.starting import Shop, make_key, open_shop, write_settings
from wallet_service.wallet import Wallet


@click.command()
@click.option(
    "--config",
    "config_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Settings to use (default: those of the demo's own folder).",
)
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True)
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep everything in this folder (default: a new one, removed at the end).",
)
@click.option(
    "--ready-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write addresses there, as JSON, once the demo answers.",
)
@click.option(
    "--members", type=click.IntRange(0, 5000), default=200, show_default=True, help="How many."
)
def demo(
    config_file: Path | None, port: int, data: Path | None, ready_file: Path | None, members: int
) -> None:
    """Start a florist with members, a year of visits, a till and practice phones."""
    folder = data.absolute() if data else Path(tempfile.mkdtemp(prefix="wallet-demo-"))
    try:
        _demo(config_file, folder, port, ready_file, members)
    finally:
        if data is None:
            shutil.rmtree(folder, ignore_errors=True)


def _demo(
    config_file: Path | None, folder: Path, port: int, ready_file: Path | None, members: int
) -> None:
    settings = config.load(config_file or _settings_in(folder))
    if not settings.is_practice:
        raise StartError("The demo is for practice mode; this configuration is live.")
    make_key(settings)
    # The port first: whoever forgot another demo running hears of it before any work is done.
    running = Running(settings, port=port, before=_prepare)
    seeded = _seeded(running.wallet, folder, members)
    code = shop.pairing_code(running.wallet, seeded.till)
    with running.wallet.database.read() as connection:
        aino = seeded.heroes["Aino"]
        links = running.wallet.links
        link = links.invitation_url(connection, aino.member_id, aino.person_id)
        others = {
            name: links.invitation_url(connection, hero.member_id, hero.person_id)
            for name, hero in seeded.heroes.items()
            if name != "Aino"
        }
    url = running.url
    more: dict[str, Any] = {
        "api_key": seeded.api_key,
        "till": {"url": f"{url}/till", "pin": people.PIN, "pairing": code},
        "console": {
            "url": f"{url}/console",
            "email": seeded.console.email,
            "password": seeded.console.password,
        },
    }
    lines = [
        f"1  Open {link} and add Aino's card to her practice phone ({url}/phones).",
        f"2  Open {url}/till: pair it with {code}, be {people.STAFF[0]}, PIN {people.PIN}; type"
        f" {codes.spaced(aino.code)}, press +1, and watch her phone.",
        f"3  Open {url}/console and run the shop: {seeded.console.email}, password"
        f" {seeded.console.password}. Ctrl-C stops all.",
    ]
    # Requests are not logged, or the three lines would be gone before they are read.
    put_cards = partial(_put_cards, running, others)
    run(running, ready_file, more, lines, put_cards, log_level=logging.WARNING)


def _settings_in(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "config.toml"
    write_settings(file)
    return file


def _prepare(wallet: Wallet) -> None:
    migrations.upgrade(wallet.database)


def _seeded(wallet: Wallet, folder: Path, members: int) -> Seeded:
    """The demo's shop: made in a fresh database, found in one that was kept."""
    with wallet.database.read() as connection:
        brand = the_first(connection)
    if brand is None:
        click.echo(f"Making a shop with {members} members and a year of visits …")
        brand = wallet.database.run(
            open_shop,
            Shop(
                name="Kielo",
                contact_email="hei@kielo.example",
                contact_phone="+358 9 555 0170",
                website="https://kielo.example/",
                address="Vaasankatu 1, 00500 Helsinki",
                locations=("Kielo, Kallio",),
            ),
            folder,
        ).brand
        return shop.seed(wallet, brand, members=members)
    return shop.found(wallet, brand)


def _put_cards(running: Running, links: dict[str, str]) -> None:
    """Two of the phones have their cards already, as in a shop that has been open for a while."""
    phones = running.wallet.phones
    if phones is None:
        return
    for name, link in links.items():
        phone = phones.get(name.lower())
        if phone is not None:
            with suppress(PhoneError, BadPass):
                phone.ask(partial(phone.phone.add, f"{link}/apple")).result()
