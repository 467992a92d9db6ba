"""Opening a shop: a brand with its first location, its programme and its look, in one go."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from passes.design import Design
from wallet_service import brands
from wallet_service.brands import Brand, designs
from wallet_service.db import Database
from wallet_service.errors import StartError
from wallet_service.phones import outbox
from wallet_service.programme import versions
from wallet_service.shipped import shipped

# What each starter is made of: the programme's file, the design's folder, and the invented name
# that stands in them until a shop puts its own.
STARTERS = {"florist": ("florist.toml", "kielo", "Kielo")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """What somebody says who opens a shop."""

    name: str
    contact_email: str
    language: str = "en"
    time_zone: str = "Europe/Helsinki"
    starter: str = "florist"
    location: str = ""


def open_shop(connection: Connection, shop: Shop, folder: Path) -> Path:
    """Make the brand, and write its design to `folder`/designs to be changed there.

    Returns the design's folder. Raises StartError.
    """
    if not re.fullmatch(r"[^\"\\{}<>\x00-\x1f]{1,60}", shop.name):
        raise StartError("A shop's name has 1 to 60 characters, without quotes, braces or <>.")
    if not re.fullmatch(r"[^@\s\"\\]+@[^@\s\"\\]+", shop.contact_email):
        raise StartError(f"{shop.contact_email} is no e-mail address.")
    programme, look, invented = STARTERS[shop.starter]
    try:
        brand = brands.add(
            connection,
            name=shop.name,
            language=shop.language,
            time_zone=shop.time_zone,
            contact_email=shop.contact_email,
        )
    except (KeyError, ValueError):
        raise StartError(f"{shop.time_zone} is no time zone, as Europe/Helsinki is.") from None
    brands.add_location(connection, brand.brand_id, name=shop.location or shop.name)

    def renamed(text: str) -> str:
        text = text.replace("hei@kielo.example", shop.contact_email)
        text = text.replace(f'"{invented.lower()}"', f'"{slug(shop.name)}"')
        return text.replace(invented, shop.name)

    toml = renamed(shipped("templates", "programmes", programme).read_text())
    versions.apply(connection, brand.brand_id, toml)
    target = folder / "designs" / slug(shop.name)
    if not target.exists():
        _copy(shipped("templates", "designs", look), target, renamed)
    designs.apply(connection, brand.brand_id, target.name, Design.load(target))
    return target


def slug(name: str) -> str:
    """A name as part of an address: lower case, ASCII letters, digits and hyphens."""
    plain = name.lower().translate(str.maketrans("åäöéü", "aaoeu"))
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40]
    return words if words[:1].isalpha() else f"shop-{words}".rstrip("-")


def _copy(source: Path, target: Path, renamed: Callable[[str], str]) -> None:
    target.mkdir(parents=True)
    for file in sorted(source.iterdir()):
        if file.suffix == ".toml":
            (target / file.name).write_text(renamed(file.read_text()))
        elif file.is_file():
            (target / file.name).write_bytes(file.read_bytes())


def wear(database: Database, brand: Brand, folder: Path) -> int:
    """Put a design into use, and let every pass of the brand show it. Returns its version.

    Interrupted, it may be called again: a pass that shows the design already tells no phone.
    """
    looks = Design.load(folder)
    looks.pack()  # drawn before the transaction, as it takes a second, and kept
    version = database.run(designs.apply, brand.brand_id, folder.name, looks)
    done: str | None = ""
    while done is not None:
        done = database.run(outbox.changed_in_brand, brand.brand_id, after=done)
    return version
