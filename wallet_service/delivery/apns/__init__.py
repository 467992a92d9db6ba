"""The way out to Apple: one long-lived HTTP/2 connection to APNs for each pass certificate."""

from wallet_service.delivery.answers import Fate
from wallet_service.delivery.apns.client import Apns
from wallet_service.delivery.apns.pace import Patience
from wallet_service.delivery.apns.pushes import Outcome, Push

__all__ = ["Apns", "Fate", "Outcome", "Patience", "Push"]
