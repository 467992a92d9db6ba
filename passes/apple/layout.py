"""A card and a design, written as Apple's pass.json.

https://developer.apple.com/documentation/walletpasses/pass (2026-11-22)
"""

from __future__ import annotations

import hashlib
import json
from html import escape
from typing import TYPE_CHECKING, Any, Final

from passes import coupon_fields, fields
from passes.apple.identity import PassIdentity
from passes.apple.wallet_py3k import Card as StoreCard
from passes.apple.wallet_py3k import OneCoupon, PlainField, Ticket, WholePass
from passes.code import caption
from passes.coupon_card import CouponCard
from passes.plan import Group

if TYPE_CHECKING:
    from passes.card import Card
    from passes.design import Design
    from passes.lines import Line

CHANGE_MESSAGE: Final = "%@"
"""The new value and nothing else: the sentence is composed before it comes here."""

_TEXT: Final = "text."
"""Before every key of pass.strings, so that no member's word is ever taken for a key."""

_JSON: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
"""The order of keys is that of writing, which is always the same."""

_NOBODY = PassIdentity(
    pass_type_identifier="", team_identifier="", serial_number="", authentication_token="",
    web_service_url="",
)  # fmt: skip


def strings_key(key: str) -> str:
    """A key of the text files as it stands in pass.json and pass.strings."""
    return _TEXT + key


def pass_json(card: Card | CouponCard, design: Design, identity: PassIdentity) -> bytes:
    """The pass as bytes: UTF-8, keys in a fixed order."""
    return _compact(_whole(card, design, identity))


def content_hash(card: Card | CouponCard, design: Design) -> str:
    """What a person would see of this pass, as one hex word; whose pass it is does not enter."""
    seen = _compact(_whole(card, design, _NOBODY))
    whole = hashlib.sha256(seen)
    whole.update(design.content_hash.encode())
    if not isinstance(card, CouponCard):
        # Two numbers of stamps that a text does not show may still be two pictures.
        whole.update(str(design.pictures.state(card.stamps)).encode())
    return whole.hexdigest()


def _compact(said: dict[str, Any]) -> bytes:
    return _JSON.encode(said).encode()


def _whole(card: Card | CouponCard, design: Design, identity: PassIdentity) -> dict[str, Any]:
    plan = design.plan
    if isinstance(card, CouponCard):
        whole = _own_pass(card, design)
    else:
        store_card = StoreCard()
        for group, shown in fields.shown(card, plan).items():
            store_card.group(group).extend(_field(group, field) for field in shown)
        whole = WholePass(store_card)
        whole.description = plan.text("description", card.language) or plan.name
    whole.passTypeIdentifier = identity.pass_type_identifier
    whole.teamIdentifier = identity.team_identifier
    whole.serialNumber = identity.serial_number
    whole.authenticationToken = identity.authentication_token
    # Some readers join it to "/v1" as it stands, and would ask for "//v1".
    whole.webServiceURL = identity.web_service_url.rstrip("/")
    whole.organizationName = plan.organisation
    whole.logoText = plan.logo_text
    whole.backgroundColor = plan.colours.background.rgb()
    whole.foregroundColor = plan.colours.foreground.rgb()
    whole.labelColor = plan.colours.label.rgb()
    if card.code:  # a phone refuses the whole pass for a code that says nothing
        whole.show_code(plan.barcode, card.code, caption(card.code))
    whole.sharingProhibited = not plan.sharing
    whole.voided = card.voided
    if card.expires_at is not None:
        whole.expire(card.expires_at)
    said = whole.json_dict()
    if identity is _NOBODY:
        for key in ("passTypeIdentifier", "teamIdentifier", "serialNumber"):
            del said[key]
    return said


def _own_pass(card: CouponCard, design: Design) -> WholePass:
    """The style of a coupon or of a ticket, with what only it has."""
    style = OneCoupon() if card.event is None else Ticket()
    for group, lines in coupon_fields.shown(card, design.plan).items():
        style.group(group).extend(_line(group, line) for line in lines)
    whole = WholePass(style)
    whole.description = card.name
    if card.event is not None and not card.voided:
        event = card.event
        whole.matter_between(event.doors_at, event.starts_at, event.ends_at)
    return whole


def _line(group: Group, line: Line) -> PlainField:
    field = PlainField(line.key, line.value, line.label)
    if group == "back":
        _on_the_back(field, line.value, line.link, line.detect)
    return field


def _field(group: Group, shown: fields.Shown) -> PlainField:
    value = strings_key(shown.text) if shown.text else shown.value
    field = PlainField(shown.key, value, strings_key(shown.label) if shown.label else None)
    if shown.speaks:
        field.changeMessage = CHANGE_MESSAGE
    if shown.align:
        field.align(shown.align)
    if group == "back":
        _on_the_back(field, shown.value, shown.link, shown.detect)
    return field


def _on_the_back(field: PlainField, words: str, link: str | None, detect: tuple[str, ...]) -> None:
    if link:
        # The words for those who see HTML, the address itself for a reader that does not.
        field.value = link
        field.attributedValue = f'<a href="{escape(link)}">{escape(words)}</a>'
    else:
        # No detector looks through what people wrote: a number in a name is no telephone's.
        field.detect(detect)
