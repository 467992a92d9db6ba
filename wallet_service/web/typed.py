"""What people type, in addresses and forms: control characters are left out, in this one place.

PostgreSQL keeps no U+0000, and none of the others is ever meant; they come along with a copy from
elsewhere. Machines are told of them instead (`webhooks.api.texts`).
"""

import re

from flask import Flask, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from wallet_service.web.paths import is_machine

# Line breaks and tabs belong into larger fields.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def leave_out_controls() -> None:
    """Read the query and the form of this request without them."""
    if is_machine(request.path):
        return
    if request.query_string:
        request.args = _plain(request.args)
    if request.method == "POST":
        request.form = _plain(request.form)


def _plain(typed: MultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    return ImmutableMultiDict(
        (_CONTROL.sub("", name), _CONTROL.sub("", text)) for name, text in typed.items(multi=True)
    )


def install(app: Flask) -> None:
    app.before_request(leave_out_controls)
