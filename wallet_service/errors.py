"""What a door may show: a refusal with a stable code and a sentence to say aloud."""

from typing import ClassVar

from wallet_service.language import Phrase


class Refusal(Exception):
    """The service will not do this, and can say why.

    `code` is stable and part of the public contract (docs/api.md lists every one); `say` is a
    sentence that a cashier can say aloud; `facts` are ids, times and figures for machines, never
    personal data.
    """

    code: ClassVar[str] = "refused"

    def __init__(self, say: Phrase, **facts: object) -> None:
        self.say = say
        self.facts = facts
        super().__init__(say.say("en"))


class StartError(Exception):
    """The service cannot start (or a command cannot run); the message is one whole sentence."""
