"""The command line, as a person in a new folder uses it: every answer is a sentence."""

import json
import os
import re
import signal
import socket
import stat
import subprocess
from pathlib import Path

import pytest
import requests
from shell import Shell
from stories import until

from wallet_service import keys

PROJECT = Path(__file__).parents[2]


def test_a_shop_is_opened_in_an_empty_folder_and_can_work(shop: Shell) -> None:
    config = shop.folder / "config.toml"
    assert config.read_text() == (PROJECT / "config.toml").read_text()
    keys = shop.folder / "certs" / "secret.keys"
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert "Rosa" in (shop.folder / "designs" / "rosa" / "design.toml").read_text()

    assert "Sanna can work" in shop.well("staff", "add", "Sanna", "--pin-file", "-", typed="2468\n")
    assert re.search(r"type [0-9A-Z]{4} [0-9A-Z]{4}$", shop.well("till", "pair"), re.MULTILINE)
    secret = shop.well("api-key", "create", "--name", "POS").strip()
    assert re.fullmatch(r"wk_[0-9a-z]{8}_[\w-]{43}", secret)

    port = free_port()
    with serving(shop, "--port", str(port), "--ready-file", "ready.json"):
        answer = requests.post(
            f"http://127.0.0.1:{port}/api/v1/members",
            json={"given_name": "Aino"},
            headers={"Authorization": f"Bearer {secret}"},
            timeout=10,
        )
        assert answer.status_code == 201
        assert answer.json()["link"].startswith(f"http://127.0.0.1:{port}/c/")
        page = requests.get(answer.json()["link"], timeout=10)
        assert "Rosa" in page.text
        assert "Kielo" not in page.text


def test_a_key_that_was_ended_opens_nothing(shop: Shell) -> None:
    shop.well("api-key", "create", "--name", "POS")
    assert shop.well("api-key", "end", "POS").strip() == "POS opens nothing any more."
    assert shop.badly("api-key", "end", "POS") == "There is no living key of the name POS."


def test_a_second_shop_in_the_same_folder_is_refused(shop: Shell) -> None:
    assert shop.badly("init") == "There is a shop here already: Rosa."


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["init", "--name", 'Ro"sa'], "A shop's name has"),
        (["init", "--email", "nobody"], "nobody is no e-mail address."),
        (["init", "--time-zone", "Mars/Olympus"], "Mars/Olympus is no time zone"),
        (["serve", "--port", "0"], "There is no shop in this folder"),
        (["staff", "add", "Sanna", "--pin-file", "-"], "There is no shop in this folder"),
        (["doctor"], "There is no shop in this folder"),
        (["migrate"], "There is no shop in this folder"),
        (["serve", "--config", "none.toml"], "none.toml cannot be read: No such file"),
        (["init", "--config", "no/config.toml"], "does not exist."),
        (["design", "check", "nowhere"], "There is no folder nowhere here."),
        (["init", "--name", "  "], "A shop's name has"),
        (["init", "--website", "rosa"], "rosa is no address of pages"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    shell: Shell, words: list[str], says: str
) -> None:
    assert says in shell.badly(*words, typed="2468\n")


def test_weak_pins_and_unknown_scopes_are_refused(shop: Shell) -> None:
    assert shop.badly("staff", "add", "Sanna", "--pin-file", "-", typed="12\n") == (
        "A PIN is four to eight digits."
    )
    said = shop.badly("api-key", "create", "--name", "POS", "--scopes", "members,everything")
    assert said.startswith("There is no scope everything.")


def test_a_wrong_setting_stops_the_start_and_names_its_line(shop: Shell) -> None:
    config = shop.folder / "config.toml"
    config.write_text('[service]\nmode = "practice"\n\n[apple]\nteam = "X"\n')
    assert shop.badly("serve", "--port", "0") == (
        "config.toml, line 5: there is no setting apple.team; config.toml lists every one."
    )


