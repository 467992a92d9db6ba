"""The house itself: what must not lie in it, and what every file keeps to."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("passes", "webhooks", "wallet_service")


def kept() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def texts() -> Iterator[tuple[str, str]]:
    for path in kept():
        try:
            yield str(path.relative_to(ROOT)), path.read_text()
        except UnicodeDecodeError:
            continue


def code() -> Iterator[tuple[str, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text())


SECRETS = [
    re.compile(r"-----BEGIN (?:RSA |EC |ENCRYPTED )?PRIVATE KEY-----\n[A-Za-z0-9+/]{40}"),
    re.compile(r"\bwk_[0-9a-z]{8}_[A-Za-z0-9_-]{30,}"),
    re.compile(r"\bAKIA[0-9A-Z]{16}\b"),
    re.compile(r"\bgh[pousr]_[A-Za-z0-9]{30,}"),
]


def test_no_secret_lies_in_the_tree() -> None:
    found = [
        (name, sign.pattern) for name, text in texts() for sign in SECRETS if sign.search(text)
    ]
    assert found == []
    # Patterns that find nothing anywhere prove nothing; so each is shown one.
    assert SECRETS[0].search("-----BEGIN PRIVATE KEY-----\n" + "A" * 40)
    assert SECRETS[1].search("wk_abcdefgh_" + "A" * 40)


def test_no_file_names_somebodys_machine() -> None:
    machine = re.compile(r"(?<![\w.])/(?:home|Users|root|work)/[a-z]")
    own = str(Path(__file__).relative_to(ROOT))
    assert [name for name, text in texts() if name != own and machine.search(text)] == []


def test_nothing_is_kept_that_is_made_while_running() -> None:
    made = re.compile(r"\.(?:db|db-wal|db-shm|pyc|pem|key|keys|pkpass)$")
    assert [str(path) for path in kept() if made.search(path.name)] == []
    assert {path.name for path in kept() if path.parent == ROOT / "certs"} == {
        "README.md", ".gitignore"
    }  # fmt: skip


def test_every_file_of_code_opens_with_what_it_is_for() -> None:
    silent = [name for name, tree in code() if tree.body and not ast.get_docstring(tree)]
    assert silent == []


def test_time_is_asked_of_the_clock_alone() -> None:
    allowed = {
        "wallet_service/clock.py",
        # Certificates: TLS looks at the system's time, whatever a test's clock says.
        "wallet_service/wallet.py",
        "wallet_service/worker.py",
        "wallet_service/cli/certs.py",
        "wallet_service/checkup.py",
        # A signature says when it was really made; the library knows no clock of ours.
        "passes/apple/signing.py",
        # The limiter counts by the system's time, and so must what is said of it.
        "wallet_service/web/limits.py",
    }
    asking = re.compile(r"datetime\.(?:now|utcnow|today)\(|time\.time\(|date\.today\(")
    asked = {
        name
        for name, _ in code()
        if asking.search(re.sub(r'""".*?"""', "", (ROOT / name).read_text(), flags=re.DOTALL))
    }
    assert asked <= allowed


def test_nothing_swallows_every_error_but_the_workers_loop() -> None:
    swallowing = [
        f"{name}:{node.lineno}"
        for name, tree in code()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or getattr(node.type, "id", "") in {"Exception", "BaseException"})
        and not any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
    ]
    # One broken pass, or one fault of a phone's line, must not end the way for all the others.
    loops = ("wallet_service/delivery/dispatch.py", "wallet_service/delivery/apns/client.py")
    assert [place for place in swallowing if not place.startswith(loops)] == []


WORDS_THAT_SAY_NOTHING = {"manager", "handler", "helper", "helpers", "utils", "util", "misc"}
# Ours is the section of the settings; Apple's is its own name for what phones call.
SERVICES = {"Service", "WebService"}


def test_no_file_and_no_class_is_named_after_nothing() -> None:
    named = []
    for name, tree in code():
        words = set(re.split(r"[/_.]", name))
        classes = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
        for each in classes:
            words |= {word.lower() for word in re.findall(r"[A-Z][a-z]+", each)}
            if each.endswith("Service") and each not in SERVICES:
                named.append(f"{name}: {each}")
        if words & WORDS_THAT_SAY_NOTHING:
            named.append(name)
    assert named == []


@pytest.mark.parametrize("name", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md",
                                  "SECURITY.md", "LICENSE"])  # fmt: skip
def test_whoever_comes_finds_the_papers(name: str) -> None:
    assert (ROOT / name).stat().st_size > 300
