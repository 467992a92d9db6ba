"""Practice certificates, made once, and a pretend APNs that uses them."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from wallet_service.practice import certificates as practice_certificates
from wallet_service.practice.apns import PretendApns
from wallet_service.practice.certificates import PracticeCertificates


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> PracticeCertificates:
    folder = tmp_path_factory.mktemp("certificates") / "practice"
    return practice_certificates.make(folder, now=datetime.now(UTC))


@pytest.fixture
def server(certificates: PracticeCertificates) -> Iterator[PretendApns]:
    with PretendApns(certificates) as server:
        yield server
