"""Why a coupon is refused."""

from wallet_service.errors import Refusal


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
