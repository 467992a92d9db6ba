"""What happens at a counter: one function for each intention, each one transaction."""

from wallet_service.programme.earn import Goods
from wallet_service.sales.answer import Answer, Redeemed, Refused, Used
from wallet_service.sales.counter import Scan, at_the_counter, last_stamp
from wallet_service.sales.lately import Deed, deed, lately
from wallet_service.sales.record import dry, record, stamp
from wallet_service.sales.redeem import on_card, redeem
from wallet_service.sales.returns import GoodsBack, Return, take_back
from wallet_service.sales.tickets import Admission, admit
from wallet_service.sales.told import Counter, Sale, StampsTold, Wanted
from wallet_service.sales.void import void

__all__ = [
    "Admission",
    "Answer",
    "Counter",
    "Deed",
    "Goods",
    "GoodsBack",
    "Redeemed",
    "Refused",
    "Return",
    "Sale",
    "Scan",
    "StampsTold",
    "Used",
    "Wanted",
    "admit",
    "at_the_counter",
    "deed",
    "dry",
    "last_stamp",
    "lately",
    "on_card",
    "record",
    "redeem",
    "stamp",
    "take_back",
    "void",
]
