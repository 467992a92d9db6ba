"""A page as a tree, its forms as a browser sends them, and what in it would need a script."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from werkzeug.datastructures import MultiDict

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta",
                  "source", "track", "wbr"})  # fmt: skip


@dataclass(eq=False)
class Element:
    """An element of a page, and what is in it."""

    tag: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    inside: "list[Element | str]" = field(default_factory=list)

    @property
    def words(self) -> str:
        """The text of it; spaces in a row are one, but for those that may not break."""
        parts = [each if isinstance(each, str) else each.words for each in self.inside]
        return re.sub(r"[ \t\r\n]+", " ", "".join(parts)).strip()

    @property
    def ancestors(self) -> "list[Element]":
        return [self.parent, *self.parent.ancestors] if self.parent else []

    def all(self, *tags: str) -> "list[Element]":
        """Every element below this one of these names, in the page's order."""
        found = []
        for each in self.inside:
            if isinstance(each, Element):
                found += [each] if each.tag in tags else []
                found += each.all(*tags)
        return found

    def has(self, attribute: str) -> bool:
        return attribute in self.attributes

    def __getitem__(self, attribute: str) -> str:
        return self.attributes.get(attribute, "")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.at = Element("", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Element(tag, {name: value or "" for name, value in attrs}, self.at)
        self.at.inside.append(node)
        if tag not in VOID:
            self.at = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        open_ones = [self.at, *self.at.ancestors]
        closed = next((each for each in open_ones if each.tag == tag), None)
        if closed is not None and closed.parent is not None:
            self.at = closed.parent

    def handle_data(self, data: str) -> None:
        self.at.inside.append(data)


def read(html: str) -> Element:
    """A page as a tree."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.root


def form_of(page: Element, control: Element) -> Element | None:
    """The form that a control belongs to, around it or named by it."""
    if control.has("form"):
        return next((each for each in page.all("form") if each["id"] == control["form"]), None)
    return next((each for each in control.ancestors if each.tag == "form"), None)


def filled(page: Element, form: Element) -> MultiDict[str, str]:
    """What a form sends as it stands, without its buttons."""
    sent: MultiDict[str, str] = MultiDict()
    for control in page.all("input", "select", "textarea"):
        if form_of(page, control) is not form or not control["name"] or control.has("disabled"):
            continue
        for value in values(control):
            sent.add(control["name"], value)
    return sent


def names(page: Element, form: Element) -> set[str]:
    """The names of all the fields that a form has."""
    controls = page.all("input", "select", "textarea", "button")
    return {each["name"] for each in controls if form_of(page, each) is form}


def values(control: Element) -> list[str]:
    match control.tag:
        case "textarea":
            text = "".join(each for each in control.inside if isinstance(each, str))
            return [text.removeprefix("\n")]
        case "select":
            options = control.all("option")
            chosen = [each for each in options if each.has("selected")]
            if not chosen and not control.has("multiple"):
                chosen = options[:1]
            return [each["value"] if each.has("value") else each.words for each in chosen]
    if control["type"] in ("checkbox", "radio"):
        return [control.attributes.get("value", "on")] if control.has("checked") else []
    return [] if control["type"] in ("submit", "file", "button") else [control["value"]]


def faults(html: str) -> list[str]:
    """What in a page would need script, or would be refused by the content security policy."""
    page = read(html)
    found = []
    for node in page.all(*{each.tag for each in _every(page)}):
        said = f"<{node.tag} {node.attributes}> {node.words[:60]}"
        hidden = any(each.has("hidden") for each in (node, *node.ancestors))
        if any(name.startswith("on") for name in node.attributes) or node.has("style"):
            found.append(f"inline script or style: {said}")
        if node.tag == "style" or (node.tag == "script" and not node.has("src")):
            found.append(f"inline script or style: {said}")
        if node.tag == "a" and re.match(r"#?$|javascript:", node["href"].strip()):
            found.append(f"a link to nowhere: {said}")
        if node.tag == "button" and not hidden and not _works(page, node):
            found.append(f"a button that needs script: {said}")
        if node.tag == "form" and node["method"].lower() == "post":
            found += [] if "csrf_token" in names(page, node) else [f"no csrf_token: {said}"]
        if node.tag == "form" and not hidden and not _is_sent(page, node):
            found.append(f"a form without a button: {said}")
    return found


def _every(node: Element) -> list[Element]:
    below = [each for each in node.inside if isinstance(each, Element)]
    return below + [each for one in below for each in _every(one)]


def _works(page: Element, button: Element) -> bool:
    if button.has("popovertarget") or button.has("commandfor"):
        return True
    form = form_of(page, button)
    return form is not None and button["type"] in ("", "submit")


def _is_sent(page: Element, form: Element) -> bool:
    buttons = [each for each in page.all("button") if form_of(page, each) is form]
    if any(each["type"] in ("", "submit") for each in buttons):
        return True
    # One line to type in is sent by Enter, in every browser; a search needs no more than that.
    fields = [each for each in page.all("input") if form_of(page, each) is form]
    typed = [each for each in fields if each["type"] != "hidden"]
    return form["method"].lower() != "post" and len(typed) == 1 and typed[0]["type"] == "search"