def test_the_environment_is_named_when_it_is_wrong(shop: Shell) -> None:
    shop.environment["WALLET_SERVICE__SERVICE__MODE"] = "rehearsal"
    assert shop.badly("serve", "--port", "0").startswith(
        "WALLET_SERVICE__SERVICE__MODE in the environment:"
    )


def test_a_port_in_use_is_a_sentence(shop: Shell) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = shop.badly("serve", "--port", str(port))
    assert said == (
        f"Port {port} on 127.0.0.1 is in use; stop what uses it, or choose another --port."
    )


def test_a_place_that_cannot_be_written_is_a_sentence(shell: Shell) -> None:
    # Not by file modes, which mean nothing to root: /proc takes no new files from anybody.
    shell.environment["WALLET_SERVICE__SERVICE__CERTS"] = "/proc/certs"
    assert "/proc" in shell.badly("init")


def test_a_database_that_is_away_is_a_sentence_without_its_password(shop: Shell) -> None:
    shop.environment["WALLET_SERVICE__DATABASE__URL"] = (
        f"postgresql://shop:hunter2@127.0.0.1:{free_port()}/wallet"
    )
    said = shop.badly("serve", "--port", "0")
    assert said.startswith("The database does not answer: ")
    assert "hunter2" not in said


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("garbage", "[database] url: an address like"),
        ("sqlite://", "[database] url: SQLite needs a file"),
        ("sqlite:///config.toml", "The database does not answer: file is not a database"),
        ("sqlite:///a\0b", "there is a zero character in it"),
        ("mysql://shop:hunter2@host/name", "[database] url speaks of mysql"),
    ],
)
def test_what_is_no_database_is_a_sentence(shell: Shell, url: str, says: str) -> None:
    settle_in(shell)
    escaped = url.replace("\0", "\\u0000")
    (shell.folder / "config.toml").write_text(f'[database]\nurl = "{escaped}"\n')
    said = shell.badly("serve", "--port", "0")
    assert says in said
    assert "hunter2" not in said


def test_pushes_without_tls_stay_on_this_machine(shop: Shell) -> None:
    shop.environment["WALLET_SERVICE__APPLE__APNS_URL"] = "http://apns.example"
    assert "http is for this machine alone" in shop.badly("serve", "--port", "0")


def test_a_second_service_on_the_same_file_is_refused(shop: Shell) -> None:
    with serving(shop, "--port", "0", "--ready-file", "ready.json"):
        assert "Another wallet-service serves" in shop.badly("serve", "--port", "0")
        assert "Sanna can work" in shop.well(
            "staff", "add", "Sanna", "--pin-file", "-", typed="24680"
        )


def test_live_mode_wants_https_and_apples_certificate(shop: Shell) -> None:
    shop.environment["WALLET_SERVICE__SERVICE__MODE"] = "live"
    assert "live mode needs https" in shop.badly("serve", "--port", "0")
    shop.environment["WALLET_SERVICE__SERVICE__URL"] = "https://cards.rosa.example"
    assert shop.badly("serve", "--port", "0").startswith("[apple] certificate, key, intermediate")


def test_roles_want_postgresql(shop: Shell) -> None:
    assert "needs PostgreSQL" in shop.badly("serve", "--role", "worker", "--port", "0")


def test_a_key_of_another_certificate_is_refused(shop: Shell) -> None:
    practice = shop.folder / "certs" / "practice"
    for name, value in {
        "CERTIFICATE": practice / "pass.pem",
        "KEY": practice / "apns.key",
        "INTERMEDIATE": practice / "intermediate.pem",
        "PASS_TYPE_IDENTIFIER": "pass.example.practice",
        "TEAM_IDENTIFIER": "PRACTICE01",
    }.items():
        shop.environment[f"WALLET_SERVICE__APPLE__{name}"] = str(value)
    assert shop.badly("serve", "--port", "0").startswith("[apple] ")
    shop.environment["WALLET_SERVICE__APPLE__KEY"] = str(practice / "pass.key")
    shop.environment["WALLET_SERVICE__APPLE__TEAM_IDENTIFIER"] = "OTHERTEAM1"
    assert "OTHERTEAM1" in shop.badly("serve", "--port", "0")


