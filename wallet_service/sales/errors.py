"""Why a sale, a stamp or an undo is refused, in words that a cashier can say aloud."""

from wallet_service.errors import Refusal


class BadAmount(Refusal):
    """The amount is not a whole number above zero, or beyond anything that a till takes."""

    code = "bad_amount"


class BadLines(Refusal):
    """A line of the sale has no quantity or no price, or there are too many lines."""

    code = "bad_lines"


class BadCount(Refusal):
    """So many stamps cannot be given at once."""

    code = "bad_count"


class NoStamps(Refusal):
    """The programme counts no stamps."""

    code = "no_stamps"


class BadId(Refusal):
    """The caller's name for the event cannot be kept."""

    code = "bad_id"


class WrongCurrency(Refusal):
    """The programme counts in another currency."""

    code = "wrong_currency"


class InTheFuture(Refusal):
    """The sale has not happened yet."""

    code = "in_the_future"


class BeforeJoining(Refusal):
    """The sale was more than a day before the member joined."""

    code = "before_joining"


class UnknownMember(Refusal):
    """The brand has no such member."""

    code = "unknown_member"


class MemberLeft(Refusal):
    """The member has left the programme."""

    code = "member_left"


class UnknownSale(Refusal):
    """Nothing of this name was told by this source."""

    code = "unknown_sale"


class CouponUsed(Refusal):
    """The sale cannot be undone: what it brought was used."""

    code = "coupon_used"


class ReturnTooMuch(Refusal):
    """More would come back than was bought and is not back yet."""

    code = "return_too_much"


class BadReturn(Refusal):
    """What comes back is not said so that it can be found in the sale."""

    code = "bad_return"


class TooFast(Refusal):
    """More than the programme's limits allow in so short a time."""

    code = "too_fast"


class UnknownReward(Refusal):
    """The programme has no such reward to be bought."""

    code = "unknown_reward"


class BadSteps(Refusal):
    """The reward is not given for so much of the unit."""

    code = "bad_steps"
