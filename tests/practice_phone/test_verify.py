"""Every way in which a pass can be wrong: refused, kept out, and said in the log."""

import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options

from wallet_service.practice import certificates, strings
from wallet_service.practice.verify import BadPass


def refused(phone, service) -> str:
    """The reason why the phone does not take the card that the service offers now."""
    with pytest.raises(BadPass) as why:
        phone.add(service.link)
    assert phone.passes == ()
    assert service.registrations == {}
    assert len(phone.complaints) == 1
    assert phone.complaints[0].endswith(str(why.value))
    # A file so broken that it names no service can be told to nobody.
    assert service.logs in ([], list(phone.complaints))
    return str(why.value)


def spoiled(service, **how):
    service.pack = lambda contents: service.paper.pack(contents, **how)


def test_a_good_pass_tells_when_it_was_signed(phone, service):
    held = phone.add(service.link)
    assert abs((held.signed_at - datetime.now(UTC)).total_seconds()) < 60


def test_a_torn_zip(phone, service):
    service.pack = lambda contents: service.paper.pack(contents)[:-40]
    assert "not a whole zip" in refused(phone, service)


def test_a_zip_with_a_flipped_byte(phone, service):
    def flip(contents):
        whole = bytearray(service.paper.pack(contents))
        at = whole.index(b"the rest of a picture")
        whole[at] ^= 1
        return bytes(whole)

    service.pack = flip
    assert "not a whole zip" in refused(phone, service)


def test_a_file_that_was_changed_after_signing(phone, service):
    spoiled(
        service, spoil_signed=lambda files: files.update({"logo.png": files["logo.png"] + b"!"})
    )
    assert "logo.png is not the file that manifest.json describes" in refused(phone, service)


def test_a_file_that_nobody_listed(phone, service):
    spoiled(service, spoil_signed=lambda files: files.update({".DS_Store": b"x"}))
    assert ".DS_Store is not listed" in refused(phone, service)


def test_a_file_that_is_listed_and_missing(phone, service):
    spoiled(service, spoil_signed=lambda files: files.pop("logo.png"))
    assert "logo.png is listed but missing" in refused(phone, service)


def test_a_path_that_leads_out_of_the_pass(phone, service):
    spoiled(service, spoil_files=lambda files: files.update({"../evil.png": b"x"}))
    assert "strange path" in refused(phone, service)


def test_two_files_of_one_name(phone, service):
    packed = io.BytesIO(service.paper.pack(service.contents))
    with (
        pytest.warns(UserWarning, match="Duplicate name"),
        zipfile.ZipFile(packed, "a") as archive,
    ):
        archive.writestr("pass.json", "{}")
    service.pack = lambda contents: packed.getvalue()

    assert "two files of one name" in refused(phone, service)


def test_a_manifest_that_was_changed_after_signing(phone, service):
    def change(files):
        manifest = json.loads(files["manifest.json"])
        files["logo.png"] += b"!"
        manifest["logo.png"] = hashlib.sha1(files["logo.png"]).hexdigest()
        files["manifest.json"] = json.dumps(manifest).encode()

    spoiled(service, spoil_signed=change)
    assert "the manifest is not the one that was signed" in refused(phone, service)


def test_a_manifest_of_another_hash(phone, service):
    spoiled(service, spoil_manifest=lambda m: m.update({"icon.png": "00" * 32}))
    assert "icon.png is not the file" in refused(phone, service)


def test_a_signature_with_a_flipped_bit(phone, service):
    def flip(files):
        files["signature"] = files["signature"][:-1] + bytes([files["signature"][-1] ^ 1])

    spoiled(service, spoil_signed=flip)
    assert "not made by the certificate" in refused(phone, service)


@pytest.mark.parametrize("rubbish", [b"", b"rubbish", b"\x30\x03\x02\x01\x01"])
def test_rubbish_instead_of_a_signature(phone, service, rubbish):
    spoiled(service, spoil_signed=lambda files: files.update(signature=rubbish))
    assert "the signature is not valid" in refused(phone, service)


def test_no_signature(phone, service):
    spoiled(service, spoil_signed=lambda files: files.pop("signature"))
    assert "the signature is missing" in refused(phone, service)


def test_a_signature_without_signed_attributes(phone, service):
    spoiled(
        service,
        options=(PKCS7Options.Binary, PKCS7Options.DetachedSignature, PKCS7Options.NoAttributes),
    )
    assert "no signed attributes" in refused(phone, service)


def test_a_signature_that_carries_its_content(phone, service):
    spoiled(service, options=(PKCS7Options.Binary,))
    assert "must be detached" in refused(phone, service)


def test_a_signature_whose_line_ends_were_changed(phone, service):
    spoiled(service, options=(PKCS7Options.DetachedSignature,))
    assert "the manifest is not the one that was signed" in refused(phone, service)


