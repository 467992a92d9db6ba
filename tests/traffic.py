"""A shop's traffic over the API, told until it is answered, and what should come of it.

What a member should have is counted here from what was told, by a few lines of arithmetic that
know nothing of the service's own rules and books.
"""

from collections import Counter as Tally
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from threading import Event
from typing import Any

import requests

TULIP = {"name": {"en": "A tulip"}, "kind": "discount", "worth": {"percent": 20}}
TICKET = {"name": {"en": "Evening"}, "kind": "ticket"}


@dataclass(kw_only=True)
class Told:
    """A request under its own name, said again until it is answered."""

    method: str
    path: str
    body: dict[str, Any]
    kind: str
    name: str
    facts: dict[str, Any] = field(default_factory=dict)


class Traffic:
    """One till that never gives up, and what it has been answered."""

    def __init__(self, url: str, api_key: str, codes: list[str], seed: int) -> None:
        self._url = f"{url}/api/v1"
        self._headers = {"Authorization": f"Bearer {api_key}"}
        self._codes = codes
        self._chance = Random(seed)
        self._number = 0
        self.unanswered: Told | None = None
        self.cut_off = self.already_done = 0  # answers that a kill kept from us
        self.told: Tally[str] = Tally()
        self.events: dict[str, list[str]] = {}  # kind of row in the books: the events' names
        self.left: dict[str, int] = {}  # how much money of each sale stands
        self.stamps = self.admitted = 0
        self.open: list[str] = []  # coupons that can be used
        self.held: list[tuple[str, str]] = []  # and those that are held, with the event
        self.used: dict[str, str] = {}  # coupon by the event that used it
        self.tickets: list[str] = []

    def open_shop(self) -> None:
        """Make what is on offer, and give each member a ticket."""
        now = datetime.now(UTC)
        evening = {
            "event": "Evening of tulips",
            "starts_at": (now - timedelta(hours=1)).isoformat(),
            "ends_at": (now + timedelta(days=1)).isoformat(),
            "admissions": 1000,
        }
        for key, offer in (("tulip", TULIP), ("evening", {**TICKET, "ticket": evening})):
            answer = requests.put(
                f"{self._url}/offers/{key}", json=offer, headers=self._headers, timeout=20
            )
            assert answer.status_code == 201, answer.text
        for code in self._codes:
            self.tell(self._told("give", "POST", "/coupons", code=code, offer="evening"))

    def run(self, until: Event) -> None:
        """Tell one thing after the other until told to stop or nobody answers."""
        while not until.is_set():
            if not self.tell(self.unanswered or self._next()):
                return

    def tell(self, told: Told) -> bool:
        """Say it, again if it was said before; whether somebody answered."""
        is_again = self.unanswered is not None
        self.unanswered = told
        try:
            answer = requests.request(
                told.method,
                self._url + told.path,
                json=told.body,
                headers=self._headers,
                timeout=20,
            )
        except requests.RequestException:
            self.cut_off += not is_again
            return False
        assert answer.status_code in (200, 201), (told, answer.text)
        if is_again:
            self.already_done += _is_repeated(answer)
        else:
            assert not _is_repeated(answer), told
        self.unanswered = None
        self.told[told.kind] += 1
        self._count(told, answer.json())
        return True

    @property
    def points(self) -> int:
        """A point for each whole euro of each sale that stands."""
        return sum(left // 100 for left in self.left.values())

    @property
    def stamps_of_all(self) -> int:
        """Stamps given by hand, and one for each sale of which five euros stand."""
        return self.stamps + sum(left >= 500 for left in self.left.values())

    def _next(self) -> Told:
        kinds = ["sale"] * 5 + ["stamps"] * 3 + ["batch"] * 2 + ["admit"] * 2 + ["give"] * 4
        kinds += ["return"] * 2 if self.left else []
        kinds += ["redeem"] * 3 + ["reserve"] * 3 if self.open else []
        kinds += ["use held", "let go"] if self.held else []
        kinds += ["roll back"] if self.used else []
        kind, code = self._chance.choice(kinds), self._chance.choice(self._codes)
        match kind:
            case "sale":
                return self._sale(code)
            case "stamps":
                count = self._chance.randint(1, 3)
                return self._told(kind, "POST", "/stamps", code=code, count=count)
            case "give":
                return self._told(kind, "POST", "/coupons", code=code, offer="tulip")
            case "return":
                return self._return()
            case "redeem" | "reserve":
                coupon = self.open[self._chance.randrange(len(self.open))]
                more = {"ttl_seconds": 86_400} if kind == "reserve" else {}
                told = self._told(kind, "POST", f"/coupons/{coupon}/{kind}", **more)
                told.facts["coupon"] = coupon
                return told
            case "use held" | "let go":
                coupon, event = self.held[self._chance.randrange(len(self.held))]
                call = "redeem" if kind == "use held" else "rollback"
                return self._of_coupon(kind, coupon, call, event)
            case "roll back":
                event = self._chance.choice(sorted(self.used))
                return self._of_coupon(kind, self.used[event], "rollback", event)
            case "admit":
                ticket, count = self._chance.choice(self.tickets), self._chance.randint(1, 3)
                told = self._told(kind, "POST", f"/tickets/{ticket}/admit", count=count)
                told.facts["count"] = count
                return told
            case _:
                return self._batch(code)

    def _name(self, kind: str) -> str:
        self._number += 1
        return f"{kind} {self._number}"

    def _told(self, kind: str, method: str, path: str, **body: Any) -> Told:
        name = self._name(kind)
        body["event_id"] = name
        return Told(method=method, path=path, body=body, kind=kind, name=name)

    def _of_coupon(self, kind: str, coupon: str, call: str, event: str) -> Told:
        body = {"event_id": event}
        path = f"/coupons/{coupon}/{call}"
        facts = {"coupon": coupon}
        return Told(method="POST", path=path, body=body, kind=kind, name=event, facts=facts)

    def _sale(self, code: str) -> Told:
        name, amount = self._name("sale"), self._chance.randint(100, 3000)
        body = {"code": code, "amount": amount, "currency": "EUR"}
        return Told(method="PUT", path=f"/sales/{name}", body=body, kind="sale", name=name)

    def _return(self) -> Told:
        sale = self._chance.choice(sorted(self.left))
        name, left = self._name("return"), self.left[sale]
        body: dict[str, Any] = {"return_id": name}
        if self._chance.random() < 0.6 and left > 1:
            body["amount"] = self._chance.randint(1, left - 1)
        path = f"/sales/{sale}/returns"
        facts = {"sale": sale, "amount": body.get("amount", left)}
        return Told(method="POST", path=path, body=body, kind="return", name=name, facts=facts)

    def _batch(self, code: str) -> Told:
        """A till that was offline a minute ago: a return told before its sale, stamps, a door."""
        at = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
        sale, back = self._name("sale"), self._name("return")
        amount = self._chance.randint(100, 3000)
        events: list[dict[str, Any]] = [
            {"kind": "return", "return_id": back, "sale_id": sale, "amount": amount // 2},
            {"kind": "sale", "sale_id": sale, "code": code, "amount": amount, "currency": "EUR"},
            {"kind": "stamps", "event_id": self._name("stamps"), "code": code, "count": 1},
            {
                "kind": "admit",
                "event_id": self._name("admit"),
                "ticket": self._chance.choice(self.tickets),
                "count": 1,
            },
        ]
        body = {"device": "till 2", "events": [{**each, "occurred_at": at} for each in events]}
        facts = {"left": amount - amount // 2, "events": events}
        return Told(
            method="POST", path="/offline-batches", body=body, kind="batch", name=sale, facts=facts
        )

    def _wrote(self, kind: str, name: str) -> None:
        self.events.setdefault(kind, []).append(name)

    def _count(self, told: Told, answer: dict[str, Any]) -> None:
        """What this should have done."""
        match told.kind:
            case "sale":
                self.left[told.name] = told.body["amount"]
                self._wrote("sale", told.name)
            case "stamps":
                self.stamps += told.body["count"]
                self._wrote("sale", told.name)
            case "return":
                self.left[told.facts["sale"]] -= told.facts["amount"]
                if not self.left[told.facts["sale"]]:
                    del self.left[told.facts["sale"]]
                self._wrote("return", told.name)
            case "give":
                (self.tickets if told.body["offer"] == "evening" else self.open).append(
                    answer["code"]
                )
                self._wrote("coupon", told.name)
            case "redeem":
                self.open.remove(told.facts["coupon"])
                self.used[told.name] = told.facts["coupon"]
                self._wrote("redemption", told.name)
            case "reserve":
                self.open.remove(told.facts["coupon"])
                self.held.append((told.facts["coupon"], told.name))
            case "use held":
                self.held.remove((told.facts["coupon"], told.name))
                self.used[told.name] = told.facts["coupon"]
                self._wrote("redemption", told.name)
            case "let go":
                self.held.remove((told.facts["coupon"], told.name))
                self.open.append(told.facts["coupon"])
            case "roll back":
                self.open.append(self.used.pop(told.name))
            case "admit":
                self.admitted += told.facts["count"]
                self._wrote("admission", told.name)
            case "batch":
                statuses = {each["status"] for each in answer["items"]}
                assert statuses <= {"accepted", "duplicate"}, answer
                back, sale, stamps, door = told.facts["events"]
                self.left[sale["sale_id"]] = told.facts["left"]
                self.stamps += 1
                self.admitted += 1
                self._wrote("return", back["return_id"])
                self._wrote("sale", sale["sale_id"])
                self._wrote("sale", stamps["event_id"])
                self._wrote("admission", door["event_id"])


def _is_repeated(answer: requests.Response) -> bool:
    """Whether it was done before, all or (of a batch) some of it."""
    if "items" in answer.json():
        return any(each["status"] == "duplicate" for each in answer.json()["items"])
    return answer.headers.get("Idempotent-Replayed") == "true"
