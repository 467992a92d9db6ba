"""The command line: `wallet-service …`. Every command says what it did, or one sentence and 1."""

import sys

import click
from sqlalchemy.exc import DBAPIError

from passes.errors import PassError
from wallet_service import __version__
from wallet_service.cli import (
    api_key,
    audit_log,
    backup,
    brand,
    certs,
    demo,
    design,
    doctor,
    ledger,
    location,
    programme,
    prove,
    sales,
    serve,
    set_up,
    staff,
    till,
)
from wallet_service.db import Busy
from wallet_service.errors import Refusal, StartError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="wallet-service")
def commands() -> None:
    """Wallet passes for customer loyalty, on your own machine."""


for command in (
    set_up.init,
    set_up.migrate,
    demo.demo,
    serve.serve,
    certs.certs,
    design.design,
    programme.programme,
    brand.brand,
    staff.staff,
    location.location,
    till.till,
    api_key.api_key,
    sales.sales,
    audit_log.audit,
    ledger.ledger,
    doctor.doctor,
    backup.backup,
    backup.restore,
    prove.prove,
):
    commands.add_command(command)


def main() -> None:
    """Run a command; what a person can mend is one sentence, never a trace."""
    try:
        commands()
    except (StartError, Refusal, PassError, Busy) as error:
        _fail(str(error))
    except DBAPIError as error:
        # The driver's first line says who does not answer; the rest is advice to programmers.
        _fail(f"The database does not answer: {str(error.orig).splitlines()[0]}")
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _fail(f"{where}{error.strerror or error}.")


def _fail(sentence: str) -> None:
    click.echo(f"wallet-service: {sentence}", err=True)
    sys.exit(1)
