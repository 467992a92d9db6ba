"""Coupons: what is promised, given and used."""

from wallet_service.coupons.coupon import Coupon, CouponState, by_codes, find, of_event, of_member
from wallet_service.coupons.errors import (
    AlreadyRedeemed,
    CouponExpired,
    CouponVoid,
    OtherMembersCoupon,
    UnknownCoupon,
)
from wallet_service.coupons.issue import Given, Validity, good_for, issue, withdraw
from wallet_service.coupons.redeem import Use, check, codes_used_in, redeem, undo

__all__ = [
    "AlreadyRedeemed",
    "Coupon",
    "CouponExpired",
    "CouponState",
    "CouponVoid",
    "Given",
    "OtherMembersCoupon",
    "UnknownCoupon",
    "Use",
    "Validity",
    "by_codes",
    "check",
    "codes_used_in",
    "find",
    "good_for",
    "issue",
    "of_event",
    "of_member",
    "redeem",
    "undo",
    "withdraw",
]
