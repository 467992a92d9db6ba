"""Links and secrets that a settings page shows once, in the answer of the button itself."""

from http import HTTPStatus

from passes import barcode
from wallet_service.brands.staff import Staff
from wallet_service.pages.console import settings


def shown_link(who: Staff, url: str, *, recovers: bool = False, whole: bool = False) -> str:
    """The page with somebody's link: to copy, to scan, to be closed."""
    return settings.page(
        "staff-link", who=who, url=url, qr=barcode.svg(url), recovers=recovers, whole=whole
    )


def was_shown(name: str, back: str = "") -> tuple[str, int]:
    """The same form once more: what it made was shown then, and nothing more was made."""
    return settings.page(f"{name}-again", back=back), HTTPStatus.CONFLICT
