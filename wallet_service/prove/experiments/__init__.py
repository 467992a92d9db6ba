"""The experiments, in the order in which they are made; the books are looked at after all others.

What each answers is a fault that others published: `owner/repository#number` on GitHub, last
looked at on 25 November 2026.
"""

from wallet_service.prove.experiments import (
    coupons,
    ending,
    joining,
    kills,
    limits,
    offline,
    phones,
    points,
    returns,
    sales,
    tickets,
)
from wallet_service.prove.invariant import Experiment

EXPERIMENTS = (
    Experiment(
        name="one-coupon",
        does="50 tills use one coupon at the same moment",
        answers="five orders used one coupon (macrozheng/mall#1003)",
        run=coupons.one_coupon,
    ),
    Experiment(
        name="shared-code",
        does="50 cards say one code at the same moment, of which there are 10 copies",
        answers="9 claims of a coupon with one copy (linlinjava/litemall#581)",
        run=coupons.shared_code,
    ),
    Experiment(
        name="held-coupon",
        does="50 tills hold one coupon, then use it; it is let go while others ask",
        answers="the check and the use are two steps with nothing held (BrainWise-DEV/POSNext#198)",
        run=coupons.held_coupon,
    ),
    Experiment(
        name="one-each",
        does="50 tills give one card a copy of an offer that is one each",
        answers="a limit for each user that is counted, then not kept (linlinjava/litemall#581)",
        run=joining.one_each,
    ),
    Experiment(
        name="one-person",
        does="one new customer is told over 50 lines at once",
        answers="two cards for one customer (odoo/odoo#145782)",
        run=joining.one_person,
    ),
    Experiment(
        name="one-sale",
        does="one sale is told over 50 lines at once",
        answers="Pay Now pressed several times: several transactions (odoo/odoo#23647)",
        run=sales.one_sale,
    ),
    Experiment(
        name="other-facts",
        does="50 tills tell different sales under one name",
        answers="another body under a known name gets the old answer (josipmusa/idempotency4j#12)",
        run=sales.other_facts,
    ),
    Experiment(
        name="full-card",
        does="50 tills stamp a card with nine stamps of ten at the same moment",
        answers="an award given in parallel, several times (POPWorldMedia/POPForums#146)",
        run=sales.full_card,
    ),
    Experiment(
        name="points-twice",
        does="50 tills sell the one reward that a card has points for",
        answers="points spent twice (Nova-reward/Nova-Rewards#190),"
        " a card at -10 (Azuriom/Plugin-Shop#285)",
        run=points.points_twice,
    ),
    Experiment(
        name="spent-and-returned",
        does="points are spent while the goods that gave them come back, under three policies",
        answers="buy, return, and keep the points (odoo/odoo#257854)",
        run=points.spent_and_returned,
    ),
    Experiment(
        name="returns",
        does="a sale comes back in thirds, whole and undone at once, each told three times",
        answers="cancelled and refunded, both reverse (mollie/magento2#928); a part leaves a crumb"
        " (PrestaShop/loyalty#23)",
        run=returns.in_parts,
    ),
    Experiment(
        name="reward-and-return",
        does="the purchase that filled a card comes back while its reward is used",
        answers="the reward used and the purchase returned (odoo/odoo#257854)",
        run=returns.reward_and_returned,
    ),
    Experiment(
        name="group-ticket",
        does="a ticket for 20 is scanned at 50 doors, for one to three people each",
        answers="two people with one ticket at the same moment (unlock-protocol/unlock#9247)",
        run=tickets.group_ticket,
    ),
    Experiment(
        name="offline-tills",
        does="two tills tell what they did without a line, shuffled, three times each at once",
        answers="points are doubled when an offline till syncs again (OCA/pos#185)",
        run=offline.two_tills,
    ),
    Experiment(
        name="limits",
        does="20 tills stamp one card within a minute, and on one day",
        answers="one card stamped as often as one likes"
        " (bmrng.canny.io, limit-number-of-stamps-per-day)",
        run=limits.too_fast,
    ),
    Experiment(
        name="kills",
        does="SIGKILL in the middle of traffic; tills say again what got no answer",
        answers="said again after a fault, and paid twice (mollie/mollie-api-php#642)",
        run=kills.killed,
    ),
    Experiment(
        name="phones",
        does="12 changes of each phone's card at once, with kills between",
        answers="two changes within a second, and the phone keeps the first"
        " (CommunitySolidServer/CommunitySolidServer#2101)",
        run=phones.left_behind,
    ),
)
BOOKS = Experiment(
    name="books",
    does="the service stops, and everything that it wrote is computed again",
    answers="points in the reports are not those in the database (Kademi/kademi-dev#4308)",
    run=ending.books_whole,
)
NAMES = tuple(each.name for each in EXPERIMENTS)
