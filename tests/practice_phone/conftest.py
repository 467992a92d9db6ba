"""A service that behaves like ours towards phones, and a phone beside it."""

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from wallet_service.practice import certificates
from wallet_service.practice.certificates import PracticeCertificates
from wallet_service.practice.iphone import IPhone

sys.path.insert(0, str(Path(__file__).parent))

from behaving_service import BehavingService
from paper_passes import Paper


@pytest.fixture(scope="session")
def practice_certificates(tmp_path_factory: pytest.TempPathFactory) -> PracticeCertificates:
    return certificates.make(tmp_path_factory.mktemp("certs") / "practice", now=datetime.now(UTC))


@pytest.fixture
def paper(practice_certificates: PracticeCertificates) -> Paper:
    return Paper(practice_certificates)


@pytest.fixture
def service(paper: Paper) -> Iterator[BehavingService]:
    service = BehavingService(paper)
    service.start()
    yield service
    service.stop()


@pytest.fixture
def waits() -> list[float]:
    """How long the phone would have waited between its tries."""
    return []


@pytest.fixture
def new_phone(
    practice_certificates: PracticeCertificates, waits: list[float]
) -> Iterator[Callable[..., IPhone]]:
    phones = []

    def make(**settings: object) -> IPhone:
        # Appending answers None, which means: go on trying.
        phone = IPhone(practice_certificates.root, wait=waits.append, **settings)
        phones.append(phone)
        return phone

    yield make
    for phone in phones:
        phone.close()


@pytest.fixture
def phone(new_phone: Callable[..., IPhone]) -> IPhone:
    return new_phone(name="Aino")
