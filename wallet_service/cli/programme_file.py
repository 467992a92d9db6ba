"""A programme's file at the prompt: found, read, and every fault of it said."""

from pathlib import Path

import click

from wallet_service.errors import StartError
from wallet_service.programme import ProgrammeFault, ruleset
from wallet_service.shipped import shipped


def read(file: Path) -> str:
    """A programme's file: as it is named, or one that came with the service. Raises StartError."""
    came_with_us = shipped("templates", "programmes") / f"{file.name}.toml"
    if not file.exists() and file.name == str(file) and came_with_us.is_file():
        file = came_with_us
    if not file.exists():
        raise StartError(f"There is no file {file} here.")
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise StartError(f"{file} is not text in UTF-8.") from None


def has_faults(toml: str) -> bool:
    """Say every fault; whether there is one."""
    try:
        ruleset.read(toml)
    except ProgrammeFault as fault:
        for each in fault.faults:
            click.echo(f"error: {each}")
        return True
    return False
