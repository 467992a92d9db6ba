"""`wallet-service certs …`: the certificates that passes are signed with."""

from datetime import UTC, datetime
from pathlib import Path

import click

from wallet_service.cli.options import config_option, load
from wallet_service.practice import certificates


@click.group()
def certs() -> None:
    """Certificates for passes and pushes."""


@certs.command(name="practice")
@config_option
@click.option("--pass-type-identifier", default="pass.example.practice", show_default=True)
@click.option("--team-identifier", default="PRACTICE01", show_default=True)
def practice(config_file: Path | None, pass_type_identifier: str, team_identifier: str) -> None:
    """Make certificates of Apple's shape that only practice phones trust."""
    made = certificates.make(
        load(config_file).certs / "practice",
        pass_type_identifier=pass_type_identifier,
        team_identifier=team_identifier,
        now=datetime.now(UTC),
    )
    click.echo(f"{made.folder}: good until {made.not_after:%d %B %Y}.")
