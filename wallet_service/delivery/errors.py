"""What can be wrong with a way out before the first push."""

from wallet_service.errors import StartError


class ApnsCannotStart(StartError):
    """The way to APNs cannot be opened."""


class CertificateUnreadable(ApnsCannotStart):
    """The pass certificate is not a certificate in PEM form."""


class KeyUnreadable(ApnsCannotStart):
    """The key of the pass certificate is not a private key in PEM form."""


class KeyPasswordWrong(ApnsCannotStart):
    """The key of the pass certificate is encrypted, and the password does not open it."""


class KeyOfAnotherCertificate(ApnsCannotStart):
    """The key does not belong to the pass certificate."""


class RootUnreadable(ApnsCannotStart):
    """The root that APNs is to be checked against is not a certificate in PEM form."""


class NoRoots(ApnsCannotStart):
    """This system has no list of trusted authorities; install ca-certificates or set apns_root."""


class WayClosed(Exception):
    """The way to APNs has been closed; nothing more can be pushed on it."""
