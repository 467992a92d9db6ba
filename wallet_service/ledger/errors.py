"""Why the ledger refuses."""

from collections.abc import Mapping

from wallet_service.errors import Refusal


class NotEnough(Refusal):
    """The card holds less than was asked for."""

    code = "not_enough"


class Unbalanced(AssertionError):
    """A mistake of ours: the lines of an entry do not sum to zero in each unit."""

    def __init__(self, sums: Mapping[str, int]) -> None:
        super().__init__(f"The lines do not sum to zero: {dict(sums)}.")


class Astray(AssertionError):
    """A mistake of ours: units were to come from certain lots and were not in them."""

    def __init__(self, sums: Mapping[str, int]) -> None:
        super().__init__(f"The lots do not hold what an entry takes from them: {dict(sums)}.")
