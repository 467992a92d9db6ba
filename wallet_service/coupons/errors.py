"""Why an offer or a coupon is refused."""

from wallet_service.errors import Refusal


class BadOffer(Refusal):
    """The offer does not hang together; the facts name every place."""

    code = "bad_offer"


class UnknownOffer(Refusal):
    """No offer of this brand has this key, or this shared code."""

    code = "unknown_offer"


class OfferEnded(Refusal):
    """The offer is over: nobody gets a copy any more."""

    code = "offer_ended"


class QuotaUsed(Refusal):
    """Every copy of the offer is out."""

    code = "quota_used"


class MemberLimit(Refusal):
    """The member has had as many copies as one may have."""

    code = "member_limit"


class UnknownCoupon(Refusal):
    """No coupon of this brand has this code."""

    code = "unknown_coupon"


class AlreadyRedeemed(Refusal):
    """The coupon was used before; the facts say when and where."""

    code = "already_redeemed"


class CouponExpired(Refusal):
    """The coupon's last day is over."""

    code = "coupon_expired"


class CouponVoid(Refusal):
    """The coupon was taken back."""

    code = "coupon_void"


class OtherMembersCoupon(Refusal):
    """The coupon belongs to another member than the sale does."""

    code = "other_members_coupon"


class CouponReserved(Refusal):
    """Another sale holds the coupon; the facts say until when."""

    code = "reserved"


class NothingToRollBack(Refusal):
    """The event neither used nor holds the coupon."""

    code = "nothing_to_roll_back"


class NotYetValid(Refusal):
    """The coupon's first day is still to come."""

    code = "not_yet_valid"


class WrongDay(Refusal):
    """The coupon is not for this weekday."""

    code = "wrong_day"


class WrongHour(Refusal):
    """The coupon is not for this time of day."""

    code = "wrong_hour"


class WrongLocation(Refusal):
    """The coupon is for another shop."""

    code = "wrong_location"


class PurchaseTooSmall(Refusal):
    """The purchase is below what the coupon asks for."""

    code = "purchase_too_small"


class WrongGoods(Refusal):
    """Nothing of what the coupon is for is in the purchase."""

    code = "wrong_goods"


class DoesNotStack(Refusal):
    """One of two coupons in a sale must be alone."""

    code = "does_not_stack"


class IsTicket(Refusal):
    """A ticket is not used up at a till; its holders are let in."""

    code = "is_ticket"


class NotATicket(Refusal):
    """The coupon opens no door."""

    code = "not_a_ticket"


class EventNotOpen(Refusal):
    """Nobody is let in yet."""

    code = "event_not_open"


class EventOver(Refusal):
    """Nobody is let in any more."""

    code = "event_over"


class AlreadyIn(Refusal):
    """Everybody of the ticket is in, and it does not let anybody in again."""

    code = "already_in"


class NoAdmissionLeft(Refusal):
    """More want to come in than the ticket has left."""

    code = "no_admission_left"
