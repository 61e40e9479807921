"""The figures of a case as a page shows them: typed text, what is known of each, and the error beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openfls.toolkit.case.editing import own_key, typed_text
from openfls.toolkit.case.questions import Question, Standing, of_group, standing
from openfls.toolkit.case.settings import SETTINGS, Setting
from openfls.toolkit.case.state import Case
from openfls.toolkit.caseload import SEXES, SITES
from openfls.toolkit.labels import section


@dataclass(frozen=True, slots=True)
class Block:
    """One question."""

    question: Question
    now: Standing
    text: str
    low: str
    high: str
    source: str
    year: str
    assumed: bool
    published: str
    error: str

    @property
    def id(self) -> str:
        """For its field."""
        return field_id(self.question.key)


@dataclass(frozen=True, slots=True)
class SettingShown:
    """One setting."""

    setting: Setting
    text: str
    error: str

    @property
    def id(self) -> str:
        """For its field."""
        return field_id(self.setting.key)


@dataclass(frozen=True, slots=True)
class OwnCountShown:
    """A row of the own counts: people of one site and sex."""

    words: str
    names: tuple[str, str]
    texts: tuple[str, str]
    error: str


def field_id(key: str) -> str:
    """The id of the field of a question."""
    return "id_" + key.replace(".", "_")


def blocks(
    case: Case, group: str, typed: Mapping[str, str], errors: Mapping[str, str]
) -> dict[str, list[Block]]:
    """The questions of a page by the heading that they stand under."""
    found: dict[str, list[Block]] = {}
    for question in of_group(group):
        heading = section(question.key)
        found.setdefault(heading, []).append(_block(question, case, typed, errors))
    return found


def _block(question: Question, case: Case, typed: Mapping[str, str], errors: Mapping[str, str]) -> Block:
    now, key = standing(question, case.figures), question.key
    published = ""
    if now.own and question.known is not None:
        published = f"{typed_text(question.known.value, question.scale)} ({question.known.source})"
    return Block(
        question=question,
        now=now,
        text=typed.get(key, typed_text(now.value, question.scale)),
        low=typed.get(f"{key}.low", typed_text(now.low, question.scale)),
        high=typed.get(f"{key}.high", typed_text(now.high, question.scale)),
        source=typed.get(f"{key}.source", now.source if now.value is not None else ""),
        year=typed.get(f"{key}.year", now.price_year),
        assumed=f"{key}.assumed" in typed if typed else now.confidence == "assumption",
        published=published,
        error=errors.get(key, ""),
    )


def settings_shown(
    case: Case, group: str, typed: Mapping[str, str], errors: Mapping[str, str]
) -> list[SettingShown]:
    """The settings of a page."""
    return [
        SettingShown(
            setting,
            typed.get(setting.key, case.figures.choices.get(setting.key, setting.usual)),
            errors.get(setting.key, ""),
        )
        for setting in SETTINGS.values()
        if setting.group == group
    ]


_SITES = {"hip": "Hip", "vertebral": "Spine", "other": "Other sites"}
_SEXES = {"female": "women", "male": "men"}


def own_counts(case: Case, typed: Mapping[str, str], errors: Mapping[str, str]) -> list[OwnCountShown]:
    """The rows of the own counts."""
    kept = {(row.site, row.sex): row for row in case.figures.own}
    found = []
    for site in SITES:
        for sex in SEXES:
            row = next((each for place, each in kept.items() if place == (site, sex)), None)
            texts = ("", "") if row is None else (typed_text(row.per_year), typed_text(row.age))
            names = (own_key(site, sex, "n"), own_key(site, sex, "age"))
            found.append(
                OwnCountShown(
                    f"{_SITES[site]}, {_SEXES[sex]}",
                    names,
                    (typed.get(names[0], texts[0]), typed.get(names[1], texts[1])),
                    errors.get(names[0], ""),
                )
            )
    return found
