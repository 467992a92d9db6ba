"""A member's page: one reading of the books, and the forms as they stand."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from flask import abort, render_template, request
from markupsafe import Markup
from sqlalchemy import Connection

from passes import faces
from passes.card import Card
from wallet_service import clock, coupons, ledger, members, programme
from wallet_service.access import approvals
from wallet_service.access.approvals import Approval
from wallet_service.brands import designs, names
from wallet_service.brands.names import Names
from wallet_service.brands.roles import Intention
from wallet_service.coupons import Coupon
from wallet_service.enrolment import second
from wallet_service.ledger import Balance
from wallet_service.members import MemberView, codes, consents
from wallet_service.members.consents import Answer
from wallet_service.pages.console import frame, member_phones, member_visits, members_words
from wallet_service.pages.console.frame import Visit
from wallet_service.pages.console.member_forms import BalanceForm, EventForm, StampsForm
from wallet_service.pages.console.member_phones import PhoneShown
from wallet_service.pages.console.member_visits import VisitShown
from wallet_service.programme import Ruleset, unit_amount
from wallet_service.sales import visits
from wallet_service.web import current_wallet
from wallet_service.web.language import gettext as _
from wallet_service.web.language import said

VISITS_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """All that the page tells of a member."""

    view: MemberView
    rules: Ruleset
    code: str
    card: Card
    front: Markup
    balances: dict[str, Balance]
    coupons: tuple[Coupon, ...]
    visits: tuple[VisitShown, ...]
    older: datetime | None
    phones: tuple[PhoneShown, ...]
    is_downloaded: bool
    consents: tuple[Answer, ...]
    asked: tuple[Approval, ...]
    names: Names

    @property
    def name(self) -> str:
        return members_words.whole_name(self.view.person)

    @property
    def full_card(self) -> Coupon | None:
        """What a card that shows all of its stamps has become."""
        stamps = self.card.stamps
        if stamps is None or stamps.have < stamps.of:
            return None
        rewards = {each.key for each in self.rules.reward if each.unit == "stamps"}
        return next((each for each in self.coupons if each.is_open and each.offer in rewards), None)

    @property
    def figures(self) -> tuple[str, ...]:
        """What the card holds besides stamps, an amount each, in the programme's order."""
        return tuple(
            self._said(unit, each)
            for unit, each in self.balances.items()
            if unit != "stamps" or self.card.stamps is None
        )

    def _said(self, unit: str, holds: Balance) -> str:
        amount = said(unit_amount(unit, holds.available, self.rules.currency))
        if not holds.pending:
            return amount
        coming = said(unit_amount(unit, holds.pending, self.rules.currency))
        return _("%(amount)s (%(coming)s on the way)", amount=amount, coming=coming)

    @property
    def first_name(self) -> str:
        return self.view.person.given_name

    @property
    def root(self) -> str:
        return f"{frame.current().root}/members/{self.view.member.member_id}"


def found(connection: Connection, member_id: str) -> MemberView:
    """The member of an address, or there is nothing here."""
    try:
        return members.read(connection, frame.current().brand.brand_id, member_id)
    except LookupError:
        abort(HTTPStatus.NOT_FOUND)


def rules_of(connection: Connection, view: MemberView) -> Ruleset:
    """The rules that hold for a member now."""
    return programme.at(connection, view.member.programme_id, clock.now()).rules


def see(connection: Connection, visit: Visit, view: MemberView) -> Shown:
    """Read everything in the transaction at hand."""
    wallet, member_id = current_wallet(), view.member.member_id
    person_id, brand_id = view.person.person_id, visit.brand.brand_id
    rules = rules_of(connection, view)
    card = wallet.card_of(connection, member_id, person_id)
    design = designs.current(connection, brand_id)
    known = names.of(connection, brand_id)
    told, older = visits.of_member(connection, member_id, before=_before(), limit=VISITS_SHOWN)
    return Shown(
        view=view,
        rules=rules,
        code=codes.spaced(view.code) if view.code else "",
        card=card,
        front=faces.front(card, design, f"/design/{design.content_hash}"),
        balances=ledger.balances_of(connection, member_id, rules.units),
        coupons=coupons.of_member(connection, member_id),
        visits=tuple(member_visits.shown(each, known, rules.currency) for each in told),
        older=older,
        phones=member_phones.of(connection, member_id),
        is_downloaded=member_phones.is_downloaded(connection, member_id),
        consents=consents.history(connection, member_id, person_id),
        asked=approvals.about(connection, brand_id, member_id),
        names=known,
    )


def page(
    member_id: str, *, stamps: StampsForm | None = None, balance: BalanceForm | None = None
) -> str:
    """The page, with a form that was refused as it was filled in, or fresh ones."""
    visit = frame.current()
    with current_wallet().database.read() as connection:
        shown = see(connection, visit, found(connection, member_id))
    stamps = stamps or StampsForm(formdata=None)
    balance = balance or BalanceForm(formdata=None)
    balance.ask_for(shown.rules)
    erase = EventForm(formdata=None)
    for form, name in ((stamps, "stamps"), (balance, "balance"), (erase, "erase")):
        # Three forms on one page: what a label points at stands there once.
        for field in form:
            field.id = f"{name}-{field.id}"
    return render_template(
        "console/member.html",
        visit=visit,
        shown=shown,
        stamps=stamps,
        balance=balance,
        erase=erase,
        is_proved=visit.session.is_proved(visit.level, clock.now()),
        by_hand_max=min(visit.level.by_hand_max, 20),
        alone_max=None if visit.level.alone_max >= visit.level.by_hand_max
        else visit.level.alone_max,
        has_stamps="stamps" in shown.rules.units and visit.may(Intention.MEMBERS_STAMP),
        words=members_words,
        deed=lambda facts: said(second.said(facts)),
    )  # fmt: skip


def _before() -> datetime | None:
    try:
        at = datetime.fromisoformat(request.args.get("before", ""))
    except ValueError:
        return None
    return at if at.tzinfo is not None else None
