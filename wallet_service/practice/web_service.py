"""Apple's device web service as a phone calls it: five calls, each answer checked strictly.

https://developer.apple.com/documentation/walletpasses/adding-a-web-service-to-update-passes
(last checked 2026-11-22). What a service does wrong is remembered in `complaints` and posted to
its own log, in the words of a real device.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from cryptography import x509

from wallet_service import clock
from wallet_service.language import Phrase, phrase, phrases
from wallet_service.practice import said
from wallet_service.practice.held import HeldPass
from wallet_service.practice.line import PKPASS, Answer, Line
from wallet_service.practice.verify import BadPass, verify

_COMPLAINTS_KEPT = 50


class PhoneError(Exception):
    """The phone could not do it; `say` is for the person who holds it."""

    def __init__(self, say: Phrase) -> None:
        super().__init__(say.say("en"))
        self.say = say


class Failed(Exception):
    """A call failed for good; the complaint has been made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The serial numbers of what changed, and the tag to name the next time."""

    serial_numbers: tuple[str, ...]
    tag: str


class WebService:
    """The calls of one phone. `is_off` tells that it was switched off, and has nothing to say."""

    def __init__(
        self, line: Line, root: x509.Certificate, push_token: str, is_off: Callable[[], bool]
    ) -> None:
        self.complaints: tuple[str, ...] = ()
        self._line = line
        self._root = root
        self._push_token = push_token
        self._is_off = is_off
        self._devices: dict[str, str] = {}

    def device_library_identifier(self, service: str) -> str:
        """The phone's name with that service; every service knows it by another one."""
        return self._devices.setdefault(service, secrets.token_hex(16))

    def download(self, url: str) -> HeldPass:
        """The pass behind a link. Raises BadPass when it is refused, else PhoneError."""
        answer = self._line.download(url)
        trouble = _trouble_with_download(answer)
        if trouble is not None:
            self._line.note(answer, phrase("No card"), bad=True)
            raise PhoneError(trouble)
        try:
            return self._accepted(answer, verify(answer.body, self._root))
        except BadPass as refused:
            self._line.note(answer, phrase("Refused: {why}", why=str(refused)), bad=True)
            words = f"Add task (pass from {urlsplit(url).netloc}) encountered error: {refused}"
            self._remember(words)
            service = said.claimed_service(answer.body)
            # A file that is refused may name anybody as its service; only its origin is told.
            if service and urlsplit(service)[:2] == urlsplit(url)[:2]:
                self._log(service, words)
            raise

    def register(self, held: HeldPass) -> None:
        """Ask for pushes. Raises Failed."""
        answer = self._line.call(
            "POST",
            self._registration(held),
            token=held.authentication_token,
            body={"pushToken": self._push_token},
        )
        if answer.status not in (200, 201):
            raise self._complaint(held, answer, self._registration_task("Register", held))
        self._line.note(answer, phrase("Push token kept"))

    def unregister(self, held: HeldPass) -> None:
        """Ask for no more pushes. Raises Failed."""
        url = self._registration(held)
        answer = self._line.call("DELETE", url, token=held.authentication_token)
        if answer.status != 200:
            raise self._complaint(held, answer, self._registration_task("Unregister", held))
        self._line.note(answer, phrase("No more pushes"))

    def changed(self, held: HeldPass, tag: str | None) -> Listed | None:
        """What changed since `tag` among passes of this type; None: nothing. Raises Failed."""
        service, topic = held.web_service_url or "", held.pass_type_identifier
        device = self.device_library_identifier(service)
        # As a phone does it: the tag as it came, nothing in it escaped.
        query = "" if tag is None else f"?passesUpdatedSince={tag}"
        answer = self._line.call(
            "GET", f"{service}/v1/devices/{device}/registrations/{topic}{query}"
        )
        task = said.list_task(device, topic, tag, service)
        if answer.status == 204:
            self._line.note(answer, phrase("Nothing has changed"))
            return None
        if answer.status != 200:
            raise self._complaint(held, answer, task)
        try:
            serials, next_tag = said.listed(answer.content_type, answer.body)
        except ValueError as wrong:
            raise self._complaint(held, answer, task, str(wrong)) from None
        count = len(serials)
        self._line.note(answer, phrases("One card has changed", "{n} cards have changed", n=count))
        return Listed(serial_numbers=tuple(serials), tag=next_tag)

    def fetch(self, held: HeldPass) -> HeldPass | None:
        """The pass as it is now; None where it is the one that is held. Raises Failed."""
        url = f"{held.web_service_url}/v1/passes/{held.pass_type_identifier}/{held.serial_number}"
        since = held.last_modified
        answer = self._line.call("GET", url, token=held.authentication_token, since=since)
        if answer.status == 304 and since is not None:
            self._line.note(answer, phrase("Nothing new, no banner"))
            return None
        task = said.get_task(held)
        if answer.status != 200:
            raise self._complaint(held, answer, task)
        try:
            if answer.content_type != PKPASS:
                raise BadPass(f"the content type is {answer.content_type}")
            fresh = verify(answer.body, self._root)
            said.same_pass(held, fresh)
        except BadPass as refused:
            why = f"Received invalid pass data ({refused})"
            raise self._complaint(held, answer, task, why) from None
        return self._accepted(answer, fresh)

    def _accepted(self, answer: Answer, held: HeldPass) -> HeldPass:
        size = f"{max(1, round(len(answer.body) / 1000))} kB"
        self._line.note(answer, phrase("{size}, signature good", size=size))
        last_modified = answer.headers.get("last-modified")
        return replace(held, last_modified=last_modified, held_at=clock.now())

    def _registration(self, held: HeldPass) -> str:
        service = held.web_service_url or ""
        device = self.device_library_identifier(service)
        of_pass = f"{held.pass_type_identifier}/{held.serial_number}"
        return f"{service}/v1/devices/{device}/registrations/{of_pass}"

    def _registration_task(self, verb: str, held: HeldPass) -> str:
        device = self.device_library_identifier(held.web_service_url or "")
        return said.registration_task(verb, device, held)

    def _complaint(
        self, held: HeldPass, answer: Answer, task: str, why: str | None = None
    ) -> Failed:
        if not self._is_off():
            why = why or said.unexpected(answer.status)
            words = f"{task} encountered error: {why}"
            self._remember(words)
            self._line.note(answer, phrase("Wrong: {why}", why=why), bad=True)
            self._log(held.web_service_url or "", words)
        return Failed()

    def _remember(self, words: str) -> None:
        self.complaints = (*self.complaints[1 - _COMPLAINTS_KEPT :], words)

    def _log(self, service: str, words: str) -> None:
        answer = self._line.call("POST", f"{service}/v1/log", body={"logs": [words]}, tries=1)
        self._line.note(answer, phrase("Said what was wrong"), bad=answer.status != 200)


def _trouble_with_download(answer: Answer) -> Phrase | None:
    if answer.status is None:
        return phrase("Nobody answers at this link.")
    if answer.status != 200:
        return phrase("The link answers {status} instead of a card.", status=answer.status)
    if answer.content_type != PKPASS:
        return phrase("There is no card behind this link.")
    return None
