"""`wallet-service doctor`: looks at everything, says what is wrong and how to mend it."""

import sys
from pathlib import Path

import click

from wallet_service.checkup import examine
from wallet_service.cli.options import config_option, load_here

_SIGNS = {"ok": "ok     ", "warning": "warning", "error": "ERROR  "}


@click.command()
@config_option
def doctor(config_file: Path | None) -> None:
    """Look at certificate, database, clock and port."""
    worst = "ok"
    for finding in examine(load_here(config_file)):
        click.echo(f"{_SIGNS[finding.state]}  {finding.about}: {finding.says}")
        worst = "error" if "error" in (worst, finding.state) else worst
    if worst == "error":
        sys.exit(1)
