"""What needs whoever is here, and when each part of the service was last seen alive."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import ngettext
from sqlalchemy import Connection

from wallet_service.access import accounts, approvals, passkeys
from wallet_service.brands import locations, names, staff, tills
from wallet_service.brands.roles import Intention, Role
from wallet_service.delivery import faults
from wallet_service.enrolment import second
from wallet_service.language import clock_time, day
from wallet_service.ledger import audit
from wallet_service.pages import when
from wallet_service.pages.console.frame import Visit
from wallet_service.phones import alive
from wallet_service.phones.alive import Telling
from wallet_service.sales import findings
from wallet_service.web import current_wallet
from wallet_service.web.language import chosen, said
from wallet_service.web.language import gettext as _

WARN_BEFORE = timedelta(days=45)
# Longer than this nothing waits where a worker runs.
LATE = timedelta(minutes=2)
_NAMED = 3  # places; the rest are where the way leads


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One thing that somebody here should see to, and where; without an address it is only told."""

    title: str
    words: str
    url: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the service: well, to be watched, or not well."""

    kind: str  # good, warn, bad, or empty where nothing is known yet
    name: str
    words: str


def of(connection: Connection, visit: Visit, now: datetime) -> list[Need]:
    """What needs them, the gravest first."""
    return [
        *_certificate(visit),
        *_ways(connection, visit),
        *_books(connection, visit, now),
        *_approvals(connection, visit),
        *_findings(connection, visit),
        *_second_factor(connection, visit),
        *_locked(connection, visit),
        *_tills(connection, visit),
        *_opening(connection, visit),
    ]


def seen_alive(connection: Connection, visit: Visit, telling: Telling, now: datetime) -> list[Part]:
    """Apple, the phones, what waits, the certificate; practice is called practice."""
    seen = alive.seen(connection, visit.brand.brand_id)
    is_practice = current_wallet().config.is_practice
    apple = _("Practice Apple") if is_practice else _("Apple")
    is_late = telling.since is not None and now - telling.since > LATE
    return [
        Part(kind="good", name=apple, words=_("took a push %(ago)s", ago=when.ago(seen.pushed_at)))
        if seen.pushed_at
        else Part(kind="", name=apple, words=_("was not called yet")),
        Part(
            kind="good", name=_("Phones"), words=_("fetched %(ago)s", ago=when.ago(seen.fetched_at))
        )
        if seen.fetched_at
        else Part(kind="", name=_("Phones"), words=_("fetched nothing yet")),
        Part(
            kind="warn" if is_late else "good",
            name=_("Queue"),
            words=ngettext("%(num)s card waits", "%(num)s cards wait", telling.waiting)
            if telling.waiting
            else _("is empty"),
        ),
        _certificate_part(),
    ]


def _certificate_part() -> Part:
    days = _days_left()
    kind = "bad" if days < 0 else "warn" if days < WARN_BEFORE.days else "good"
    words = ngettext("%(num)s day left", "%(num)s days left", max(0, days))
    name = _("Practice certificate") if current_wallet().config.is_practice else _("Certificate")
    return Part(kind=kind, name=name, words=words)


def _certificate(visit: Visit) -> Iterator[Need]:
    days = _days_left()
    if days >= WARN_BEFORE.days or not visit.may(Intention.TILLS_SEE):
        return
    ends = current_wallet().signer.not_after.astimezone(visit.brand.zone).date()
    yield Need(
        title=_("Apple’s certificate ends on %(day)s", day=day(ends, chosen())),
        words=ngettext(
            "%(num)s day left. Whoever looks after the service renews it; cards keep working"
            " meanwhile.",
            "%(num)s days left. Whoever looks after the service renews it; cards keep working"
            " meanwhile.",
            max(0, days),
        ),
    )


def _ways(connection: Connection, visit: Visit) -> Iterator[Need]:
    if not visit.may(Intention.TILLS_SEE):
        return
    for fault in faults.current(connection):
        yield Need(
            title=_("Apple refuses our calls"),
            words=_(
                "Since %(at)s phones hear of nothing new. Whoever looks after the service runs"
                " “wallet-service doctor”.",
                at=when.near(fault.since, visit.brand.zone),
            ),
        )


def _books(connection: Connection, visit: Visit, now: datetime) -> Iterator[Need]:
    if not visit.may(Intention.LIABILITY_SEE):
        return
    last = audit.latest(connection)
    if last is not None and last.faults:
        yield Need(
            title=_("The books do not agree"),
            words=_(
                "The audit of %(at)s found something. Whoever looks after the service runs"
                " “wallet-service ledger verify”.",
                at=when.near(last.started_at, visit.brand.zone),
            ),
        )
    elif audit.is_missed(connection, now):
        yield Need(
            title=_("The books were not audited for two nights"),
            words=_(
                "Every night the service computes all balances again. Whoever looks after it runs"
                " “wallet-service doctor”."
            ),
        )


def _approvals(connection: Connection, visit: Visit) -> Iterator[Need]:
    if not visit.may(Intention.APPROVALS_DECIDE):
        return
    waiting = approvals.waiting(connection, visit.brand.brand_id)
    known = names.of(connection, visit.brand.brand_id) if waiting else None
    for each in waiting:
        assert known is not None
        asker = known.person(each.asked_by) or "–"
        mine = each.asked_by == visit.staff.staff_id
        facts = {"name": asker, "at": when.near(each.asked_at, visit.brand.zone)}
        yield Need(
            title=_("Waits for a second person: %(deed)s", deed=said(second.said(each.facts))),
            words=_("You asked for it %(at)s; somebody else decides.", **facts)
            if mine
            else _("%(name)s asked for it %(at)s.", **facts),
            url=f"{visit.root}/approvals/{each.approval_id}",
            action=_("Look") if mine else _("Read and decide"),
        )
    beyond = approvals.count_waiting(connection, visit.brand.brand_id) - len(waiting)
    if beyond > 0:
        yield Need(
            title=ngettext(
                "%(num)s more waits for a second person",
                "%(num)s more wait for a second person",
                beyond,
            ),
            words=_("Shown here as soon as those before are decided."),
        )


def _findings(connection: Connection, visit: Visit) -> Iterator[Need]:
    if not visit.may(Intention.FINDINGS_SETTLE):
        return
    waiting = findings.count_open(connection, visit.brand.brand_id)
    if waiting:
        yield Need(
            title=ngettext(
                "%(num)s thing at the counter should not have happened",
                "%(num)s things at the counter should not have happened",
                waiting,
            ),
            words=_("A till told of it later. It is kept as it was; look at it and put it aside."),
            url=f"{visit.root}/findings",
            action=_("Look"),
        )


def _second_factor(connection: Connection, visit: Visit) -> Iterator[Need]:
    if not visit.level.second_factor or not visit.may(Intention.STAFF_SEE):
        return
    everybody = staff.of(connection, visit.brand.brand_id)
    owners = [each for each in everybody if each.role is Role.OWNER and each.account_id]
    for owner in owners:
        account = accounts.get(connection, owner.account_id or "")
        has_keys = bool(passkeys.of(connection, owner.account_id or ""))
        if (account and account.has_second_factor) or has_keys:
            break
    else:
        yield Need(
            title=_("No owner has a second factor"),
            words=_("This level of security asks for one: a passkey, or codes of an app."),
            url="/console/account",
            action=_("Set one up"),
        )
    deciders = [
        each for each in everybody if each.may(Intention.APPROVALS_DECIDE) and each.account_id
    ]
    if visit.level.alone_max < visit.level.by_hand_max and len(deciders) < 2:
        yield Need(
            title=_("Nobody could be the second person"),
            words=_("Larger corrections wait for one. Invite another owner or manager."),
            url=f"{visit.root}/settings/staff",
            action=_("Invite somebody"),
        )


def _locked(connection: Connection, visit: Visit) -> Iterator[Need]:
    if not visit.may(Intention.STAFF_SEE):
        return
    locked = staff.locked(connection, visit.brand.brand_id)
    people = {each.staff_id: each for each in staff.of(connection, visit.brand.brand_id)}
    for staff_id, until in locked.items():
        if staff_id not in people:
            continue
        yield Need(
            title=_("%(name)s is locked out of the till", name=people[staff_id].name),
            words=_(
                "Five wrong PINs. It opens by itself at %(time)s.",
                time=said(clock_time(until.astimezone(visit.brand.zone))),
            ),
            url=f"{visit.root}/settings/staff/{staff_id}",
            action=_("Unlock"),
        )


def _tills(connection: Connection, visit: Visit) -> Iterator[Need]:
    if not visit.may(Intention.TILLS_SEE):
        return
    known = names.of(connection, visit.brand.brand_id)
    standing = tills.standing(connection, visit.brand.brand_id)
    if not standing:
        yield Need(
            title=_("No till yet"),
            words=_("Without one, nobody stamps a card. Add it, then open /till on its device."),
            url=f"{visit.root}/settings/tills",
            action=_("Add a till"),
        )
    for each in standing:
        if each.paired_at is not None:
            continue
        place = known.place(each.till.location_id)
        yield Need(
            title=_("The till “%(till)s” was never paired", till=each.till.name),
            words=_("In %(place)s. Open /till on its device and type a code.", place=place),
            url=f"{visit.root}/settings/tills",
            action=_("Pair it"),
        )


def _opening(connection: Connection, visit: Visit) -> Iterator[Need]:
    if not visit.may(Intention.LOCATIONS_CHANGE):
        return
    unsaid = [
        each
        for each in locations(connection, visit.brand.brand_id)
        if not each.opening.is_said and visit.staff.works_at(each.location_id)
    ]
    if unsaid:
        yield Need(
            title=_("No opening hours yet"),
            words=_(
                "%(places)s. Of a shop that never said its hours nothing is known; it is taken to"
                " be open.",
                places=", ".join(each.name for each in unsaid[:_NAMED])
                + (" …" if len(unsaid) > _NAMED else ""),
            ),
            url=f"{visit.root}/settings/locations"
            + (f"/{unsaid[0].location_id}" if len(unsaid) == 1 else ""),
            action=_("Say the hours"),
        )


def _days_left() -> int:
    # Apple's certificate ends by the world's clock, whatever a practice clock says.
    return current_wallet().certificate_days_left
