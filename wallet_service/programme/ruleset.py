"""What a programme is: the file `programmes/<name>.toml`, checked and frozen.

An unknown key, a missing language or a unit that is not counted is refused with its place.
"""

import hashlib
import json
import tomllib
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    Field,
    PrivateAttr,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from wallet_service.errors import StartError
from wallet_service.language import Phrase, Words
from wallet_service.programme.earning import EarnRule, Multiplier
from wallet_service.programme.faults import faults
from wallet_service.programme.lifetimes import Expiry, Pending
from wallet_service.programme.part import Channel, InLanguages, Key, Part, Unit, refuse
from wallet_service.programme.returning import Returns
from wallet_service.programme.rewards import Reward
from wallet_service.programme.switches import Limits, Loyal
from wallet_service.programme.tiers import Tier, Tiers


class ProgrammeFault(StartError):
    """The file is no programme; the message names every place and what is wrong there.

    `faults` has them one by one.
    """

    def __init__(self, sentence: str, faults: tuple[str, ...] = ()) -> None:
        self.faults = faults or (sentence,)
        super().__init__(sentence)


class StampCard(Part):
    """The card: how many stamps fill it, those on it from the start, and what is left over."""

    card: int = Field(ge=2, le=30)
    welcome: int = Field(default=0, ge=0, le=10)  # bonus stamps at joining
    roll_over: bool = True  # stamps beyond a full card stand on the next


class Ruleset(Part):
    """One version of a programme's rules and words."""

    key: Key
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    languages: Annotated[list[Literal["en", "fi", "sv"]], Field(min_length=1)]
    time_zone: str
    units: Annotated[list[Unit], Field(min_length=1)]
    name: InLanguages
    stamps: StampCard | None = None
    earn: Annotated[list[EarnRule], Field(min_length=1)]
    multiply: list[Multiplier] = Field(default=[])
    reward: list[Reward] = Field(default=[])
    tiers: Tiers | None = None
    expiry: dict[Unit, Expiry] = Field(default={})
    pending: dict[Unit, Pending] = Field(default={})
    returns: Returns = Returns()
    limits: Limits = Limits()
    loyal: Loyal = Loyal()
    consents: dict[Channel, InLanguages] = Field(default={})
    # Of the brand, not of the file; so it is no part of what makes two versions differ.
    _brand_language: str = PrivateAttr("en")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def title(self) -> Words:
        """The programme's name as part of a sentence."""
        return self.words(self.name)

    def words(self, said: InLanguages, **parts: int | Phrase) -> Words:
        """Something that the file says, as part of a sentence."""
        return Words(words=said, parts=parts, fallback=self._brand_language)

    def consent_wording(self, channel: str, language: str) -> str:
        """What a member says yes to by `channel`, or nothing when the programme does not ask."""
        words = self.consents.get(channel, {})  # type: ignore[call-overload]
        return self.words(words).say(language)

    @property
    def card_reward(self) -> Reward | None:
        """What a full stamp card brings."""
        of_card = [
            each for each in self.reward if each.unit == "stamps" and each.comes == "by_itself"
        ]
        return max(of_card, key=lambda each: each.cost, default=None)

    @property
    def keyed(self) -> tuple[tuple[str, EarnRule], ...]:
        """The rules with their keys; one without is called as its unit, the next `unit-2`."""
        places: dict[str, int] = {}
        found = []
        for rule in self.earn:
            place = places[rule.unit] = places.get(rule.unit, 0) + 1
            found.append((rule.key or (rule.unit if place == 1 else f"{rule.unit}-{place}"), rule))
        return tuple(found)

    def reward_of(self, key: str) -> Reward | None:
        """The reward of a key."""
        return next((each for each in self.reward if each.key == key), None)

    def tier_of(self, key: str | None) -> Tier | None:
        """The tier of a key."""
        return next(
            (each for each in (self.tiers.tier if self.tiers else ()) if each.key == key), None
        )

    def content_hash(self) -> str:
        """The same for the same rules and words, however the file is laid out."""
        plain = self.model_dump(mode="json")
        text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @field_validator("time_zone")
    @classmethod
    def _zone_exists(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError(f"{name} is no name of the time zone database, as Europe/Helsinki is")
        return name

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        refuse(faults(self))
        return self


def read(toml: str, brand_language: str = "en") -> Ruleset:
    """The rules that a file says. Raises ProgrammeFault, with every place.

    `brand_language` is read by whoever speaks none of the file's.
    """
    try:
        rules = Ruleset.model_validate(tomllib.loads(toml))
    except tomllib.TOMLDecodeError as error:
        raise ProgrammeFault(f"The programme is not TOML: {error}.") from None
    except ValidationError as error:
        places = tuple(
            f"{'.'.join(str(step) for step in each['loc']) or 'programme'}: {said}"
            for each in error.errors(include_url=False, include_input=False)
            for said in _said(each["msg"])
        )
        raise ProgrammeFault(f"The programme has faults. {'; '.join(places)}.", places) from None
    rules._brand_language = brand_language
    return rules


def _said(message: str) -> list[str]:
    if message == "Extra inputs are not permitted":
        return ["is not known here"]
    if message.startswith("Value error, "):
        return message.removeprefix("Value error, ").split("\n")
    return [message]
