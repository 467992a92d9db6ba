"""A person at a prompt: types `wallet-service …` in a folder and reads what it says."""

import io
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from wallet_service import cli


@dataclass(frozen=True, kw_only=True)
class Done:
    """What a command said, and whether it could."""

    returncode: int
    stdout: str
    stderr: str


class Shell:
    """Runs `wallet-service` in a folder: in this process, as starting Python takes a second."""

    def __init__(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.folder = folder
        self.environment: dict[str, str] = {}
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "wallet_service", *words]

    def run(self, *words: str, typed: str = "") -> Done:
        self._capsys.readouterr()
        with self._monkeypatch.context() as patch:
            patch.chdir(self.folder)
            for key, value in self.environment.items():
                patch.setenv(key, value)
            patch.setattr(sys, "argv", ["wallet-service", *words])
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode())))
            with pytest.raises(SystemExit) as ended:
                cli.main()
        said = self._capsys.readouterr()
        code = ended.value.code
        return Done(returncode=int(code or 0), stdout=said.out, stderr=said.err)

    def well(self, *words: str, typed: str = "") -> str:
        done = self.run(*words, typed=typed)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def badly(self, *words: str, typed: str = "") -> str:
        """What it says when it cannot: one line, no trace."""
        done = self.run(*words, typed=typed)
        assert done.returncode != 0, done.stdout
        assert "Traceback" not in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr
        return done.stderr.strip().removeprefix("wallet-service: ")
