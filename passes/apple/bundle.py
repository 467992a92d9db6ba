"""The .pkpass: pass.json, manifest, signature, pictures and texts in one file.

https://developer.apple.com/documentation/walletpasses/building-a-pass (2026-11-22)
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from passes.apple import archive, layout, strings
from passes.coupon_card import CouponCard

if TYPE_CHECKING:
    from datetime import datetime

    from passes.apple.identity import PassIdentity
    from passes.apple.signing import Signer
    from passes.card import Card
    from passes.coupon_card import Style
    from passes.design import Design

MIMETYPE: Final = "application/vnd.apple.pkpass"
_ASSETS_KEPT: Final = 128
"""About as many megabytes at most, since a state's pictures seldom weigh more than 200 kB."""


@dataclass(frozen=True, slots=True)
class _Assets:
    """What all passes of one design and state have in common, written and summed once."""

    stored: archive.Stored
    manifest: str
    """The lines of manifest.json for these files, without the braces."""


def build(
    card: Card | CouponCard,
    design: Design,
    identity: PassIdentity,
    signer: Signer,
    signed_at: datetime | None = None,
) -> bytes:
    """A signed pass. The same input gives the same bytes, but for the time of signing (now)."""
    pass_json = layout.pass_json(card, design, identity)
    if isinstance(card, CouponCard):
        assets = _coupon_assets(design, card.style)
    else:
        assets = _assets(design, design.pictures.state(card.stamps))
    manifest = f"{{{assets.manifest},{_line('pass.json', pass_json)}}}".encode()
    own = {
        "pass.json": pass_json,
        "manifest.json": manifest,
        "signature": signer.sign(manifest, signed_at),
    }
    return archive.join(assets.stored, archive.stored(own))


@lru_cache(maxsize=_ASSETS_KEPT)
def _assets(design: Design, state: int | None) -> _Assets:
    return _common({**design.pictures.apple(state), **strings.files(design.plan)})


@lru_cache(maxsize=_ASSETS_KEPT)
def _coupon_assets(design: Design, style: Style) -> _Assets:
    # No texts: every word of a coupon's pass is its holder's own already.
    return _common(design.pictures.apple_coupon(style))


def _common(files: dict[str, bytes]) -> _Assets:
    files = {name: files[name] for name in sorted(files)}
    return _Assets(
        stored=archive.stored(files),
        manifest=",".join(_line(name, content) for name, content in files.items()),
    )


def _line(name: str, content: bytes) -> str:
    # SHA-1 is what Apple's manifest is made of; the signature over it is SHA-256.
    digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()
    return f"{json.dumps(name)}:{json.dumps(digest)}"
