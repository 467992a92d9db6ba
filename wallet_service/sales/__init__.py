"""What happens at a counter: one function for each intention, each one transaction."""

from wallet_service.sales.answer import Answer, Redeemed, Refused
from wallet_service.sales.counter import Scan, at_the_counter, last_stamp
from wallet_service.sales.lately import Deed, deed, lately
from wallet_service.sales.record import record, stamp
from wallet_service.sales.redeem import on_card, redeem
from wallet_service.sales.told import Counter, Sale, StampsTold
from wallet_service.sales.void import void

__all__ = [
    "Answer",
    "Counter",
    "Deed",
    "Redeemed",
    "Refused",
    "Sale",
    "Scan",
    "StampsTold",
    "at_the_counter",
    "deed",
    "last_stamp",
    "lately",
    "on_card",
    "record",
    "redeem",
    "stamp",
    "void",
]
