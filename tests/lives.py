"""A service that is killed and born again: each life a process of its own, ended by SIGKILL.

Run as a program it is the mother of these processes: it has read the code once, and forks a
`wallet-service` for each line that it reads.
"""

import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import requests
from stories import until


class Lives:
    """The lives of one service on one port."""

    def __init__(self, port: int, environment: dict[str, str], folder: Path) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.killed = 0
        self._arguments = ["serve", "--port", str(port)]
        self._environment = {**os.environ, **environment}
        self._folder = folder

    @contextmanager
    def mother(self) -> Iterator[None]:
        """The process that bears the others, for as long as they are wanted."""
        with (self._folder / "log").open("ab") as log:
            self._mother = subprocess.Popen(
                [sys.executable, __file__, *self._arguments],
                env=self._environment,
                cwd=self._folder,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        try:
            yield
        finally:
            assert self._mother.stdin is not None
            self._mother.stdin.close()
            self._mother.wait(30)
            assert self._mother.stdout is not None
            self._mother.stdout.close()

    @contextmanager
    def life(self) -> Iterator[None]:
        """One life; at its end nobody says goodbye."""
        pid = int(self._ask("live"))
        try:
            until(self._answers, 60, "the service")
            yield
        finally:
            os.kill(pid, signal.SIGKILL)
            self.killed += 1
            assert self._heard() == "gone"

    def _ask(self, word: str) -> str:
        assert self._mother.stdin is not None
        self._mother.stdin.write(f"{word}\n")
        self._mother.stdin.flush()
        return self._heard()

    def _heard(self) -> str:
        assert self._mother.stdout is not None
        return self._mother.stdout.readline().strip()

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/livez", timeout=1).ok
        except requests.RequestException:
            return False


def bear(arguments: Sequence[str]) -> None:
    """Fork a service for each line, and say its number; say that it is gone when it is."""
    from wallet_service.cli import main

    for _ in sys.stdin:
        child = os.fork()
        if not child:
            os.dup2(2, 1)
            try:
                sys.argv = ["wallet-service", *arguments]
                main()
            finally:
                # Whatever it was, this child never comes back to the loop.
                traceback.print_exc()
                os._exit(1)
        print(child, flush=True)
        os.waitpid(child, 0)
        print("gone", flush=True)


if __name__ == "__main__":
    bear(sys.argv[1:])
