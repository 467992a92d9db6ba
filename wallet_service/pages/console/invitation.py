"""Links that let somebody in: an invitation taken up, a password chosen anew.

Opening one changes nothing; the button does.
"""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template

from wallet_service.access import accounts, invitations, passwords, recovery, sign_in
from wallet_service.access.accounts import Account
from wallet_service.access.errors import DeadLink, NotYours, WeakPassword, WorksHere
from wallet_service.access.invitations import Invitation
from wallet_service.access.recovery import Recovery
from wallet_service.access.sign_in import SignedIn
from wallet_service.pages.console import cookies, frame
from wallet_service.pages.console.sign_in import Answer, browser
from wallet_service.pages.console.sign_in_forms import JoinForm, RecoveryForm
from wallet_service.web import current_wallet, limits
from wallet_service.web.doors import by_token
from wallet_service.web.language import gettext as _
from wallet_service.web.language import said

bp = Blueprint("invitation", __name__, url_prefix="/console")

# To judge a password is work, and whoever holds a link need not have come by it honestly.
_CHOOSING = "choosing-a-password"


@bp.errorhandler(DeadLink)
def dead(refusal: DeadLink) -> tuple[str, int]:
    """A link that opens nothing (any more); which of the two, it does not say."""
    return render_template("console/dead-link.html", words=said(refusal.say)), HTTPStatus.NOT_FOUND


@bp.get("/invitation/<token>")
@by_token
def opened(token: str) -> str:
    """Who invites, and what to do."""
    invitation = _invitation(token)
    return _page(token, invitation, JoinForm(formdata=None, name=invitation.staff.name))


@bp.post("/invitation/<token>")
@by_token
def join(token: str) -> Answer:
    """Somebody who is new here begins, signed in at once."""
    invitation, form, wallet = _invitation(token), JoinForm(), current_wallet()
    if invitation.account is not None:
        return _page(token, invitation, form), HTTPStatus.CONFLICT
    known = (form.name.data or "", invitation.email, invitation.brand.name)
    if not form.validate() or not is_strong(form, *known):
        return _page(token, invitation, form), HTTPStatus.UNPROCESSABLE_ENTITY
    account = wallet.database.run(
        invitations.accept,
        wallet.keyring,
        token,
        name=form.name.data.strip(),
        password_hash=passwords.hashed(form.password.data),
    )
    session = wallet.database.run(sign_in.begin, account, factors="password", browser=browser())
    found = SignedIn(token=session, account=account)
    return cookies.come_in(found, f"/console/{invitation.brand.slug}")


@bp.post("/invitation/<token>/account")
@by_token
def join_as(token: str) -> Answer:
    """Somebody who signs in already works here, too."""
    invitation, entry = _invitation(token), frame.entered()
    if entry is None:
        return redirect(f"/console/invitation/{token}", 303)
    try:
        brand = current_wallet().database.run(invitations.accept_as, token, entry.account)
    except (NotYours, WorksHere) as refusal:
        form = JoinForm(formdata=None)
        return _page(token, invitation, form, said(refusal.say)), HTTPStatus.CONFLICT
    return redirect(f"/console/{brand.slug}", 303)


@bp.get("/sign-in/recovery/<token>")
@by_token
def lost(token: str) -> str:
    """What the link does, and a new password."""
    return _recovery_page(_recovery(token), RecoveryForm())


@bp.post("/sign-in/recovery/<token>")
@by_token
def recover(token: str) -> Answer:
    """The new password stands; with it one signs in."""
    found, form, wallet = _recovery(token), RecoveryForm(), current_wallet()
    if not form.validate() or not is_strong(form, *_known(found.account)):
        return _recovery_page(found, form), HTTPStatus.UNPROCESSABLE_ENTITY
    wallet.database.run(
        recovery.finish, wallet.keyring, token, password_hash=passwords.hashed(form.password.data)
    )
    return cookies.go_out("/console", _("The new password stands. Sign in with it."))


def is_strong(form: JoinForm | RecoveryForm, *known: str) -> bool:
    """Whether the chosen password is; if not, the form says what to mend."""
    limits.before_guessing(_CHOOSING)
    try:
        passwords.check_strength(form.password.data, *known)
    except WeakPassword as refusal:
        limits.guessed_wrong(_CHOOSING)
        form.refuse("password", refusal)
        return False
    return True


def _invitation(token: str) -> Invitation:
    with current_wallet().database.read() as connection:
        return invitations.read(connection, token)


def _recovery(token: str) -> Recovery:
    with current_wallet().database.read() as connection:
        return recovery.read(connection, token)


def _known(account: Account) -> tuple[str, ...]:
    with current_wallet().database.read() as connection:
        return accounts.known(connection, account)


def _page(token: str, invitation: Invitation, form: JoinForm, problem: str = "") -> str:
    entry = frame.entered()
    return render_template(
        "console/invitation.html",
        link_token=token,
        invitation=invitation,
        role=frame.role_name(invitation.staff.role),
        form=form,
        problem_words=problem,
        me=entry.account if entry else None,
    )


def _recovery_page(found: Recovery, form: RecoveryForm) -> str:
    return render_template("console/recovery.html", recovery=found, form=form)
