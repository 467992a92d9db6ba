"""How much style a page may weigh: a member's page opens on a slow network in a queue."""

import gzip

from wallet_service.web import assets

ALL_BYTES_MAX = 20 * 1024
MEMBER_BYTES_MAX = 6 * 1024
MEMBER = ("tokens.css", "member.css", "pass.css")


def weight(name: str) -> int:
    """What goes over the wire of one style sheet, pressed as hard as a proxy would."""
    found = assets.find(name)
    assert found is not None, name
    return len(gzip.compress(found.content, 9, mtime=0))


def test_all_our_styles_together_weigh_at_most_twenty_kilobytes() -> None:
    weights = {path.name: weight(path.name) for path in sorted(assets.FOLDER.glob("*.css"))}
    assert sum(weights.values()) <= ALL_BYTES_MAX, weights


def test_a_members_page_weighs_at_most_six_kilobytes_of_style() -> None:
    assert sum(weight(name) for name in MEMBER) <= MEMBER_BYTES_MAX
