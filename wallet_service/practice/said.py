"""What a service said, read strictly; and what a phone says about it, in a real device's words.

The words are those of `POST /v1/log` as real devices send them: operators search for them.
"""

import io
import json
import zipfile
from urllib.parse import urlsplit

from wallet_service.practice.held import HeldPass
from wallet_service.practice.verify import BadPass


def listed(content_type: str, body: bytes) -> tuple[list[str], str]:
    """The serial numbers and the tag of a list. Raises ValueError with what is wrong."""
    if content_type != "application/json":
        raise ValueError(f"the content type is {content_type}")
    try:
        answer = json.loads(body)
    except ValueError:
        raise ValueError("the answer is not JSON") from None
    serials = answer.get("serialNumbers") if isinstance(answer, dict) else None
    if not isinstance(serials, list) or not all(isinstance(one, str) for one in serials):
        raise ValueError("serialNumbers is not a list of texts")
    if not isinstance(answer.get("lastUpdated"), str):
        raise ValueError("lastUpdated is not a text")
    return serials, answer["lastUpdated"]


def same_pass(before: HeldPass, after: HeldPass) -> None:
    """An update may change everything but who the pass is. Raises BadPass."""
    for key in ("passTypeIdentifier", "serialNumber", "authenticationToken"):
        if before.contents.get(key) != after.contents.get(key):
            raise BadPass(f"{key} is another one than before")


def claimed_service(pkpass: bytes) -> str | None:
    """The web service that a refused file names, as far as it can be read at all."""
    try:
        with zipfile.ZipFile(io.BytesIO(pkpass)) as archive, archive.open("pass.json") as file:
            said = json.loads(file.read(1_000_000))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, NotImplementedError):
        return None
    service = said.get("webServiceURL") if isinstance(said, dict) else None
    return service if isinstance(service, str) and _is_address(service) else None


def _is_address(text: str) -> bool:
    try:
        return bool(urlsplit(text).hostname)
    except ValueError:
        return False


def list_task(device: str, topic: str, tag: str | None, service: str) -> str:
    return (
        f"Get serial #s task (for device {device}, pass type {topic}, "
        f"last updated {tag or '(null)'}; with web service url {service})"
    )


def get_task(held: HeldPass) -> str:
    return (
        f"Get pass task (pass type {held.pass_type_identifier}, "
        f"serial number {held.serial_number}, "
        f"if-modified-since {held.last_modified or '(null)'}; "
        f"with web service url {held.web_service_url})"
    )


def registration_task(verb: str, device: str, held: HeldPass) -> str:
    return (
        f"{verb} task (for device {device}, pass type {held.pass_type_identifier}, "
        f"serial number {held.serial_number}; with web service url {held.web_service_url})"
    )


def unexpected(status: int | None) -> str:
    """Why a task failed, where the answer's status says it all."""
    if status is None:
        return "The network connection was lost"
    return f"Unexpected response code {status}"
