"""The console: where owners, managers and marketers run the shop."""

from urllib.parse import urlsplit

from flask import Blueprint, Flask

from wallet_service.pages.console import (
    account,
    account_codes,
    account_passkeys,
    design,
    findings,
    frame,
    home,
    invitation,
    kit,
    lost,
    member,
    member_by_hand,
    member_details,
    member_erase,
    member_link,
    members,
    members_new,
    members_waiting,
    offers,
    offers_new,
    owed,
    prove,
    search,
    settings,
    settings_audit,
    settings_brand,
    settings_keys,
    settings_locations,
    settings_person,
    settings_security,
    settings_staff,
    settings_tills,
    sign_in,
)
from wallet_service.web import doors
from wallet_service.web.doors import Kind

PAGES: tuple[Blueprint, ...] = (
    sign_in.bp,
    invitation.bp,
    prove.bp,
    account.bp,
    account_codes.bp,
    account_passkeys.bp,
    kit.bp,
    home.bp,
    owed.bp,
    search.bp,
    members.bp,
    members_new.bp,
    members_waiting.bp,
    findings.bp,
    member.bp,
    member_by_hand.bp,
    member_details.bp,
    member_link.bp,
    member_erase.bp,
    offers.bp,
    offers_new.bp,
    design.bp,
    settings.bp,
    settings_brand.bp,
    settings_locations.bp,
    settings_staff.bp,
    settings_person.bp,
    settings_tills.bp,
    settings_keys.bp,
    settings_security.bp,
    settings_audit.bp,
)


def _is_here_only(url: str) -> bool:
    """Whether an address leads to this very machine, and no phone's camera gets there."""
    return (urlsplit(url).hostname or "") in ("localhost", "127.0.0.1", "::1")


def install(app: Flask) -> None:
    """Open the console's doors; `web.install` comes first."""
    doors.guard(app, {Kind.ACCOUNT: frame.account_guard, Kind.STAFF: frame.staff_guard})
    for page in PAGES:
        app.register_blueprint(page)
    lost.install(app)
    app.context_processor(frame.shown)
    app.jinja_env.globals["here_only"] = _is_here_only
