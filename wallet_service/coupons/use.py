"""Use: what is known at the counter where a coupon is used, reserved or lets somebody in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Line(Protocol):
    """A line of a sale: so many of a product, and the price of one in minor units."""

    @property
    def product(self) -> str | None: ...
    @property
    def category(self) -> str | None: ...
    @property
    def quantity(self) -> int: ...
    @property
    def price(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """Where, by whom and in what event a coupon is used.

    `amount` and `lines` are of the sale; where they are not known, the cashier has read the
    coupon's terms. `reservation` is the key of the event that holds the coupon for this use; one
    with this very `key` or `sale_id` needs no naming.
    """

    source: str
    key: str
    occurred_at: datetime
    sale_id: str | None = None
    location_id: str | None = None
    till_id: str | None = None
    staff_id: str | None = None
    amount: int | None = None
    lines: tuple[Line, ...] = ()
    reservation: str | None = None

    def holds(self, held_by: tuple[str, str]) -> bool:
        """Whether this is the event (source, key) that holds a reservation, or is of its sale."""
        source, key = held_by
        return source == self.source and key in {self.key, self.sale_id, self.reservation}
