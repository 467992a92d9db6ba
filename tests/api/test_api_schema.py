"""The served OpenAPI document, taken at its word: calls are made of it by schemathesis, and each
answer is held to it. `make schema` makes five thousand."""

import os
from collections import Counter
from itertools import count
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import (
    ChecksConfig,
    GenerationConfig,
    PositiveDataAcceptanceConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)

from wallet_service import clock

EXAMPLES = int(os.environ.get("WALLET_SCHEMA_EXAMPLES", "150"))
pytestmark = pytest.mark.timeout(120 + EXAMPLES)

# What the document calls right is never `invalid`; that nobody holds the card, or that the shop
# is another's, is something else.
REFUSED = ["2xx", "304", "401", "403", "404", "409", "410", "412", "422"]
MODES = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)


ALWAYS = {"given_name", "family_name", "email", "birthday", "occurred_at", "since"}


def excluded(call: Any) -> list[Any]:
    """What cannot be asked of a call: that parts fit together no schema says, and of a batch each
    event is judged by itself. Who may not come in is tried by tests/doors."""
    names = ["ignored_auth"]
    if call.path in ("/offers/{key}", "/offline-batches"):
        names += ["positive_data_acceptance", "negative_data_rejection"]
    return CHECKS.get_by_names(names)


def config() -> SchemathesisConfig:
    checks = ChecksConfig(
        positive_data_acceptance=PositiveDataAcceptanceConfig(expected_statuses=REFUSED)
    )
    # A NUL never comes through a real server's address; the doors are tried for it elsewhere.
    generation = GenerationConfig(allow_x00=False, with_security_parameters=False)
    project = ProjectConfig(checks=checks, generation=generation)
    return SchemathesisConfig(projects=ProjectsConfig(default=project))


@pytest.fixture
def known(caller: Any) -> dict[str, Any]:
    """What there is in the shop, so that calls find something."""
    aino = caller.enrol(email="aino@example.fi", external_id="crm-7")
    caller.stamps(aino, 10, "e-full")
    offer = {"name": "A tulip", "kind": "benefit", "words": "One each"}
    assert caller("PUT", "/offers/tulip", offer).status_code == 201
    coupon = caller("GET", f"/members/{aino['id']}").json["coupons"][0]["code"]
    return {
        "member_id": [aino["id"]],
        "member": [aino["id"]],
        "code": [aino["code"], coupon],
        "coupon": [coupon],
        "sale_id": ["e-full", "s1"],
        "event_id": ["e-full", "e1", "e2"],
        "return_id": ["r1"],
        "offer": ["tulip"],
        "key": ["tulip"],
        "currency": ["EUR"],
        "unit": ["points", "stamps"],
        # What no schema says whole: a name begins with a sign that is seen, a day has been.
        "given_name": ["Aino", "Ó", "李"],
        "family_name": ["Koski", ""],
        "email": ["mikko@example.fi", "m.l+wallet@example.co.uk"],
        "birthday": ["1988-05-17", "2000-02-29"],
        "occurred_at": [clock.written(clock.now()), "2001-01-01T00:00:00+02:00"],
        "since": [clock.written(clock.now()), "2026-01-01T00:00:00Z"],
    }


def test_the_document_is_whole(small_shop: Any) -> None:
    document = small_shop.app.test_client().get("/api/v1/openapi.json").json

    OpenAPIV31SpecValidator(document).validate()
    for path, calls in document["paths"].items():
        for method, call in calls.items():
            assert call["security"], f"{method} {path} says no scope"


def test_every_call_does_as_the_document_says(
    small_shop: Any, caller: Any, known: dict[str, Any]
) -> None:
    load_all_checks()
    from_everywhere(small_shop.app)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", small_shop.app, config=config())
    # Erasing comes last: the others have somebody to find until then.
    calls = sorted(
        (each.ok() for each in schema.get_all_operations()),
        key=lambda call: call.method == "delete",
    )
    statuses: Counter[str] = Counter()
    headers = {"Authorization": f"Bearer {caller.secret}"}

    for call in calls:
        # Where nothing but a name is told, nothing can be told wrongly.
        for mode in MODES if call.body or call.query else MODES[:1]:
            each_of(call, mode, known, headers, statuses)

    assert len(statuses) > len(calls)
    if EXAMPLES > 1000:
        print(sum(statuses.values()), sorted(statuses.items()))


def from_everywhere(app: Any) -> None:
    """Let each call come from an address of its own, so that the limits are none of its answers."""
    inner, number = app.wsgi_app, count()

    def outer(environ: dict[str, Any], start_response: Any) -> Any:
        place = next(number)
        environ["REMOTE_ADDR"] = f"10.{place // 62500 % 250}.{place // 250 % 250}.{place % 250 + 1}"
        return inner(environ, start_response)

    app.wsgi_app = outer


def each_of(
    call: Any, mode: Any, known: dict[str, Any], headers: dict[str, str], statuses: Counter[str]
) -> None:
    share = max(EXAMPLES // 2 // 20, 3)

    @settings(
        max_examples=share,
        deadline=None,
        database=None,
        derandomize=EXAMPLES <= 1000,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def told(data: st.DataObject) -> None:
        case = data.draw(call.as_strategy(generation_mode=mode))
        if mode is MODES[0]:
            for part in (case.path_parameters, case.query, case.body):
                put_known(data, part, known)
            if isinstance(case.body, dict):
                case.body = whole(case.body)
        response = case.call(headers=headers)
        statuses[f"{call.method} {call.path} {response.status_code}"] += 1
        case.validate_response(response, excluded_checks=excluded(call))

    told()


def put_known(data: st.DataObject, part: Any, known: dict[str, Any]) -> None:
    """Name something that there is, mostly, where the case made up a name of its own."""
    if isinstance(part, list):
        for each in part:
            put_known(data, each, known)
    if not isinstance(part, dict):
        return
    part.pop("cursor", None)  # only we can make one
    for name in sorted(part):
        put_known(data, part[name], known)
        is_ours = name in ALWAYS or (name in known and data.draw(st.integers(0, 3)))
        if is_ours and isinstance(part[name], str):
            part[name] = data.draw(st.sampled_from(known[name]))


def whole(body: Any) -> Any:
    """To JSON Schema 5.0 is a whole number; docs/api.md says that it is written without a point."""
    match body:
        case dict():
            return {name: whole(each) for name, each in body.items()}
        case list():
            return [whole(each) for each in body]
        case float() if body.is_integer():
            return int(body)
    return body
