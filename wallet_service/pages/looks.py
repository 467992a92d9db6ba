"""Where a page finds a design's colours and pictures."""

from dataclasses import dataclass

from passes.design import Design


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A design as a page needs it; a picture the design lacks is None."""

    css: str
    css_class: str
    strip: str | None
    logo: str | None
    icon: str | None


def of(design: Design, state: int = 0) -> Look:
    """The look of a design, its strip with so many stamps."""
    root = f"/design/{design.content_hash}/"

    def picture(base: str) -> str | None:
        name = design.public_name(base, state)
        return root + name if name else None

    return Look(
        css=root + "brand.css",
        css_class=design.css_class,
        strip=picture("strip"),
        logo=picture("logo"),
        icon=picture("icon"),
    )