def settle_in(shell: Shell) -> None:
    """Settings and a key, and no database yet: what a machine of several starts with."""
    (shell.folder / "config.toml").write_text("")
    keys.make(shell.folder / "certs" / "secret.keys")


def test_a_new_shops_cards_carry_nothing_of_the_shop_that_was_drawn(shop: Shell) -> None:
    for file in (shop.folder / "designs" / "rosa").glob("*.toml"):
        text = re.sub(r"#.*", "", file.read_text())
        assert not re.search(r"kielo|Kielo|555 0170|Kekkosen", text), file.name
    toml = (shop.folder / "designs" / "rosa" / "design.toml").read_text()
    assert 'language = "fi"' in toml
    assert 'email = "hei@rosa.example"' in toml
    assert '# phone = ""' in toml
    assert "nothing to mend" in shop.well("design", "check", "designs/rosa")


def test_what_a_shop_says_of_itself_stands_on_its_cards(shell: Shell) -> None:
    shell.well(
        *("init", "--name", "Kukka & Co", "--phone", "+358 9 123", "--address", "Kuja 2, Oulu"),
        *("--website", "https://kukka.example/shop"),
    )
    folder = shell.folder / "designs" / "kukka-co"
    toml = (folder / "design.toml").read_text()
    for words in ("+358 9 123", "Kuja 2, Oulu", "https://kukka.example/shop"):
        assert f'"{words}"' in toml
    assert 'website_link = "kukka.example"' in (folder / "fi.toml").read_text()
    assert "nothing to mend" in shell.well("design", "check", str(folder))


def test_a_lost_key_is_missed_and_never_made_anew(shop: Shell) -> None:
    secret = shop.folder / "certs" / "secret.keys"
    kept = secret.read_text()
    key = shop.well("api-key", "create", "--name", "POS").strip()
    with serving(shop, "--port", "0", "--ready-file", "ready.json"):
        url = json.loads((shop.folder / "ready.json").read_text())["url"]
        requests.post(
            f"{url}/api/v1/members",
            json={"given_name": "Aino"},
            headers={"Authorization": f"Bearer {key}"},
            timeout=10,
        )
    secret.unlink()
    assert "put its backup back" in shop.badly("serve", "--port", "0")
    assert "put its backup back" in shop.run("doctor").stdout
    assert not secret.exists()
    secret.write_text("another key, long enough to be taken for one\n")
    assert "put key" in shop.badly("serve", "--port", "0")
    assert re.search(r"^ERROR +keys: ", shop.run("doctor").stdout, re.MULTILINE)
    secret.write_text("a newer key in front, long enough as well\n" + kept)
    shop.well("doctor")


def test_people_at_the_till_come_change_and_go(shop: Shell) -> None:
    shop.well("staff", "add", "Sanna", "--pin-file", "-", typed="2468")
    said = shop.badly("staff", "add", "sanna", "--pin-file", "-", typed="1357")
    assert said == "sanna works here already; give another name."
    assert shop.badly("staff", "add", "Otto") == (
        "There is nobody to ask for the PIN; give --pin-file."
    )
    assert "Sanna has a new PIN." in shop.well(
        "staff", "pin", "Sanna", "--pin-file", "-", typed="1357"
    )
    assert shop.badly("staff", "end", "Otto") == (
        "Nobody of the name Otto works here; there are: Anna, Sanna."
    )
    assert "Sanna works here no more." in shop.well("staff", "end", "Sanna")
    shop.well("staff", "add", "Sanna", "--pin-file", "-", typed="2468")


def test_a_mistyped_shop_is_no_new_shop(shop: Shell) -> None:
    said = shop.badly("till", "pair", "--location", "Nowhere")
    assert said == "There is no shop Nowhere; there are: Rosa. `location add` makes one."
    shop.well("location", "add", "Harbour")
    assert "There is a shop harbour already." in shop.badly("location", "add", "harbour")
    assert "type" in shop.well("till", "pair", "--location", "harbour")
    assert "Which shop?" in shop.badly("till", "pair")


