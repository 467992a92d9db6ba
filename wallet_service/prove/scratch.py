"""Scratch: a shop of its own to prove things on, in an empty folder or an empty database."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random

from sqlalchemy import Connection

from passes.design import Design
from wallet_service import brands, config, migrations
from wallet_service.audit import SERVICE
from wallet_service.backup import dumping
from wallet_service.brands import api_keys, designs
from wallet_service.config import PREFIX
from wallet_service.db import Database
from wallet_service.errors import StartError
from wallet_service.practice.apns import PretendApns
from wallet_service.practice.phones import Phones
from wallet_service.programme import versions
from wallet_service.prove.asking import Asking
from wallet_service.prove.invariant import Scale
from wallet_service.prove.serving import BUILD, Serving, environment_for
from wallet_service.prove.shop import Key, Shop
from wallet_service.shipped import shipped
from wallet_service.starting import make_key, write_settings
from wallet_service.wallet import Wallet, practice_certificates

_PROGRAMME = Path(__file__).with_name("programme.toml")
_LOOK = "kielo"
# On PostgreSQL the tills race across processes; SQLite has one. One of them delivers, since in
# practice mode each has an address of its own, and a pass says whose it is.
_ROLES = {"sqlite": ("all",), "postgresql": ("all", "web")}
# By the policy of its programme for what comes back, each brand: its keys.
_BRANDS = {
    "within_balance": (Key.MAIN, Key.HURRIED, Key.TILL_1, Key.TILL_2),
    "unlimited": (Key.OWING,),
    "only_pending": (Key.KEEPING,),
}


@contextmanager
def opened(
    folder: Path,
    url: str | None = None,
    *,
    scale: Scale,
    seed: int,
    command: Sequence[str] = BUILD,
) -> Iterator[Shop]:
    """The shop, served by `command` until the end of the block.

    `url` is an empty PostgreSQL database; left out, the shop has SQLite in `folder`, which is
    empty, too. Raises StartError.
    """
    with ExitStack() as held:
        write_settings(folder / "config.toml")
        said = {f"{PREFIX}DATABASE__URL": url} if url else {}
        settings = config.load(folder / "config.toml", environment=said)
        make_key(settings)
        made = practice_certificates(settings)
        wallet = Wallet.open(settings)
        held.callback(wallet.close)
        if not wallet.database.is_sqlite:
            _require_empty(wallet.database)
        migrations.upgrade(wallet.database)
        design = Design.load(shipped("templates", "designs", _LOOK))
        design.pack()  # drawn once for all brands, and before anything of the database is held
        keys = wallet.database.run(_open, design)

        phones = Phones(made.root)
        held.callback(phones.stop)
        apns = held.enter_context(PretendApns(made, on_push=phones.push, known=phones.knows))
        environment = environment_for(said | {f"{PREFIX}APPLE__APNS_URL": apns.url})
        roles = _ROLES[wallet.database.url.get_backend_name()]
        serving = [Serving(folder, environment, command, role) for role in roles]
        for each in serving:
            held.callback(each.kill)
            each.start()
        yield Shop(
            scale=scale,
            chance=Random(seed),  # noqa: S311 - it shall be the same again
            folder=folder,
            environment=environment,
            database=wallet.database,
            links=wallet.links,
            keys=keys,
            serving=serving,
            asking=Asking(ports=[each.port for each in serving]),
            phones=phones,
        )


def _require_empty(database: Database) -> None:
    if not dumping.is_empty(database):
        raise StartError(
            f"The database {database.url.database} is not empty. Proving invents sales and kills"
            " the service, so it wants a database of its own: make an empty one (createdb)."
        )


def _open(connection: Connection, design: Design) -> Mapping[Key, str]:
    rules = _PROGRAMME.read_text()
    keys = {}
    for policy, names in _BRANDS.items():
        brand = brands.add(
            connection,
            name=f"Proof {policy.replace('_', ' ')}",
            contact_email="proof@shop.example",
            actor=SERVICE,
        )
        brands.add_location(connection, brand.brand_id, name=brand.name, actor=SERVICE)
        own = rules.replace('policy = "within_balance"', f'policy = "{policy}"')
        versions.apply(connection, brand.brand_id, own, actor=SERVICE)
        designs.apply(connection, brand.brand_id, _LOOK, design, actor=SERVICE)
        for name in names:
            _, keys[name] = api_keys.create(
                connection,
                brand.brand_id,
                name=name,
                scopes=api_keys.ALL,
                source=name,
                unhurried=name is not Key.HURRIED,
                actor=SERVICE,
            )
    return keys
