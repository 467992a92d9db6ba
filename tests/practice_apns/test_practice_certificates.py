"""Practice certificates look like Apple's, are kept, and are never written over."""

import os
import stat
import subprocess
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from wallet_service.errors import StartError
from wallet_service.practice import certificates as practice_certificates
from wallet_service.practice.certificates import (
    BadIdentifier,
    FolderNotOurs,
    FolderNotWritable,
    HalfWritten,
    OtherIdentifiers,
    OutOfDate,
    make,
)

NOW = datetime.now(UTC)


@pytest.fixture
def fresh(certificates, tmp_path):
    """A copy to spoil."""
    folder = tmp_path / "practice"
    folder.mkdir()
    for path in certificates.folder.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def openssl(*arguments: object) -> str:
    return subprocess.run(
        ["openssl", *map(str, arguments)], check=True, capture_output=True, text=True
    ).stdout


def test_openssl_finds_the_chain_to_the_pass_certificate_whole(certificates):
    said = openssl(
        "verify", "-x509_strict", "-purpose", "sslclient", "-CAfile", certificates.root,
        "-untrusted", certificates.intermediate, certificates.certificate,
    )  # fmt: skip

    assert said.strip().endswith("pass.pem: OK")


def test_openssl_takes_the_servers_certificate_for_localhost(certificates):
    for name in (("-verify_hostname", "localhost"), ("-verify_ip", "127.0.0.1")):
        said = openssl(
            "verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", certificates.apns_root,
            *name, certificates.apns_certificate,
        )  # fmt: skip
        assert said.strip().endswith("apns.pem: OK")


def test_the_pass_certificate_has_apples_shape(certificates):
    text = openssl("x509", "-in", certificates.certificate, "-noout", "-text")

    assert (
        "Subject: UID = pass.example.practice, CN = Pass Type ID: pass.example.practice, "
        "OU = PRACTICE01, O = wallet-service practice, C = FI" in text
    )
    assert "TLS Web Client Authentication, 1.2.840.113635.100.4.14" in text
    assert "X509v3 Key Usage: critical\n                Digital Signature\n" in text
    certificate = x509.load_pem_x509_certificate(certificates.certificate.read_bytes())
    values = {
        extension.oid.dotted_string: extension.value.value
        for extension in certificate.extensions
        if isinstance(extension.value, x509.UnrecognizedExtension)
    }
    assert values == {
        "1.2.840.113635.100.6.3.2": b"\x05\x00",
        "1.2.840.113635.100.6.1.16": b"\x0c\x15pass.example.practice",
    }


def test_the_intermediate_has_g4s_names_and_says_that_it_is_practice(certificates):
    text = openssl("x509", "-in", certificates.intermediate, "-noout", "-subject")

    assert text.strip() == (
        "subject=CN = Apple Worldwide Developer Relations Certification Authority, OU = G4, "
        "O = wallet-service practice, C = US"
    )


def test_they_outlive_a_driven_year(certificates):
    for name in ("root.pem", "intermediate.pem", "pass.pem", "apns.pem", "apns-root.pem"):
        certificate = x509.load_pem_x509_certificate((certificates.folder / name).read_bytes())
        assert certificate.not_valid_before_utc < NOW - timedelta(days=364)
        assert certificate.not_valid_after_utc > NOW + timedelta(days=3650)


def test_keys_are_for_their_owner_alone(certificates):
    for key in (certificates.key, certificates.apns_key):
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert {path.name for path in certificates.folder.iterdir()} == {
        "root.pem", "intermediate.pem", "pass.pem", "pass.key",
        "apns-root.pem", "apns.pem", "apns.key",
    }  # fmt: skip


def test_a_second_call_keeps_what_is_there(certificates):
    before = certificates.key.read_bytes()

    again = make(certificates.folder, now=NOW + timedelta(days=365))

    assert again == certificates
    assert certificates.key.read_bytes() == before


