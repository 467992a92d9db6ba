"""A strict iPhone: it knows Wallet's protocol and nothing else, and speaks only HTTP.

https://developer.apple.com/documentation/walletpasses/adding-a-web-service-to-update-passes
(last checked 2026-11-22). What a service does wrong is refused, remembered in `complaints` and
posted to the service's own log, in the words of a real device.
"""

import secrets
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509

from wallet_service import clock
from wallet_service.language import Phrase, phrase, phrases
from wallet_service.practice import lockscreen, said
from wallet_service.practice.held import HeldPass
from wallet_service.practice.line import PKPASS, Answer, Line
from wallet_service.practice.lockscreen import Banner
from wallet_service.practice.verify import BadPass, verify
from wallet_service.practice.wire import Exchange, Wire

Root = x509.Certificate | Path | bytes


class PhoneError(Exception):
    """The phone could not do it; `say` is for the person who holds it."""

    def __init__(self, say: Phrase) -> None:
        super().__init__(say.say("en"))
        self.say = say


class IPhone:
    """One practice iPhone with its Wallet. Every method may be called from any thread.

    `wait(seconds)` is called between tries; answering true means: give up at once.
    """

    def __init__(
        self,
        root: Root,
        *,
        name: str = "iPhone",
        language: str = "en",
        wait: Callable[[float], object] | None = None,
        on_event: Callable[[str], None] | None = None,
        tls_root: str | None = None,
    ) -> None:
        self.name = name
        self.language = language
        self.push_token = secrets.token_hex(32)
        self._on_event = on_event or (lambda kind: None)
        self.wire_log = Wire(lambda: self._tell("wire"))
        self.complaints: tuple[str, ...] = ()
        self.banners: tuple[Banner, ...] = ()
        self.banners_shown = 0
        self._root = _certificate(root)
        self._stopped = threading.Event()
        self._line = Line(self.wire_log, wait or self._stopped.wait, language, tls_root)
        # One act at a time, as in Wallet: a push that comes while a pass is fetched waits.
        self._turn = threading.RLock()
        self._passes: dict[tuple[str, str], HeldPass] = {}
        self._devices: dict[str, str] = {}
        self._tags: dict[tuple[str, str], str] = {}
        self._in_airplane_mode = False
        self._air = threading.Lock()
        self._held_pushes: list[str] = []
        self._held_removals: list[HeldPass] = []

    # What can be seen

    @property
    def passes(self) -> tuple[HeldPass, ...]:
        """The passes in this Wallet, in the order in which they came."""
        return tuple(self._passes.values())

    @property
    def wire(self) -> tuple[Exchange, ...]:
        """Every request and answer so far, oldest first."""
        return self.wire_log.exchanges

    @property
    def in_airplane_mode(self) -> bool:
        return self._in_airplane_mode

    def shows(self, key: str, serial_number: str | None = None) -> str | None:
        """What stands in a field of the newest pass (or the named one), in this language."""
        for held in reversed(self.passes):
            if serial_number in (None, held.serial_number):
                return held.shows(key, self.language)
        return None

    def device_library_identifier(self, web_service_url: str) -> str:
        """This phone's name with that service; every service knows it by another one."""
        return self._devices.setdefault(web_service_url, secrets.token_hex(16))

    # What its owner does

    def add(self, url: str) -> HeldPass:
        """Download a pass and keep it. Raises BadPass when it is refused, else PhoneError."""
        with self._turn:
            self.wire_log.begin(phrase("The card is added"))
            if self._in_airplane_mode:
                raise PhoneError(phrase("The phone is in airplane mode."))
            answer = self._line.download(url)
            self._check_download(answer)
            try:
                held = replace(
                    verify(answer.body, self._root),
                    last_modified=answer.headers.get("Last-Modified"),
                    held_at=clock.now(),
                )
            except BadPass as refused:
                self._note(answer, phrase("Refused: {why}", why=str(refused)), bad=True)
                self._complain_about_download(answer, url, refused)
                raise
            self._note(answer, phrase("{size}, signature good", size=_size(answer)))
            self._keep(held)
            self._tell("added")
            if held.web_service_url:
                self._register(held)
            return held

    def remove(self, serial_number: str | None = None) -> None:
        """Take the newest pass (or the named one) out of Wallet and unregister it."""
        with self._turn:
            for held in reversed(self.passes):
                if serial_number in (None, held.serial_number):
                    break
            else:
                return
            self.wire_log.begin(phrase("The card is removed"))
            key = (held.pass_type_identifier, held.serial_number)
            self._passes = {k: one for k, one in self._passes.items() if k != key}
            if self._in_airplane_mode:
                self._held_removals.append(held)
                self.wire_log.write("phone", note=phrase("Will be told after airplane mode"))
            else:
                self._unregister(held)
            self._tell("removed")

    def airplane(self, on: bool) -> None:
        """Airplane mode: pushes wait while it is on; afterwards the phone asks once."""
        with self._air:
            self._in_airplane_mode = on
            topics = [] if on else self._held_pushes
            self._held_pushes = self._held_pushes if on else []
        self._tell("airplane")
        if on:
            return
        with self._turn:
            removals, self._held_removals = self._held_removals, []
            if removals or topics:
                self.wire_log.begin(phrase("Back from airplane mode"))
            for held in removals:
                self._unregister(held)
            for topic in topics:
                self._asks(topic)

    def refresh(self) -> None:
        """Pull to refresh: ask for every pass, push or no push."""
        with self._turn:
            if self._in_airplane_mode:
                return
            self.wire_log.begin(phrase("Pulled to refresh"))
            for held in self.passes:
                if held.web_service_url:
                    self._fetch(held)

    def close(self) -> None:
        """Switch off: nothing more is tried."""
        self._stopped.set()
        self._line.close()

    # What APNs does

    def pushed(self, topic: str) -> None:
        """A push has come for the pass type `topic`."""
        with self._air:
            away = self._in_airplane_mode
            # APNs keeps one push a topic for a phone that is away.
            if away and topic not in self._held_pushes:
                self._held_pushes.append(topic)
        if away:
            self.wire_log.begin_push(phrase("A push in airplane mode"))
            self._pushed(phrase("Waits: the phone is in airplane mode"))
            return
        with self._turn:
            story = self.wire_log.begin_push(phrase("A push"))
            self._pushed(phrase("Empty, as it must be"))
            if not self._asks(topic):
                self.wire_log.retitle(story, phrase("A push without a change"))

    def _pushed(self, note: Phrase) -> None:
        self.wire_log.write("APNs", method="push", path="{}", note=note)
        self._tell("push")

    # The protocol

    def _register(self, held: HeldPass) -> None:
        answer = self._line.call(
            "POST",
            self._registration(held),
            token=held.authentication_token,
            body={"pushToken": self.push_token},
        )
        if answer.status in (200, 201):
            self._note(answer, phrase("Push token kept"))
            return
        self._complain(held, answer, self._registration_task("Register", held))

    def _unregister(self, held: HeldPass) -> None:
        if not held.web_service_url:
            return
        url = self._registration(held)
        answer = self._line.call("DELETE", url, token=held.authentication_token)
        if answer.status == 200:
            self._note(answer, phrase("No more pushes"))
            return
        self._complain(held, answer, self._registration_task("Unregister", held))

    def _asks(self, topic: str) -> bool:
        """Ask every service that a pass of this type came from what is new; whether any was."""
        of_type = [held for held in self.passes if held.pass_type_identifier == topic]
        services = {held.web_service_url: held for held in of_type if held.web_service_url}
        if not services:
            self.wire_log.write("phone", note=phrase("There is no card of this kind here"))
        changed = [self._asks_service(topic, held) for held in services.values()]
        return any(changed)

    def _asks_service(self, topic: str, any_pass: HeldPass) -> bool:
        service = any_pass.web_service_url or ""
        device = self.device_library_identifier(service)
        tag = self._tags.get((service, topic))
        # As a phone does it: the tag as it came, nothing in it escaped.
        query = "" if tag is None else f"?passesUpdatedSince={tag}"
        answer = self._line.call(
            "GET", f"{service}/v1/devices/{device}/registrations/{topic}{query}"
        )
        task = said.list_task(device, topic, tag, service)
        if answer.status == 204:
            self._note(answer, phrase("Nothing has changed"))
            return False
        if answer.status != 200:
            self._complain(any_pass, answer, task)
            return False
        try:
            serials, next_tag = said.listed(answer.content_type, answer.body)
        except ValueError as wrong:
            self._complain(any_pass, answer, task, str(wrong))
            return False
        self._note(
            answer, phrases("One card has changed", "{n} cards have changed", n=len(serials))
        )
        here = [
            self._passes[topic, serial] for serial in serials if (topic, serial) in self._passes
        ]
        outcomes = [self._fetch(held) for held in here]
        # Kept only when all came through, so that what failed is named again the next time.
        if None not in outcomes:
            self._tags[service, topic] = next_tag
        return any(outcomes)

    def _fetch(self, held: HeldPass) -> bool | None:
        """Get a pass anew: whether it was another one; None when that failed."""
        url = f"{held.web_service_url}/v1/passes/{held.pass_type_identifier}/{held.serial_number}"
        since = held.last_modified
        answer = self._line.call("GET", url, token=held.authentication_token, since=since)
        task = said.get_task(held)
        if answer.status == 304 and since is not None:
            self._note(answer, phrase("Nothing new, no banner"))
            return False
        if answer.status != 200:
            self._complain(held, answer, task)
            return None
        try:
            if answer.content_type != PKPASS:
                raise BadPass(f"the content type is {answer.content_type}")
            fresh = verify(answer.body, self._root)
            said.same_pass(held, fresh)
        except BadPass as refused:
            self._complain(held, answer, task, f"Received invalid pass data ({refused})")
            return None
        self._note(answer, phrase("{size}, signature good", size=_size(answer)))
        last_modified = answer.headers.get("Last-Modified")
        fresh = replace(fresh, last_modified=last_modified, held_at=clock.now())
        self._keep(fresh)
        self._show(held, fresh)
        return True

    def _show(self, before: HeldPass, after: HeldPass) -> None:
        messages = lockscreen.messages(before, after, self.language)
        sentence = lockscreen.sentence(before, after, self.language)
        if sentence is None:
            self.wire_log.write("phone", note=phrase("Changed without a message: no banner"))
            self._tell("updated")
            return
        banner = Banner(
            sentence=sentence,
            at=clock.now(),
            organisation=after.organisation(self.language),
            serial_number=after.serial_number,
        )
        self.banners_shown += 1
        self.banners = (*self.banners[-49:], banner)
        note = (
            phrase("One message changed: banner")
            if len(messages) == 1
            else phrase("Several messages changed: one general line")
        )
        self.wire_log.write("phone", note=note)
        self._tell("banner")

    def _keep(self, held: HeldPass) -> None:
        # A new dict each time: the page may be reading the old one. The pass that was added last
        # comes last; one that is fetched anew keeps its place.
        self._passes = {
            **self._passes,
            (held.pass_type_identifier, held.serial_number): held,
        }

    def _registration(self, held: HeldPass) -> str:
        service = held.web_service_url or ""
        device = self.device_library_identifier(service)
        return (
            f"{service}/v1/devices/{device}/registrations/"
            f"{held.pass_type_identifier}/{held.serial_number}"
        )

    # What is wrong

    def _check_download(self, answer: Answer) -> None:
        if answer.status is None:
            self._note(answer, phrase("No answer"), bad=True)
            raise PhoneError(phrase("Nobody answers at this link."))
        if answer.status != 200:
            self._note(answer, phrase("No card"), bad=True)
            raise PhoneError(
                phrase("The link answers {status} instead of a card.", status=answer.status)
            )
        if answer.content_type != PKPASS:
            self._note(answer, phrase("No card"), bad=True)
            raise PhoneError(phrase("There is no card behind this link."))

    def _complain_about_download(self, answer: Answer, url: str, refused: BadPass) -> None:
        words = f"Add task (pass from {urlsplit(url).netloc}) encountered error: {refused}"
        self.complaints = (*self.complaints, words)
        service = said.claimed_service(answer.body)
        # A file that is refused may name anybody as its service; only its own origin is told.
        if service and urlsplit(service)[:2] == urlsplit(url)[:2]:
            self._post_log(service, words)
        self._tell("error")

    def _complain(self, held: HeldPass, answer: Answer, task: str, why: str | None = None) -> None:
        if self._stopped.is_set():
            return  # switched off while it waited to try again
        if why is None:
            why = said.unexpected(answer.status)
        words = f"{task} encountered error: {why}"
        self.complaints = (*self.complaints[-49:], words)
        self._note(answer, phrase("Wrong: {why}", why=why), bad=True)
        if held.web_service_url:
            self._post_log(held.web_service_url, words)
        self._tell("error")

    def _post_log(self, service: str, words: str) -> None:
        answer = self._line.call("POST", f"{service}/v1/log", body={"logs": [words]}, tries=1)
        self._note(answer, phrase("Said what was wrong"), bad=answer.status != 200)

    def _registration_task(self, verb: str, held: HeldPass) -> str:
        device = self.device_library_identifier(held.web_service_url or "")
        return said.registration_task(verb, device, held)

    def _note(self, answer: Answer, note: Phrase, *, bad: bool = False) -> None:
        self._line.note(answer, note, bad=bad)

    def _tell(self, kind: str) -> None:
        self._on_event(kind)


def _certificate(root: Root) -> x509.Certificate:
    if isinstance(root, Path):
        root = root.read_bytes()
    return x509.load_pem_x509_certificate(root) if isinstance(root, bytes) else root


def _size(answer: Answer) -> str:
    return f"{max(1, round(len(answer.body) / 1000))} kB"
