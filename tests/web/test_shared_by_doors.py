"""What holds at every door."""

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from wallet_service.web import assets


def test_every_answer_is_dressed(client: FlaskClient):
    for path in ("/page", "/nowhere", "/api/v1/nowhere", "/broken"):
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert "Strict-Transport-Security" not in headers


def test_on_https_the_browser_is_told_to_stay_there(secure_client: FlaskClient):
    assert "max-age" in secure_client.get("/page").headers["Strict-Transport-Security"]


@pytest.mark.parametrize("path", ["/%00", "/page%00", "/page/%FF%FE", "/c/%C3%28", "/%0d%0aX-A:1"])
def test_odd_bytes_in_an_address_are_simply_not_found(client: FlaskClient, path: str):
    assert client.get(path).status_code == 404


def test_a_phone_may_put_two_slashes_and_is_not_sent_elsewhere(client: FlaskClient):
    assert client.get("/apple//v1/ping").data == b"pong"
    assert client.get("//page").status_code == 404


def test_machines_get_problem_details_and_never_a_page(client: FlaskClient):
    for path, status, code in (
        ("/api/v1/nowhere", 404, "not_found"),
        ("/apple/v1/nowhere", 404, "not_found"),
        ("/api/v1/broken", 500, "internal_error"),
    ):
        answer = client.get(path)
        assert answer.status_code == status
        assert answer.content_type == "application/problem+json"
        told = json.loads(answer.data)
        assert (told["status"], told["code"]) == (status, code)
        assert b"4711" not in answer.data
    assert client.post("/apple/v1/ping").status_code == 405
    assert client.post("/apple/v1/ping").headers["Allow"]


def test_people_get_a_calm_page_in_their_language_and_no_trace(client: FlaskClient):
    lost = client.get("/nowhere", headers={"Accept-Language": "sv-FI,sv;q=0.9,en;q=0.5"})
    assert lost.status_code == 404
    assert '<html lang="sv">' in lost.text
    broken = client.get("/broken")
    assert broken.status_code == 500
    assert "4711" not in broken.text
    assert "Traceback" not in broken.text


def test_a_refusal_has_a_code_and_a_sentence_to_say(client: FlaskClient):
    answer = client.get("/api/v1/refused")
    assert answer.status_code == 404
    assert json.loads(answer.data)["code"] == "unknown_card"
    assert json.loads(answer.data)["say"] == "We don’t know this card."
    assert "We don’t know this card." in client.get("/refused").text


def test_a_body_beyond_a_megabyte_is_refused(client: FlaskClient):
    assert client.post("/api/v1/echo", data=b"x" * 1_000_000).status_code == 200
    answer = client.post("/api/v1/echo", data=b"x" * 1_100_000)
    assert answer.status_code == 413
    assert json.loads(answer.data)["code"] == "too_large"


def test_a_form_without_our_token_or_from_another_site_changes_nothing(client: FlaskClient):
    assert client.post("/press").status_code == 400
    assert client.post("/press", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_the_first_ten_failures_are_answered_plainly_then_429(client: FlaskClient):
    wrong = [client.get("/api/v1/guarded") for _ in range(12)]
    assert [answer.status_code for answer in wrong] == [401] * 10 + [429] * 2
    assert int(wrong[-1].headers["Retry-After"]) in range(1, 61)
    assert json.loads(wrong[-1].data)["code"] == "too_many_requests"

    # A colleague behind the same address has a good key, and works on.
    good = {"Authorization": "Bearer good"}
    assert {client.get("/api/v1/guarded", headers=good).status_code for _ in range(50)} == {200}


def test_guessing_links_is_slowed_and_good_links_are_not(client: FlaskClient):
    assert [client.get(f"/c/{n}").status_code for n in range(11)] == [404] * 10 + [429]
    assert client.get("/c/good").status_code == 200


def test_six_hundred_good_requests_a_minute_from_one_address_are_fine(client: FlaskClient):
    far = {"REMOTE_ADDR": "203.0.113.7"}
    answers = [client.get("/page", environ_overrides=far).status_code for _ in range(601)]
    assert answers == [200] * 600 + [429]


def test_the_log_says_the_route_and_never_the_path(app: Flask):
    with capture_logs() as lines:
        app.test_client().get("/c/very-secret", headers={"Authorization": "Bearer x9"})
        app.test_client().get("/broken?q=very-secret")
    assert [line["route"] for line in lines if line["event"] == "request"] == [
        "/c/<token>",
        "/broken",
    ]
    assert "very-secret" not in repr([{**line, "exc_info": None} for line in lines])
    assert "x9" not in repr(lines)


def test_an_asset_lives_at_its_content_and_is_kept_for_ever(app: Flask):
    client = app.test_client()
    with app.test_request_context():
        address = assets.address("tokens.css")
    assert re.fullmatch(r"/assets/[0-9a-f]{12}/tokens\.css", address)
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert answer.mimetype == "text/css"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "immutable" in answer.headers["Cache-Control"]
    assert client.get("/assets/0123456789ab/tokens.css").status_code == 404


def test_style_sheets_go_out_without_the_words_that_are_for_us(app: Flask):
    with app.test_request_context():
        address = assets.address("till.css")
    sent = app.test_client().get(address).text
    assert "/*" not in sent
    assert "*/" not in sent
    assert sent.startswith(".till {")


def test_files_of_others_live_at_their_version_and_are_named_by_ours(app: Flask):
    client = app.test_client()
    with app.test_request_context():
        face = assets.address("v/inter-5.3.0/inter-latin.woff2")
        reader = assets.address("v/zxing-wasm-3.1.4/zxing_reader.wasm")
    assert face == "/assets/v/inter-5.3.0/inter-latin.woff2"
    assert client.get(face).mimetype == "font/woff2"
    answer = client.get(reader, headers={"Accept-Encoding": "gzip"})
    assert answer.mimetype == "application/wasm"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "immutable" in answer.headers["Cache-Control"]
    assert len(answer.data) < 450_000
    assert client.get("/assets/v/zxing-wasm-3.1.5/zxing_reader.wasm").status_code == 404
    assert client.get("/assets/v/tokens.css").status_code == 404

    named = [
        (path.name, found)
        for path in assets.FOLDER.glob("*.*s*")
        for found in re.findall(r"""["'(]\.\./(v/[^"')]+)""", path.read_text())
    ]
    assert named
    assert [each for each in named if assets.find(each[1]) is None] == []


def test_only_a_worker_that_decodes_brings_a_wider_policy_of_its_own(app: Flask):
    client = app.test_client()
    with app.test_request_context():
        worker, script = assets.address("till-decoder.worker.js"), assets.address("till.js")
    assert "'wasm-unsafe-eval'" in client.get(worker).headers["Content-Security-Policy"]
    assert "unsafe" not in client.get(script).headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "name", ["../pages/problem.html", "..%2f..%2fpyproject.toml", "/etc/passwd", "none.css", "."]
)
def test_no_asset_is_found_outside_the_folder(client: FlaskClient, name: str):
    assert client.get(f"/assets/0123456789ab/{name}").status_code == 404
    assert assets.find(name) is None
