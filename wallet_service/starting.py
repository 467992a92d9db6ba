"""Opening a shop: a brand with its first location, its programme and its look, in one go."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import Connection

from passes.design import Design
from wallet_service import brands, keys
from wallet_service.access import hiring
from wallet_service.audit import COMMAND, Actor
from wallet_service.brands import Brand, designs, words
from wallet_service.brands.brand import check, free_slug
from wallet_service.brands.roles import Role
from wallet_service.brands.staff import Staff
from wallet_service.config import Config
from wallet_service.db import Database
from wallet_service.errors import StartError
from wallet_service.keys import Keyring
from wallet_service.language import phrase
from wallet_service.phones import outbox
from wallet_service.programme import versions
from wallet_service.shipped import shipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Starter:
    """What a kind of shop begins with: the files that come with the service, and the invented
    name that stands in them until a shop puts its own."""

    programme: str
    design: str
    name: str


STARTERS = {
    "florist": Starter(programme="florist.toml", design="kielo", name="Kielo"),
    "restaurant": Starter(programme="restaurant.toml", design="rove", name="Rove"),
    "hotel": Starter(programme="hotel.toml", design="saari", name="Saari"),
    "dealer": Starter(programme="dealer.toml", design="polku", name="Polku"),
}


def starter_of(name: str) -> Starter:
    """What a kind of shop begins with. Raises StartError."""
    found = STARTERS.get(name)
    if found is None:
        raise StartError(f"There is no starter {name}. There are: {', '.join(STARTERS)}.")
    return found


def write_settings(file: Path) -> bool:
    """Write the settings that come with the service, all commented; False where there are some."""
    if file.exists():
        return False
    file.write_text(shipped("config.toml").read_text())
    return True


def make_key(settings: Config) -> None:
    """Make the key that links derive from, unless the settings have one or its file is there."""
    if not settings.service.secret_key.get_secret_value():
        keys.make(settings.path(settings.service.secret_key_file))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """What somebody says who opens a shop. What is left empty does not stand on the passes.

    The first of `locations` is at `address`; without any there is one, called as the shop.
    """

    name: str
    contact_email: str
    contact_phone: str = ""
    website: str = ""
    address: str = ""
    language: str = "en"
    time_zone: str = "Europe/Helsinki"
    starter: str = "florist"
    locations: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raises Refusal, or StartError for what a brand does not keep."""
        starter_of(self.starter)
        check(
            Brand(
                brand_id="",
                slug="",
                name=self.name,
                language=self.language,
                time_zone=self.time_zone,
                contact_email=self.contact_email,
                contact_phone=self.contact_phone,
                website=self.website,
            )
        )
        if not words.is_line(self.address):
            raise StartError("A phone number and an address have no quotes, braces or <>.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A shop that was just opened, and where its design lies."""

    brand: Brand
    design: Path


def draw(database: Database, shop: Shop, folder: Path) -> Design:
    """The look that `open_shop` will take, drawn while nothing of the database is held.

    It takes seconds; a till beside that waits for the transaction must not wait for them.
    """
    starter = starter_of(shop.starter)
    with database.read() as connection:
        slug = free_slug(connection, shop.name)
    target = folder / "designs" / slug
    if target.exists():
        design = Design.load(target)
    else:
        source = shipped("templates", "designs", starter.design)
        design = Design.from_files(_files(source, _renaming(shop, slug, starter.name)))
    design.pack()
    return design


def open_shop(
    connection: Connection, shop: Shop, folder: Path, drawn: Design | None = None
) -> Opened:
    """Make the brand, and write its design to `folder`/designs to be changed there.

    `drawn` is what `draw` drew. Raises StartError or a Refusal.
    """
    starter = starter_of(shop.starter)
    brand = brands.add(
        connection,
        name=shop.name,
        language=shop.language,
        time_zone=shop.time_zone,
        contact_email=shop.contact_email,
        contact_phone=shop.contact_phone,
        website=shop.website,
        actor=COMMAND,
    )
    for place, location in enumerate(shop.locations or (shop.name,)):
        brands.add_location(
            connection,
            brand.brand_id,
            name=location,
            address="" if place else shop.address,
            actor=COMMAND,
        )

    renamed = _renaming(shop, brand.slug, starter.name)
    toml = renamed(shipped("templates", "programmes", starter.programme).read_text())
    versions.apply(connection, brand.brand_id, toml, actor=COMMAND)
    target = folder / "designs" / brand.slug
    if not target.exists():
        _copy(shipped("templates", "designs", starter.design), target, renamed)
    design = Design.load(target)
    if drawn == design:  # unless somebody took the name, or changed the folder, meanwhile
        design = drawn
    designs.apply(connection, brand.brand_id, target.name, design, actor=COMMAND)
    return Opened(brand=brand, design=target)


def let_owner_in(
    connection: Connection, keyring: Keyring, brand: Brand, *, name: str = "", email: str = ""
) -> tuple[Staff, str]:
    """The shop's first owner, and the token of the invitation to sign in with."""
    hired = hiring.hire(
        connection,
        keyring,
        brand,
        name or phrase("Owner").say(brand.language),
        role=Role.OWNER,
        email=email or brand.contact_email,
        actor=COMMAND,
    )
    assert hired.token is not None
    return hired.staff, hired.token


def _renaming(shop: Shop, slug: str, invented: str) -> Callable[[str], str]:
    """How a starter's text becomes the shop's own."""
    host = urlsplit(shop.website).hostname or shop.name
    said = {
        "language": shop.language,
        "email": shop.contact_email,
        "phone": shop.contact_phone,
        "website": shop.website,
        "address": shop.address,
    }

    def renamed(text: str) -> str:
        if "[contact]" in text:
            head, contact, tail = _parts(text)
            text = _said(head, {"language": shop.language}) + _said(contact, said) + tail
        text = text.replace(f'"{invented.lower()}.example"', f'"{host}"')
        text = text.replace(f'"{invented.lower()}"', f'"{slug}"')
        if " " in shop.name:  # Finnish and Swedish join names of several words in their own ways
            text = text.replace(f"{invented}-kortti", f"{shop.name} -kortti")
            text = text.replace(f"{invented}kort", f"{shop.name}-kort")
        return text.replace(invented, shop.name)

    return renamed


def _parts(design: str) -> tuple[str, str, str]:
    """A design's settings before [contact], those in it, and the rest."""
    before, _, behind = design.partition("[contact]")
    inside, mark, rest = behind.partition("\n[")
    return before, f"[contact]{inside}", mark + rest


def _said(settings: str, values: Mapping[str, str]) -> str:
    """The settings with these values in the place of the invented ones; an empty one is put in
    comment. The values hold no quotes: a `Shop` refuses them."""
    lines = settings.split("\n")
    for place, line in enumerate(lines):
        key, is_setting, rest = line.partition(" = ")
        if is_setting and key in values:
            _, _, behind = rest.removeprefix('"').partition('"')
            said = f'{key} = "{values[key]}"{behind}'
            lines[place] = said if values[key] else f"# {said}"
    return "\n".join(lines)


def _copy(source: Path, target: Path, renamed: Callable[[str], str]) -> None:
    target.mkdir(parents=True)
    for name, content in _files(source, renamed).items():
        (target / name).write_bytes(content)


def _files(source: Path, renamed: Callable[[str], str]) -> dict[str, bytes]:
    return {
        file.name: renamed(file.read_text()).encode()
        if file.suffix == ".toml"
        else file.read_bytes()
        for file in sorted(source.iterdir())
        if file.is_file()
    }


def wear(database: Database, brand: Brand, folder: Path, *, actor: Actor = COMMAND) -> int:
    """Put a design into use, and let every pass of the brand show it. Returns its version.

    Interrupted, it may be called again: a pass that shows the design already tells no phone.
    """
    looks = Design.load(folder)
    looks.pack()  # drawn before the transaction, as it takes a second, and kept
    version = database.run(designs.apply, brand.brand_id, folder.name, looks, actor=actor)
    done: str | None = ""
    while done is not None:
        done = database.run(outbox.changed_in_brand, brand.brand_id, after=done)
    return version
