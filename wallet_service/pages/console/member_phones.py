"""What a member's phones show, as far as they have told us."""

from dataclasses import dataclass

from sqlalchemy import Connection

from wallet_service.pages.console import members_words
from wallet_service.phones import issued, told
from wallet_service.web.language import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneShown:
    """One phone: well or behind, and the words for it."""

    kind: str  # good or warn
    name: str
    words: str


def of(connection: Connection, member_id: str) -> tuple[PhoneShown, ...]:
    """Each phone that takes the updates of a member's passes."""
    passes = {
        (each.member_id, each.pass_id): each for each in issued.of_member(connection, member_id)
    }
    if not passes:
        return ()
    shown = []
    for each in told.of_passes(connection, list(passes)):
        visible = passes[each.member_id, each.pass_id].visible_version
        if each.fetched_version >= visible:
            words = (
                _("shows the card as it is, fetched %(at)s", at=members_words.near(each.fetched_at))
                if each.fetched_at
                else _("shows the card as it is")
            )
            shown.append(PhoneShown(kind="good", name=_("iPhone"), words=words))
        elif each.announced_at is None:
            words = _("shows an older card; it was not called yet")
            shown.append(PhoneShown(kind="warn", name=_("iPhone"), words=words))
        else:
            words = _(
                "shows an older card; called %(at)s, it has not come yet",
                at=members_words.near(each.announced_at),
            )
            shown.append(PhoneShown(kind="warn", name=_("iPhone"), words=words))
    return tuple(shown)


def is_downloaded(connection: Connection, member_id: str) -> bool:
    """Whether somebody fetched the card by its link, be it long ago."""
    passes = issued.of_member(connection, member_id)
    return any(each.downloaded_version is not None for each in passes)
