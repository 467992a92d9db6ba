"""What stands on a practice phone's screen, and the sentence beside it."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from babel.dates import format_datetime
from flask import g

from passes import faces
from wallet_service import brands
from wallet_service.language import Phrase, phrase
from wallet_service.pages import phone_face
from wallet_service.practice.held import HeldPass
from wallet_service.practice.phones import PracticePhone
from wallet_service.web import current_wallet
from wallet_service.web.language import chosen

_NOW_SECONDS = 60
_DROPS_SECONDS = 8  # so long does a banner lie over an open card
# A lock screen names the day as a heading; Finnish would inflect it in a sentence.
_DATE_PATTERNS = {"fi": "cccc d. MMMM"}

WORDS = {
    "now": phrase("now"),
    "done": phrase("Done"),
    "none": phrase("No cards yet"),
    "others": phrase("Other passes"),
}


def of(shown: PracticePhone, held: HeldPass | None, now: datetime) -> dict[str, object]:
    """What stands on the phone's screen: the newest banner, and both sides of the card."""
    if held is None:
        return {}
    look, banners = shown.look, shown.phone.banners
    face = phone_face.of(held, look.key, look.language)
    drawn: dict[str, object] = {"front": faces.draw_front(face), "back": faces.draw_back(face)}
    if banners:
        newest = banners[-1]
        age = (now - newest.at).total_seconds()
        when = (
            WORDS["now"].say(look.language)
            if age < _NOW_SECONDS
            else local(newest.at, "HH:mm", look.language)
        )
        drawn["number"] = shown.phone.banners_shown
        drawn["sentence"] = newest.sentence
        drawn["is_dropping"] = age < _DROPS_SECONDS
        drawn["banner"] = faces.draw_banner(face.icon, newest.organisation, newest.sentence, when)
    return drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Peeking:
    """A pass that lies under the one that is looked at: as much as is seen of it."""

    serial_number: str
    colours: str
    organisation: str
    name: str
    is_voided: bool


def under(shown: PracticePhone, held: HeldPass | None) -> tuple[Peeking, ...]:
    """The other passes on the phone, the one that came last on top."""
    language = shown.look.language
    return tuple(
        Peeking(
            serial_number=each.serial_number,
            colours=f"held-{phone_face.colours(each)}",
            organisation=each.organisation(language),
            name=each.text(str(each.contents["description"]), language),
            is_voided=each.is_voided,
        )
        for each in reversed(shown.phone.passes)
        if held is None or each.serial_number != held.serial_number
    )


def sentence(shown: PracticePhone, held: HeldPass | None) -> Phrase:
    """The phone in one sentence."""
    phone, look = shown.phone, shown.look
    facts = {"name": look.name, "system": look.system}
    if phone.in_airplane_mode:
        return phrase("{name}'s iPhone, {system}. Airplane mode: pushes wait.", **facts)
    if held is None:
        return phrase("{name}'s iPhone, {system}. No card yet.", **facts)
    if held.is_voided and held.is_coupon:
        return phrase("{name}'s iPhone, {system}. This pass cannot be used any more.", **facts)
    if held.is_voided:
        return phrase("{name}'s iPhone, {system}. The card on it has ended.", **facts)
    at = local(held.held_at or held.signed_at, "HH:mm", chosen())
    if not phone.banners:
        return phrase("{name}'s iPhone, {system}. Card from {at}.", at=at, **facts)
    news = local(phone.banners[-1].at, "HH:mm", chosen())
    return phrase(
        "{name}'s iPhone, {system}. Card from {at}, last news at {news}.", at=at, news=news, **facts
    )


def day(moment: datetime, language: str) -> str:
    """The day as a lock screen heads itself."""
    return local(moment, _DATE_PATTERNS.get(language, "EEEE d MMMM"), language)


def local(moment: datetime, pattern: str, language: str) -> str:
    """A moment by the shop's clock, in a language."""
    if language == "fi" and pattern.startswith("HH:"):
        pattern = pattern.replace(":", ".")  # 14.05
    return format_datetime(moment.astimezone(_zone()), format=pattern, locale=language)


def _zone() -> tzinfo | None:
    """The shop's time zone, which its till shows, too; this machine's while there is no shop."""
    if "zone" not in g:
        with current_wallet().database.read() as connection:
            brand = brands.the_first(connection)
        g.zone = brand.zone if brand else None
    zone: tzinfo | None = g.zone
    return zone
