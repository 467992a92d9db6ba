"""The command line: `wallet-service …`. Every command says what it did, or one sentence and 1."""

import sys
from pathlib import Path

import click

from wallet_service import __version__
from wallet_service.cli import certs, demo, design, doctor, people, serve, set_up
from wallet_service.errors import Refusal, StartError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="wallet-service")
def commands() -> None:
    """Apple and Google Wallet passes for customer loyalty, on your own machine."""


for command in (
    set_up.init,
    set_up.migrate,
    demo.demo,
    serve.serve,
    certs.certs,
    design.design,
    people.api_key,
    people.staff,
    people.till,
    doctor.doctor,
):
    commands.add_command(command)


def main() -> None:
    """Run a command; what a person can mend is one sentence, never a trace."""
    try:
        commands()
    except (StartError, Refusal) as error:
        click.echo(f"wallet-service: {error}", err=True)
        sys.exit(1)
    except PermissionError as error:
        where = Path(error.filename).resolve() if error.filename else "A folder"
        click.echo(f"wallet-service: {where} cannot be written: {error.strerror}.", err=True)
        sys.exit(1)
