"""`wallet-service ledger …`: whether the books are whole."""

import sys
from datetime import date
from pathlib import Path

import click
import sqlalchemy as sa

from wallet_service.brands import Brand
from wallet_service.cli.options import opened, shop_options
from wallet_service.db import Database
from wallet_service.errors import StartError
from wallet_service.ledger import heads
from wallet_service.ledger import verify as verify_books
from wallet_service.members.tables import member


@click.group()
def ledger() -> None:
    """The members' books."""


@ledger.command()
@shop_options
@click.option("--member", "member_id", help="Only this member, by her id.")
@click.option(
    "--heads",
    "heads_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Daily heads that were kept elsewhere: a line each, the day and the head.",
)
def verify(
    config_file: Path | None, slug: str | None, member_id: str | None, heads_file: Path | None
) -> None:
    """Compute every member's books again from the first entry."""
    with opened(config_file, slug) as (wallet, brand):
        copies = _copies(heads_file) if heads_file else {}
        there = _members(wallet.database, brand, member_id)
        wrong = entries = 0
        for each, count in there:
            with wallet.database.write() as connection:
                faults = verify_books(connection, each)
            entries += count
            for sentence in faults:
                wrong += 1
                click.echo(f"{each}: {sentence}", err=True)
        last = None
        if member_id is None:
            with wallet.database.read() as connection:
                for sentence in heads.verify(connection, brand.brand_id, copies):
                    wrong += 1
                    click.echo(sentence, err=True)
                last = heads.latest(connection, brand.brand_id)
    if wrong:
        sys.exit(1)
    click.echo(f"Members: {len(there)}. Entries: {entries}. Each is as it was written.")
    if last is not None:
        click.echo(f"{last.day} {last.head}")


def _members(database: Database, brand: Brand, member_id: str | None) -> list[tuple[str, int]]:
    """The members that are meant, with how many entries each has."""
    wanted = sa.select(member.c.member_id, member.c.entries).where(
        member.c.brand_id == brand.brand_id
    )
    if member_id is not None:
        wanted = wanted.where(member.c.member_id == member_id)
    with database.read() as connection:
        rows = connection.execute(wanted.order_by(member.c.member_id)).all()
    if member_id is not None and not rows:
        raise StartError(f"There is no member {member_id}.")
    return [(row.member_id, row.entries) for row in rows]


def _copies(file: Path) -> dict[date, str]:
    """The heads of a file: on each line a day and a head, as this command prints them."""
    copies: dict[date, str] = {}
    for number, line in enumerate(file.read_text().splitlines(), start=1):
        if not line.strip():
            continue
        try:
            day, head = line.split()
            copies[date.fromisoformat(day)] = head
        except ValueError:
            raise StartError(
                f"{file}, line {number}: a day and its head are needed, as 2026-11-25 3f9a…."
            ) from None
    return copies
