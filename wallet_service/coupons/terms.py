"""Terms: whether an offer's key, words and promise stand in this brand; every fault, its place."""

import unicodedata
from collections.abc import Iterator, Mapping

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection

from wallet_service import brands, programme
from wallet_service.coupons import codes, offering
from wallet_service.coupons.promise import Promise
from wallet_service.language import LANGUAGES
from wallet_service.programme.part import InLanguages, Key

_KEY = TypeAdapter[str](Key)
_WORDS = TypeAdapter[InLanguages](InLanguages)


def faults(
    connection: Connection,
    brand_id: str,
    key: str,
    name: Mapping[str, str],
    terms: Mapping[str, str],
    promised: Promise,
) -> Iterator[tuple[str, str]]:
    try:
        _KEY.validate_python(key)
    except ValidationError:
        yield "key", "is 1 to 40 small letters, digits, - and _, a letter first"
    if programme.of_brand(connection, brand_id).rules.reward_of(key) is not None:
        yield "key", "is that of a reward of the programme"
    language = brands.get(connection, brand_id).language
    for field, words in (("name", name), ("terms", terms)):
        try:
            _WORDS.validate_python(dict(words))
        except ValidationError:
            yield field, "has words of nothing, or of more than 2000 letters"
        for tag in sorted(words.keys() - set(LANGUAGES)):
            yield f"{field}.{tag}", "is no language of the service"
        if (words or field == "name") and language not in words:
            yield f"{field}.{language}", "is missing, the brand's own language"
    if promised.ticket is not None:
        for field, said in (("event", promised.ticket.event), ("place", promised.ticket.place)):
            if said is not None and not _is_one_line(said):
                yield f"ticket.{field}", "has line breaks, or characters that nobody sees"
    shops = {each.location_id for each in brands.locations(connection, brand_id)}
    for place, location_id in enumerate(promised.conditions.locations or ()):
        if location_id not in shops:
            yield f"conditions.locations.{place}", "is no shop of the brand"
    if promised.then is not None:
        theirs = offering.of_key(connection, brand_id, promised.then)
        if promised.then == key:
            yield "then", "is the offer itself"
        elif theirs is None:
            yield "then", "is no offer of the brand"
    if (shared := promised.shared_code) is not None:
        holder = offering.by_shared_code(connection, brand_id, shared)
        if holder is not None and holder.key != key and holder.ended_at is None:
            yield "shared_code", f"is that of the offer {holder.key}"
        if codes.normalise(shared) is not None:
            yield "shared_code", "looks like the code of a coupon"


def _is_one_line(text: str) -> bool:
    """Whether a pass can show it as it is, with nothing that turns what stands after it round."""
    return not any(
        unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp")
        or unicodedata.bidirectional(each) in _TURNING
        for each in text
    )


_TURNING = frozenset(["LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"])
