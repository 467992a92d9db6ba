"""What somebody changes about their own account, told to each brand that they work for."""

from sqlalchemy import Connection

from wallet_service import audit
from wallet_service.access.accounts import Account
from wallet_service.audit import Actor
from wallet_service.brands import staff
from wallet_service.language import Phrase


def tell_brands(connection: Connection, account: Account, say: Phrase, *, what: str) -> None:
    """A line in the audit log of each; `{who}` in it is how the person is called there."""
    for work in staff.of_account(connection, account.account_id):
        audit.write(
            connection,
            work.brand_id,
            Actor(kind="staff", id=work.staff_id, name=work.name),
            say,
            what=what,
            subject=work.staff_id,
        )
