"""Settings: nothing guessed, nothing swallowed, and a mistake is named with its line."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel, SecretStr

from wallet_service import config
from wallet_service.config import Config
from wallet_service.errors import StartError
from wallet_service.shipped import shipped


def load(folder: Path, text: str, **environment: str) -> Config:
    file = folder / "config.toml"
    file.write_text(text)
    return config.load(file, environment=environment)


def refusal(folder: Path, text: str, **environment: str) -> str:
    with pytest.raises(StartError) as refused:
        load(folder, text, **environment)
    return str(refused.value)


# ---- what is wrong is named ---------------------------------------------------------------------


def test_an_unknown_setting_is_named_with_its_line(tmp_path: Path) -> None:
    said = refusal(tmp_path, '[service]\nmode = "practice"\nurll = "http://127.0.0.1"\n')
    assert "line 3" in said
    assert "service.urll" in said


def test_an_unknown_section_is_named_with_its_line(tmp_path: Path) -> None:
    said = refusal(tmp_path, '[service]\nproxies = 0\n\n[appel]\nteam_identifier = "X"\n')
    assert "line 4" in said
    assert "appel" in said


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('[service]\nmode = "practise"', "service.mode"),
        ("[service]\nproxies = -1", "service.proxies"),
        ('[service]\nurl = "cards.example"', "service.url"),
        ('[service]\nurl = "https://cards.example/wallet"', "service.url"),
        ("[apple]\napns_priority = 7", "apple.apns_priority"),
        ('[apple]\napns_url = "api.push.apple.com"', "apple.apns_url"),
    ],
)
def test_a_bad_value_is_named_with_its_line(tmp_path: Path, line: str, named: str) -> None:
    said = refusal(tmp_path, line)
    assert "line 2" in said
    assert named in said


def test_live_mode_refuses_plain_http(tmp_path: Path) -> None:
    said = refusal(tmp_path, '[service]\nmode = "live"\nurl = "http://cards.example"\n')
    assert "https" in said


def test_what_is_not_toml_is_said_with_its_line(tmp_path: Path) -> None:
    assert "line 2" in refusal(tmp_path, '[service]\nurl = "open\n')


def test_a_variable_that_is_no_setting_is_named(tmp_path: Path) -> None:
    said = refusal(tmp_path, "", WALLET_SERVICE__SERVICE__URLL="x")
    assert "WALLET_SERVICE__SERVICE__URLL" in said
    assert "WALLET_SERVICE__MODE" in refusal(tmp_path, "", WALLET_SERVICE__MODE="live")


def test_a_bad_value_in_the_environment_names_the_variable(tmp_path: Path) -> None:
    said = refusal(tmp_path, "[service]\nproxies = 0\n", WALLET_SERVICE__SERVICE__PROXIES="many")
    assert "WALLET_SERVICE__SERVICE__PROXIES" in said


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.mkdir()])
def test_a_file_that_cannot_be_read_stops_the_start(tmp_path: Path, make: object) -> None:
    assert callable(make)
    make(tmp_path / "config.toml")
    with pytest.raises(StartError, match="cannot be read"):
        config.load(tmp_path / "config.toml", environment={})


# ---- secrets ------------------------------------------------------------------------------------

SECRETS = {
    "[service]\nsecret_key": "open-sesame-open-sesame-open-sesame",
    "[database]\nurl": "postgresql://shop:open-sesame@db.example/wallet",
    "[apple]\nkey_password": "open-sesame",
}


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_stands_in_no_error_and_no_print(tmp_path: Path, name: str) -> None:
    good = load(tmp_path, f'{name} = "{SECRETS[name]}"\n')
    assert "open-sesame" not in repr(good)
    assert "open-sesame" not in str(good)
    for broken in (
        f'{name} = ["{SECRETS[name]}"]\n',
        f'{name} = "{SECRETS[name]}"\n[service2]\na = 1\n',
        f'{name}s = "{SECRETS[name]}"\n',
    ):
        assert "open-sesame" not in refusal(tmp_path, broken)


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("open-sesame\n")
    settings = load(tmp_path, '[apple]\nkey_password_file = "password"\n')
    apple = settings.apple
    assert settings.read_secret(apple.key_password, apple.key_password_file) == "open-sesame"


def test_a_secret_file_that_is_gone_is_named(tmp_path: Path) -> None:
    settings = load(tmp_path, '[apple]\nkey_password_file = "gone"\n')
    with pytest.raises(StartError, match="gone"):
        settings.read_secret(settings.apple.key_password, settings.apple.key_password_file)


# ---- what holds ---------------------------------------------------------------------------------


def test_the_environment_holds_over_the_file(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        '[service]\nurl = "http://127.0.0.1:1"\nproxies = 1\n',
        WALLET_SERVICE__SERVICE__URL="http://127.0.0.1:2",
        WALLET_SERVICE__DATABASE__URL="sqlite:////elsewhere.db",
        UNRELATED="x",
    )
    assert settings.base_url == "http://127.0.0.1:2"
    assert settings.service.proxies == 1
    assert settings.database_url == "sqlite:////elsewhere.db"


def test_paths_begin_at_the_files_own_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = tmp_path / "shop"
    shop.mkdir()
    monkeypatch.chdir(tmp_path)
    settings = load(shop, "")
    assert settings.database_url == f"sqlite:///{shop / 'wallet.db'}"
    assert settings.certs == shop / "certs"
    assert settings.path(Path("/elsewhere")) == Path("/elsewhere")


@pytest.mark.parametrize(
    "url", ["sqlite:////var/lib/wallet.db", "sqlite:///:memory:", "postgresql://shop@db/wallet"]
)
def test_an_address_that_is_whole_stays_as_it_is(tmp_path: Path, url: str) -> None:
    assert load(tmp_path, f'[database]\nurl = "{url}"\n').database_url == url


# ---- config.toml and the model say the same -----------------------------------------------------

SETTING = re.compile(r"^(?:# )?([a-z_]+) = (.*)$")


def settings_of_the_model() -> dict[str, object]:
    """Every setting there is, with its default."""
    return {
        f"{section}.{name}": setting.default
        for section, field in Config.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
        for name, setting in field.annotation.model_fields.items()
    }


def settings_of_the_file() -> dict[str, str]:
    found, section = {}, ""
    for line in shipped("config.toml").read_text().splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif match := SETTING.match(line):
            found[f"{section}.{match[1]}"] = match[2]
    return found


def test_every_setting_stands_in_the_file_and_every_line_is_a_setting() -> None:
    assert settings_of_the_file().keys() == settings_of_the_model().keys()


def test_the_file_shows_the_defaults() -> None:
    shown = settings_of_the_file()
    for name, default in settings_of_the_model().items():
        plain = default.get_secret_value() if isinstance(default, SecretStr) else default
        plain = "" if plain is None else str(plain)
        assert shown[name].strip('"') == plain, name


def test_the_file_runs_as_it_stands_and_with_every_line_switched_on(tmp_path: Path) -> None:
    text = shipped("config.toml").read_text()
    as_it_stands = load(tmp_path, text)
    assert as_it_stands.is_practice
    switched_on = "\n".join(
        line.removeprefix("# ") if SETTING.match(line) and '""' not in line else line
        for line in text.splitlines()
    )
    assert switched_on != text
    assert load(tmp_path, switched_on) == as_it_stands