def test_two_keys_of_one_name_would_be_mixed_up(shop: Shell) -> None:
    shop.well("api-key", "create", "--name", "POS")
    assert "There is a key of the name POS" in shop.badly("api-key", "create", "--name", "POS")


def test_the_doctor_knows_its_own_service_from_another(shop: Shell) -> None:
    port = free_port()
    shop.environment["WALLET_SERVICE__SERVICE__URL"] = f"http://127.0.0.1:{port}"
    assert f"Port {port} is free." in shop.well("doctor")
    with serving(shop, "--port", str(port), "--ready-file", "ready.json"):
        assert f"http://127.0.0.1:{port} answers." in shop.well("doctor")
        secret = shop.folder / "certs" / "secret.keys"
        secret.write_text("another key, long enough to be taken for one\n")
        assert "is answered by something else" in shop.run("doctor").stdout
    shop.environment["WALLET_SERVICE__SERVICE__URL"] = "http://shop.invalid"
    assert "shop.invalid cannot be found" in shop.run("doctor").stdout


def test_practice_certificates_are_made_once(shell: Shell) -> None:
    first = shell.well("certs", "practice")
    made = (shell.folder / "certs" / "practice" / "pass.pem").read_bytes()
    assert shell.well("certs", "practice") == first
    assert (shell.folder / "certs" / "practice" / "pass.pem").read_bytes() == made
    assert "PRACTICE02" in shell.badly("certs", "practice", "--team-identifier", "PRACTICE02")


def test_a_design_is_checked_and_put_into_use(shop: Shell) -> None:
    folder = shop.folder / "designs" / "rosa"
    assert "nothing to mend" in shop.well("design", "check", str(folder))
    assert "(version 1)" in shop.well("design", "apply", str(folder))
    toml = (folder / "design.toml").read_text()
    (folder / "design.toml").write_text(toml.replace("#1f4d3a", "#402030"))
    assert "(version 2)" in shop.well("design", "apply", str(folder))
    (folder / "design.toml").write_text(toml.replace("#1f4d3a", "green") + "\nshine = true\n")
    done = shop.run("design", "apply", str(folder))
    assert done.returncode == 1
    assert done.stdout.count("error: design.toml") >= 2
    assert "Nothing was changed." in done.stderr


def test_the_doctor_looks_at_everything(shop: Shell) -> None:
    said = shop.well("doctor")
    for about in ("settings", "certificate", "database", "ledger", "clock", "delivery"):
        assert re.search(rf"^ok +{about}: ", said, re.MULTILINE), about


def test_a_folder_without_a_shop_makes_the_doctor_worry(shell: Shell) -> None:
    settle_in(shell)
    done = shell.run("doctor")
    assert done.returncode == 1
    assert "run `wallet-service migrate`" in done.stdout


def test_migrate_says_from_where_to_where(shell: Shell) -> None:
    settle_in(shell)
    assert "from nothing to 0003" in shell.well("migrate")
    assert "at 0003 already" in shell.well("migrate")


def serving(shell: Shell, *words: str) -> "Serving":
    return Serving(shell, words)


class Serving:
    """A service while a block runs; it must stop at once, and well, when it is told to."""

    def __init__(self, shell: Shell, words: tuple[str, ...]) -> None:
        self._shell = shell
        self._words = words

    def __enter__(self) -> "subprocess.Popen[str]":
        ready = self._shell.folder / "ready.json"
        self._process = subprocess.Popen(
            self._shell.command("serve", *self._words),
            cwd=self._shell.folder,
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        until(ready.exists, 30, "the ready file")
        return self._process

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGTERM)
        said, _ = self._process.communicate(timeout=15)
        assert self._process.returncode == 0
        assert said.rstrip().endswith("Stopped.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
