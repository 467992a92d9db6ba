"""The levels of security in words: what each sets, why, and what choosing another will do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from wallet_service.brands import levels
from wallet_service.brands.levels import LEVELS, Level, LevelName
from wallet_service.language import Phrase, phrase, phrases


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing that levels set: what it is, why it is set at all, and each level's own."""

    what: Phrase
    why: Phrase
    of: dict[LevelName, Phrase]

    @property
    def differs(self) -> bool:
        return len({each.say("en") for each in self.of.values()}) > 1


def who_for(name: LevelName) -> Phrase:
    """Whom a level is meant for."""
    match name:
        case LevelName.SHOP:
            return phrase("A few people who know each other.")
        case LevelName.CHAIN:
            return phrase("Many people at several places, some of them new.")
        case LevelName.STRICT:
            return phrase("Where it must be shown that no one person can do harm alone.")


def rows() -> tuple[Row, ...]:
    """Everything that a level sets, as a table that people can read."""
    return tuple(
        Row(what=what, why=why, of={name: said(level) for name, level in LEVELS.items()})
        for what, why, said in _ROWS()
    )


def consequences(before: Level, after: Level) -> tuple[Phrase, ...]:
    """What will happen to people at once when `after` takes the place of `before`."""
    said: list[Phrase] = []
    if after.second_factor and not before.second_factor:
        said.append(
            phrase(
                "Whoever is signed in with a password alone is asked to set up a second factor"
                " before going on."
            )
        )
    if before.second_factor and not after.second_factor:
        said.append(phrase("A second factor is left to each person; those who have one keep it."))
    if after.session_lasts < before.session_lasts or after.session_idle < before.session_idle:
        said.append(
            phrase(
                "Sign-ins end sooner: after {idle} without a touch, and after {lasts} in any case."
                " Some people will have to sign in again at once.",
                idle=lasting(after.session_idle),
                lasts=lasting(after.session_lasts),
            )
        )
    if after.pin_digits_min > before.pin_digits_min:
        said.append(
            phrases(
                "PINs of fewer than {n} digit stop working at the till; give new ones.",
                "PINs of fewer than {n} digits stop working at the till; give new ones.",
                after.pin_digits_min,
            )
        )
    if after.alone_max < before.alone_max:
        said.append(_alone(after))
    if before.erase_alone and not after.erase_alone:
        said.append(phrase("Erasing a member waits for a second person."))
    if before.cashier_returns and not after.cashier_returns:
        said.append(phrase("Cashiers take no goods back at the till any more."))
    if levels.is_stricter(before, after):
        said.append(phrase("What waits for a second person now goes on waiting."))
    return tuple(said)


def lasting(time: timedelta) -> Phrase:
    """How long, in the largest unit that fits."""
    minutes = int(time.total_seconds() // 60)
    if minutes % (24 * 60) == 0:
        return phrases("{n} day", "{n} days", minutes // (24 * 60))
    if minutes % 60 == 0:
        return phrases("{n} hour", "{n} hours", minutes // 60)
    return phrases("{n} minute", "{n} minutes", minutes)


def _alone(level: Level) -> Phrase:
    if level.alone_max == 0:
        return phrase("Every correction by hand waits for a second person.")
    if level.alone_max >= level.by_hand_max:
        return phrase("One person is enough.")
    return phrases(
        "More than {n} stamp by hand waits for a second person.",
        "More than {n} stamps by hand wait for a second person.",
        level.alone_max,
    )


def _ROWS() -> tuple[tuple[Phrase, Phrase, Callable[[Level], Phrase]], ...]:  # noqa: N802
    return (
        (
            phrase("Second factor"),
            phrase("A password can be read over a shoulder; a phone or a passkey cannot."),
            lambda level: phrase("everybody needs one") if level.second_factor
            else phrase("each person's own choice"),
        ),
        (
            phrase("Signed out when untouched for"),
            phrase("Somebody else may sit down at a screen that was left open."),
            lambda level: lasting(level.session_idle),
        ),
        (
            phrase("Signed out in any case after"),
            phrase("A stolen sign-in is of use only for so long."),
            lambda level: lasting(level.session_lasts),
        ),
        (
            phrase("Password or passkey asked again before grave changes after"),
            phrase("People, keys and this page decide over everything else."),
            lambda level: lasting(level.proof_lasts),
        ),
        (
            phrase("The till asks who is there after"),
            phrase("Stamps are given in the name of whoever showed the PIN."),
            lambda level: lasting(level.till_idle),
        ),
        (
            phrase("A shift at the till lasts at most"),
            phrase("A till that was left on overnight must not work for whoever comes first."),
            lambda level: lasting(level.shift_lasts),
        ),
        (
            phrase("Digits of a PIN, at least"),
            phrase("Five wrong ones lock it for a quarter of an hour, whatever its length."),
            lambda level: phrases("{n} digit", "{n} digits", level.pin_digits_min),
        ),
        (
            phrase("By hand at once, at most"),
            phrase("A slip of the finger stays small."),
            lambda level: phrases("{n} stamp", "{n} stamps", level.by_hand_max),
        ),
        (
            phrase("A second person for corrections"),
            phrase("Stamps are worth money; two pairs of eyes keep friends of the house away."),
            _alone,
        ),
        (
            phrase("A second person for erasing a member"),
            phrase("What was erased does not come back."),
            lambda level: phrase("One person is enough.") if level.erase_alone
            else phrase("Erasing a member waits for a second person."),
        ),
        (
            phrase("The till takes back what was bought within"),
            phrase("Goods from long ago are looked at in the office."),
            lambda level: lasting(level.returns_within),
        ),
        (
            phrase("Goods are taken back at the till by"),
            phrase("Coupons that were used with them can be used again."),
            lambda level: phrase("everybody who serves there") if level.cashier_returns
            else phrase("owners and managers"),
        ),
        (
            phrase("An invitation is good for"),
            phrase("A link that lies about lets in whoever finds it."),
            lambda level: lasting(level.invitation_lasts),
        ),
        (
            phrase("What phones complained of is kept for"),
            phrase("It helps to find a fault, and afterwards nobody needs it."),
            lambda level: lasting(level.device_log_kept),
        ),
        (
            phrase("Sign-ins are remembered for"),
            phrase("Long enough to look back when something seems wrong."),
            lambda level: lasting(level.sign_ins_kept),
        ),
    )  # fmt: skip


def in_a_line(level: Level) -> Phrase:
    """A level by its name and the two things that people notice."""
    return phrase(
        "Level {level}: a second factor is {factor}; signed out when untouched for {idle}.",
        level=levels.name_of(level.name),
        factor=phrase("needed") if level.second_factor else phrase("each person's own choice"),
        idle=lasting(level.session_idle),
    )
