"""What a member's phones show, as far as they have told us."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from wallet_service.pages.console import members_words
from wallet_service.phones import issued, told
from wallet_service.phones.told import Told
from wallet_service.web.language import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneShown:
    """One phone: well or behind, and the words for it."""

    kind: str  # good or warn
    name: str
    words: str


def of(connection: Connection, member_id: str) -> tuple[PhoneShown, ...]:
    """Each phone that takes the updates of a member's card, and of its coupons beside it."""
    passes = {
        (each.member_id, each.pass_id): each for each in issued.of_member(connection, member_id)
    }
    if not passes:
        return ()
    newest = {key: each.visible_version for key, each in passes.items()}
    phones: dict[str, list[Told]] = {}
    for each in told.of_passes(connection, list(passes)):
        phones.setdefault(each.device_library_identifier, []).append(each)
    # A phone that has a coupon alone does not show the card, as the list of members says, too.
    cards = {key for key, each in passes.items() if not each.coupon_code}
    return tuple(
        _shown(held, newest)
        for held in phones.values()
        if any((each.member_id, each.pass_id) in cards for each in held)
    )


def _shown(held: list[Told], newest: Mapping[tuple[str, str], int]) -> PhoneShown:
    """A phone in words: behind, where one of the passes on it is."""
    behind = [each for each in held if each.fetched_version < newest[each.member_id, each.pass_id]]
    if not behind:
        fetched = [each.fetched_at for each in held if each.fetched_at is not None]
        words = (
            _("shows the card as it is, fetched %(at)s", at=members_words.near(max(fetched)))
            if fetched
            else _("shows the card as it is")
        )
        return PhoneShown(kind="good", name=_("iPhone"), words=words)
    called = [each.announced_at for each in behind if each.announced_at is not None]
    words = (
        _(
            "shows an older card; called %(at)s, it has not come yet",
            at=members_words.near(max(called)),
        )
        if called
        else _("shows an older card; it was not called yet")
    )
    return PhoneShown(kind="warn", name=_("iPhone"), words=words)


def is_downloaded(connection: Connection, member_id: str) -> bool:
    """Whether somebody fetched the card by its link, be it long ago."""
    passes = issued.of_member(connection, member_id)
    return any(each.downloaded_version is not None for each in passes if not each.coupon_code)
