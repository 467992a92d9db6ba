"""Render: what one person's pass says now, from the books, in the person's language."""

from datetime import timedelta

from sqlalchemy import Connection

from passes.apple import layout
from passes.apple.identity import PassIdentity
from passes.card import Card, CardBalance, CardCoupon, CardTier, News, Stamps
from passes.design import Design
from wallet_service import brands, clock
from wallet_service.brands import designs
from wallet_service.coupons import coupon as coupons
from wallet_service.credentials import Credentials
from wallet_service.keys import Keyring
from wallet_service.language import Phrase, Piece, Words, phrase
from wallet_service.ledger import balances
from wallet_service.ledger.in_force import in_force
from wallet_service.members import codes, member, people
from wallet_service.members.links import Links
from wallet_service.phones import issued, news
from wallet_service.phones.issued import IssuedPass
from wallet_service.phones.rendered import Rendered
from wallet_service.programme import Ruleset, Version, card_face, versions
from wallet_service.programme.amount import UNITS, bare
from wallet_service.programme.held import held


def card_of(connection: Connection, links: Links, member_id: str, person_id: str) -> Card:
    """What a person's card says now; of whoever left or was erased, only that it has ended."""
    return _card(connection, links, member_id, person_id)[0]


def _card(
    connection: Connection, links: Links, member_id: str, person_id: str
) -> tuple[Card, tuple[coupons.Coupon, ...]]:
    """The card, and the open coupons that stand on it."""
    whose = member.get(connection, member_id)
    try:
        person = people.get(connection, member_id, person_id)
    except LookupError:
        # Nothing is known of an erased person, so the shop's language is the nearest.
        return _ended(brands.get(connection, whose.brand_id).language), ()
    if whose.status != "active":
        return _ended(person.language), ()
    programme = in_force(connection, whose, versions.current(connection, whose.programme_id))
    voice = _Voice(person.language)
    told = [
        News(at=each.at, sentence=voice.read(each)) for each in news.latest(connection, member_id)
    ]
    open_coupons = coupons.of_member(connection, member_id, only_open=True)
    reward = programme.rules.card_reward
    holding = balances.of_member(connection, member_id, programme.rules.units)
    stamps = _stamps(programme, holding, open_coupons)
    card = Card(
        code=codes.of(connection, member_id).get(person_id, ""),
        language=person.language,
        holder=person.given_name,
        programme=voice.say(programme.rules.title),
        stamps=stamps,
        balances=tuple(
            balance(programme.rules, unit, holding[unit], person.language, stamps)
            for unit in programme.rules.units
            if unit in holding
        ),
        tier=_tier(connection, member_id, programme.rules, voice),
        next_reward=voice.say(programme.rules.words(reward.name)) if reward else None,
        news=told[0].sentence if told else "",
        earlier_news=tuple(told[1:]),
        coupons=tuple(
            CardCoupon(
                code=each.code,
                name=voice.say(each.name),
                until=each.last_day,
                terms=voice.say(each.terms),
            )
            for each in open_coupons
        ),
        card_link=links.card_url(connection, member_id, person_id),
        # The last, when all is said.
        foreign=voice.foreign,
    )
    return card, open_coupons


def balance(
    rules: Ruleset, unit: str, holds: balances.Balance, language: str, stamps: Stamps | None = None
) -> CardBalance:
    """What a card holds of a unit, as it stands there: the amount, with its label beside it."""

    def said(amount: int) -> str:
        value = bare(unit, amount, rules.currency)
        return str(value) if isinstance(value, int) else value.say(language)

    of_stamps = unit == "stamps" and stamps
    return CardBalance(
        unit=unit,
        label=UNITS[unit].say(language),
        value=f"{of_stamps.have}/{of_stamps.of}" if of_stamps else said(holds.available),
        coming=said(holds.pending) if holds.pending else "",
    )


def rendered(connection: Connection, links: Links, the_pass: IssuedPass) -> Rendered:
    """What delivery must know of a pass: whether it looks different, and when time will tell."""
    card, on_it = _card(connection, links, the_pass.member_id, the_pass.person_id)
    ends = [each.expires_at for each in on_it if each.expires_at is not None]
    tier = held(connection, the_pass.member_id) if card.tier else None
    if tier is not None:
        ends.append(tier.until)
    return Rendered(
        content_hash=layout.content_hash(card, design_of(connection, the_pass)),
        next_change_at=min(ends, default=None),
    )


def design_of(connection: Connection, the_pass: IssuedPass) -> Design:
    """How a pass looks."""
    return designs.current(connection, the_pass.brand_id)


def identity(
    the_pass: IssuedPass, credentials: Credentials, keyring: Keyring, base_url: str
) -> PassIdentity:
    """Which pass it is, to Apple and to this service."""
    return PassIdentity(
        pass_type_identifier=the_pass.pass_type_identifier,
        team_identifier=credentials.team_identifier,
        serial_number=the_pass.serial_number,
        authentication_token=issued.authentication_token(
            keyring, the_pass.serial_number, the_pass.key_id
        ),
        web_service_url=f"{base_url}/apple",
    )


class _Voice:
    """Says things in a person's language, and remembers what came out in another."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._foreign: dict[str, str] = {}

    @property
    def foreign(self) -> tuple[tuple[str, str], ...]:
        return tuple(self._foreign.items())

    def say(self, words: Words | Phrase) -> str:
        return self._said(words.pieces(self.language))

    def read(self, told: news.News) -> str:
        return self._said(told.pieces.get(self.language) or told.pieces.get("en", ()))

    def _said(self, pieces: tuple[Piece, ...]) -> str:
        self._foreign |= {
            piece.text.strip(): piece.language
            for piece in pieces
            if piece.language != self.language
        }
        return "".join(piece.text for piece in pieces)


def _ended(language: str) -> Card:
    """A voided card: nothing personal, no code to scan, and the sentence that phones speak."""
    return Card(
        code="",
        language=language,
        holder="",
        programme="",
        news=phrase("This card has ended.").say(language),
        card_link="",
        voided=True,
    )


def _tier(connection: Connection, member_id: str, rules: Ruleset, voice: _Voice) -> CardTier | None:
    if rules.tiers is None:
        return None
    standing = held(connection, member_id)
    tier = rules.tier_of(standing.tier) if standing else None
    if standing is None or tier is None or standing.until <= clock.now():
        return None
    return CardTier(
        name=voice.say(rules.words(tier.name)),
        benefit=voice.say(rules.words(tier.benefit)) if tier.benefit else None,
        # The moment is the first of the day after.
        until=(standing.until.astimezone(rules.zone) - timedelta(seconds=1)).date(),
    )


def _stamps(
    programme: Version,
    holding: "dict[str, balances.Balance]",
    open_coupons: tuple[coupons.Coupon, ...],
) -> Stamps | None:
    if programme.rules.stamps is None or "stamps" not in holding:
        return None
    reward = programme.rules.card_reward
    has_reward = reward is not None and any(each.offer == reward.key for each in open_coupons)
    face = card_face(holding["stamps"].available, programme.rules.stamps.card, has_reward)
    return Stamps(have=face.have, of=face.of)
