"""What a person types: each target stands, and each says what it would do."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = re.search(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)[1].split()


def make(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["make", *words], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_can_be_made(target: str) -> None:
    answer = make("-n", target)
    assert answer.returncode == 0, answer.stderr


def test_make_alone_says_what_there_is() -> None:
    said = make().stdout
    for target in TARGETS:
        if target not in {"help", "ready-for-test", "tools"}:
            assert f"make {target}" in said


def test_the_demo_takes_words_of_its_own() -> None:
    assert "wallet-service demo --port 9000" in make("-n", "demo", "ARGS=--port 9000").stdout


def test_without_a_python_that_is_new_enough_a_sentence_says_so(tmp_path: Path) -> None:
    answer = make("-n", "-B", "PYTHON=", f"VENV={tmp_path / 'venv'}", "demo")
    assert "Python 3.11 or newer is needed" in answer.stdout


def test_the_papers_name_only_targets_that_are_there() -> None:
    papers = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    named = {
        target for paper in papers for target in re.findall(r"`?make ([a-z]+)`?", paper.read_text())
    }
    words = {"every", "it", "all", "sure", "and", "a", "its", "own"}  # plain English
    assert named - words <= set(TARGETS)


SCRIPTS = sorted(path for path in (ROOT / ".ci").iterdir() if path.is_file())


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_can_be_run(script: Path) -> None:
    assert os.access(script, os.X_OK)
    if script.read_text().startswith("#!/bin/sh"):
        subprocess.run(["sh", "-n", str(script)], check=True)
