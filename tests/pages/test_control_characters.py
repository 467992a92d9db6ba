"""Control characters that come along in an address or a form are left out, on every page."""

import pytest
from addresses import Belongings
from flask import request
from shopfront import Shop

from wallet_service.brands.roles import Role
from wallet_service.web import typed

NAMES = ("q", "after", "before", "source", "key", "by", "n")


def test_no_page_of_the_console_stumbles_over_them(shop: Shop) -> None:
    owner, mine = shop.as_(Role.OWNER), Belongings(shop)
    rules = [
        rule
        for rule in shop.app.url_map.iter_rules()
        if rule.rule.startswith("/console") and "GET" in (rule.methods or ())
    ]
    assert len(rules) > 20
    query = "&".join(f"{name}=%00" for name in NAMES)
    for rule in rules:
        answer = owner.open(f"{mine.path(rule)}?{query}")
        assert answer.status_code < 500, rule.rule


def test_they_are_as_if_nobody_had_typed_them(shop: Shop) -> None:
    owner = shop.as_(Role.OWNER)
    owner.open(f"{shop.root}/members?q=Ai%00no%1b%7f")
    assert "Aino" in owner.words


@pytest.mark.parametrize("name", ["Kie\x00lo", "Kielo\x0b", "\x1bKielo\x85"])
def test_a_form_is_read_without_them(shop: Shop, name: str) -> None:
    sent = {"name": name, "words": "1\n2"}
    with shop.app.test_request_context("/console", method="POST", data=sent):
        typed.leave_out_controls()
        assert (request.form["name"], request.form["words"]) == ("Kielo", "1\n2")
