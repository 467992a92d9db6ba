"""How many finished passes a second one core makes, against the bare signatures it could make.

    python -m bench.passes [--rounds 7] [--seconds 0.6]

One run, interleaved rounds, CPU time with that of child processes: raw RSA-2048 signatures, our own
build, and wallet-py3k's own `create` with the same pictures and fields. Only the ratios mean much.
"""

from __future__ import annotations

import argparse
import io
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # also as `python bench/passes.py`

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID
from wallet.models import Barcode, BarcodeFormat, Pass, StoreCard

from passes.apple import bundle
from passes.apple.identity import PassIdentity
from passes.apple.signing import Signer
from passes.card import Card, CardCoupon, News, Stamps
from passes.design import Design

KIELO = Path(__file__).parents[1] / "templates" / "designs" / "kielo"
PASS_TYPE, TEAM = "pass.example.bench", "BENCH12345"
PICTURE_BYTES = 150_000
MEMBERS = 110


@dataclass(frozen=True)
class Keys:
    key: rsa.RSAPrivateKey
    certificate: bytes
    key_pem: bytes
    intermediate: bytes


def make_keys() -> Keys:
    """An intermediate and a leaf, made for this run."""

    def named(**words: str) -> x509.Name:
        return x509.Name(
            [x509.NameAttribute(getattr(NameOID, key), word) for key, word in words.items()]
        )

    def issue(
        subject: x509.Name, issuer: x509.Name, of: rsa.RSAPrivateKey, by: rsa.RSAPrivateKey
    ) -> bytes:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(of.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=1))
            .sign(by, SHA256())
            .public_bytes(Encoding.PEM)
        )

    above, key = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
    authority = named(COMMON_NAME="Bench Intermediate")
    leaf = named(USER_ID=PASS_TYPE, ORGANIZATIONAL_UNIT_NAME=TEAM, COMMON_NAME="Pass Type ID: b")
    return Keys(
        key=key,
        certificate=issue(leaf, authority, key, above),
        key_pem=key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()),
        intermediate=issue(authority, authority, above, above),
    )


def make_design() -> Design:
    """The florist's, its pictures filled up to 150 kB with what no compressor can shrink."""
    files = {path.name: path.read_bytes() for path in KIELO.iterdir()}
    drawn = Design.from_files(files).pictures.apple(7)
    missing = PICTURE_BYTES - sum(len(content) for content in drawn.values())
    drawn["strip@3x.png"] += random.Random(1).randbytes(max(0, missing))
    return Design.from_files({**files, **drawn})


def card(number: int) -> Card:
    return Card(
        code=f"LP1{number:012}",
        language=("en", "fi", "sv")[number % 3],
        holder=f"Member {number}",
        programme="Kielo card",
        stamps=Stamps(have=number % 11, of=10),
        points=number,
        next_reward="A bouquet",
        news=f"{number % 11} of 10 stamps. A bouquet is near.",
        earlier_news=(News(at=datetime(2026, 11, 1, tzinfo=UTC), sentence="Welcome."),),
        coupons=(CardCoupon(code="C1", name="A bouquet", terms="One a day."),),
        card_link=f"https://cards.example/c/{number}/card",
    )


CARDS = [card(number) for number in range(MEMBERS)]
"""Finding out what a card says is another's work; making the pass of it is measured."""


def ours(design: Design, keys: Keys) -> Callable[[int], object]:
    signer = Signer.load(keys.certificate, keys.key_pem, None, keys.intermediate)

    identities = [
        PassIdentity(
            pass_type_identifier=PASS_TYPE,
            team_identifier=TEAM,
            serial_number=f"serial{number}",
            authentication_token=f"token-{number:020}",
            web_service_url="https://cards.example/apple",
        )
        for number in range(MEMBERS)
    ]

    def build(number: int) -> bytes:
        return bundle.build(CARDS[number % MEMBERS], design, identities[number % MEMBERS], signer)

    return build


def theirs(design: Design, keys: Keys, folder: Path) -> Callable[[int], object]:
    paths = {}
    for name in ("certificate", "key_pem", "intermediate"):
        paths[name] = folder / f"{name}.pem"
        paths[name].write_bytes(getattr(keys, name))
    pictures = design.pictures.apple(None)

    def build(number: int) -> object:
        said = CARDS[number % MEMBERS]
        fields = StoreCard()
        fields.addHeaderField("stamps", f"{number % 11}/10", "Stamps")
        fields.addSecondaryField("news", said.news, "News")
        for key in ("member", "told", "next", "points", "how", "page", "code", "contact", "site"):
            fields.addBackField(key, said.holder, key)
        whole = Pass(fields, "", PASS_TYPE, "Kielo", TEAM)
        whole.serialNumber = f"serial{number}"
        whole.description = "Kielo card"
        whole.barcode = Barcode(said.code, BarcodeFormat.QR)
        for name, content in pictures.items():
            whole.addFile(name, io.BytesIO(content))
        return whole.create(
            str(paths["certificate"]), str(paths["key_pem"]), str(paths["intermediate"]), ""
        )

    return build


def cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def rate(work: Callable[[int], object], seconds: float) -> float:
    count, began, until = 0, cpu(), time.perf_counter() + seconds
    while time.perf_counter() < until:
        for _ in range(5):
            work(count)
            count += 1
    return count / (cpu() - began)


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--seconds", type=float, default=0.6)
    given = options.parse_args()

    keys, design = make_keys(), make_design()
    manifest = b"m" * 800
    with tempfile.TemporaryDirectory() as folder:
        works: dict[str, Callable[[int], object]] = {
            "raw": lambda _: keys.key.sign(manifest, padding.PKCS1v15(), SHA256()),
            "ours": ours(design, keys),
            "wallet-py3k": theirs(design, keys, Path(folder)),
        }
        for work in works.values():
            rate(work, 0.1)
        rounds = [
            {name: rate(work, given.seconds) for name, work in works.items()}
            for _ in range(given.rounds)
        ]

    def median(name: str, against: str | None = None) -> float:
        return statistics.median(one[name] / (one[against] if against else 1) for one in rounds)

    size = len(works["ours"](1))  # type: ignore[arg-type]
    print(f"{given.rounds} rounds, a pass of {size / 1000:.0f} kB, per second of CPU time")
    print(f"raw RSA-2048 signatures    {median('raw'):8.0f}/s")
    print(
        f"our finished passes        {median('ours'):8.0f}/s   {median('ours', 'raw'):.2f} of raw"
    )
    print(
        f"wallet-py3k's own create   {median('wallet-py3k'):8.0f}/s   "
        f"{median('wallet-py3k', 'raw'):.2f} of raw"
    )
    print(f"ours against wallet-py3k   {median('ours', 'wallet-py3k'):8.1f} times")


if __name__ == "__main__":
    main()
