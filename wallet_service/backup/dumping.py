"""PostgreSQL's own tools: `pg_dump` and `pg_restore`, found on the PATH."""

import os
import shutil
import subprocess
from pathlib import Path

import sqlalchemy as sa

from wallet_service.db import Database
from wallet_service.errors import StartError


def dump(database: Database, part: Path, snapshot: str) -> None:
    """Write what stands in a snapshot to `part`, in the custom format. Raises StartError."""
    _run("pg_dump", database.url, f"--snapshot={snapshot}", "--format=custom", f"--file={part}")


def load(database: Database, part: Path) -> None:
    """Put a dump into an empty database, whole or not at all. Raises StartError."""
    _run("pg_restore", database.url, "--single-transaction", "--exit-on-error", argument=str(part))


def is_empty(database: Database) -> bool:
    """Whether a database has no table, view or sequence of anybody's."""
    # `pg_*` is PostgreSQL's own, and nobody else may begin a schema's name with it.
    found = sa.text(
        "SELECT count(*) FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'"
    )
    with database.read() as connection:
        return not connection.execute(found).scalar()


def _run(tool: str, url: sa.URL, *options: str, argument: str = "") -> None:
    found = shutil.which(tool)
    if found is None:
        raise StartError(
            f"{tool} is not on the PATH; install PostgreSQL's client programs, of the server's"
            " version or newer."
        )
    where, password = _without_password(url)
    words = [found, "--no-owner", "--no-privileges", "--no-password", *options, f"--dbname={where}"]
    # Whoever may list processes reads arguments; the environment is its owner's alone. Our own
    # secrets are none of the tool's business.
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("WALLET_SERVICE")
    } | {"LC_ALL": "C"}
    if password:
        environment["PGPASSWORD"] = password
    ended = subprocess.run(  # noqa: S603 - no shell, and the words are ours
        [*words, argument] if argument else words,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        check=False,
    )
    if ended.returncode != 0:
        raise StartError(f"{tool} could not: {_said(ended.stderr)}")


def _without_password(url: sa.URL) -> tuple[str, str]:
    queried = url.query.get("password", "")
    password = url.password or (queried if isinstance(queried, str) else queried[0])
    # `URL.set` takes None for "as it is", so the address is made anew.
    bare = sa.URL.create(
        "postgresql",
        username=url.username,
        host=url.host,
        port=url.port,
        database=url.database,
        query=url.query,
    ).difference_update_query(["password"])
    return bare.render_as_string(hide_password=False), password


def _said(stderr: str) -> str:
    """The first error of a tool in a sentence; with a mismatch, what to do about it."""
    if "server version mismatch" in stderr:
        return "it is older than the server; put the server's own version first on the PATH."
    lines = [line for line in stderr.splitlines() if "error:" in line] or stderr.splitlines()
    first = lines[0].partition("error: ")[2] or lines[0] if lines else "it did not say why"
    return first.strip().rstrip(".") + "."
