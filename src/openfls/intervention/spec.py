"""The spec tables: rows of CSV that say what a rule must answer. They are the tests and, printed, the documentation.

A row is ``rule, given, expect, why``. ``given`` is ``name=value`` pairs joined by ``;``: a field of the picture or of a
`Situation`, or one of ``course``, ``fracture``, ``t``, ``spine_t``, ``frax``, ``history`` and ``known_on.FIELD``.
``course=denosumab from 2025-01-01 last 2025-07-01 doses 2 stopped 2026-01-01 then zoledronate on 2026-01-15``.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from openfls.intervention.facts import PLAIN
from openfls.intervention.situation import Course, Feed, Situation
from openfls.record.advice import Answer
from openfls.record.errors import BadInput
from openfls.record.people import Sex
from openfls.record.picture import BoneDensity, FraxResult, PastFracture, Picture
from openfls.record.sites import Site

T = TypeVar("T")

ON = date(2026, 6, 1)
"""The day of every row."""

_DAYS = {"plan_agreed_on", "found_on", "last_action_on", "index_on", "results_for"}
_FLAGS = {"very_high_risk", "started", "under_care", "before_plan", "deceased"}


@dataclass(frozen=True, slots=True)
class Case:
    """One row of a table."""

    rule: str
    given: str
    expect: Answer
    why: str
    situation: Situation


def load(path: Path) -> tuple[Case, ...]:
    """The rows of one table.

    Raises:
        BadInput: a row cannot be read; file and row are named.
    """
    return _rows(path, _case)


def _rows(path: Path, read: Callable[[dict[str, str]], T]) -> tuple[T, ...]:
    found = []
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            try:
                found.append(read(row))
            except (ValueError, KeyError, TypeError, BadInput) as error:
                raise BadInput(str(error), where=path.name, row=number) from error
    return tuple(found)


def _case(row: dict[str, str]) -> Case:
    situation = situation_of(row["given"])
    return Case(row["rule"], row["given"], Answer(row["expect"]), row["why"], situation)


@dataclass(frozen=True, slots=True)
class Promised:
    """One row of the table of the schedule: a course, and the day of one promise; None where it promises nothing."""

    rule: str
    given: str
    expect: date | None
    late_from: date | None
    why: str
    course: Course


def load_schedule(path: Path) -> tuple[Promised, ...]:
    """The rows of the schedule's table: ``rule, given, expect, late_from, why``.

    Raises:
        BadInput: a row cannot be read; file and row are named.
    """
    return _rows(path, _promised)


def _promised(row: dict[str, str]) -> Promised:
    on = None if row["expect"] == "none" else date.fromisoformat(row["expect"])
    late = date.fromisoformat(row["late_from"]) if row["late_from"] else None
    return Promised(row["rule"], row["given"], on, late, row["why"], _course(row["given"]))


def _pairs(given: str) -> Iterator[tuple[str, str]]:
    for part in given.split(";"):
        if part.strip():
            name, _, value = part.partition("=")
            yield name.strip(), value.strip()


def situation_of(given: str) -> Situation:
    """The situation that a row describes; ValueError or BadInput where it cannot be read."""
    picture: dict[str, Any] = {"on": ON}
    about: dict[str, Any] = {}
    fractures: list[PastFracture] = []
    courses: list[Course] = []
    known_on: dict[str, date] = {}
    for name, value in _pairs(given):
        if name == "fracture":
            fractures.append(_fracture(value))
        elif name == "course":
            courses.append(_course(value))
        elif name.startswith("known_on."):
            known_on[name.removeprefix("known_on.")] = date.fromisoformat(value)
        elif name in {one.name for one in fields(Situation)}:
            about[name] = _about(name, value)
        else:
            picture |= _in_picture(name, value)
    return Situation(
        Picture(fractures=tuple(fractures), **picture),
        courses=tuple(courses),
        known_on=known_on,
        **about,
    )


def _about(name: str, value: str) -> Any:
    if name in _DAYS:
        return date.fromisoformat(value)
    if name in _FLAGS:
        return _yes(value)
    if name == "age_at_index":
        return int(value)
    if name == "feed":
        feed, silent, usual = value.split()
        return Feed(feed, int(silent), int(usual))
    return value


def _yes(value: str) -> bool:
    if value not in ("yes", "no"):
        raise BadInput(f"{value!r} is neither yes nor no")
    return value == "yes"


def _in_picture(name: str, value: str) -> dict[str, Any]:  # noqa: PLR0911 - one line a short form
    if name == "history":
        return {"fracture_history_taken": _yes(value)}
    if name == "sex":
        return {"sex": Sex(value)}
    if name == "t":
        return {"bone_density": BoneDensity(ON, total_hip_t=float(value))}
    if name == "spine_t":
        return {"bone_density": BoneDensity(ON, lumbar_spine_t=float(value))}
    if name == "frax":
        return {"frax": FraxResult(float(value), 1.0, ON, "UK", with_bmd=False)}
    if name == "bone_drug_now":
        return {"bone_drug_now": "" if value == "none" else value}
    kind = PLAIN.get(name)
    if kind is None:
        raise BadInput(f"{name!r} is no field")
    return {name: _yes(value) if kind is bool else kind(value)}


def _fracture(value: str) -> PastFracture:
    site, on, *levels = value.split()
    day = None if on == "-" else date.fromisoformat(on)
    return PastFracture(Site(site), day, fragility=True, levels=tuple(levels[0].split(",")) if levels else ())


def _course(value: str) -> Course:
    drug, *words = value.split()
    told = dict(zip(words[::2], words[1::2], strict=True))

    def day(name: str) -> date | None:
        return date.fromisoformat(told[name]) if name in told else None

    return Course(
        drug,
        date.fromisoformat(told["from"]),
        last_dose_on=day("last"),
        doses=int(told["doses"]) if "doses" in told else None,
        stopped_on=day("stopped"),
        follow_on=told.get("then", ""),
        follow_on_due=day("on"),
        reviewed_on=day("reviewed"),
        paused=told.get("paused") == "yes",
    )
