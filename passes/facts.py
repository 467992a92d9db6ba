"""The facts that a design may place: their names, their words, and how they are put into a line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from passes import dates

if TYPE_CHECKING:
    from passes.card import Card, CardCoupon
    from passes.plan import Plan

# fmt: off
CARD_FACTS = frozenset({
    "stamps", "stamps_of", "points", "bonus", "visits", "purchase_total",
    "coming", "tier", "tier_benefit", "tier_until", "holder", "programme", "next_reward", "code",
    "card_link",
    "news", "all_news", "earlier_news", "coupon", "open_coupons",
    "organisation", "email", "phone", "website", "address",
})
# fmt: on
COUPON_FACTS = frozenset({"coupon_name", "coupon_until", "coupon_terms", "coupon_code"})
LINK_FACTS = frozenset({"card_link", "website"})
NEWS_ON_THE_BACK = 5

_NAME = re.compile(r"\{([^{}]*)\}")

Facts = Mapping[str, str | None]


def names_in(template: str) -> list[str]:
    """The names in braces, known or not."""
    return _NAME.findall(template)


def fill(template: str, facts: Facts) -> str | None:
    """Put the facts into the template, in one pass, so that no fact is ever read as a template.

    A line whose fact is missing is left out, and a template with no line left is None.
    """
    lines = []
    for parts in _parts(template):
        words = list(parts)
        for place in range(1, len(parts), 2):
            fact = facts.get(parts[place])
            if not fact:
                break
            words[place] = fact
        else:
            lines.append("".join(words))
    return "\n".join(lines).strip() or None


@lru_cache(maxsize=1024)
def _parts(template: str) -> tuple[tuple[str, ...], ...]:
    """Each line as words and, at the odd places, names. A design's lines never change."""
    return tuple(tuple(_NAME.split(line)) for line in template.split("\n"))


def of_card(card: Card, plan: Plan) -> dict[str, str | None]:
    """Every fact of this card, None where there is none."""
    earlier = [
        f"{dates.short_day(news.at, card.language)} – {news.sentence}"
        for news in card.earlier_news[:NEWS_ON_THE_BACK]
    ]
    contact, tier = plan.contact, card.tier
    balances = {each.unit: each.value for each in card.balances}
    return {
        "stamps": None if card.stamps is None else str(card.stamps.have),
        "stamps_of": None if card.stamps is None else str(card.stamps.of),
        **{unit: balances.get(unit) for unit in ("points", "bonus", "visits", "purchase_total")},
        "coming": ", ".join(each.coming for each in card.balances if each.coming),
        "tier": tier.name if tier else None,
        "tier_benefit": tier.benefit if tier else None,
        "tier_until": dates.long_day(tier.until, card.language) if tier and tier.until else None,
        "holder": card.holder,
        "programme": card.programme,
        "next_reward": card.next_reward,
        "news": card.news,
        "all_news": "\n".join(filter(None, [card.news, *earlier])),
        "earlier_news": "\n".join(earlier),
        "code": card.code,
        "coupon": card.coupons[0].name if card.coupons else None,
        "open_coupons": str(len(card.coupons)) if card.coupons else None,
        "card_link": card.card_link,
        "organisation": plan.organisation,
        "email": contact.email,
        "phone": contact.phone,
        "website": contact.website,
        "address": contact.address,
    }


def of_coupon(coupon: CardCoupon, plan: Plan, language: str) -> dict[str, str | None]:
    """The facts of one coupon, for a field that stands once for each."""
    until = None
    if coupon.until is not None:
        words = plan.text("until", language) or "{date}"
        # The day stands in the design's sentence, and is written as that language writes it.
        spoken = plan.spoken_in("until", language)
        until = fill(words, {"date": dates.long_day(coupon.until, spoken)})
    return {
        "coupon_name": coupon.name,
        "coupon_until": until,
        "coupon_terms": coupon.terms or None,
        "coupon_code": coupon.code,
    }
