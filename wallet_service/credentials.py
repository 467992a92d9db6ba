"""What Apple knows us by: the pass certificate, its key, the intermediate, and where pushes go."""

from dataclasses import dataclass
from pathlib import Path

from wallet_service.config import Config, read_bytes
from wallet_service.errors import StartError

APNS_URL = "https://api.push.apple.com"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Credentials:
    """One pass type's credentials, as bytes; `apns_root` None means the system's roots."""

    pass_type_identifier: str
    team_identifier: str
    certificate: bytes
    key: bytes
    key_password: str | None
    intermediate: bytes
    apns_url: str
    apns_root: bytes | None

    @property
    def lane(self) -> str:
        """The way out of this pass type's pushes."""
        return f"apns:{self.pass_type_identifier}"


def read(config: Config) -> Credentials:
    """The credentials of the settings. Raises StartError when one is missing or unreadable."""
    apple = config.apple
    required = {
        "certificate": apple.certificate,
        "key": apple.key,
        "intermediate": apple.intermediate,
        "pass_type_identifier": apple.pass_type_identifier,
        "team_identifier": apple.team_identifier,
    }
    if missing := [name for name, value in required.items() if not value]:
        raise StartError(
            f"[apple] {', '.join(missing)}: needed in live mode; config.toml says what they are."
        )
    return Credentials(
        pass_type_identifier=apple.pass_type_identifier,
        team_identifier=apple.team_identifier,
        certificate=_read(config, apple.certificate),
        key=_read(config, apple.key),
        key_password=config.read_secret(apple.key_password, apple.key_password_file) or None,
        intermediate=_read(config, apple.intermediate),
        apns_url=apple.apns_url or APNS_URL,
        apns_root=_read(config, apple.apns_root) if apple.apns_root else None,
    )


def _read(config: Config, path: Path | None) -> bytes:
    assert path is not None
    return read_bytes(config.path(path))
