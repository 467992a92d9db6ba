"""`wallet-service staff …`: people who work for the brand, at a till or in the console."""

from pathlib import Path
from typing import TextIO

import click

from wallet_service.access import accounts, hiring, invitations, recovery
from wallet_service.audit import COMMAND
from wallet_service.brands import roles
from wallet_service.brands import staff as people
from wallet_service.brands.roles import Role
from wallet_service.cli import named
from wallet_service.cli.options import config_option, opened, opened_wallet, shop_options
from wallet_service.errors import StartError


@click.group()
def staff() -> None:
    """People who work for the brand."""


_pin_file = click.option(
    "--pin-file",
    type=click.File("r"),
    help="A file with the PIN (- for standard input); without it the PIN is asked.",
)


@staff.command()
@shop_options
@click.argument("name")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default=Role.CASHIER.value,
    show_default=True,
    help="What the person is here; docs/cli.md says what each may do.",
)
@click.option("--email", default="", help="An address to sign in with; roles but cashier need it.")
@click.option(
    "--location",
    "places",
    multiple=True,
    help="A shop to work at, by name; again for each (default: all of them).",
)
@_pin_file
def add(
    config_file: Path | None,
    slug: str | None,
    name: str,
    role: str,
    email: str,
    places: tuple[str, ...],
    pin_file: TextIO | None,
) -> None:
    """Add a person: a PIN for the till, an invitation to the console, or both."""
    wanted = Role(role)
    if not name.strip():
        raise StartError("A person needs a name.")
    if wanted != Role.CASHIER and not email:
        raise StartError(f"A {role} signs in; say --email.")
    pin = named.pin(pin_file) if pin_file is not None or not email else None
    with opened(config_file, slug) as (wallet, brand), wallet.database.write() as connection:
        hired = hiring.hire(
            connection,
            wallet.keyring,
            brand,
            name,
            role=wanted,
            pin=pin,
            email=email,
            locations=named.places(connection, brand.brand_id, places),
            actor=COMMAND,
        )
        where = named.names_of(connection, brand.brand_id, hired.staff.locations)
    who, at = hired.staff, f"{brand.name}, {where}" if places else f"every till of {brand.name}"
    if who.has_pin:
        click.echo(f"{who.name} can work at {at}.")
    if hired.token:
        _show_invitation(who.name, invitations.url(wallet.config.base_url, hired.token))


@staff.command(name="list")
@shop_options
def list_staff(config_file: Path | None, slug: str | None) -> None:
    """List those who work here: role, places, and how they come in."""
    with opened(config_file, slug) as (wallet, brand), wallet.database.read() as connection:
        is_locked = people.locked(connection, brand.brand_id)
        awaited = invitations.awaited(connection, brand.brand_id)
        for who in people.of(connection, brand.brand_id):
            comes = [
                "signs in" if who.account_id else "invited" if who.staff_id in awaited else "",
                "has a PIN" if who.has_pin else "",
                "locked" if who.staff_id in is_locked else "",
            ]
            where = named.names_of(connection, brand.brand_id, who.locations)
            said = ", ".join(each for each in comes if each) or "comes in nowhere"
            click.echo(f"{who.name}  ({roles.name_of(who.role).say('en')}; {where}; {said})")


@staff.command()
@shop_options
@click.argument("name")
@click.option("--email", required=True, help="The address that the person will sign in with.")
def invite(config_file: Path | None, slug: str | None, name: str, email: str) -> None:
    """Show a link to come and sign in with, this once; an older one is dead."""
    with opened(config_file, slug) as (wallet, brand), wallet.database.write() as connection:
        who = named.person(connection, brand.brand_id, name)
        token = hiring.invite(connection, brand, who, email, actor=COMMAND)
    _show_invitation(who.name, invitations.url(wallet.config.base_url, token))


@staff.command()
@config_option
@click.argument("email")
@click.option(
    "--whole", is_flag=True, help="Take the second factor and the passkeys away, too: all is lost."
)
def recover(config_file: Path | None, email: str, whole: bool) -> None:
    """Show a link that lets somebody choose a new password, this once."""
    with opened_wallet(config_file) as wallet, wallet.database.write() as connection:
        account = accounts.by_email(connection, email)
        if account is None:
            raise StartError(f"Nobody signs in with {email}.")
        token = hiring.help_account_back(connection, account, whole=whole, actor=COMMAND)
    click.echo(f"Give this link to {account.name}, and to nobody else; it works once:")
    click.echo(recovery.url(wallet.config.base_url, token))


@staff.command()
@shop_options
@click.argument("name")
@_pin_file
def pin(config_file: Path | None, slug: str | None, name: str, pin_file: TextIO | None) -> None:
    """Give a person another PIN; one that was locked out is let in again."""
    typed = named.pin(pin_file)
    with opened(config_file, slug) as (wallet, brand), wallet.database.write() as connection:
        who = named.person(connection, brand.brand_id, name)
        people.set_pin(connection, wallet.keyring, who, typed, actor=COMMAND)
    click.echo(f"{who.name} has a new PIN.")


@staff.command()
@shop_options
@click.argument("name")
def unlock(config_file: Path | None, slug: str | None, name: str) -> None:
    """Let a person whose PIN was mistyped too often try again at once."""
    with opened(config_file, slug) as (wallet, brand), wallet.database.write() as connection:
        who = named.person(connection, brand.brand_id, name)
        was_locked = people.unlock(connection, who, actor=COMMAND)
    click.echo(f"{who.name} can try again." if was_locked else f"{who.name} was not locked.")


@staff.command()
@shop_options
@click.argument("name")
def end(config_file: Path | None, slug: str | None, name: str) -> None:
    """Let a person go: no till and no sign-in knows the name any more."""
    with opened(config_file, slug) as (wallet, brand), wallet.database.write() as connection:
        who = named.person(connection, brand.brand_id, name)
        hiring.let_go(connection, who, actor=COMMAND)
    click.echo(f"{who.name} works here no more.")


def _show_invitation(name: str, link: str) -> None:
    click.echo(f"Give this link to {name}, and to nobody else; it works once:")
    click.echo(link)
