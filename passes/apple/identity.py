"""Which pass this is, to Apple and to the service that keeps it up to date."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class PassIdentity:
    """One issued pass. The authentication token is a secret and stands in no repr."""

    pass_type_identifier: str
    team_identifier: str
    serial_number: str
    authentication_token: str = field(repr=False)
    web_service_url: str
