"""The command line: every command explains itself and stands in docs/cli.md."""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from wallet_service.cli import commands

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "cli.md"


def every_command(
    group: click.Group = commands, prefix: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from every_command(command, (*prefix, name))
        else:
            yield (*prefix, name), command


COMMANDS = [pytest.param(name, command, id=" ".join(name)) for name, command in every_command()]


@pytest.mark.parametrize(("name", "command"), COMMANDS)
def test_a_command_says_what_it_does(name: tuple[str, ...], command: click.Command) -> None:
    assert command.help, name
    answer = CliRunner().invoke(commands, [*name, "--help"])
    assert answer.exit_code == 0
    assert command.help.splitlines()[0] in answer.output


@pytest.mark.parametrize(("name", "command"), COMMANDS)
def test_a_command_and_each_of_its_options_stand_in_the_docs(
    name: tuple[str, ...], command: click.Command
) -> None:
    docs = DOCS.read_text()
    heading = f"## `wallet-service {' '.join(name)}"
    assert heading in docs
    section = docs.partition(heading)[2].partition("\n## ")[0]
    for option in command.params:
        shown = option.opts[0] if isinstance(option, click.Option) else option.human_readable_name
        if shown not in {"--config", "--brand", "--help"}:
            assert shown in section, f"{name}: {shown}"


def test_the_docs_name_no_command_that_is_gone() -> None:
    named = {
        line.removeprefix("## `wallet-service ").partition("`")[0]
        for line in DOCS.read_text().splitlines()
        if line.startswith("## `wallet-service ")
    }
    there = {" ".join(name) for name, _ in every_command()}
    # An argument stands behind its command: `design check FOLDER`.
    assert {
        " ".join(word for word in name.split() if not word.isupper()) for name in named
    } == there


@pytest.mark.parametrize(("name", "command"), COMMANDS)
def test_every_command_takes_a_config_file(name: tuple[str, ...], command: click.Command) -> None:
    assert "--config" in {option.opts[0] for option in command.params}


def test_the_version_is_the_packages_own() -> None:
    version = (ROOT / "pyproject.toml").read_text().partition('\nversion = "')[2].partition('"')[0]
    assert version in CliRunner().invoke(commands, ["--version"]).output
