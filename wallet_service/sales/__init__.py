"""What happens at a counter: one function for each intention, each one transaction."""

from wallet_service.programme.earn import Goods
from wallet_service.sales.answer import Answer, Redeemed, Refused, Used
from wallet_service.sales.counter import Scan, at_the_counter, last_stamp
from wallet_service.sales.lately import Deed, deed, lately
from wallet_service.sales.record import dry, record, stamp
from wallet_service.sales.redeem import on_card, redeem
from wallet_service.sales.told import Counter, Sale, StampsTold, Wanted
from wallet_service.sales.void import void

__all__ = [
    "Answer",
    "Counter",
    "Deed",
    "Goods",
    "Redeemed",
    "Refused",
    "Sale",
    "Scan",
    "StampsTold",
    "Used",
    "Wanted",
    "at_the_counter",
    "deed",
    "dry",
    "last_stamp",
    "lately",
    "on_card",
    "record",
    "redeem",
    "stamp",
    "void",
]
