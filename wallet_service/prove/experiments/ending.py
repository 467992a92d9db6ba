"""Ending: the service stops, and everything that it wrote is computed again."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import brands, clock, idempotency, ledger
from wallet_service.audit import verify as verify_log
from wallet_service.coupons import CouponState
from wallet_service.coupons import tables as coupons
from wallet_service.db import Database
from wallet_service.ledger import audit, liability
from wallet_service.ledger import tables as books
from wallet_service.members.tables import member
from wallet_service.prove import books as counting
from wallet_service.prove.counted import Counted
from wallet_service.prove.invariant import Invariant
from wallet_service.prove.serving import run
from wallet_service.prove.shop import Shop

_GONE = (CouponState.VOID, CouponState.REVERSED)


def books_whole(shop: Shop) -> list[Invariant]:
    """The service is stopped, and the books of all that happened are computed again from the
    first entry, by the product's own commands and by plain sums beside them."""
    counted, database = Counted(), shop.database
    for each in shop.serving:
        ended = each.stop()
        counted.each("processes that stop when they are asked to", ended == 0, f"status {ended}")
    broken = sum(number for status, number in shop.asking.heard.items() if status.startswith("5"))
    heard = shop.asking.heard.total()
    counted.add("answers that were the service's own fault (5xx)", wanted=0, seen=broken, of=heard)

    everybody = _members(database)
    entries = counting.rows(database, books.entry)
    faults = [fault for each in everybody for fault in _verified(database, each)]
    counted.add("faults in chains, lots and balances", wanted=0, seen=len(faults), of=entries)
    status, said = run(shop.folder, shop.environment, "ledger", "verify", *_first_brand(database))
    counted.each("`ledger verify` says so, too", status == 0, said.strip().splitlines()[-1][:100])
    run_of = _audited(database)
    counted.add(
        "members that the nightly audit looked at",
        wanted=len(everybody),
        seen=run_of.members,
        of=run_of.entries,
    )
    counted.add("faults that it found", wanted=0, seen=run_of.faults, of=run_of.entries)
    unbalanced = counting.unbalanced(database)
    counted.add("entries that are out of balance", wanted=0, seen=unbalanced, of=entries)
    with database.read() as connection:
        for brand in brands.every(connection):
            _liability(counted, connection, brand.brand_id)
            log = verify_log(connection, brand.brand_id)
            counted.each("audit logs that are whole", not tuple(log))
        _coupons(counted, connection)
        _told(counted, connection)
    return counted.invariants()


def _members(database: Database) -> Sequence[str]:
    with database.read() as connection:
        return connection.execute(sa.select(member.c.member_id)).scalars().all()


def _verified(database: Database, member_id: str) -> tuple[str, ...]:
    with database.read() as connection:
        return ledger.verify(connection, member_id)


def _audited(database: Database) -> audit.Audit:
    """A whole run of the audit; the service may have been killed within one."""
    for _ in range(2):
        last = database.run(audit.begin, clock.now())
        while last.finished_at is None:
            last = database.run(audit.step, last.audit_id)
    return last


def _first_brand(database: Database) -> tuple[str, str]:
    with database.read() as connection:
        return "--brand", brands.every(connection)[0].slug


def _liability(counted: Counted, connection: Connection, brand_id: str) -> None:
    """What the shop owes, by open lots, is what all lines sum to."""
    line = books.entry_line
    rows = connection.execute(
        sa.select(line.c.unit, line.c.account, sa.func.sum(line.c.amount))
        .where(line.c.brand_id == brand_id, line.c.account.in_(["available", "pending"]))
        .group_by(line.c.unit, line.c.account)
    )
    sums = {(unit, account): int(amount) for unit, account, amount in rows}
    owed = {each.unit: each for each in liability.owed(connection, brand_id, clock.now())}
    for unit in {unit for unit, _ in sums} | set(owed):
        of_unit = owed.get(unit)
        have = (of_unit.available - of_unit.debts, of_unit.pending) if of_unit else (0, 0)
        right = (sums.get((unit, "available"), 0), sums.get((unit, "pending"), 0))
        counted.each("liability is what the lines sum to", have == right, f"{unit} {have}, {right}")


def _coupons(counted: Counted, connection: Connection) -> None:
    """Every offer's counters are its copies, and every coupon's state is that of its uses."""
    coupon, offer, used = coupons.coupon, coupons.offer, coupons.redemption
    copies = (
        sa.select(offer.c.brand_id, offer.c.key, sa.func.count().label("there"))
        .join(
            coupon,
            (coupon.c.brand_id == offer.c.brand_id) & (coupon.c.offer_id == offer.c.offer_id),
        )
        .where(coupon.c.state.not_in(_GONE))
        .group_by(offer.c.brand_id, offer.c.key)
        .subquery()
    )
    offering = coupons.offering
    off = connection.execute(
        sa.select(sa.func.count())
        .select_from(offering)
        .outerjoin(
            copies, (copies.c.brand_id == offering.c.brand_id) & (copies.c.key == offering.c.key)
        )
        .where(offering.c.issued != sa.func.coalesce(copies.c.there, 0))
    ).scalar_one()
    offers = connection.execute(sa.select(sa.func.count()).select_from(offering)).scalar_one()
    counted.add("offers whose counter is not their copies", wanted=0, seen=off, of=offers)
    standing = (
        sa.select(used.c.member_id, used.c.code, sa.func.count().label("uses"))
        .where(used.c.reversed_at.is_(None))
        .group_by(used.c.member_id, used.c.code)
        .subquery()
    )
    rows = connection.execute(
        sa.select(coupon.c.state, sa.func.coalesce(standing.c.uses, 0))
        .outerjoin(
            standing,
            (standing.c.member_id == coupon.c.member_id) & (standing.c.code == coupon.c.code),
        )
        .where(coupon.c.admissions.is_(None))
    ).all()
    wrong = sum(uses != int(state == CouponState.REDEEMED) for state, uses in rows)
    counted.add("coupons whose state is not that of their uses", wanted=0, seen=wrong, of=len(rows))
    tickets = connection.execute(
        sa.select(coupon.c.admissions, coupon.c.admitted).where(coupon.c.admissions.is_not(None))
    ).all()
    over = sum(admitted > admissions for admissions, admitted in tickets)
    counted.add("tickets that let in too many", wanted=0, seen=over, of=len(tickets))


def _told(counted: Counted, connection: Connection) -> None:
    """Whatever was told has its answer: nothing was begun and left."""
    told = idempotency.told
    total = sa.select(sa.func.count()).select_from(told)
    bare = connection.execute(total.where(told.c.answer.is_(None))).scalar_one()
    counted.add(
        "events without their answer",
        wanted=0,
        seen=bare,
        of=connection.execute(total).scalar_one(),
    )