def test_two_that_start_at_once_end_with_the_same_certificates(tmp_path):
    made = []
    threads = [
        threading.Thread(target=lambda: made.append(make(tmp_path / "practice", now=NOW)))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert made[0] == made[1]
    assert [path.name for path in tmp_path.iterdir()] == ["practice"]


def test_an_empty_folder_is_filled_and_parents_are_made(tmp_path):
    (tmp_path / "empty").mkdir()

    assert make(tmp_path / "empty", now=NOW).key.is_file()
    assert make(tmp_path / "a" / "b" / "practice", now=NOW).key.is_file()


@pytest.mark.parametrize("name", ["root.pem", "intermediate.pem", "pass.key", "apns.key"])
def test_a_missing_file_is_named(fresh, name):
    (fresh / name).unlink()

    with pytest.raises(HalfWritten, match=f"{name} missing. Remove the folder to make new ones"):
        make(fresh, now=NOW)


@pytest.mark.parametrize("name", ["root.pem", "pass.pem", "pass.key", "apns.pem"])
@pytest.mark.parametrize("length", [0, 40, 700])
def test_a_file_cut_short_is_named(fresh, name, length):
    os.truncate(fresh / name, length)

    with pytest.raises(HalfWritten, match=f"{name} holds no"):
        make(fresh, now=NOW)


def test_pieces_of_two_sets_are_noticed(fresh, tmp_path):
    other = make(tmp_path / "other", now=NOW)
    (fresh / "pass.key").write_bytes(other.key.read_bytes())
    with pytest.raises(HalfWritten, match=r"pass.key is the key of something else"):
        make(fresh, now=NOW)

    (fresh / "pass.pem").write_bytes(other.certificate.read_bytes())
    with pytest.raises(HalfWritten, match=r"pass.pem was not issued by intermediate.pem"):
        make(fresh, now=NOW)


def test_a_folder_of_somebody_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("Mine.")

    with pytest.raises(FolderNotOurs, match="holds no practice certificates"):
        make(tmp_path, now=NOW)

    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_genuine_certificate_is_never_taken_for_practice(fresh, monkeypatch):
    monkeypatch.setattr(practice_certificates, "ORGANISATION", "another")

    with pytest.raises(FolderNotOurs):
        make(fresh, now=NOW)


def test_certificates_for_another_pass_type_are_not_replaced(certificates):
    with pytest.raises(OtherIdentifiers, match=r"for pass\.example\.practice of team PRACTICE01"):
        make(certificates.folder, pass_type_identifier="pass.example.other", now=NOW)


def test_certificates_out_of_date_say_so(certificates):
    with pytest.raises(OutOfDate, match="Remove the folder"):
        make(certificates.folder, now=NOW + timedelta(days=4000))


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(
        FolderNotWritable, match=r"cannot be written to .*file is not a folder"
    ) as told:
        make(tmp_path / "file" / "practice", now=NOW)

    assert isinstance(told.value, StartError)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_a_sentence(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(FolderNotWritable, match="Permission denied"):
            make(tmp_path / "practice", now=NOW)
    finally:
        tmp_path.chmod(0o700)


def test_a_disc_that_fails_half_way_leaves_nothing(tmp_path, monkeypatch):
    def full(path: Path, content: bytes, mode: int) -> None:
        if path.name == "pass.pem":
            raise OSError(28, "No space left on device")
        path.write_bytes(content)

    monkeypatch.setattr(practice_certificates, "_write", full)

    with pytest.raises(FolderNotWritable, match="No space left on device"):
        make(tmp_path / "practice", now=NOW)
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("identifier", ["", "com.example", "pass.", "pass.ä", "pass." + "a" * 46])
def test_a_pass_type_identifier_that_is_none_is_refused(tmp_path, identifier):
    with pytest.raises(BadIdentifier, match="pass type identifier"):
        make(tmp_path / "practice", pass_type_identifier=identifier, now=NOW)


@pytest.mark.parametrize("identifier", ["", "short", "practice01", "PRACTICE0Ä", "PRACTICE001"])
def test_a_team_identifier_that_is_none_is_refused(tmp_path, identifier):
    with pytest.raises(BadIdentifier, match="team identifier"):
        make(tmp_path / "practice", team_identifier=identifier, now=NOW)
