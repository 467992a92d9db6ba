"""Everybody knocks at every door: who gets in, and what the others are told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from everybody import Somebody
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from wallet_service.web import doors
from wallet_service.web.doors import Door

UNASKED = {"HEAD", "OPTIONS"}


@dataclass(frozen=True, kw_only=True, eq=False)
class Way:
    """One route with one of its methods, and its door."""

    rule: Rule
    method: str
    door: Door | None

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule}"


@dataclass(frozen=True, kw_only=True)
class Knock:
    """What one try came to. `entered`: the guard let it through to the view."""

    way: Way
    who: Somebody
    entered: bool
    answer: TestResponse

    def __str__(self) -> str:
        return f"{self.way} by {self.who.name}: {self.answer.status_code}"


def ways(app: Flask) -> list[Way]:
    """Every route and method there is, in the order of the addresses."""
    found = [
        Way(rule=rule, method=method, door=doors.of(app, rule.endpoint))
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - UNASKED)
    ]
    return sorted(found, key=lambda way: (way.rule.rule, way.method))


def knock(
    app: Flask, way: Way, who: Somebody, path: str, *, only_guard: bool = False, **sent: Any
) -> Knock:
    """One try. A view answers as it does, and that it was reached is written down; with
    `only_guard` that is all."""
    with noted(app, way.rule.endpoint, instead="" if only_guard else None) as reached:
        if way.door is not None and way.door.scopes:
            sent.setdefault("json", {})
        answer = who.knock(app, way.method, path, **sent)
        answer.close()
    return Knock(way=way, who=who, entered=bool(reached), answer=answer)


@contextmanager
def noted(app: Flask, endpoint: str, instead: str | None = None) -> Iterator[list[str]]:
    """Who reaches a view, while this lasts; `instead` is what it then answers, without its work."""
    reached: list[str] = []
    view: Callable[..., Any] = app.view_functions[endpoint]

    def seen(*args: Any, **kwargs: Any) -> Any:
        reached.append(endpoint)
        return view(*args, **kwargs) if instead is None else instead

    seen.door = getattr(view, "door", None)  # type: ignore[attr-defined]
    app.view_functions[endpoint] = seen
    try:
        yield reached
    finally:
        app.view_functions[endpoint] = view
