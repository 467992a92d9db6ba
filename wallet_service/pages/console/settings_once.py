"""What is shown once: a key, a link, a code, in the very answer of its button.

Loading that answer again sends the form again; its id says that it was here before, and nothing
is made a second time. The ids of the last forms lie in the browser's own signed cookie.
"""

from flask import session

from wallet_service import ids

_KEPT = 16


def new() -> str:
    """The id of a form."""
    return ids.random_text(12)


def was_sent(form_id: str) -> bool:
    """Whether this form made something already, from this browser."""
    return form_id in session.get("sent", [])


def note(form_id: str) -> None:
    """This form has made something."""
    session["sent"] = [*session.get("sent", []), form_id][-_KEPT:]
