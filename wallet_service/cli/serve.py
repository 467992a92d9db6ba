"""`wallet-service serve`: the service, until Ctrl-C or SIGTERM."""

import logging
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import click

from wallet_service import logs
from wallet_service.cli.options import config_option, load_here
from wallet_service.running import Role, Running, facts_of, write_ready_file


@click.command()
@config_option
@click.option(
    "--role",
    type=click.Choice(["all", "web", "worker", "practice"]),
    default="all",
    show_default=True,
    help="What this process does; roles other than `all` need PostgreSQL.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port (default: the url's own).")
@click.option(
    "--ready-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write addresses there, as JSON, once the service answers.",
)
def serve(
    config_file: Path | None, role: str, host: str, port: int | None, ready_file: Path | None
) -> None:
    """Run the service."""
    running = Running(load_here(config_file), role=cast(Role, role), host=host, port=port)
    run(running, ready_file, {}, [f"{running.url} answers. Ctrl-C stops it."])


def run(
    running: Running,
    ready_file: Path | None,
    more: dict[str, Any],
    lines: list[str],
    once_started: Callable[[], None] = lambda: None,
    log_level: int = logging.INFO,
) -> None:
    """Serve until a signal says stop; say `lines` once it answers, and do `once_started` beside."""
    logs.set_up(level=log_level)
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: running.stop())
    application = running.start()
    threading.Thread(target=once_started, name="once started", daemon=True).start()
    if ready_file is not None:
        # The port is bound and listening: whoever reads this file will be answered.
        write_ready_file(ready_file, facts_of(running) | more)
    for line in lines:
        click.echo(line)
    running.serve(application)
    click.echo("Stopped.")
