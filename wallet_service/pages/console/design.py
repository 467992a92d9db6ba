"""The design: how the brand's cards look in each language, and what the check says. Read only."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, render_template
from markupsafe import Markup

from passes import check, faces
from passes.card import Card, CardCoupon, CardTier, News, Stamps
from passes.design import Design
from wallet_service import clock, programme
from wallet_service.brands import designs, worn
from wallet_service.brands.roles import Intention
from wallet_service.language import LANGUAGES, in_words
from wallet_service.ledger import Balance
from wallet_service.pages.console import frame, members_words
from wallet_service.programme import Ruleset
from wallet_service.render import balance
from wallet_service.web import current_wallet
from wallet_service.web.doors import needs
from wallet_service.web.language import gettext as _

bp = Blueprint("console_design", __name__, url_prefix="/console/<slug>/design")

_SPOKEN = {"en": "English", "fi": "Suomi", "sv": "Svenska"}
_NAMES = {"en": "Alice", "fi": "Aino", "sv": "Astrid"}
_VISITS = 20  # of the invented member, where no stamp card says when one is full
# What each visit has brought.
_EACH = {"stamps": 1, "points": 12, "bonus": 150, "visits": 1, "purchase_total": 1200}


@dataclass(frozen=True, slots=True, kw_only=True)
class InLanguage:
    """The card in one language: three fronts, and the back."""

    tag: str
    name: str
    fronts: tuple[tuple[str, Markup], ...]
    back: Markup


@bp.get("")
@needs(Intention.DESIGN_SEE)
def here() -> str:
    """What members see."""
    visit = frame.current()
    with current_wallet().database.read() as connection:
        versions = worn.history(connection, visit.brand.brand_id)
        design = designs.current(connection, visit.brand.brand_id) if versions else None
        rules = programme.of_brand(connection, visit.brand.brand_id).rules
    shown = [_in_language(design, rules, tag) for tag in _tags(design)] if design else []
    issues = check.check(design.sources) if design else []
    return render_template(
        "console/design.html",
        visit=visit,
        versions=versions,
        shown=shown,
        errors=[each for each in issues if each.is_error],
        warnings=[each for each in issues if not each.is_error],
        words=members_words,
    )


def _tags(design: Design) -> list[str]:
    return [tag for tag in LANGUAGES if tag in design.languages]


def _in_language(design: Design, rules: Ruleset, tag: str) -> InLanguage:
    address = f"/design/{design.content_hash}"
    of = rules.stamps.card if rules.stamps else 0
    states = [(0, _("empty")), (max(1, (of or _VISITS) * 6 // 10), _("on the way"))]
    if of:
        states.append((of, _("full")))
    cards = [(words, _card(rules, tag, have)) for have, words in states]
    return InLanguage(
        tag=tag,
        name=_SPOKEN[tag],
        fronts=tuple((words, faces.front(card, design, address)) for words, card in cards),
        back=faces.back(cards[-1][1], design, address),
    )


def _card(rules: Ruleset, tag: str, have: int) -> Card:
    """A card of nobody, as a member's would be."""
    own = frame.current().brand.language
    now, reward, of = clock.now(), rules.card_reward, rules.stamps.card if rules.stamps else 0
    is_full = bool(of) and have == of and reward is not None
    news = in_words(reward.earned, tag, own) if is_full and reward else ""
    stamps = Stamps(have=have, of=of) if of else None
    tier = rules.tiers.tier[0] if rules.tiers and have else None
    return Card(
        code="LP1" + 12 * "0",
        language=tag,
        holder=_NAMES[tag],
        programme=rules.title.say(tag),
        stamps=stamps,
        balances=tuple(
            balance(rules, unit, Balance(available=have * _EACH[unit]), tag, stamps)
            for unit in rules.units
        ),
        tier=CardTier(
            name=in_words(tier.name, tag, own),
            benefit=in_words(tier.benefit, tag, own) if tier.benefit else None,
            until=now.date() + timedelta(days=365),
        )
        if tier
        else None,
        next_reward=in_words(reward.name, tag, own) if reward else None,
        news=news,
        earlier_news=(News(at=now - timedelta(days=9), sentence=news),) if news else (),
        coupons=(
            CardCoupon(
                code="CP0000000000",
                name=in_words(reward.name, tag, own),
                until=now.date() + timedelta(days=reward.valid_days or 180),
                terms=in_words(reward.terms, tag, own),
            ),
        )
        if is_full and reward
        else (),
        card_link=current_wallet().config.base_url,
    )
