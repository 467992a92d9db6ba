"""What the lock screen says when a pass has changed.

A field speaks when its value changed and it has a change message. When two speak at once Wallet
shows one general line instead (seen by others; Apple documents only the single message).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from wallet_service.language import phrase
from wallet_service.practice.held import HeldPass


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """One line on the lock screen."""

    sentence: str
    at: datetime
    organisation: str
    serial_number: str


def messages(before: HeldPass, after: HeldPass, language: str) -> tuple[str, ...]:
    """The change messages of every field that has another value than before."""
    return tuple(_messages(before, after, language))


def sentence(before: HeldPass, after: HeldPass, language: str) -> str | None:
    """The one sentence that is shown, or None when the change is silent."""
    said = messages(before, after, language)
    if not said:
        return None
    if len(said) == 1:
        return said[0]
    return phrase("{name} changed", name=after.organisation(language)).say(language)


def _messages(before: HeldPass, after: HeldPass, language: str) -> Iterator[str]:
    # The values of pass.json are compared, not what the strings make of them: a text that changes
    # in pass.strings alone changes no field.
    old = {field.key: field.raw for field in before.fields(language)}
    for field in after.fields(language):
        if field.change_message and field.key in old and old[field.key] != field.raw:
            yield field.change_message.replace("%@", field.value)
