"""Programmes and their versions in the database: apply one, find the one that held at a moment."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import audit, brands, clock, db, ids
from wallet_service.audit import Actor
from wallet_service.brands.tables import brand
from wallet_service.language import Phrase, phrase
from wallet_service.programme import ruleset, tables
from wallet_service.programme.ruleset import ProgrammeFault, Ruleset


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """The rules of a programme from a moment on."""

    programme_id: str
    brand_id: str
    version: int
    content_hash: str
    valid_from: datetime
    rules: Ruleset
    also_running: bool = False  # the owner said that running cards follow, dearer or not
    followed_from: int = 0  # the last version of which that was said: cards begun before it follow

    @property
    def wording(self) -> str:
        """The name of the consent wordings that these rules carry, kept with each answer."""
        return f"{self.rules.key} {self.version}"


def apply(
    connection: Connection,
    brand_id: str,
    toml: str,
    *,
    actor: Actor = audit.COMMAND,
    also_running: bool = False,
) -> Version:
    """Make what the file says the programme's rules from now on.

    The programme is the one of the file's `key`, made if there is none. Nothing changes when the
    file says what holds already. A card that is running keeps its size where the rules get
    dearer, unless `also_running` says that it follows (`running`). Raises ProgrammeFault.
    """
    rules = _read(toml, brands.get(connection, brand_id).language)
    programme_id = _programme(connection, brand_id, rules.key)
    last = _latest(connection, programme_id)
    content_hash = rules.content_hash()
    if last is not None:
        if last.rules.currency != rules.currency:
            raise ProgrammeFault(
                f"The currency of {rules.key} is {last.rules.currency} and stays so: "
                "what members have is in it. Begin another programme, with a key of its own."
            )
        # The same rules are a new version only where running cards are to follow from now on.
        is_same = last.rules.content_hash() == content_hash
        if is_same and (not also_running or last.also_running):
            return last
    now = clock.now()
    connection.execute(
        sa.insert(tables.programme_version).values(
            programme_id=programme_id,
            version=last.version + 1 if last else 1,
            brand_id=brand_id,
            content_hash=content_hash,
            toml=toml,
            # A clock set back must not put the new rules before the old ones.
            valid_from=max(now, last.valid_from) if last else now,
            also_running=also_running,
        )
    )
    for say in _changes(last.rules if last else None, rules, also_running):
        audit.write(
            connection, brand_id, actor, say, what="programme.changed", subject=programme_id
        )
    return current(connection, programme_id)


def current(connection: Connection, programme_id: str) -> Version:
    """The rules that hold now. Raises LookupError when the programme does not exist."""
    found = _latest(connection, programme_id)
    if found is None:
        raise LookupError("There is no such programme.")
    return found


def at(connection: Connection, programme_id: str, moment: datetime) -> Version:
    """The rules that held at `moment`, the first ones before that. Raises LookupError."""
    row = connection.execute(_AT, {"of_programme": programme_id, "moment": moment}).first()
    return numbered(connection, programme_id, 1) if row is None else _version(row)


def numbered(connection: Connection, programme_id: str, number: int) -> Version:
    """The version of this number. Raises LookupError."""
    version = tables.programme_version
    row = connection.execute(
        _VERSIONS.where(version.c.programme_id == programme_id, version.c.version == number)
    ).first()
    if row is None:
        raise LookupError("There is no such version of the programme.")
    return _version(row)


def by_key(connection: Connection, brand_id: str, key: str) -> Version:
    """The programme of this key and its rules now. Raises LookupError."""
    programme_id = connection.execute(
        sa.select(tables.programme.c.programme_id).where(
            tables.programme.c.brand_id == brand_id, tables.programme.c.key == key
        )
    ).scalar()
    return current(connection, programme_id or "")


def of_brand(connection: Connection, brand_id: str) -> Version:
    """The brand's programme, its first where it has several. Raises LookupError."""
    programme_id = connection.execute(
        sa.select(tables.programme.c.programme_id)
        .where(tables.programme.c.brand_id == brand_id)
        .order_by(tables.programme.c.created_at, tables.programme.c.programme_id)
        .limit(1)
    ).scalar()
    return current(connection, programme_id or "")


def written(connection: Connection, programme_id: str) -> str:
    """The file of the rules that hold now, as it was applied. Raises LookupError."""
    version = tables.programme_version
    toml = connection.execute(
        sa.select(version.c.toml)
        .where(version.c.programme_id == programme_id)
        .order_by(version.c.version.desc())
        .limit(1)
    ).scalar()
    if toml is None:
        raise LookupError("There is no such programme.")
    return str(toml)


def _changes(before: Ruleset | None, after: Ruleset, also_running: bool) -> list[Phrase]:
    """What is new in these rules, in words."""
    if before is None:
        return [phrase("{who} began the programme {name}", name=after.title)]
    said = []
    old, new = (each.stamps.card if each.stamps else None for each in (before, after))
    if before.content_hash() == after.content_hash():
        pass
    elif old is None or new is None or old == new:
        said.append(phrase("{who} changed the rules of the programme {name}", name=after.title))
    elif new > old:
        said.append(phrase("{who} raised the stamp card from {old} to {new}", old=old, new=new))
    else:
        said.append(phrase("{who} lowered the stamp card from {old} to {new}", old=old, new=new))
    if also_running:
        said.append(
            phrase("{who} let running cards of {name} follow the new rules", name=after.title)
        )
    return said


def _programme(connection: Connection, brand_id: str, key: str) -> str:
    """The id of the brand's programme of this key, made if need be, and held."""
    programme = tables.programme
    connection.execute(
        db.insert(connection, programme)
        .values(programme_id=ids.new_id(), brand_id=brand_id, key=key, created_at=clock.now())
        .on_conflict_do_nothing(index_elements=["brand_id", "key"])
    )
    return str(
        connection.execute(
            sa.select(programme.c.programme_id)
            .where(programme.c.brand_id == brand_id, programme.c.key == key)
            .with_for_update()
        ).scalar_one()
    )


def _latest(connection: Connection, programme_id: str) -> Version | None:
    row = connection.execute(_LATEST, {"of_programme": programme_id}).first()
    return None if row is None else _version(row)


def _version(row: sa.Row[tuple[object, ...]]) -> Version:
    return Version(
        programme_id=row.programme_id,
        brand_id=row.brand_id,
        version=row.version,
        content_hash=row.content_hash,
        valid_from=row.valid_from,
        rules=_read(row.toml, row.language),
        also_running=row.also_running,
        followed_from=row.followed_from,
    )


_before = tables.programme_version.alias("before")

# With the brand's language, which speaks where the programme lacks a person's own.
_VERSIONS = sa.select(
    tables.programme_version,
    brand.c.language,
    sa.select(sa.func.coalesce(sa.func.max(_before.c.version), 0))
    .where(
        _before.c.programme_id == tables.programme_version.c.programme_id,
        _before.c.version <= tables.programme_version.c.version,
        _before.c.also_running,
    )
    .correlate(tables.programme_version)
    .scalar_subquery()
    .label("followed_from"),
).join(brand, brand.c.brand_id == tables.programme_version.c.brand_id)

_LATEST = db.at_most(
    1,
    _VERSIONS.where(
        tables.programme_version.c.programme_id == sa.bindparam("of_programme")
    ).order_by(tables.programme_version.c.version.desc()),
)
_AT = _LATEST.where(tables.programme_version.c.valid_from <= sa.bindparam("moment"))

# A version never changes, so a text is read once; a sale must not pay for parsing.
_read = lru_cache(maxsize=256)(ruleset.read)
