"""Switches: what a programme does for its members unless its owner turns it off."""

from pydantic import Field

from wallet_service.programme.part import Part


class Loyal(Part):
    """The loyal defaults. Each is on; the owner must turn it off, and the member's page says so."""

    best_rule_wins: bool = True  # of several multipliers the best counts; off: the first that fits
    rewards_offered: bool = True  # what can be used is shown at the scan without asking
    leftovers_carry: bool = True  # what did not reach the next one counts the next time
    warned_before_expiry: bool = True
    # A reward that has just ended can still be used for so many days; off: 0.
    grace_week: bool = True
    changes_never_worsen: bool = True  # a running card keeps its size when the rules get dearer

    @property
    def grace_days(self) -> int:
        return 7 if self.grace_week else 0


NAMES = tuple(Loyal.model_fields)


class Limits(Part):
    """How much is too much at once: refused at a counter, noted where it has happened already.

    Sales and stamps are counted by the moment they happened. Nought turns a limit off.
    """

    member_day: int = Field(default=12, ge=0, le=10_000)  # sales a member a day
    member_stamps_day: int = Field(default=40, ge=0, le=10_000)
    card_minute: int = Field(default=4, ge=0, le=1_000)  # sales on one card within a minute
    till_minute: int = Field(default=60, ge=0, le=10_000)
    staff_hour: int = Field(default=600, ge=0, le=100_000)
