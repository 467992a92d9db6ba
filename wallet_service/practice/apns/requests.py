"""Whether a request is one that APNs would take for a pass: pure.

https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns
(last checked 2026-11-22)
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from wallet_service.practice.apns.faults import Answer

PAYLOAD_BYTES_MAX = 4096

_PATH = re.compile(r"/3/device/([^/?#]*)")
_TOKEN = re.compile(r"(?:[0-9a-f]{2}){32,100}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_PUSH_TYPES = {"alert", "background"}
_PRIORITIES = {"1", "5", "10"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def token(self) -> str:
        """The push token in the path, in lower case; empty where the path is another."""
        found = _PATH.fullmatch(self.path)
        return found[1].lower() if found else ""

    @property
    def topic(self) -> str:
        return self.headers.get("apns-topic", "")


def fault(request: Request, certificate_topic: str | None) -> Answer | None:
    """What APNs has against this request, or None."""
    if certificate_topic is None:
        return Answer(status=403, reason="BadCertificate")
    if request.method != "POST":
        return Answer(status=405, reason="MethodNotAllowed")
    if not _PATH.fullmatch(request.path):
        return Answer(status=404, reason="BadPath")
    if len(request.body) > PAYLOAD_BYTES_MAX:
        return Answer(status=413, reason="PayloadTooLarge")
    reason = (
        _fault_of_headers(request.headers, certificate_topic)
        or _fault_of_token(request.token)
        or _fault_of_payload(request.body)
    )
    return Answer(status=400, reason=reason) if reason else None


def _fault_of_headers(headers: Mapping[str, str], certificate_topic: str) -> str | None:
    topic = headers.get("apns-topic")
    if topic is None:
        return "MissingTopic"
    if topic != certificate_topic:
        return "TopicDisallowed"
    push_type = headers.get("apns-push-type", "background")
    if push_type not in _PUSH_TYPES:
        return "InvalidPushType"
    priority = headers.get("apns-priority", "5" if push_type == "background" else "10")
    if priority not in _PRIORITIES or (push_type == "background" and priority == "10"):
        return "BadPriority"
    if not re.fullmatch(r"\d{1,12}", headers.get("apns-expiration", "0")):
        return "BadExpirationDate"
    if "apns-id" in headers and not _UUID.fullmatch(headers["apns-id"]):
        return "BadMessageId"
    if len(headers.get("apns-collapse-id", "").encode()) > 64:
        return "BadCollapseId"
    return None


def _fault_of_token(token: str) -> str | None:
    if not token:
        return "MissingDeviceToken"
    return None if _TOKEN.fullmatch(token) else "BadDeviceToken"


def _fault_of_payload(body: bytes) -> str | None:
    if not body:
        return "PayloadEmpty"
    try:
        payload = json.loads(body)
    except ValueError:
        return "BadPayload"
    # Apple has no such reason. A push for a pass carries nothing, and here that is checked.
    return None if payload in ({}, {"aps": {}}) else "BadPayload"
