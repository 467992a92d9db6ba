"""A browser without scripts: it opens pages, fills their forms in and presses buttons.

What it sends is what a browser would: every control of the form as it stands, with what was
filled in over it. A field that the form does not have cannot be filled in.
"""

import markup
from flask.testing import FlaskClient
from markup import Element
from werkzeug.test import TestResponse


class Window:
    """A browser without scripts, and the page in it."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        self.answer: TestResponse

    def open(self, path: str, **headers: str) -> TestResponse:
        self.answer = self._client.get(path, headers=headers, follow_redirects=True)
        return self.answer

    @property
    def text(self) -> str:
        return self.answer.text

    @property
    def page(self) -> Element:
        return markup.read(self.text)

    @property
    def words(self) -> str:
        """All that there is to read, without the page's head."""
        return " ".join(each.words for each in self.page.all("body"))

    @property
    def path(self) -> str:
        return self.answer.request.path

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def title(self) -> str:
        found = self.page.all("h1")
        return found[0].words if found else ""

    def error_at(self, name: str) -> str:
        """The error beside a field, found by its `aria-describedby`; nothing where all is well."""
        page = self.page
        control = self._control(page, name)
        if control["aria-invalid"] != "true":
            return ""
        beside = control["aria-describedby"].split()
        found = [each.words for each in page.all("p", "span", "div", "ul") if each["id"] in beside]
        assert found, f"the error of {name} is not tied to its field"
        return " ".join(found)

    def value_of(self, name: str) -> str:
        """What stands in a field."""
        values = markup.values(self._control(self.page, name))
        return values[0] if values else ""

    def press(self, button: str, **fields: str | list[str] | None) -> TestResponse:
        """Send the form whose button has these words; a field that is None is left out of it."""
        page = self.page
        pressed = self._button(page, button)
        form = markup.form_of(page, pressed)
        assert form is not None
        known = markup.names(page, form)
        assert set(fields) <= known, f"{set(fields) - known} in no field of the form: {known}"
        values = markup.filled(page, form)
        if pressed["name"]:
            values.setdefault(pressed["name"], pressed["value"])
        for name, value in fields.items():
            values.setlist(name, _list(value))
        action = pressed["formaction"] or form["action"] or self.answer.request.path
        if form["method"].lower() == "post":
            self.answer = self._client.post(action, data=values, follow_redirects=True)
        else:
            self.answer = self._client.get(action, query_string=values, follow_redirects=True)
        return self.answer

    def follow(self, words: str) -> TestResponse:
        """Follow the link that has these words in it."""
        links = self.page.all("a")
        found = next((each for each in links if words in each.words), None)
        assert found is not None, f"no link says {words!r}: {[each.words for each in links]}"
        return self.open(found["href"])

    def cookies(self) -> dict[str, str]:
        """What this browser keeps, by name."""
        kept = self._client._cookies or {}
        return {each.key: each.value for each in kept.values()}

    def keep(self, name: str, value: str) -> None:
        """Have a cookie that the service gave out before."""
        self._client.set_cookie(name, value, httponly=True)

    def _button(self, page: Element, words: str) -> Element:
        buttons = [each for each in page.all("button") if markup.form_of(page, each) is not None]
        said = {each: f"{each.words} {each['aria-label']}".strip() for each in buttons}
        exactly = [each for each in buttons if said[each] == words]
        found = exactly or [each for each in buttons if words in said[each]]
        assert found, f"no button says {words!r}: {list(said.values())}"
        return found[0]

    def _control(self, page: Element, name: str) -> Element:
        controls = page.all("input", "select", "textarea")
        found = [each for each in controls if each["name"] == name]
        assert found, f"no field {name}: {[each['name'] for each in controls]}"
        checked = [each for each in found if each.has("checked")]
        return (checked or found)[0]


def _list(value: str | list[str] | None) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else value
