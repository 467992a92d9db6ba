"""The party: for whom a passkey is made and shown, which an address decides."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """For whom a passkey is made and shown: a name that browsers know, and where its pages are."""

    id: str
    origin: str


def party(base_url: str, *, is_practice: bool, host: str) -> Party | None:
    """Whose passkeys are on offer at an address; None where browsers allow none.

    They know names over https, and `localhost`; an address of figures is no name.
    """
    parts = urlsplit(base_url)
    name = parts.hostname or ""
    if name == "localhost" or (parts.scheme == "https" and not _is_figures(name)):
        # As a browser writes it: in lower case, without the port that goes without saying.
        port = "" if parts.port in (None, 443) else f":{parts.port}"
        return Party(id=name, origin=f"{parts.scheme}://{name}{port}")
    if is_practice and host.partition(":")[0] == "localhost":
        return Party(id="localhost", origin=f"{parts.scheme}://{host}")
    return None


def _is_figures(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
