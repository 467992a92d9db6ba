"""Applied: the coupons and the bought rewards that a sale uses; each is refused by itself."""

from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from wallet_service import coupons
from wallet_service.coupons import Coupon, OtherMembersCoupon, UnknownCoupon, UnknownOffer, Use
from wallet_service.errors import Refusal
from wallet_service.language import phrase
from wallet_service.ledger import Event
from wallet_service.members import Member
from wallet_service.programme import Version
from wallet_service.sales import bought
from wallet_service.sales.answer import Refused, Used
from wallet_service.sales.told import Sale, Wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What was used and what was refused; `parts` of the event were written for it."""

    coupons: tuple[Coupon, ...] = ()
    uses: tuple[Used, ...] = ()
    unlocked: tuple[Coupon, ...] = ()  # what the uses brought
    refused: tuple[Refused, ...] = ()
    parts: int = 0


def use_all(
    connection: Connection, member: Member, version: Version, event: Event, sale: Sale
) -> Applied:
    """Use what the sale names, in its order. `event` has the first part that is free.

    What is refused changes nothing; the rest is used.
    """
    using = _Using(connection, member, version, event, _use(event, sale))
    for wanted in sale.wanted:
        try:
            using.reward(wanted) if wanted.reward is not None else using.coupon(wanted.name)
        except Refusal as refusal:
            using.refused.append(Refused(what=wanted.name, code=refusal.code, say=refusal.say))
    return Applied(
        coupons=tuple(using.coupons),
        uses=tuple(using.uses),
        unlocked=tuple(using.unlocked),
        refused=tuple(using.refused),
        parts=using.parts,
    )


def _use(event: Event, sale: Sale) -> Use:
    return Use(
        source=event.source,
        key=event.key,
        sale_id=event.sale_id,
        occurred_at=event.occurred_at,
        location_id=event.location_id,
        till_id=event.till_id,
        staff_id=event.staff_id,
        amount=sale.paid,
        lines=sale.lines,
    )


@dataclass(slots=True)
class _Using:
    """What one sale uses, one after the other."""

    connection: Connection
    member: Member
    version: Version
    event: Event
    use: Use
    coupons: list[Coupon] = field(default_factory=list)
    uses: list[Used] = field(default_factory=list)
    unlocked: list[Coupon] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    parts: int = 0

    def coupon(self, typed: str) -> None:
        """Use a coupon of the member, or a code that the shop says to everybody."""
        brand_id = self.member.brand_id
        try:
            coupon = coupons.find(self.connection, brand_id, typed)
        except UnknownCoupon as unknown:
            # A copy that is then refused must not stay with the member.
            with self.connection.begin_nested():
                self._redeem(self._shared(typed, unknown))
            return
        if coupon.member_id != self.member.member_id:
            raise OtherMembersCoupon(phrase("This coupon is on somebody else's card."))
        self._redeem(coupon)

    def reward(self, wanted: Wanted) -> None:
        """Pay for a reward and use it."""
        reward, amount = bought.price(self.version, wanted)
        event = replace(self.event, part=self.event.part + self.parts)
        # Beside a coupon that stands alone it is refused, and then nothing was paid.
        with self.connection.begin_nested():
            coupon = bought.buy(self.connection, self.member, self.version, event, reward, amount)
            self._redeem(
                coupon, worth=bought.worth_of(reward, amount), unit=reward.unit, amount=amount
            )
        self.parts += 1

    def _redeem(
        self,
        coupon: Coupon,
        worth: int | None = None,
        unit: str | None = None,
        amount: int | None = None,
    ) -> None:
        given = coupons.redeem(self.connection, self.member.brand_id, coupon, self.use)
        self.coupons.append(coupon)
        self.uses.append(
            Used(
                coupon=coupon.code,
                offer=coupon.offer,
                worth=given.worth if worth is None else worth,
                unit=unit,
                amount=amount,
            )
        )
        if given.unlocked is not None:
            self.unlocked.append(given.unlocked)

    def _shared(self, typed: str, unknown: UnknownCoupon) -> Coupon:
        event, member = self.event, self.member
        try:
            return coupons.issue_shared(
                self.connection,
                typed,
                coupons.Given(
                    brand_id=member.brand_id,
                    member_id=member.member_id,
                    source=event.source,
                    key=event.key,
                    issued_at=event.occurred_at,
                    funder="brand",
                    location_id=event.location_id,
                ),
            )
        except UnknownOffer:
            raise unknown from None
