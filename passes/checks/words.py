"""Whether the text files say what they should, all the same in every language."""

from __future__ import annotations

from collections.abc import Iterator

from passes import widths
from passes.facts import CARD_FACTS, names_in
from passes.issues import Issue, error, warning
from passes.plan import GROUPS, Plan
from passes.reading import DESIGN

_FILLED = {"until": frozenset({"date"}), "picture": CARD_FACTS}
"""Texts into which facts are put; any other stands as it is."""

_LABEL_EMS = {"header": 9.0, "primary": 18.0, "secondary": 28.0, "auxiliary": 28.0, "back": 60.0}
"""Where Wallet begins to cut a label."""


def check(plan: Plan) -> Iterator[Issue]:
    yield from _same_in_all(plan)
    yield from _used(plan)
    yield from _placeholders(plan)
    yield from _labels_fit(plan)


def _wanted(plan: Plan) -> set[str]:
    return {"description", *_FILLED, *plan.localised_keys()} | {
        field.text for group in GROUPS for field in plan.fields[group] if field.text
    }


def _same_in_all(plan: Plan) -> Iterator[Issue]:
    # What a field needs is an error of reading already; here are the words that may be left out.
    for key in sorted(_FILLED):
        having = sorted(language for language, words in plan.texts.items() if key in words)
        if not having or (key == "until" and _until_is_needed(plan)):
            continue
        for language in sorted(plan.texts.keys() - set(having)):
            says = f"{key!r} is missing here, and {having[0]}.toml has it."
            yield error(f"{language}.toml", says, f'Add {key} = "…".')


def _until_is_needed(plan: Plan) -> bool:
    return any(field.each for group in GROUPS for field in plan.fields[group])


def _used(plan: Plan) -> Iterator[Issue]:
    wanted = _wanted(plan)
    for language, words in sorted(plan.texts.items()):
        for key in sorted(words.keys() - wanted):
            says = "No field uses these words."
            yield warning(f"{language}.toml, {key}", says, "Take them out, or mend the key.")


def _placeholders(plan: Plan) -> Iterator[Issue]:
    for language, words in sorted(plan.texts.items()):
        for key, text in sorted(words.items()):
            where = f"{language}.toml, {key}"
            yield from _change_message(where, text)
            names = names_in(text)
            if key not in _FILLED and names:
                says = f"{{{names[0]}}} would be read as it stands: fixed words hold no facts."
                yield warning(where, says, "Use a field with a value for facts.")
            for name in names:
                if key in _FILLED and name not in _FILLED[key]:
                    mend = f"Known here: {', '.join(sorted(_FILLED[key]))}."
                    yield error(where, f"There is no fact {{{name}}}.", mend)
            if key == "until" and "date" not in names:
                yield error(where, "The last day has no place.", "Put {date} into the words.")
    for group in GROUPS:
        for field in plan.fields[group]:
            yield from _change_message(f"{DESIGN}, [[{group}]] {field.key}", field.value or "")


def _change_message(where: str, text: str) -> Iterator[Issue]:
    if "%@" in text:
        says = "%@ would be read as it stands: the change message is the service's own."
        yield warning(where, says, "Take it out; the news field speaks the whole sentence.")


def _labels_fit(plan: Plan) -> Iterator[Issue]:
    for group in GROUPS:
        for field in plan.fields[group]:
            for language in sorted(plan.texts):
                label = plan.text(field.label, language) if field.label else None
                if label and widths.ems(label.upper()) > _LABEL_EMS[group]:
                    says = f"{label!r} is too long for a label in [[{group}]] and will be cut."
                    yield warning(f"{language}.toml, {field.label}", says, "Find a shorter word.")
