"""Derived secrets: the same for the same subject, and a key may be put in front of the old ones."""

import stat
from pathlib import Path

import pytest

from wallet_service import keys
from wallet_service.errors import StartError
from wallet_service.keys import Keyring

OLD = "the first key of a shop, long enough"
NEW = "the second key of a shop, long enough"


def test_the_same_subject_gives_the_same_secret_and_another_gives_another() -> None:
    keyring = Keyring([OLD])
    assert keyring.derive("card", "aino") == Keyring([OLD]).derive("card", "aino")
    assert keyring.derive("card", "aino") != keyring.derive("card", "mikko")
    assert keyring.derive("card", "aino") != keyring.derive("invitation", "aino")
    assert keyring.derive("card", "aino") != Keyring([NEW]).derive("card", "aino")
    assert len(keyring.derive("card", "aino")) == 32


def test_after_a_rotation_what_the_old_key_made_still_verifies() -> None:
    before = Keyring([OLD])
    given_out = before.derive("card", "aino")
    remembered = before.current_id

    after = Keyring([NEW, OLD])

    assert after.derive("card", "aino", remembered) == given_out
    assert after.current_id != remembered
    assert after.derive("card", "aino") != given_out
    assert after.first_id == remembered


def test_what_a_retired_key_made_is_a_lookup_error_not_a_crash() -> None:
    remembered = Keyring([OLD]).current_id
    with pytest.raises(LookupError):
        Keyring([NEW]).derive("card", "aino", remembered)


@pytest.mark.parametrize("none_or_short", [[], ["short"], [NEW, "short"]])
def test_a_missing_or_short_key_stops_the_start(none_or_short: list[str]) -> None:
    with pytest.raises(StartError) as stopped:
        Keyring(none_or_short)
    assert "short" not in str(stopped.value).replace("shorter", "")


def test_a_key_file_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    file = tmp_path / "certs" / "secret.keys"
    keys.make(file)
    made = keys.read(file)
    keys.make(file)
    assert keys.read(file) == made
    assert len(made) == 1
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["secret.keys"]


def test_a_key_file_is_read_line_by_line_newest_first(tmp_path: Path) -> None:
    file = tmp_path / "secret.keys"
    file.write_text(f"{NEW}\n\n  {OLD}  \n")
    assert keys.read(file) == [NEW, OLD]
