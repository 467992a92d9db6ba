"""Where the address or the pass is the key: whoever holds another, or none, stays outside."""

import pytest
from installation import Installation
from sweep import ways

from wallet_service.web.doors import Kind

# A device's own unguessable name is the secret here, and an unknown one looks like one without
# news; what a phone complains of is taken from anybody, a little of it.
WITHOUT_PROOF = {"apple.list_changed", "apple.report"}


@pytest.mark.parametrize("token", ["unknown", "i" + "0" * 48, "0" * 43])
def test_an_address_with_another_token_leads_nowhere(
    installation: Installation, token: str
) -> None:
    app = installation.kielo.app
    app.config["WTF_CSRF_ENABLED"] = False
    nobody = installation.somebody("nobody")
    wrong = []
    for way in ways(app):
        if way.door is not None and way.door.kind is Kind.TOKEN:
            path = installation.kielos.path(way.rule, token=token)
            answer = nobody.knock(app, way.method, path)
            if answer.status_code not in (404, 410):
                wrong.append(f"{way}: {answer.status_code}")
    assert wrong == []


@pytest.mark.parametrize(
    "shown", [None, "ApplePass wrong", "Bearer wrong", "ApplePass ", "ApplePass ä"]
)
def test_a_phone_without_the_passs_own_token_gets_nothing(
    installation: Installation, shown: str | None
) -> None:
    app = installation.kielo.app
    nobody = installation.somebody("nobody")
    phone = nobody if shown is None else nobody.bringing(Authorization=shown)
    wrong = []
    for way in ways(app):
        if way.door is None or way.door.kind is not Kind.DEVICE:
            continue
        if way.rule.endpoint in WITHOUT_PROOF:
            continue
        path = installation.kielos.path(way.rule)
        answer = phone.knock(app, way.method, path, json={"pushToken": "ab" * 32})
        if answer.status_code != 401:
            wrong.append(f"{way}: {answer.status_code}")
    assert wrong == []
