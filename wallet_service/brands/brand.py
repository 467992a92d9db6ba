"""A brand: whose passes these are."""

import re
import unicodedata
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo, available_timezones

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import audit, clock, ids
from wallet_service.audit import Actor
from wallet_service.brands import levels, tables, words
from wallet_service.brands.levels import Level, LevelName
from wallet_service.errors import Refusal
from wallet_service.language import LANGUAGES, Phrase, phrase

# Addresses of the console that belong to no brand.
RESERVED = frozenset({"sign-in", "sign-out", "account", "invitation", "prove", "kit", "brands"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """Whose passes these are. `language` is spoken where a person's own is unknown.

    `slug` is its name in addresses: given once, as links to the console are kept.
    """

    brand_id: str
    slug: str
    name: str
    language: str
    time_zone: str
    contact_email: str
    contact_phone: str = ""
    website: str = ""
    security_level: str = LevelName.SHOP

    @property
    def level(self) -> Level:
        return levels.level(self.security_level)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class BrandRefused(Refusal):
    """What a brand cannot be called, or be reached at. `facts` name the field."""

    code = "bad_brand"


_BRAND = [column for column in tables.brand.c if column.name != "created_at"]


def add(
    connection: Connection,
    *,
    name: str,
    language: str = "en",
    time_zone: str = "Europe/Helsinki",
    contact_email: str,
    contact_phone: str = "",
    website: str = "",
    actor: Actor,
) -> Brand:
    """Add a brand. `time_zone` is a name of the IANA database. Raises BrandRefused."""
    brand = Brand(
        brand_id=ids.new_id(),
        slug=free_slug(connection, name),
        name=name.strip(),
        language=language,
        time_zone=time_zone,
        contact_email=contact_email,
        contact_phone=contact_phone,
        website=website,
    )
    check(brand)
    row = {column.name: getattr(brand, column.name) for column in _BRAND}
    connection.execute(sa.insert(tables.brand).values(**row, created_at=clock.now()))
    _tell(connection, brand, actor, phrase("{who} opened {brand}", brand=brand.name))
    return brand


def change(connection: Connection, brand: Brand, *, actor: Actor) -> Brand:
    """Make a brand what `brand` says now, but for its slug and its level. Raises BrandRefused."""
    before = get(connection, brand.brand_id)
    after = replace(
        brand,
        name=brand.name.strip(),
        contact_email=brand.contact_email.strip(),
        contact_phone=brand.contact_phone.strip(),
        website=brand.website.strip(),
        slug=before.slug,
        security_level=before.security_level,
    )
    if after == before:
        return before
    check(after)
    row = {column.name: getattr(after, column.name) for column in _BRAND}
    connection.execute(
        sa.update(tables.brand).where(tables.brand.c.brand_id == brand.brand_id).values(**row)
    )
    for sentence in _changes(before, after):
        _tell(connection, after, actor, sentence)
    return after


def set_level(connection: Connection, brand_id: str, name: LevelName, *, actor: Actor) -> Brand:
    """Choose a level of security. Nothing is written when it holds already."""
    before = get(connection, brand_id)
    after = replace(before, security_level=LevelName(name))
    if after == before:
        return before
    connection.execute(
        sa.update(tables.brand)
        .where(tables.brand.c.brand_id == brand_id)
        .values(security_level=after.security_level)
    )
    say = (
        phrase("{who} raised the level of security from {old} to {new}", **_levels(before, after))
        if levels.is_stricter(after.level, before.level)
        else phrase(
            "{who} lowered the level of security from {old} to {new}", **_levels(before, after)
        )
    )
    audit.write(connection, brand_id, actor, say, what="security.changed", subject=brand_id)
    return after


def check(brand: Brand) -> None:
    """Raise BrandRefused with the first thing that a brand cannot be."""
    if not words.is_name(brand.name):
        say = phrase("A shop's name has 1 to 60 characters, without quotes, braces or <>.")
        raise BrandRefused(say, field="name")
    if not words.is_email(brand.contact_email):
        say = phrase("{email} is no e-mail address.", email=brand.contact_email)
        raise BrandRefused(say, field="contact_email")
    if not words.is_line(brand.contact_phone):
        say = phrase("A phone number and an address have no quotes, braces or <>.")
        raise BrandRefused(say, field="contact_phone")
    if brand.website and not words.is_website(brand.website):
        say = phrase(
            "{website} is no address of pages, as https://rosa.example is.", website=brand.website
        )
        raise BrandRefused(say, field="website")
    if brand.language not in LANGUAGES:
        say = phrase("The service speaks {languages}.", languages=", ".join(LANGUAGES))
        raise BrandRefused(say, field="language")
    if brand.time_zone not in available_timezones():
        say = phrase("{name} is no time zone, as Europe/Helsinki is.", name=brand.time_zone)
        raise BrandRefused(say, field="time_zone")


def get(connection: Connection, brand_id: str) -> Brand:
    """The brand of an id. Raises LookupError."""
    row = connection.execute(sa.select(*_BRAND).where(tables.brand.c.brand_id == brand_id)).first()
    if row is None:
        raise LookupError("There is no such brand.")
    return Brand(**row._mapping)


def by_slug(connection: Connection, slug: str) -> Brand | None:
    """The brand at an address of the console, or None."""
    row = connection.execute(sa.select(*_BRAND).where(tables.brand.c.slug == slug)).first()
    return None if row is None else Brand(**row._mapping)


def every(connection: Connection) -> tuple[Brand, ...]:
    """All brands of this installation, oldest first."""
    rows = connection.execute(sa.select(*_BRAND).order_by(tables.brand.c.brand_id))
    return tuple(Brand(**row._mapping) for row in rows)


def the_only(connection: Connection) -> Brand | None:
    """The brand of an installation that has one; None where there are several, or none yet.

    For pages that cannot know whose they are: of several brands none may stand there.
    """
    there = every(connection)
    return there[0] if len(there) == 1 else None


def the_first(connection: Connection) -> Brand | None:
    """The oldest brand of this installation, or None before `init`. For what belongs to no brand
    (the practice phones' clock, the demo); whoever means one brand of several asks by its slug."""
    row = connection.execute(sa.select(*_BRAND).order_by(tables.brand.c.brand_id).limit(1)).first()
    return None if row is None else Brand(**row._mapping)


def slug_of(name: str) -> str:
    """A name as part of an address: a to z, digits and hyphens, a letter first."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_NO_PARTS))
    ascii_only = plain.encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:40].strip("-")
    return slug if slug[:1].isalpha() else f"shop-{slug}".rstrip("-")


def free_slug(connection: Connection, name: str) -> str:
    """The slug that a brand of this name is given."""
    wanted, number = slug_of(name), 1
    slug = wanted
    while slug in RESERVED or by_slug(connection, slug) is not None:
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def _changes(before: Brand, after: Brand) -> list[Phrase]:
    facts = {"old": before.name, "new": after.name}
    sentences = []
    if before.name != after.name:
        sentences.append(phrase("{who} renamed the brand from {old} to {new}", **facts))
    if before.contact_email != after.contact_email:
        sentences.append(
            phrase("{who} changed the e-mail for members to {new}", new=after.contact_email)
        )
    if before.contact_phone != after.contact_phone:
        sentences.append(
            phrase(
                "{who} changed the telephone number for members to {new}",
                new=after.contact_phone or "–",
            )
        )
    if before.website != after.website:
        sentences.append(
            phrase(
                "{who} changed the address of the shop's own pages to {new}",
                new=after.website or "–",
            )
        )
    if before.language != after.language:
        sentences.append(
            phrase(
                "{who} changed the brand's language from {old} to {new}",
                old=before.language,
                new=after.language,
            )
        )
    if before.time_zone != after.time_zone:
        sentences.append(
            phrase(
                "{who} changed the brand's time zone from {old} to {new}",
                old=before.time_zone,
                new=after.time_zone,
            )
        )
    return sentences


def _levels(before: Brand, after: Brand) -> dict[str, Phrase]:
    return {
        "old": levels.name_of(before.level.name),
        "new": levels.name_of(after.level.name),
    }


def _tell(connection: Connection, brand: Brand, actor: Actor, say: Phrase) -> None:
    audit.write(
        connection, brand.brand_id, actor, say, what="brand.changed", subject=brand.brand_id
    )


# Letters that come apart into nothing of ASCII's.
_NO_PARTS = str.maketrans({"ø": "o", "æ": "ae", "ł": "l", "đ": "d", "þ": "th"})
