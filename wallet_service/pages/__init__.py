"""People in: what members, cashiers and passers-by open in a browser."""

from flask import Flask

from wallet_service.pages import (
    console,
    consumer,
    consumer_coupon,
    health,
    home,
    phone_guard,
    phones,
    public,
    till,
    till_amount,
    till_counter,
    till_coupons,
    till_return,
    till_session,
    till_tickets,
)
from wallet_service.web import doors
from wallet_service.web.doors import Kind


def install(app: Flask, *, practice: bool) -> None:
    """Open the doors for people; `web.install` comes first. Practice phones only in practice."""
    doors.guard(
        app,
        {
            Kind.HERE: phone_guard.guard,
            Kind.PAIRED: till_session.paired_guard,
            Kind.TILL: till_session.guard,
        },
    )
    console.install(app)
    at_till = (till_coupons.bp, till_tickets.bp, till_amount.bp, till_return.bp)
    people = (health.bp, public.bp, consumer.bp, consumer_coupon.bp, till.bp, till_counter.bp)
    for door in (*people, *at_till):
        app.register_blueprint(door)
    if practice:
        app.register_blueprint(home.bp)
        app.register_blueprint(phones.bp)
