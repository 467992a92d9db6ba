"""Why somebody is not let in, or may not choose what they chose."""

from wallet_service.errors import Refusal


class WeakPassword(Refusal):
    """The password is too short, too long or too easily guessed."""

    code = "weak_password"


class WrongPassword(Refusal):
    """The password that stands is another."""

    code = "wrong_password"


class WrongCode(Refusal):
    """The code is mistyped, used already, or too old."""

    code = "wrong_code"


class Locked(Refusal):
    """There were too many tries; later it may be tried again."""

    code = "locked"


class Crowded(Refusal):
    """Too many passwords are looked at just now; nothing was judged, and nothing counts."""

    code = "crowded"


class WrongPasskey(Refusal):
    """What the browser sent does not prove that somebody holds a passkey of ours."""

    code = "wrong_passkey"


class FactorNeeded(Refusal):
    """The account has a second factor, and this session has not shown it."""

    code = "factor_needed"


class DeadLink(Refusal):
    """An invitation or a way back that is used, too old, or was never given."""

    code = "dead_link"


class AccountExists(Refusal):
    """The address has an account already; whoever has it must sign in first."""

    code = "account_exists"


class NotYours(Refusal):
    """The invitation is for somebody else than who is signed in."""

    code = "other_persons_invitation"


class WorksHere(Refusal):
    """The account works for this brand already."""

    code = "works_here"


class WorksElsewhere(Refusal):
    """The account works for another brand too, so one of them alone may not open it anew."""

    code = "works_elsewhere"
