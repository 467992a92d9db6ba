"""What goes along in a wheel: all that git keeps of templates/, nothing that just lies there."""

import importlib.util
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[2]
SHIPPED = "wallet_service/_shipped/"


def kept_by_git(*folders: str) -> set[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", *folders], cwd=ROOT, capture_output=True, check=True, text=True
    )
    return {name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    (path,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    return zipfile.ZipFile(path)


def test_the_wheel_carries_what_git_keeps_of_the_templates(wheel: zipfile.ZipFile) -> None:
    shipped = {name.removeprefix(SHIPPED) for name in wheel.namelist() if name.startswith(SHIPPED)}
    assert shipped == kept_by_git("templates") | {"config.toml"}


def test_the_wheel_carries_every_file_of_the_packages(wheel: zipfile.ZipFile) -> None:
    packages = kept_by_git("passes", "webhooks", "wallet_service")
    assert packages <= set(wheel.namelist())
    assert "wallet_service/migrations/script.py.mako" in packages


def test_the_wheel_carries_no_tests_keys_or_leavings(wheel: zipfile.ZipFile) -> None:
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {
        "passes", "webhooks", "wallet_service"
    }  # fmt: skip
    odd = {".pem", ".key", ".keys", ".db", ".pyc", ""}
    assert [
        name
        for name in wheel.namelist()
        if Path(name).suffix in odd and ".dist-info" not in name and not name.endswith("py.typed")
    ] == []


def test_an_editable_install_gets_no_copy_that_would_grow_old(tmp_path: Path) -> None:
    named = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    hatch_build = importlib.util.module_from_spec(named)
    named.loader.exec_module(hatch_build)
    hook = hatch_build.ShippedFiles(str(ROOT), {}, None, None, str(tmp_path), "wheel")
    put: dict[str, dict[str, str]] = {"force_include": {}}
    hook.initialize("editable", put)
    assert put == {"force_include": {}}
    hook.initialize("standard", put)
    assert put["force_include"]


def test_an_installed_wheel_finds_its_files(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path / "site")
    found = subprocess.run(
        [
            sys.executable,
            "-c",
            "from wallet_service.shipped import shipped\n"
            "print(shipped('config.toml'))\n"
            "print(shipped('templates', 'designs', 'kielo', 'design.toml'))",
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site"), "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert all(
        line.startswith(str(tmp_path / "site" / SHIPPED)) for line in found.stdout.splitlines()
    )


def test_a_source_distribution_is_whole_and_holds_no_key(tmp_path: Path) -> None:
    (path,) = SdistBuilder(str(ROOT)).build(directory=str(tmp_path))
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
        # The argument came with Python 3.11.4.
        safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        archive.extractall(tmp_path, **safely)
    assert kept_by_git("templates", "passes", "webhooks", "wallet_service") <= names
    assert {name for name in names if name.startswith("certs/")} == {
        "certs/README.md", "certs/.gitignore"
    }  # fmt: skip
    # A wheel built from it, where there is no git to ask, is the same.
    unpacked = Path(path).name.removesuffix(".tar.gz")
    (rebuilt,) = WheelBuilder(str(tmp_path / unpacked)).build(
        directory=str(tmp_path / "again"), versions=["standard"]
    )
    with zipfile.ZipFile(rebuilt) as again:
        assert kept_by_git("templates") <= {name.removeprefix(SHIPPED) for name in again.namelist()}
