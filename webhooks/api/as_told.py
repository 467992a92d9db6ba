"""What a body tells, as the sales room takes it; a call and a batch say it alike."""

from wallet_service.sales import Goods, Sale, StampsTold, Wanted
from wallet_service.sales.returns import GoodsBack, Return
from webhooks.api.models import ReturnBody, SaleBody, StampsBody


def sale(sale_id: str, told: SaleBody) -> Sale:
    """A sale."""
    return Sale(
        sale_id=sale_id,
        amount=told.amount,
        currency=told.currency,
        lines=tuple(
            Goods(
                product=each.product,
                category=each.category,
                quantity=each.quantity,
                price=each.price,
            )
            for each in told.lines or ()
        ),
        code=told.code,
        member_id=told.member,
        occurred_at=told.occurred_at,
        redeem=tuple(
            Wanted(coupon=each.coupon, reward=each.reward, amount=each.amount)
            for each in told.redeem
        ),
    )


def stamps(told: StampsBody) -> StampsTold:
    """Stamps."""
    return StampsTold(
        event_id=told.event_id,
        count=told.count,
        code=told.code,
        member_id=told.member,
        occurred_at=told.occurred_at,
    )


def goods_back(sale_id: str, told: ReturnBody) -> Return:
    """Goods that came back."""
    return Return(
        return_id=told.return_id,
        sale_id=sale_id,
        amount=told.amount,
        lines=tuple(
            GoodsBack(quantity=each.quantity, line=each.line, product=each.product)
            for each in told.lines or ()
        ),
        coupons=tuple(told.coupons),
        occurred_at=told.occurred_at,
    )
