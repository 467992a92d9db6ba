"""Whether the fields have room where they stand, and whether the back says what it must."""

from __future__ import annotations

from collections.abc import Iterator

from passes.facts import names_in
from passes.issues import Issue, error, warning
from passes.plan import NEWS, Group, Plan
from passes.reading import DESIGN

_CONTACT = {"email", "phone", "website", "address"}

# https://developer.apple.com/design/human-interface-guidelines/wallet (2026-11-22), store card
_ROOM: tuple[tuple[tuple[Group, ...], int, str], ...] = (
    (("header",), 3, "header fields"),
    (("primary",), 1, "primary fields"),
    (("secondary", "auxiliary"), 4, "secondary and auxiliary fields together"),
)


def check(plan: Plan) -> Iterator[Issue]:
    for groups, room, name in _ROOM:
        count = sum(len(plan.fields[group]) for group in groups)
        if count > room:
            yield error(
                f"{DESIGN}, [[{']] and [['.join(groups)}]]",
                f"There are {count} {name}; Wallet shows {room} and drops the rest silently.",
                "Move some to [[back]].",
            )
        for group in groups:
            yield from _front(plan, group)
    yield from _back(plan)


def _front(plan: Plan, group: Group) -> Iterator[Issue]:
    for field in plan.fields[group]:
        where = f"{DESIGN}, [[{group}]] {field.key}"
        if field.each:
            says = "A field that stands once for each coupon may fill the front."
            yield warning(where, says, "Move it to [[back]]; {coupon} names the first one.")
        if field.label is None:
            says = "The field has no label, and a screen reader only reads the value."
            yield warning(where, says, 'Give it label = "…".')
        if field.key == NEWS and group in ("header", "primary"):
            says = f"A sentence is cut short as a {group} field."
            yield warning(where, says, "Let the news stand alone in [[secondary]].")
        elif field.key == NEWS and _in_row(plan) > 1:
            says = "The news shares its row, and Wallet will cut the sentence."
            yield warning(where, says, "Let it stand alone in [[secondary]]; all share one row.")


def _in_row(plan: Plan) -> int:
    return len(plan.fields["secondary"]) + len(plan.fields["auxiliary"])


def _back(plan: Plan) -> Iterator[Issue]:
    back = plan.fields["back"]
    shown = {name for field in back for name in names_in(field.value or "")}
    shown |= {field.link for field in back if field.link}
    contact = plan.contact
    if not contact.email and not contact.phone:
        yield error(
            f"{DESIGN}, [contact]",
            "Nobody can be asked: there is neither an e-mail address nor a telephone number.",
            'Write email = "…" or phone = "…"; Apple asks for it on every pass.',
        )
    if not shown & _CONTACT:
        yield error(
            f"{DESIGN}, [[back]]",
            "The back does not say whom to ask.",
            'Add a field with value = "{email}", {phone} or {address}.',
        )
    if "card_link" not in shown:
        yield warning(
            f"{DESIGN}, [[back]]",
            "The back does not lead to the member's own card page.",
            'Add a field with link = "card_link".',
        )
    if not shown & {"all_news", "earlier_news"}:
        yield warning(
            f"{DESIGN}, [[back]]",
            "What was told before can be read nowhere.",
            'Add a field with value = "{all_news}", or {earlier_news}.',
        )
