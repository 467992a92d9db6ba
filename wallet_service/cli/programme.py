"""`wallet-service programme …`: the rules, as a file that is checked, planned and applied."""

import sys
from pathlib import Path

import click
from sqlalchemy import Connection

from wallet_service.audit import COMMAND
from wallet_service.cli import backtest, programme_file
from wallet_service.cli.options import config_option, opened, shop_options
from wallet_service.errors import StartError
from wallet_service.programme import Version, ruleset, versions
from wallet_service.programme.plan import Change, plan

_file = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.group()
def programme() -> None:
    """What members collect, and what it becomes."""


programme.add_command(backtest.backtest)


@programme.command()
@shop_options
def show(config_file: Path | None, slug: str | None) -> None:
    """Print the file of the rules that hold."""
    with opened(config_file, slug) as (wallet, brand), wallet.database.read() as connection:
        holding = versions.of_brand(connection, brand.brand_id)
        click.echo(versions.written(connection, holding.programme_id), nl=False)


@programme.command()
@config_option
@_file
def check(config_file: Path | None, file: Path) -> None:  # as every command does
    """List everything that is wrong with a programme's file, each with its place."""
    if programme_file.has_faults(programme_file.read(file)):
        sys.exit(1)
    click.echo(f"{file}: nothing to mend.")


@programme.command(name="plan")
@shop_options
@_file
def show_plan(config_file: Path | None, slug: str | None, file: Path) -> None:
    """Say what a file would change in the rules that hold; changes nothing."""
    toml = _checked(file)
    with opened(config_file, slug) as (wallet, brand), wallet.database.read() as connection:
        _, changes = _planned(connection, brand.brand_id, toml)
        beside = _beside(connection, brand.brand_id, toml)
    if not changes:
        click.echo("Nothing would change.")
    _say(changes, beside)


@programme.command()
@shop_options
@_file
@click.option(
    "--also-running-cards",
    "also_running",
    is_flag=True,
    help="Cards that are running follow the new rules, dearer or not.",
)
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask.")
def apply(
    config_file: Path | None, slug: str | None, file: Path, also_running: bool, is_sure: bool
) -> None:
    """Make a file the programme's rules from now on, as their next version."""
    toml = _checked(file)
    with opened(config_file, slug) as (wallet, brand):
        with wallet.database.read() as connection:
            seen, changes = _planned(connection, brand.brand_id, toml)
            beside = _beside(connection, brand.brand_id, toml)
        _say(changes, beside)
        worsens = any(change.worsens for change in changes)
        if not is_sure and (also_running or beside or worsens):
            _ask(also_running, worsens)
        with wallet.database.write() as connection:
            # Somebody may have applied another file while the question stood there.
            before, _ = _planned(connection, brand.brand_id, toml)
            if (before and before.version) != (seen and seen.version):
                raise StartError("The rules were changed meanwhile; look at the plan again.")
            after = versions.apply(
                connection, brand.brand_id, toml, actor=COMMAND, also_running=also_running
            )
    if before is not None and after.version == before.version:
        click.echo(f"{brand.name} has these rules already (version {after.version}).")
    else:
        click.echo(f"{brand.name} has these rules now (version {after.version}).")


def _planned(
    connection: Connection, brand_id: str, toml: str
) -> tuple[Version | None, tuple[Change, ...]]:
    """The rules that hold of the file's programme (none: it begins), and what would change."""
    rules = ruleset.read(toml)
    try:
        before = versions.by_key(connection, brand_id, rules.key)
    except LookupError:
        return None, plan(None, rules)
    return before, plan(before.rules, rules)


def _beside(connection: Connection, brand_id: str, toml: str) -> str:
    """A warning where the file is of another programme than the one that members join: as like
    as not, its key was changed by mistake."""
    rules = ruleset.read(toml)
    try:
        joined = versions.of_brand(connection, brand_id).rules.key
    except LookupError:
        return ""
    if joined == rules.key:
        return ""
    return f"Members join {joined}; {rules.key} is another programme beside it."


def _say(changes: tuple[Change, ...], beside: str) -> None:
    if beside:
        click.echo(beside)
    for change in changes:
        click.echo(f"{'-' if change.worsens else '+'} {change.say.say('en')}")
    if any(change.worsens for change in changes):
        click.echo("By what has a - a member may be worse off.")


def _ask(also_running: bool, worsens: bool) -> None:
    question = "Members may be worse off. Apply it?" if worsens else "Apply it?"
    if also_running:
        question = "Running cards follow the new rules, too. Apply it?"
    try:
        is_sure = click.confirm(question, err=True)
    except click.Abort:
        click.echo(err=True)
        raise StartError("Nothing was changed. Where nobody can be asked, say --yes.") from None
    if not is_sure:
        raise StartError("Nothing was changed.")


def _checked(file: Path) -> str:
    toml = programme_file.read(file)
    if programme_file.has_faults(toml):
        click.echo("Nothing was changed.", err=True)
        sys.exit(1)
    return toml
