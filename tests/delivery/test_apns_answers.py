"""What each answer of APNs means: a phone is dropped only where APNs says that it is gone."""

from datetime import UTC, datetime

import pytest

from wallet_service.delivery.answers import Fate, Scope, said, verdict


def test_200_is_delivered():
    assert verdict(200, "").fate is Fate.DELIVERED


@pytest.mark.parametrize(
    ("status", "reason"),
    [(410, "Unregistered"), (410, "ExpiredToken"), (400, "BadDeviceToken")],
)
def test_apns_says_that_the_token_is_dead(status, reason):
    assert verdict(status, reason).fate is Fate.DEAD


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (400, "TopicDisallowed"),
        (400, "MissingTopic"),
        (400, "BadTopic"),
        (400, "BadPriority"),
        (400, ""),
        (403, "BadCertificate"),
        (403, "BadCertificateEnvironment"),
        (403, "Forbidden"),
        (403, "ExpiredProviderToken"),
        (403, "BadDeviceToken"),
        (404, "BadPath"),
        (405, "MethodNotAllowed"),
    ],
)
def test_our_own_fault_stops_the_way_and_drops_nobody(status, reason):
    answer = verdict(status, reason)

    assert (answer.fate, answer.scope) == (Fate.CONFIGURATION, Scope.WAY)
    assert answer.retry_after >= 300


@pytest.mark.parametrize(
    ("status", "reason"), [(400, "DeviceTokenNotForTopic"), (413, "PayloadTooLarge")]
)
def test_our_fault_with_one_phone_stops_nobody_else(status, reason):
    answer = verdict(status, reason)

    assert (answer.fate, answer.scope) == (Fate.CONFIGURATION, Scope.PUSH)


@pytest.mark.parametrize(
    ("status", "scope"),
    [
        (429, Scope.PUSH),
        (500, Scope.WAY),
        (503, Scope.WAY),
        (599, Scope.WAY),
        (301, Scope.PUSH),
        (418, Scope.PUSH),
        (204, Scope.PUSH),
        (410, Scope.PUSH),
    ],
)
def test_the_rest_may_pass(status, scope):
    answer = verdict(status, "SomethingNew")

    assert (answer.fate, answer.scope) == (Fate.PASSING, scope)


@pytest.mark.parametrize(
    ("told", "kept"), [(30.0, 30.0), (None, None), (0.0, None), (-5.0, None), (1e9, 86_400.0)]
)
def test_retry_after_is_honoured_within_a_day(told, kept):
    assert verdict(503, "ServiceUnavailable", told).retry_after == kept


def test_the_reason_and_the_time_are_read():
    assert said(b'{"reason":"Unregistered","timestamp":1795000000125}') == (
        "Unregistered",
        datetime.fromtimestamp(1795000000.125, UTC),
    )


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b'"x"', b"\xff", b"[" * 4000, b'{"reason":17}',
        b'{"reason":"<b>no</b>"}', b'{"reason":"line\\nline"}', b'{"timestamp":"now"}',
        b'{"timestamp":true}', b'{"timestamp":1e300}', b'{"timestamp":NaN}',
    ],
)  # fmt: skip
def test_what_is_not_apns_says_nothing(body):
    assert said(body) == ("", None)
