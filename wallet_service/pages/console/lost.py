"""What is not there, or not for one's role: a calm page, in the console's frame where one stands in
a brand. Whoever is not signed in, and whoever does not work there, gets the plain one."""

from http import HTTPStatus

from flask import Flask, Response, g, render_template, request
from werkzeug.exceptions import HTTPException

from wallet_service.pages.console import frame
from wallet_service.pages.console.frame import Visit
from wallet_service.web import problems


def install(app: Flask) -> None:
    """Answer these two statuses so, on every page of the console."""
    for status in (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND):
        app.register_error_handler(status, _answer_error)


def answer(status: HTTPStatus, detail: str | None = None) -> Response:
    """The page for a status."""
    # A 403 that came before the guard is about the request, and not about a role.
    is_forbidden = status == HTTPStatus.FORBIDDEN
    visit = g.get("visit") if is_forbidden else _visit()
    if visit is None:
        return problems.answer(status, detail)
    page = render_template(
        "console/lost.html",
        visit=visit,
        is_forbidden=is_forbidden,
        role=frame.role_name(visit.staff.role),
    )
    return Response(page, status=status, mimetype="text/html")


def _answer_error(error: HTTPException) -> Response:
    return answer(HTTPStatus(error.code or HTTPStatus.NOT_FOUND), error.description)


def _visit() -> Visit | None:
    """Where somebody stands, as the guard found it, or by an address that is no page's."""
    if "visit" in g:
        found: Visit = g.visit
        return found
    parts = request.path.split("/")
    if len(parts) < 4 or parts[1] != "console":
        return None
    entry = frame.entered()
    work = entry.at(parts[2]) if entry is not None else None
    if entry is None or work is None:
        return None
    brand, staff = work
    if brand.level.second_factor and not entry.session.has_second_factor:
        return None
    g.visit = Visit(entry=entry, brand=brand, staff=staff)
    return g.visit  # type: ignore[no-any-return]
