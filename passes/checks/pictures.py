"""Whether the pictures are there in every size, in proportion, and count as the card does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from passes.errors import PictureRefused
from passes.issues import Issue, error, warning
from passes.pictures import (
    APPLE_NAMES,
    ART_NAMES,
    DRAWN_FROM_ART,
    EVENT_STRIP,
    ICON,
    LOGO_MAX,
    SCALES,
    STRIP,
    png_size,
)
from passes.plan import Plan
from passes.reading import DESIGN
from passes.svg import Art

PNG_BYTES_MAX = 1_000_000
PNG_BYTES_HEAVY = 300_000
_OLD_STRIP_HEIGHT = 123
_POINTS = {
    "icon": ICON,
    "logo": LOGO_MAX,
    "strip": STRIP,
    "coupon": STRIP,
    "event": EVENT_STRIP,
}


def check(files: Mapping[str, bytes], plan: Plan | None) -> Iterator[Issue]:
    for base in DRAWN_FROM_ART:
        art = _art(files, f"{base}.svg")
        if art is not None:
            yield from _both_kinds(files, base)
            yield from _proportions(base, art)
        else:
            yield from _all_scales(files, base)
    for name in sorted(APPLE_NAMES & files.keys()):
        yield from _png(name, files[name])
    yield from _states(_art(files, "strip.svg"), plan)
    if not any(f"{base}.{end}" in files for base in ("logo",) for end in ("svg", "png")):
        yield warning("logo.png", "There is no logo.", "Add logo.svg, or logo.png in three sizes.")


def _art(files: Mapping[str, bytes], name: str) -> Art | None:
    """The art if it can be drawn; why not, is said where it is read."""
    if name not in ART_NAMES & files.keys():
        return None
    try:
        return Art.read(name, files[name])
    except PictureRefused:
        return None


def _both_kinds(files: Mapping[str, bytes], base: str) -> Iterator[Issue]:
    if f"{base}.png" in files:
        says = f"There is a {base}.png too, and it is the one that is used."
        yield warning(f"{base}.svg", says, "Keep one of the two.")


def _proportions(base: str, art: Art) -> Iterator[Issue]:
    if base == "icon" and abs(art.ratio - 1) > 0.01:
        says = f"The icon is {art.width:g} × {art.height:g}; phones show a square."
        yield warning(art.name, says, 'Draw it in a square, such as viewBox="0 0 64 64".')
    if base == "logo" and not 0.25 <= art.ratio <= 8:
        says = f"The logo is {art.width:g} × {art.height:g}: it would be tiny in {_room(base)}."
        yield warning(art.name, says, "Use a form of it that is less long.")
    if base in ("strip", "coupon", "event"):
        wide, high = _POINTS[base]
        heights = (high, _OLD_STRIP_HEIGHT) if base == "strip" else (high,)
        if all(abs(art.ratio / (wide / each) - 1) > 0.02 for each in heights):
            says = f"The strip is {art.width:g} × {art.height:g}; Wallet cuts it to {_room(base)}."
            yield warning(art.name, says, f'Draw it in viewBox="0 0 {wide} {high}".')


def _all_scales(files: Mapping[str, bytes], base: str) -> Iterator[Issue]:
    names = [f"{base}{suffix}.png" for suffix in SCALES]
    if any(name in files for name in names):
        for name in names:
            if name not in files:
                yield warning(name, "This size is missing.", f"Add it, or one {base}.svg for all.")


def _png(name: str, content: bytes) -> Iterator[Issue]:
    if len(content) > PNG_BYTES_MAX:
        says = f"The picture weighs {len(content) // 1000} kB, in every pass that is sent."
        yield error(name, says, f"Bring it under {PNG_BYTES_HEAVY // 1000} kB.")
    elif len(content) > PNG_BYTES_HEAVY:
        says = f"The picture weighs {len(content) // 1000} kB, in every pass that is sent."
        yield warning(name, says, "Save it with fewer colours.")
    size = png_size(content)
    if size is None:
        return
    base, _, rest = name.removesuffix(".png").partition("@")
    scale = SCALES[f"@{rest}" if rest else ""]
    width, height = (points * scale for points in _POINTS[base])
    if size[0] > width or size[1] > height:
        says = f"It is {size[0]} × {size[1]} pixels; {width} × {height} are shown at most."
        yield warning(name, says, "Save it smaller.")
    elif base != "logo" and size[0] < width:
        says = f"It is {size[0]} pixels wide; {width} are shown, so it will be blurred."
        yield warning(name, says, f"Save it at {width} × {height}.")


def _states(strip: Art | None, plan: Plan | None) -> Iterator[Issue]:
    if strip is None or plan is None:
        return
    of = plan.stamps or 0
    numbers = set(strip.stamps)
    if numbers and not of:
        says = f"The strip has {len(numbers)} stamps, and the design does not count any."
        yield error(f"{DESIGN}, [stamps]", says, f"Write [stamps] with of = {len(numbers)}.")
        return
    missing, beyond = (
        sorted(set(range(1, of + 1)) - numbers),
        sorted(numbers - set(range(1, of + 1))),
    )
    if missing:
        says = f"The card counts to {of}; these stamps are not drawn: {_listed(missing)}."
        yield error(strip.name, says, f'Add a group with class="stamp n{missing[0]}", and so on.')
    if beyond:
        says = f"The card counts to {of}; these stamps would never fill: {_listed(beyond)}."
        yield error(strip.name, says, "Take them out, or raise [stamps] of in design.toml.")
    for number, halves in sorted(strip.stamps.items()):
        for half in sorted({"filled", "empty"} - halves):
            says = f"Stamp {number} has no {half} shape."
            yield error(strip.name, says, f'Give one of its shapes class="{half}".')


def _listed(numbers: list[int]) -> str:
    return ", ".join(f"n{number}" for number in numbers)


def _room(base: str) -> str:
    width, height = _POINTS[base]
    return f"{width} × {height}"
