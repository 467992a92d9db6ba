"""What the pretend APNs has against a request, in Apple's words."""

import pytest

from wallet_service.practice.apns.requests import Request, fault

TOPIC = "pass.example.practice"
TOKEN = "ab" * 32


def a_request(**otherwise: object) -> Request:
    headers = {
        "apns-topic": TOPIC,
        "apns-push-type": "background",
        "apns-priority": "5",
        "apns-expiration": "1800000000",
    }
    headers.update(otherwise.pop("headers", {}))
    facts = {"method": "POST", "path": f"/3/device/{TOKEN}", "body": b"{}"} | otherwise
    return Request(headers={k: v for k, v in headers.items() if v is not None}, **facts)


@pytest.mark.parametrize("body", [b"{}", b'{"aps":{}}', b' { "aps" : { } } '])
def test_an_empty_push_is_taken(body):
    assert fault(a_request(body=body), TOPIC) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"apns-push-type": "alert", "apns-priority": "10"},
        {"apns-push-type": None, "apns-priority": None, "apns-expiration": None},
        {"apns-priority": "1", "apns-expiration": "0"},
        {"apns-id": "B5E1D5CE-C31A-4281-9A66-B1C5839CBFC6"},
    ],
)
def test_headers_that_apple_takes_are_taken(headers):
    assert fault(a_request(headers=headers), TOPIC) is None


@pytest.mark.parametrize(
    ("otherwise", "status", "reason"),
    [
        ({"method": "GET"}, 405, "MethodNotAllowed"),
        ({"path": "/"}, 404, "BadPath"),
        ({"path": f"/3/device/{TOKEN}/"}, 404, "BadPath"),
        ({"path": f"/3/device/{TOKEN}?a=b"}, 404, "BadPath"),
        ({"path": "/3/device/"}, 400, "MissingDeviceToken"),
        ({"path": "/3/device/xyz"}, 400, "BadDeviceToken"),
        ({"path": "/3/device/" + "a" * 63}, 400, "BadDeviceToken"),
        ({"path": "/3/device/" + "ab" * 101}, 400, "BadDeviceToken"),
        ({"headers": {"apns-topic": None}}, 400, "MissingTopic"),
        ({"headers": {"apns-topic": "pass.example.other"}}, 400, "TopicDisallowed"),
        ({"headers": {"apns-push-type": "wallet"}}, 400, "InvalidPushType"),
        ({"headers": {"apns-priority": "10"}}, 400, "BadPriority"),
        ({"headers": {"apns-priority": "7"}}, 400, "BadPriority"),
        ({"headers": {"apns-expiration": "soon"}}, 400, "BadExpirationDate"),
        ({"headers": {"apns-id": "17"}}, 400, "BadMessageId"),
        ({"headers": {"apns-collapse-id": "x" * 65}}, 400, "BadCollapseId"),
        ({"body": b""}, 400, "PayloadEmpty"),
        ({"body": b'{"aps":{"alert":"Hello"}}'}, 400, "BadPayload"),
        ({"body": b"[]"}, 400, "BadPayload"),
        ({"body": b"\xff"}, 400, "BadPayload"),
        ({"body": b"{" * 4000}, 400, "BadPayload"),
        ({"body": b"x" * 4097}, 413, "PayloadTooLarge"),
    ],
)
def test_what_apple_would_refuse_is_refused_in_its_words(otherwise, status, reason):
    answer = fault(a_request(**otherwise), TOPIC)

    assert (answer.status, answer.reason) == (status, reason)


def test_a_certificate_that_names_no_pass_type_is_refused():
    answer = fault(a_request(), None)

    assert (answer.status, answer.reason) == (403, "BadCertificate")
