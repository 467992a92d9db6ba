"""Serving: the running build itself, as processes that can be killed and started again."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import wallet_service
from wallet_service.config import PREFIX
from wallet_service.errors import StartError

BUILD = (sys.executable, "-m", "wallet_service")
_START_SECONDS = 120
_STOP_SECONDS = 30
_SOON = 0.02


class Serving:
    """`serve` in one process after the other, always at the same port of this machine."""

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str],
        command: Sequence[str] = BUILD,
        role: str = "all",
    ) -> None:
        self.port = _free_port()
        self._folder = folder
        self._environment = environment
        self._command = command
        self._role = role
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns once it answers. Raises StartError with the last thing it said."""
        log = self._folder / f"serve-{self.port}.log"
        with log.open("ab") as said:
            self._process = subprocess.Popen(  # noqa: S603 - no shell, and the words are ours
                [*self._command, "serve", "--role", self._role, "--port", str(self.port)],
                env=dict(self._environment),
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise StartError(f"The service does not start: {_last_line(log)}")
            time.sleep(_SOON)

    def kill(self) -> None:
        """SIGKILL: nobody says goodbye."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM, as whoever runs it would; its exit status."""
        return self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        process.send_signal(how)
        try:
            return process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return -signal.SIGKILL

    def _answers(self) -> bool:
        line = HTTPConnection("127.0.0.1", self.port, timeout=1)
        try:
            line.request("GET", "/livez")
            return line.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            line.close()


def environment_for(settings: Mapping[str, str]) -> dict[str, str]:
    """This process's environment without any shop's settings, and with these."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    # The very build that this process runs, wherever it was started.
    build = str(Path(wallet_service.__file__).parents[1])
    paths = [build, *filter(None, [own.get("PYTHONPATH")])]
    return own | {"PYTHONPATH": os.pathsep.join(paths)} | dict(settings)


def run(
    folder: Path,
    environment: Mapping[str, str],
    *words: str,
    command: Sequence[str] = BUILD,
) -> tuple[int, str]:
    """One command of the build: its exit status, and what it said."""
    ended = subprocess.run(  # noqa: S603 - no shell, and the words are ours
        [*command, *words],
        env=dict(environment),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return ended.returncode, ended.stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing."
