"""One push in the air: a libcurl handle, used again and again, and how its last flight ended."""

from collections.abc import Sequence
from enum import Enum, auto
from typing import Any

import pycurl

from wallet_service.delivery.apns.identity import Identity
from wallet_service.delivery.apns.pace import Patience
from wallet_service.delivery.apns.pushes import Push

_HTTP2_STREAM = 92  # pycurl has no name for it
_FIRST_WINDOW_BYTES = 65_536
_BODY_BYTES_MAX = 4096


class Trouble(Enum):
    """Why there was no HTTP answer."""

    RESET = auto()
    """APNs reset this stream alone."""
    CROWDED = auto()
    """APNs took fewer streams than we opened."""
    SILENT = auto()
    """No answer in time."""
    DISTRUST = auto()
    """One side does not accept the other's certificate."""
    CUT = auto()
    """A new connection ended between its handshake and its first answer."""
    LOST = auto()
    """No connection, or it ended."""


class Flight:
    """Where `trouble` is None there is a status, and below 200 or above it perhaps a body."""

    __slots__ = (
        "body", "connection", "connection_id", "easy", "headers", "push", "reason", "retry_after",
        "sent_at", "status", "trouble",
    )  # fmt: skip

    def __init__(
        self, identity: Identity, version: int, patience: Patience, is_plain: bool
    ) -> None:
        self.push = Push(token="", reference=None)
        self.connection = 0
        self.sent_at = 0.0
        self.connection_id = -1
        self.status = 0
        self.body = bytearray()
        self.retry_after: float | None = None
        self.trouble: Trouble | None = None
        self.reason = ""
        self.headers: Sequence[str] = ()
        self.easy: Any = pycurl.Curl()
        self._prepare(identity, version, patience, is_plain)

    def _prepare(
        self, identity: Identity, version: int, patience: Patience, is_plain: bool
    ) -> None:
        easy = self.easy
        easy.setopt(pycurl.HTTP_VERSION, version)
        easy.setopt(pycurl.PIPEWAIT, 1)
        easy.setopt(pycurl.NOSIGNAL, 1)
        # No proxy, and no look into the environment for one.
        easy.setopt(pycurl.PROXY, "")
        easy.setopt(pycurl.NOPROXY, "*")
        easy.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTP if is_plain else pycurl.PROTO_HTTPS)
        easy.setopt(pycurl.SSLCERTTYPE, "PEM")
        easy.setopt(pycurl.SSLKEYTYPE, "PEM")
        easy.setopt(pycurl.SSLCERT_BLOB, identity.certificate)
        easy.setopt(pycurl.SSLKEY_BLOB, identity.key)
        if identity.root is not None:
            easy.setopt(pycurl.CAINFO_BLOB, identity.root)
        else:
            easy.setopt(pycurl.CAINFO, identity.roots_file)
        easy.setopt(pycurl.SSLVERSION, pycurl.SSLVERSION_TLSv1_2)
        easy.setopt(pycurl.CONNECTTIMEOUT_MS, int(patience.connect_seconds * 1000))
        easy.setopt(pycurl.TIMEOUT_MS, int(patience.push_seconds * 1000))
        easy.setopt(pycurl.TCP_KEEPALIVE, 1)
        easy.setopt(pycurl.MAXAGE_CONN, 3600)
        # Answers are a hundred bytes. With the limit at HTTP/2's own first window libcurl does not
        # announce a wider one for every stream, in a packet of its own for each push.
        easy.setopt(pycurl.MAX_RECV_SPEED_LARGE, _FIRST_WINDOW_BYTES)
        # libcurl's smallest buffers: what goes and what comes is a hundred bytes.
        easy.setopt(pycurl.BUFFERSIZE, 1024)
        easy.setopt(pycurl.UPLOAD_BUFFERSIZE, 16 * 1024)
        easy.setopt(pycurl.USERAGENT, "wallet-service")
        easy.setopt(pycurl.POSTFIELDS, b"{}")
        easy.setopt(pycurl.WRITEFUNCTION, self._write)

    def aim(self, url: str, headers: Sequence[str]) -> None:
        if self.body:
            self.body.clear()
        self.trouble = None
        self.easy.setopt(pycurl.URL, url)
        if headers is not self.headers:
            self.headers = headers
            self.easy.setopt(pycurl.HTTPHEADER, list(headers))

    def landed(self) -> None:
        self.status = self.easy.getinfo(pycurl.RESPONSE_CODE)
        self.connection_id = self.easy.getinfo(pycurl.CONN_ID)
        if self.status != 200:
            self.retry_after = float(self.easy.getinfo(pycurl.RETRY_AFTER)) or None

    def failed(self, code: int, says: str) -> None:
        easy = self.easy
        self.status = 0
        self.connection_id = easy.getinfo(pycurl.CONN_ID)
        self.reason = f"libcurl {code}: {says[:200]}"
        self.trouble = trouble_of(code, says)
        is_new = easy.getinfo(pycurl.NUM_CONNECTS) > 0 and easy.getinfo(pycurl.APPCONNECT_TIME) > 0
        if self.trouble is Trouble.LOST and is_new and _is_silent_end(code, says):
            self.trouble = Trouble.CUT

    def _write(self, chunk: bytes) -> None:
        if len(self.body) < _BODY_BYTES_MAX:
            self.body += chunk[: _BODY_BYTES_MAX - len(self.body)]


def trouble_of(code: int, says: str) -> Trouble:
    """libcurl's error code and text, as far as they can be trusted to differ."""
    if code == _HTTP2_STREAM:
        return Trouble.RESET
    if code == pycurl.E_OPERATION_TIMEDOUT:
        return Trouble.SILENT
    if code in {pycurl.E_PEER_FAILED_VERIFICATION, pycurl.E_SSL_CERTPROBLEM}:
        return Trouble.DISTRUST
    # TLS 1.3 refuses a client after the handshake, as an alert on a connection that stood (a
    # server need not even send the alert: that is a CUT).
    if "alert" in says and ("certificate" in says or "unknown ca" in says):
        return Trouble.DISTRUST
    if "Connection died, tried" in says:
        return Trouble.CROWDED
    return Trouble.LOST


def _is_silent_end(code: int, says: str) -> bool:
    # Not 16, nor its text under 55: a server that says what HTTP/2 does not know has another
    # trouble than our certificate.
    is_babble = "returned unexpected data" in says
    return code in {pycurl.E_SEND_ERROR, pycurl.E_RECV_ERROR} and not is_babble
