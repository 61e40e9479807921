"""The fields of each paper of the kit, and what was typed into them checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from openfls.toolkit.case.state import Case
from openfls.toolkit.kit.local import data

STATES = {
    "": "Not judged yet",
    "met": "Met",
    "partly": "Partly met",
    "not met": "Not met",
}
LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a paper. ``key`` is ``paper.field``."""

    key: str
    label: str
    hint: str = ""
    long: bool = False
    number: bool = False
    options: tuple[tuple[str, str], ...] = ()
    group: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class PaperForm:
    """A paper's page: its title, its one sentence, its fields."""

    name: str
    title: str
    lead: str
    fields: tuple[Field, ...]


@cache
def papers() -> Mapping[str, PaperForm]:
    """Every paper of the kit by its name, in order."""
    found = {}
    for row in data("kit")["papers"]:
        fields = [
            Field(
                key=f"{row['name']}.{each['key']}",
                label=each["label"],
                hint=each.get("hint", ""),
                long=each.get("long", False),
                number=each.get("number", False),
                options=_options(each.get("choice", [])),
            )
            for each in row.get("fields", [])
        ]
        fields += _EACH.get(row.get("each", ""), lambda: [])()
        found[row["name"]] = PaperForm(row["name"], row["title"], row["lead"], tuple(fields))
    return found


def _options(choice: list[str]) -> tuple[tuple[str, str], ...]:
    if not choice:
        return ()
    names = {each["id"]: each["name"] for each in data("evidence")["models"]}
    return (("", "Not chosen yet"), *((each, f"{each}: {names.get(each, each)}") for each in choice))


def _standards() -> list[Field]:
    found = []
    for each in data("standards")["standards"]:
        key, group = f"gap-analysis.{each['number']}", f"{each['number']}. {each['title']}"
        found += [
            Field(
                f"{key}.state",
                "How it stands",
                options=tuple(STATES.items()),
                group=group,
                about=each["words"],
            ),
            Field(f"{key}.evidence", "How you know", each["ask"], long=True, group=group),
            Field(f"{key}.action", "What is to be done", group=group),
            Field(f"{key}.who", "Who", group=group),
            Field(f"{key}.when", "By when", group=group),
        ]
    return found


def _steps() -> list[Field]:
    found = []
    for each in data("kit")["steps"]:
        group = f"{each['phase']}: {each['words']}"
        found += [
            Field(f"project-plan.{each['key']}.who", "Who", group=group),
            Field(f"project-plan.{each['key']}.when", "By when", group=group),
        ]
    return found


def _indicators() -> list[Field]:
    return [
        Field(
            f"indicators.{each['key']}",
            f"{each['title']}: what you aim at",
            f"{each['words']}. The national audit's green: {each['usual']}.",
        )
        for each in data("kit")["indicators"]
    ]


_EACH = {"standards": _standards, "steps": _steps, "indicators": _indicators}


def written(case: Case, name: str, given: Mapping[str, str]) -> tuple[Case, dict[str, str]]:
    """The case with what was written on a paper's page, and the errors by field; with one, nothing is changed."""
    words, errors = dict(case.words), {}
    for field in papers()[name].fields:
        if field.key not in given:
            continue
        text = given[field.key].replace("\r\n", "\n").strip()
        if len(text) > LONGEST:
            errors[field.key] = f"{field.label}: at most {LONGEST:,} characters"
        elif field.options and text not in dict(field.options):
            errors[field.key] = f"{field.label}: choose one of the answers"
        elif field.number and text and not _is_amount(text):
            errors[field.key] = f"{field.label}: “{text[:40]}” is no number from zero up"
        elif text:
            words[field.key] = text
        else:
            words.pop(field.key, None)
    if errors:
        return case, errors
    return case.model_copy(update={"words": words}), {}


def _is_amount(text: str) -> bool:
    try:
        return 0 <= float(text.replace(",", "").replace("%", "")) < 1e7
    except ValueError:
        return False
