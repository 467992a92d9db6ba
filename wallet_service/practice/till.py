"""A practice till: it stamps and redeems over the real API, and leaves its trace on the wire."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import requests

from wallet_service import clock, ids
from wallet_service.language import Phrase, phrase, phrases, verbatim
from wallet_service.practice.held import HeldPass
from wallet_service.practice.iphone import IPhone

_TIMEOUT_SECONDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the till would say to the customer."""

    say: Phrase
    is_good: bool


class PracticeTill:
    """The counter at which the phones are shown. `language` is the cashier's."""

    def __init__(self, url: str, api_key: str, language: str) -> None:
        self._api = f"{url.rstrip('/')}/api/v1"
        self._headers = {"Authorization": f"Bearer {api_key}", "Accept-Language": language}

    def stamp(self, phone: IPhone) -> Told:
        """Scan the phone's newest card and give one stamp."""
        code = _code(phone)
        if code is None:
            return Told(say=phrase("There is no code to scan on this phone."), is_good=False)
        phone.wire_log.begin(phrase("A stamp at the till"), awaits_push=True)
        body = {"event_id": f"practice-{ids.new_id()}", "code": code, "count": 1}
        status, answer = self._post(phone, "/stamps", body)
        if status not in (200, 201):
            return _refused(answer)
        return _said(answer, phrase("Stamped."))

    def use_own(self, phone: IPhone, held: HeldPass) -> Told:
        """Scan a coupon that is a pass of its own and redeem it; let one in with a ticket."""
        if held.message is None:
            return Told(say=phrase("There is no code to scan on this phone."), is_good=False)
        is_ticket = held.style == "eventTicket"
        title = phrase("A ticket at the door") if is_ticket else phrase("A coupon at the till")
        phone.wire_log.begin(title, awaits_push=True)
        code = quote(held.message, safe="")
        path = f"/tickets/{code}/admit" if is_ticket else f"/coupons/{code}/redeem"
        status, answer = self._post(phone, path, {"event_id": f"practice-{ids.new_id()}"})
        if status not in (200, 201):
            return _refused(answer)
        return _said(answer, phrase("The coupon is used."))

    def use_coupon(self, phone: IPhone) -> Told:
        """Scan the phone's newest card and redeem the first coupon that is open."""
        code = _code(phone)
        if code is None:
            return Told(say=phrase("There is no code to scan on this phone."), is_good=False)
        phone.wire_log.begin(phrase("A coupon at the till"), awaits_push=True)
        status, scanned = self._ask(phone, "GET", f"/scan/{quote(code, safe='')}", None)
        if status != 200:
            return _refused(scanned)
        open_codes = _open_coupons(scanned)
        if not open_codes:
            return Told(say=phrase("There is no coupon to use on this card."), is_good=False)
        body = {"event_id": f"practice-{ids.new_id()}"}
        path = f"/coupons/{quote(open_codes[0], safe='')}/redeem"
        status, answer = self._post(phone, path, body)
        if status not in (200, 201):
            return _refused(answer)
        return _said(answer, phrase("The coupon is used."))

    def _post(
        self, phone: IPhone, path: str, body: Mapping[str, object]
    ) -> tuple[int | None, dict[str, Any]]:
        return self._ask(phone, "POST", path, body)

    def _ask(
        self, phone: IPhone, method: str, path: str, body: Mapping[str, object] | None
    ) -> tuple[int | None, dict[str, Any]]:
        at, began = clock.now(), time.monotonic()
        status: int | None = None
        answer: dict[str, Any] = {}
        size = 0
        # A session of its own for each press: proxies from the environment are not for us.
        with requests.Session() as session:
            session.trust_env = False
            try:
                response = session.request(
                    method,
                    self._api + path,
                    json=body,
                    headers=self._headers,
                    timeout=_TIMEOUT_SECONDS,
                    allow_redirects=False,
                )
                status, size = response.status_code, len(response.content)
                said = response.json()
                answer = said if isinstance(said, dict) else {}
            except (requests.RequestException, ValueError):
                pass
        is_good = status in (200, 201)
        phone.wire_log.write(
            "till",
            at=at,
            method=method,
            path=f"/api/v1{path}",
            status=status,
            ms=round((time.monotonic() - began) * 1000),
            size=size,
            note=_note(path, answer) if is_good else _refused(answer).say,
            bad=not is_good,
        )
        return status, answer


def _code(phone: IPhone) -> str | None:
    """What a scanner would read off the newest card."""
    cards = (held for held in reversed(phone.passes) if not held.is_coupon)
    return next((held.message for held in cards if held.message), None)


def _available(answer: Mapping[str, Any], unit: str) -> int | None:
    balances = answer.get("balances")
    balance = balances.get(unit) if isinstance(balances, dict) else None
    available = balance.get("available") if isinstance(balance, dict) else None
    return available if isinstance(available, int) else None


def _open_coupons(scanned: Mapping[str, Any]) -> list[str]:
    return [
        str(coupon.get("code"))
        for coupon in scanned.get("coupons") or []
        if isinstance(coupon, dict) and coupon.get("state") == "issued"
    ]


def _note(path: str, answer: Mapping[str, Any]) -> Phrase | None:
    if path.startswith("/scan/"):
        return phrases("{n} open coupon", "{n} open coupons", n=len(_open_coupons(answer)))
    if path.startswith("/coupons/"):
        return phrase("Used")
    if path.startswith("/tickets/"):
        return phrase("Let in")
    stamps = _available(answer, "stamps")
    return None if stamps is None else phrases("{n} stamp", "{n} stamps", n=stamps)


def _said(answer: Mapping[str, Any], otherwise: Phrase) -> Told:
    words = answer.get("say")
    return Told(say=verbatim(str(words)) if words else otherwise, is_good=True)


def _refused(answer: Mapping[str, Any]) -> Told:
    words = answer.get("say") or answer.get("detail")
    say = verbatim(str(words)) if words else phrase("The service does not answer the till.")
    return Told(say=say, is_good=False)
