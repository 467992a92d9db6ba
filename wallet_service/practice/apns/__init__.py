"""The pretend Apple Push Notification service: real HTTP/2 over TLS, and any fault on demand."""

from wallet_service.practice.apns.faults import (
    BAD_DEVICE_TOKEN,
    DELIVERED,
    INTERNAL_SERVER_ERROR,
    SERVICE_UNAVAILABLE,
    TOO_MANY_REQUESTS,
    Answer,
    Fault,
    unregistered,
)
from wallet_service.practice.apns.server import CannotListen, PretendApns, ReceivedPush

__all__ = [
    "BAD_DEVICE_TOKEN",
    "DELIVERED",
    "INTERNAL_SERVER_ERROR",
    "SERVICE_UNAVAILABLE",
    "TOO_MANY_REQUESTS",
    "Answer",
    "CannotListen",
    "Fault",
    "PretendApns",
    "ReceivedPush",
    "unregistered",
]
