"""Coming in with a session: who it is, and for which brands they work."""

from dataclasses import dataclass

from sqlalchemy import Connection

from wallet_service import brands, clock
from wallet_service.access import accounts, passkeys, sessions
from wallet_service.access.accounts import Account
from wallet_service.access.sessions import Session
from wallet_service.brands import Brand, levels, staff
from wallet_service.brands.levels import Level
from wallet_service.brands.staff import Staff


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Somebody who is signed in, their work in each brand, and the strictest of its levels."""

    session: Session
    account: Account
    works: tuple[tuple[Brand, Staff], ...]
    level: Level
    # A password alone was shown, though the account has a second factor, which is a passkey.
    lacks_factor: bool

    def at(self, slug: str) -> tuple[Brand, Staff] | None:
        """The brand at an address, and what somebody is there; None where they do not work."""
        return next((work for work in self.works if work[0].slug == slug), None)


def enter(connection: Connection, token: str) -> Entry | None:
    """Who holds this token; None when there is no such session any more."""
    session = sessions.of_token(connection, token)
    account = accounts.get(connection, session.account_id) if session else None
    if session is None or account is None:
        return None
    works = tuple(
        (brands.get(connection, who.brand_id), who)
        for who in staff.of_account(connection, account.account_id)
    )
    level = levels.strictest(brand.level for brand, _ in works)
    if session.is_over(level, clock.now()):
        return None
    return Entry(
        session=session,
        account=account,
        works=works,
        level=level,
        lacks_factor=passkeys.is_lacking(connection, account, session),
    )
