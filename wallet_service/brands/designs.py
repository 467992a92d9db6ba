"""Designs as they are kept: versions of a brand, told apart by their content."""

import sqlalchemy as sa
from sqlalchemy import Connection

from passes.design import Design
from wallet_service import audit, clock, db
from wallet_service.audit import Actor
from wallet_service.brands import tables
from wallet_service.language import phrase


def apply(connection: Connection, brand_id: str, name: str, design: Design, *, actor: Actor) -> int:
    """Make `design` the brand's from now on; nothing changes when it is already.

    Returns the number of the version.
    """
    last = connection.execute(_NEWEST, {"of_brand": brand_id}).first()
    if last is not None and last.content_hash == design.content_hash:
        return int(last.version)
    version = 1 if last is None else last.version + 1
    connection.execute(
        sa.insert(tables.design_version).values(
            brand_id=brand_id,
            name=name,
            version=version,
            content_hash=design.content_hash,
            packed=design.pack(),
            created_at=clock.now(),
        )
    )
    audit.write(
        connection,
        brand_id,
        actor,
        phrase("{who} took the design {name} into use (version {n})", name=name, n=version),
        what="design.applied",
        subject=name,
    )
    return int(version)


def current(connection: Connection, brand_id: str) -> Design:
    """The design that holds now. Raises LookupError before the first one was applied."""
    row = connection.execute(_NEWEST, {"of_brand": brand_id}).first()
    if row is None:
        raise LookupError("No design has been applied; use `wallet-service design apply`.")
    design = _cached(row.content_hash)
    return design if design is not None else _load(connection, row.content_hash)


def by_hash(connection: Connection, content_hash: str) -> Design:
    """The design of a content hash. Raises LookupError."""
    design = _cached(content_hash)
    return design if design is not None else _load(connection, content_hash)


_NEWEST = db.at_most(
    1,
    sa.select(tables.design_version.c.version, tables.design_version.c.content_hash)
    .where(tables.design_version.c.brand_id == sa.bindparam("of_brand"))
    .order_by(tables.design_version.c.version.desc()),
)

_kept: dict[str, Design] = {}


def _cached(content_hash: str) -> Design | None:
    return _kept.get(content_hash)


def _load(connection: Connection, content_hash: str) -> Design:
    packed = connection.execute(
        sa.select(tables.design_version.c.packed)
        .where(tables.design_version.c.content_hash == content_hash)
        .limit(1)
    ).scalar()
    if packed is None:
        raise LookupError("There is no such design.")
    # The same content is the same design, so a copy that two threads make at once is no harm.
    return _unpack(packed, content_hash)


def _unpack(packed: bytes, content_hash: str) -> Design:
    if len(_kept) >= _KEPT_MAX:
        _kept.clear()
    return _kept.setdefault(content_hash, Design.unpack(packed))


_KEPT_MAX = 64
