"""Who may see the practice phones: whoever sits at this machine, and nobody else."""

from wallet_service.web import here
from wallet_service.web.doors import Door


def guard(_door: Door) -> None:
    """404 for everybody who is elsewhere."""
    here.require()
