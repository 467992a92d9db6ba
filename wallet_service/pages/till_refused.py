"""A refusal as the till shows it: a sign, a word, a fact, and what to say."""

from flask import render_template, request

from wallet_service.errors import Refusal
from wallet_service.pages import till_session
from wallet_service.web.language import gettext as _
from wallet_service.web.language import said
from wallet_service.web.problems import status_of


def page(refusal: Refusal) -> tuple[str, int]:
    """The page of a refusal, with its status."""
    typed = _typed() if refusal.code in _MAY_BE_A_SLIP else ""
    # Somebody may have scanned what stands in the field; then the card is asked for, too.
    maybe_scanned = not typed or typed.upper().startswith(("LP1", "CP"))
    return (
        render_template(
            "till/refused.html",
            shift=till_session.shift(),
            kind="warn" if refusal.code in _PERHAPS else "bad",
            title=_("Check the code") if typed else title(refusal.code),
            fact=_slip(typed) if typed else _fact(refusal),
            words=_words(refusal.code) if maybe_scanned else "",
            typed=typed,
            code=None if refusal.code in _OF_CARD else (request.view_args or {}).get("code"),
        ),
        status_of(refusal),
    )


# The card itself is refused, so there is nothing to go back to.
_OF_CARD = ("unknown_card", "ended_card", "other_brands_card", "member_left")
_PERHAPS = (
    "unknown_card",
    "other_brands_card",
    "unknown_coupon",
    "other_members_coupon",
    "event_not_open",
    "not_yet_valid",
    "bad_people",
    "unknown_sale",
)
_MAY_BE_A_SLIP = ("unknown_card", "unknown_coupon")


def _typed() -> str:
    """What somebody wrote into the field with their own fingers, as far as we can know."""
    return "" if request.args.get("by") == "reader" else request.args.get("code", "")[:64].strip()


def _slip(typed: str) -> str:
    if typed.upper().startswith("CP"):
        return _("No coupon has this code. One letter may be wrong.")
    return _("No card has this code. One letter may be wrong.")


def title(code: str) -> str:
    """What a refusal is called, in a word or two."""
    return {
        "unknown_card": _("We don’t know this card"),
        "other_brands_card": _("Another shop’s card"),
        "ended_card": _("This card has ended"),
        "member_left": _("This card has ended"),
        "already_redeemed": _("Already used"),
        "coupon_expired": _("Too late for this one"),
        "coupon_void": _("Taken back"),
        "unknown_coupon": _("We don’t know this coupon"),
        "coupon_used": _("Too late to undo"),
        "other_members_coupon": _("Somebody else’s coupon"),
        "too_fast": _("Too much at once"),
        "wrong_day": _("Not today"),
        "wrong_hour": _("Not at this hour"),
        "wrong_location": _("For another shop"),
        "purchase_too_small": _("The purchase is too small"),
        "wrong_goods": _("Not for this purchase"),
        "does_not_stack": _("Only one at a time"),
        "reserved": _("In use elsewhere"),
        "not_yet_valid": _("Not yet"),
        "no_admission_left": _("Too many for this ticket"),
        "already_in": _("Already in"),
        "event_over": _("The event is over"),
        "event_not_open": _("The doors are not open yet"),
        "is_ticket": _("This is an entry ticket"),
        "not_a_ticket": _("This is no ticket"),
        "offer_ended": _("The offer has ended"),
        "quota_used": _("All have been given out"),
        "member_limit": _("All of theirs are used"),
        "not_enough": _("Not enough on the card"),
        "unknown_reward": _("We don’t have this reward"),
        "bad_people": _("How many are they?"),
        "return_not_yours": _("Not by you"),
        "return_too_late": _("Too long ago"),
        "return_too_much": _("That is too much"),
        "bad_return": _("Not like this"),
        "unknown_sale": _("We don’t find this purchase"),
    }.get(code, _("That did not work"))


def _fact(refusal: Refusal) -> str:
    # Where our title says it all, the fact is what to do about it.
    known = {
        "unknown_card": _("It may be a picture of an old one."),
        "other_brands_card": _("It cannot be stamped here."),
    }
    return known.get(refusal.code) or said(refusal.say)


def _words(code: str) -> str:
    return {
        "unknown_card": _("Could you open the card itself, please?"),
        "other_brands_card": _("That one is another shop’s. May I see ours?"),
        "ended_card": _("There is a newer card. Your stamps are on it."),
        "already_redeemed": _("It was used before. You still get your stamp."),
        "coupon_expired": _("It has ended, sorry. You still get your stamp."),
        "too_fast": _("I have to ask somebody about this. One moment, please."),
        "wrong_day": _("It is for another day, sorry. You still keep it."),
        "wrong_hour": _("It is for another hour, sorry. You still keep it."),
        "wrong_location": _("It is for another shop of ours. You still keep it."),
        "purchase_too_small": _("It is for a larger purchase. You still keep it."),
        "wrong_goods": _("It is for something else. You still keep it."),
        "does_not_stack": _("Which one would you like to use today?"),
        "reserved": _("It is in use at another till just now. Shall we wait a moment?"),
        "not_yet_valid": _("It begins later. You still keep it."),
        "no_admission_left": _("This ticket is for fewer people. Is there another one?"),
        "already_in": _("Somebody came in with this ticket before. Is there another one?"),
        "event_over": _("The event has ended, sorry."),
        "event_not_open": _("It is a little early. Please come again when the doors open."),
        "offer_ended": _("This offer has ended, sorry."),
        "quota_used": _("These have all been given out, sorry."),
        "not_enough": _("There is not enough for this one yet."),
        "coupon_void": _("This one was taken back, sorry."),
        "unknown_coupon": _("I don’t find this one here. Is it from our shop?"),
        "other_members_coupon": _("This one is on another card. Do you have that card with you?"),
        "member_left": _("This card has ended. Would you like a new one?"),
        "coupon_used": _("The reward that came with it was used, so it stays as it is."),
        "member_limit": _("You have had this one as often as it is given, thank you."),
        "unknown_reward": _("We don’t give this one any more, sorry."),
        "bad_people": _("How many of you are there?"),
        "return_not_yours": _("I’ll fetch somebody who may take it back. One moment, please."),
        "return_too_late": _("It was bought too long ago for me to take it back, sorry."),
        "return_too_much": _("There is not so much left of this purchase."),
        "unknown_sale": _("Was it bought in this shop, and with this card?"),
    }.get(code, "")
