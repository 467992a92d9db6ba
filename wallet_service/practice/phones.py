"""The practice phones of a running service: who holds which, and the thread that each one has."""

import logging
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from wallet_service.practice.events import Events
from wallet_service.practice.iphone import IPhone, Root

_log = logging.getLogger(__name__)

T = TypeVar("T")

STOP_SECONDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Whose phone it is, and which kind."""

    key: str
    name: str
    language: str
    system: str
    is_dark: bool = False


LOOKS = (
    Look(key="aino", name="Aino", language="en", system="iOS 26"),
    Look(key="mikko", name="Mikko", language="fi", system="iOS 18", is_dark=True),
    Look(key="linnea", name="Linnea", language="sv", system="iOS 17"),
)


def of_language(language: str) -> str:
    """The key of the phone that speaks `language`; the first one's, where none does."""
    return next((look.key for look in LOOKS if look.language == language), LOOKS[0].key)


class PracticePhone:
    """A phone that acts on a thread of its own, one thing after the other."""

    def __init__(self, look: Look, phone: IPhone) -> None:
        self.look = look
        self.phone = phone
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"phone-{look.key}")
        self._asked: set[Future[Any]] = set()

    def ask(self, act: Callable[[], T]) -> Future[T]:
        """Have the phone do something soon; the future tells what came of it."""
        asked = self._thread.submit(act)
        self._asked.add(asked)
        asked.add_done_callback(self._asked.discard)
        return asked

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Switch it off. Its call is cut off; one that hangs elsewhere is not waited for long."""
        self.phone.close()
        self._thread.shutdown(wait=False, cancel_futures=True)
        if wait(list(self._asked), timeout=seconds).not_done:
            _log.warning("%s's practice phone does not stop; it is left behind.", self.look.name)
        else:
            self._thread.shutdown(wait=True)


class Phones:
    """All practice phones. `push` is what the pretend APNs calls; it returns at once."""

    def __init__(
        self, root: Root, *, looks: Iterable[Look] = LOOKS, tls_root: str | None = None
    ) -> None:
        self.events = Events()
        self._phones = {
            look.key: PracticePhone(
                look,
                IPhone(
                    root,
                    name=look.name,
                    language=look.language,
                    on_event=partial(self.events.tell, phone=look.key),
                    tls_root=tls_root,
                ),
            )
            for look in looks
        }
        self._by_token = {one.phone.push_token: one for one in self._phones.values()}
        self._stopped = threading.Event()

    @property
    def all(self) -> tuple[PracticePhone, ...]:
        return tuple(self._phones.values())

    def get(self, key: str) -> PracticePhone | None:
        return self._phones.get(key)

    def knows(self, push_token: str) -> bool:
        """Whether this push token is one of these phones'."""
        return push_token in self._by_token

    def push(self, push_token: str, topic: str) -> None:
        """Hand a push to the phone it is for; one that is for nobody here is dropped."""
        found = self._by_token.get(push_token)
        if found is None or self._stopped.is_set():
            return
        try:
            found.ask(partial(found.phone.pushed, topic)).add_done_callback(_log_surprise)
        except RuntimeError:
            # The phone was switched off between the two lines: as if the push had come too late.
            return

    def stop(self) -> None:
        """Switch all phones off, end their threads and every stream."""
        self._stopped.set()
        self.events.close()
        for one in self._phones.values():
            one.phone.close()
        for one in self._phones.values():
            one.stop()


def _log_surprise(pushed: Future[None]) -> None:
    if not pushed.cancelled() and (surprise := pushed.exception()):
        _log.error("A practice phone failed on a push.", exc_info=surprise)
