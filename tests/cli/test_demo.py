"""`wallet-service demo`: a living shop from one command, gone when it is stopped."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from stories import until

PROJECT = Path(__file__).parents[2]


@contextmanager
def demo(folder: Path, *words: str) -> Iterator[tuple[dict[str, Any], "subprocess.Popen[str]"]]:
    """A running demo and what its ready file says; Ctrl-C ends it."""
    ready = folder / "ready.json"
    ready.unlink(missing_ok=True)
    told = ["demo", "--port", "0", "--members", "12", "--ready-file", str(ready), *words]
    process = subprocess.Popen(
        [sys.executable, "-m", "wallet_service", *told],
        env={**os.environ, "PYTHONPATH": str(PROJECT), "TMPDIR": str(folder)},
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        until(lambda: ready.exists() or process.poll() is not None, 60, "the demo")
        yield json.loads(ready.read_text()), process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)


@pytest.mark.timeout(180)
def test_the_demo_says_where_everything_is_and_leaves_nothing(tmp_path: Path) -> None:
    with demo(tmp_path) as (facts, process):
        assert Path(facts["apple"]["root_certificate"]).read_text().startswith("-----BEGIN")
        answer = requests.get(
            f"{facts['url']}/api/v1/members",
            headers={"Authorization": f"Bearer {facts['api_key']}"},
            timeout=10,
        )
        assert len(answer.json()["items"]) == 15
        for page in (facts["phones"], facts["till"]["url"]):
            assert requests.get(page, timeout=10).status_code == 200
        assert re.fullmatch(r"[0-9A-Z]{4} [0-9A-Z]{4}", facts["till"]["pairing"])
        assert facts["console"]["url"] == f"{facts['url']}/console"
        assert signs_in(facts)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    numbered = [line for line in said.splitlines() if re.match(r"\d  ", line)]
    assert len(numbered) == 3
    assert said.rstrip().endswith("Stopped.")
    assert [path.name for path in tmp_path.iterdir()] == ["ready.json"]


@pytest.mark.timeout(180)
def test_a_demo_that_was_kept_is_the_same_shop_again(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    with demo(tmp_path, "--data", str(kept)) as (facts, _):
        first, password = members(facts), facts["console"]["password"]
    with demo(tmp_path, "--data", str(kept)) as (facts, _):
        assert members(facts) == first
        assert facts["console"]["password"] != password
        assert signs_in(facts)
        facts["console"]["password"] = password
        assert not signs_in(facts)


def signs_in(facts: dict[str, Any]) -> bool:
    """Whether the console's first button lets the owner in."""
    console = facts["console"]
    browser = requests.Session()
    page = browser.get(console["url"], timeout=10).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    answer = browser.post(
        f"{console['url']}/sign-in",
        data={
            "csrf_token": token[1], "email": console["email"], "password": console["password"]
        },
        timeout=10,
    )  # fmt: skip
    return answer.url.endswith("/console/kielo")


def members(facts: dict[str, Any]) -> list[str]:
    answer = requests.get(
        f"{facts['url']}/api/v1/members",
        headers={"Authorization": f"Bearer {facts['api_key']}"},
        timeout=10,
    )
    return [each["id"] for each in answer.json()["items"]]
