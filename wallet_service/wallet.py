"""The service, opened: settings become a database, keys, a signer, and ways to draw a pass."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from passes.apple import bundle
from passes.apple.signing import Signer
from passes.card import Card
from passes.coupon_card import CouponCard
from passes.design import Design
from passes.errors import PassError
from wallet_service import brands, coupon_pass, credentials, keys, render
from wallet_service.access import accounts
from wallet_service.brands import Brand, designs
from wallet_service.config import Config
from wallet_service.credentials import Credentials
from wallet_service.db import Database
from wallet_service.enrolment import Issuing
from wallet_service.errors import StartError
from wallet_service.keys import Keyring
from wallet_service.members import member
from wallet_service.members.links import Links, lost_key
from wallet_service.phones.issued import IssuedPass
from wallet_service.phones.rendered import Rendered
from wallet_service.practice import certificates
from wallet_service.practice.certificates import PracticeCertificates

if TYPE_CHECKING:
    from wallet_service.practice.phones import Phones


@dataclass(slots=True, kw_only=True)
class Wallet:
    """The service, opened: what the doors, the worker and the commands work with."""

    config: Config
    database: Database
    keyring: Keyring
    credentials: Credentials
    signer: Signer
    phones: "Phones | None" = None  # practice mode with the built-in pretend Apple
    practice_key: str | None = None  # what /phones speaks to the API with

    @classmethod
    def open(cls, config: Config) -> "Wallet":
        """Open the service of these settings. Raises StartError with one sentence."""
        keyring = keyring_of(config)
        known_as = _credentials(config)
        try:
            signer = Signer.load(
                known_as.certificate, known_as.key, known_as.key_password, known_as.intermediate
            )
        except PassError as error:
            raise StartError(f"[apple] {error}") from None
        issues = signer.check(
            known_as.pass_type_identifier, known_as.team_identifier, datetime.now(UTC)
        )
        for issue in issues:
            if issue.is_error:
                raise StartError(f"[apple] {issue}")
        return cls(
            config=config,
            database=Database(config.database_url),
            keyring=keyring,
            credentials=known_as,
            signer=signer,
        )

    def close(self) -> None:
        self.database.close()

    @property
    def mark(self) -> str:
        """What tells this service from another at the same address; no secret."""
        return self.keyring.derive("mark", "service").hex()[:16]

    def require_keys(self) -> None:
        """Raise StartError when links or passes were made with a key that is not here."""
        with self.database.read() as connection:
            lost = lost_key(connection, self.keyring) or accounts.lost_key(connection, self.keyring)
        if lost is not None:
            raise StartError(
                "The secret key is not the one that this shop's links and passes were made with;"
                f" put key {lost} back into {self.config.service.secret_key_file}."
            )

    @property
    def certificate_days_left(self) -> int:
        """How many whole days passes can still be signed; negative when it is too late."""
        return (self.signer.not_after - datetime.now(UTC)).days

    def push_to(self, url: str, root: bytes) -> None:
        """Let the pushes go to another APNs: the built-in pretend one, once its port is known."""
        self.credentials = replace(self.credentials, apns_url=url, apns_root=root)

    @property
    def links(self) -> Links:
        return Links(keyring=self.keyring, base_url=self.config.base_url)

    @property
    def issuing(self) -> Issuing:
        """What new passes are made with."""
        return Issuing(
            pass_type_identifier=self.credentials.pass_type_identifier,
            key_id=self.keyring.current_id,
        )

    def build_pkpass(self, connection: Connection, issued: IssuedPass) -> bytes:
        """The signed pass as it is now."""
        member_id, person_id = issued.member_id, issued.person_id
        card: Card | CouponCard
        if issued.coupon_code:
            card = self.coupon_card_of(connection, member_id, person_id, issued.coupon_code)
        else:
            card = self.card_of(connection, member_id, person_id)
        return bundle.build(
            card,
            self.design_of(connection, issued.member_id),
            render.identity(issued, self.credentials, self.keyring, self.config.base_url),
            self.signer,
        )

    def rendered(self, connection: Connection, issued: IssuedPass) -> Rendered:
        """What is visible on a pass now, without signing it."""
        if issued.coupon_code:
            design = render.design_of(connection, issued)
            return coupon_pass.rendered(connection, self.links, issued, design)
        return render.rendered(connection, self.links, issued)

    def card_of(self, connection: Connection, member_id: str, person_id: str) -> Card:
        """What a person's card says now."""
        return render.card_of(connection, self.links, member_id, person_id)

    def coupon_card_of(
        self, connection: Connection, member_id: str, person_id: str, code: str
    ) -> CouponCard:
        """What the pass of one coupon says now."""
        return coupon_pass.card_of(connection, self.links, member_id, person_id, code)

    def design_of(self, connection: Connection, member_id: str) -> Design:
        """How a member's card looks."""
        return designs.current(connection, member.get(connection, member_id).brand_id)

    def brand_of(self, connection: Connection, member_id: str) -> Brand:
        """Whose card it is."""
        return brands.get(connection, member.get(connection, member_id).brand_id)

    def design_file(self, content_hash: str, name: str) -> tuple[bytes, str] | None:
        """A public file of a design, with its type; None when there is no such file."""
        try:
            with self.database.read() as connection:
                return designs.by_hash(connection, content_hash).public_file(name)
        except LookupError:
            return None


def keyring_of(config: Config) -> Keyring:
    """The secret keys of these settings. Raises StartError."""
    return Keyring(_secret_keys(config))


def practice_certificates(config: Config) -> PracticeCertificates:
    """The certificates of practice mode, made on the first call. Raises StartError."""
    return certificates.make(
        config.certs / "practice",
        pass_type_identifier=config.apple.pass_type_identifier or PRACTICE_PASS_TYPE,
        team_identifier=config.apple.team_identifier or PRACTICE_TEAM,
        # TLS looks at the system's time, whatever a test clock says.
        now=datetime.now(UTC),
    )


def _secret_keys(config: Config) -> list[str]:
    if key := config.service.secret_key.get_secret_value():
        return [key]
    path = config.path(config.service.secret_key_file)
    if not path.exists():
        # Never made here: a new key in a lost one's place would kill every link without a word.
        raise StartError(
            f"[service] secret_key_file: {path} does not exist; put its backup back, or run"
            " `wallet-service init` for a new shop."
        )
    try:
        return keys.read(path)
    except OSError as error:
        raise StartError(f"{path} cannot be read: {error.strerror}.") from None


def _credentials(config: Config) -> Credentials:
    if not config.is_practice or config.apple.certificate:
        return credentials.read(config)
    made = practice_certificates(config)
    return Credentials(
        pass_type_identifier=made.pass_type_identifier,
        team_identifier=made.team_identifier,
        certificate=made.certificate.read_bytes(),
        key=made.key.read_bytes(),
        key_password=None,
        intermediate=made.intermediate.read_bytes(),
        apns_url=config.apple.apns_url,
        apns_root=(
            config.path(config.apple.apns_root) if config.apple.apns_root else made.apns_root
        ).read_bytes(),
    )


PRACTICE_PASS_TYPE = "pass.example.practice"  # noqa: S105
PRACTICE_TEAM = "PRACTICE01"
