"""Roll back: what an event did with a coupon is undone, by the event that did it."""

from sqlalchemy import Connection

from wallet_service.coupons.admit import take_out
from wallet_service.coupons.coupon import Coupon, by_codes
from wallet_service.coupons.errors import NothingToRollBack
from wallet_service.coupons.redeem import codes_used_in, undo
from wallet_service.coupons.reserve import release
from wallet_service.language import phrase


def rollback(
    connection: Connection, brand_id: str, coupon: Coupon, source: str, key: str
) -> Coupon:
    """Undo the use, the reservation or the admissions of the event `key` of `source`; the coupon
    as it is then.

    The member is locked by the caller, and `coupon` was read after that. Raises NothingToRollBack
    where that event has done nothing with the coupon, or it was undone before.
    """
    is_undone = False
    if coupon.reserved_by == (source, key):
        release(connection, coupon)
        is_undone = True
    if coupon.code in codes_used_in(connection, coupon.member_id, source, key):
        undo(connection, coupon)
        is_undone = True
    if coupon.admissions is not None and take_out(connection, brand_id, coupon, source, key):
        is_undone = True
    if not is_undone:
        raise NothingToRollBack(phrase("There is nothing of that name to undo."))
    return by_codes(connection, coupon.member_id, [coupon.code])[0]
