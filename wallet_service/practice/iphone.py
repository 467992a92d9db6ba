"""A strict iPhone: it knows Wallet's protocol and nothing else, and speaks only HTTP."""

import secrets
import threading
from collections.abc import Callable
from pathlib import Path

from cryptography import x509

from wallet_service import clock
from wallet_service.language import Phrase, phrase
from wallet_service.practice import lockscreen
from wallet_service.practice.held import HeldPass
from wallet_service.practice.line import Line
from wallet_service.practice.lockscreen import Banner
from wallet_service.practice.verify import BadPass
from wallet_service.practice.web_service import Failed, PhoneError, WebService
from wallet_service.practice.wire import Exchange, Wire

__all__ = ["BadPass", "IPhone", "PhoneError", "Root"]

Root = x509.Certificate | Path | bytes

_BANNERS_KEPT = 50


class IPhone:
    """One practice iPhone with its Wallet. Every method may be called from any thread.

    `root` is the one authority it trusts; `wait(seconds)` is called between tries (answering true
    means: give up); `on_event(kind)` hears of everything that a page would show.
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
        self.banners: tuple[Banner, ...] = ()
        self.banners_shown = 0
        self._tell = on_event or (lambda kind: None)
        self.wire_log = Wire(lambda: self._tell("wire"))
        self._stopped = threading.Event()
        self._line = Line(self.wire_log, wait or self._stopped.wait, language, tls_root)
        self._web_service = WebService(
            self._line, _certificate(root), self.push_token, self._stopped.is_set
        )
        # One act at a time, as in Wallet: a push that comes while a pass is fetched waits.
        self._turn = threading.RLock()
        self._passes: dict[tuple[str, str], HeldPass] = {}
        self._tags: dict[tuple[str, str], str] = {}
        self._air = threading.Lock()
        self._in_airplane_mode = False
        self._held_pushes: list[str] = []
        self._held_removals: list[HeldPass] = []

    # What can be seen

    @property
    def passes(self) -> tuple[HeldPass, ...]:
        """The passes in this Wallet, the one that was added last at the end."""
        return tuple(self._passes.values())

    @property
    def wire(self) -> tuple[Exchange, ...]:
        """Every request and answer so far, oldest first."""
        return self.wire_log.exchanges

    @property
    def complaints(self) -> tuple[str, ...]:
        """What services did wrong, in the words that were posted to their logs."""
        return self._web_service.complaints

    @property
    def in_airplane_mode(self) -> bool:
        return self._in_airplane_mode

    def shows(self, key: str, serial_number: str | None = None) -> str | None:
        """What stands in a field of the newest pass (or the named one), in this language."""
        held = self._find(serial_number)
        return held.shows(key, self.language) if held else None

    def device_library_identifier(self, web_service_url: str) -> str:
        """This phone's name with that service; every service knows it by another one."""
        return self._web_service.device_library_identifier(web_service_url)

    # What its owner does

    def add(self, url: str) -> HeldPass:
        """Download a pass and keep it. Raises BadPass when it is refused, else PhoneError."""
        with self._turn:
            story = self.wire_log.begin(phrase("The card is added"))
            try:
                if self._in_airplane_mode:
                    raise PhoneError(phrase("The phone is in airplane mode."))
                held = self._web_service.download(url)
            except BadPass:
                self.wire_log.retitle(story, phrase("The card is refused"))
                self._tell("error")
                raise
            except PhoneError:
                self.wire_log.retitle(story, phrase("No card is added"))
                self._tell("error")
                raise
            self._drop(held)
            self._keep(held)
            self._tell("added")
            self._registered(held, self._web_service.register)
            return held

    def remove(self, serial_number: str | None = None) -> None:
        """Take the newest pass (or the named one) out of Wallet and unregister it."""
        with self._turn:
            held = self._find(serial_number)
            if held is None:
                return
            self.wire_log.begin(phrase("The card is removed"))
            self._drop(held)
            if self._in_airplane_mode:
                self._held_removals.append(held)
                self.wire_log.write("phone", note=phrase("Will be told after airplane mode"))
            else:
                self._registered(held, self._web_service.unregister)
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
                self._registered(held, self._web_service.unregister)
            for topic in topics:
                self._ask(topic)

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
            self._note_push(phrase("Waits: the phone is in airplane mode"))
            return
        with self._turn:
            story = self.wire_log.begin_push(phrase("A push"))
            self._note_push(phrase("Empty, as it must be"))
            if not self._ask(topic):
                self.wire_log.retitle(story, phrase("A push without a change"))

    def _note_push(self, note: Phrase) -> None:
        self.wire_log.write("APNs", method="push", path="{}", note=note)
        self._tell("push")

    # What Wallet does by itself

    def _ask(self, topic: str) -> bool:
        """Ask every service that a pass of this type came from; whether anything had changed."""
        of_type = [held for held in self.passes if held.pass_type_identifier == topic]
        services = {held.web_service_url: held for held in of_type if held.web_service_url}
        if not services:
            self.wire_log.write("phone", note=phrase("There is no card of this kind here"))
        changed = [self._ask_service(held) for held in services.values()]
        return any(changed)

    def _ask_service(self, one_of_its: HeldPass) -> bool:
        topic = one_of_its.pass_type_identifier
        mark = (one_of_its.web_service_url or "", topic)
        try:
            listed = self._web_service.changed(one_of_its, self._tags.get(mark))
        except Failed:
            self._tell("error")
            return False
        if listed is None:
            return False
        keys = [(topic, serial) for serial in listed.serial_numbers]
        outcomes = [self._fetch(self._passes[key]) for key in keys if key in self._passes]
        # Kept only when all came through, so that what failed is named again the next time.
        if None not in outcomes:
            self._tags[mark] = listed.tag
        return any(outcomes)

    def _fetch(self, held: HeldPass) -> bool | None:
        """Get a pass anew: whether it was another one; None when that failed."""
        try:
            fresh = self._web_service.fetch(held)
        except Failed:
            self._tell("error")
            return None
        if fresh is None:
            return False
        self._keep(fresh)
        self._show(held, fresh)
        return True

    def _show(self, before: HeldPass, after: HeldPass) -> None:
        """Let the lock screen say what is new."""
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
        self.banners = (*self.banners[1 - _BANNERS_KEPT :], banner)
        self.banners_shown += 1
        count = len(lockscreen.messages(before, after, self.language))
        note = (
            phrase("One message changed: banner")
            if count == 1
            else phrase("Several messages changed: one general line")
        )
        self.wire_log.write("phone", note=note)
        self._tell("banner")

    def _registered(self, held: HeldPass, change: Callable[[HeldPass], None]) -> None:
        """Register or unregister, where the pass names a service; a failure is complained of."""
        if held.web_service_url:
            try:
                change(held)
            except Failed:
                self._tell("error")

    def _find(self, serial_number: str | None) -> HeldPass | None:
        for held in reversed(self.passes):
            if serial_number in (None, held.serial_number):
                return held
        return None

    # The dict is never changed, only exchanged: a page may be reading the old one.

    def _keep(self, held: HeldPass) -> None:
        self._passes = {**self._passes, _key(held): held}

    def _drop(self, held: HeldPass) -> None:
        self._passes = {key: one for key, one in self._passes.items() if key != _key(held)}


def _key(held: HeldPass) -> tuple[str, str]:
    return held.pass_type_identifier, held.serial_number


def _certificate(root: Root) -> x509.Certificate:
    if isinstance(root, Path):
        root = root.read_bytes()
    return x509.load_pem_x509_certificate(root) if isinstance(root, bytes) else root