def test_another_digest(phone, service):
    spoiled(service, digest=hashes.SHA512())
    assert "not SHA-256" in refused(phone, service)


def test_a_chain_to_somebody_elses_root(phone, service, tmp_path):
    strange = certificates.make(tmp_path / "strange", now=datetime.now(UTC))
    spoiled(service, certificates=strange)
    assert "do not lead to the root" in refused(phone, service)


def test_a_certificate_for_another_pass_type(phone, service):
    service.contents["passTypeIdentifier"] = "pass.example.other"
    assert "passTypeIdentifier is not the one in the certificate" in refused(phone, service)


def test_a_certificate_of_another_team(phone, service):
    service.contents["teamIdentifier"] = "OTHERTEAM1"
    assert "teamIdentifier is not the one in the certificate" in refused(phone, service)


def test_one_key_for_two_fields(phone, service):
    service.contents["storeCard"]["backFields"][0]["key"] = "news"
    assert "more than one field has the key 'news'" in refused(phone, service)


def test_everything_that_is_wrong_is_said_at_once(phone, service):
    service.contents.update(formatVersion="1", authenticationToken="short", description="")
    why = refused(phone, service)
    assert "formatVersion" in why
    assert "shorter than 16" in why
    assert "description is missing" in why


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"expirationDate": "2027-01-01T00:00"}, "expirationDate"),
        ({"backgroundColor": "#1f4d3a"}, "backgroundColor"),
        ({"serialNumber": 17}, "serialNumber"),
        ({"coupon": {}}, "exactly one style"),
        ({"nfc": {"message": "x"}}, "nfc needs a certificate"),
        ({"barcodes": {"message": "x"}}, "barcodes is not a list"),
        ({"barcodes": [{"format": "PKBarcodeFormatQR", "message": 17}]}, "message is missing"),
    ],
)
def test_wrong_contents(phone, service, change, why):
    service.contents.update(change)
    assert why in refused(phone, service)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"changeMessage": ""}, "changeMessage does not contain %@"),
        ({"changeMessage": "Something is new"}, "changeMessage does not contain %@"),
        ({"value": None}, "no value"),
        ({"value": True}, "no value"),
        ({"label": 3}, "label is not a text"),
        ({"dateStyle": "PKDateStyleShort", "value": "2026-11-25"}, "dateStyle"),
        ({"textAlignment": "PKTextAlignmentJustified"}, "textAlignment"),
        ({"currencyCode": "EUR", "value": "12.50"}, "currencyCode"),
    ],
)
def test_wrong_fields(phone, service, change, why):
    service.contents["storeCard"]["secondaryFields"][0].update(change)
    assert why in refused(phone, service)


def test_no_icon(phone, service):
    spoiled(service, spoil_files=lambda files: files.pop("icon.png"))
    assert "icon.png is missing" in refused(phone, service)


def test_a_strings_file_that_cannot_be_read(phone, service):
    spoiled(
        service,
        spoil_files=lambda files: files.update({"sv.lproj/pass.strings": b'"key" "no equals";'}),
    )
    assert "sv.lproj/pass.strings" in refused(phone, service)


def test_an_update_with_another_serial_is_refused_and_the_old_pass_kept(phone, service):
    phone.add(service.link)
    service.change(lambda said: said.update(serialNumber="aino-2"))

    phone.pushed(service.topic)

    assert phone.passes[0].serial_number == "aino-1"
    assert "serialNumber is another one than before" in service.logs[-1]


def test_a_spoiled_update_is_refused_logged_and_asked_for_again(phone, service):
    phone.add(service.link)
    service.news("7 of 10 stamps.")
    spoiled(service, spoil_signed=lambda files: files.update({"extra.txt": b"x"}))
    phone.pushed(service.topic)
    assert phone.shows("stamps") == "6/10"
    assert "Received invalid pass data (extra.txt is not listed" in service.logs[-1]

    service.pack = service.paper.pack
    phone.pushed(service.topic)

    assert phone.shows("stamps") == "7/10"


def test_an_update_of_another_content_type_is_refused(phone, service):
    phone.add(service.link)
    service.news("7 of 10 stamps.")
    service.content_type = "application/octet-stream"

    phone.pushed(service.topic)

    assert phone.shows("stamps") == "6/10"
    assert "the content type is application/octet-stream" in service.logs[-1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_strings_are_read_with_comments_escapes_and_either_encoding(encoding):
    text = '/* fields */\n"a" = "Kielo \\"7\\"\\nää";\n// more\n"b"="";\n'
    assert strings.parse(text.encode(encoding)) == {"a": 'Kielo "7"\nää', "b": ""}
