"""People in: what members, cashiers and passers-by open in a browser."""

from flask import Flask

from wallet_service.pages import (
    consumer,
    health,
    home,
    phones,
    public,
    till,
    till_counter,
    till_coupons,
)


def install(app: Flask, *, practice: bool) -> None:
    """Open the doors for people; `web.install` comes first. Practice phones only in practice."""
    for door in (health.bp, public.bp, consumer.bp, till.bp, till_counter.bp, till_coupons.bp):
        app.register_blueprint(door)
    if practice:
        app.register_blueprint(home.bp)
        app.register_blueprint(phones.bp)
