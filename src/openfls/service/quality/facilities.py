"""The facilities audit: what a service is and has, once a year."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from openfls.record.errors import BadInput
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.models import FacilitiesAnswer, Service
from openfls.service.roles import May

_FIRST_YEAR = 2015


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: a ``number``, a ``choice`` of options, or a ``text``."""

    key: str
    part: str
    words: str
    kind: str
    unit: str = ""
    options: tuple[str, ...] = ()


@cache
def questions() -> tuple[Asked, ...]:
    """Every question in its order."""
    text = files("openfls.service").joinpath("data", "facilities.toml").read_text(encoding="utf-8")
    return tuple(
        Asked(**{**row, "options": tuple(row.get("options", ()))}) for row in tomllib.loads(text)["questions"]
    )


def read_answers(given: Mapping[str, str]) -> dict[str, str | float]:
    """Answers as they are kept; a blank is left out.

    Raises:
        BadInput: the first that cannot be read, its key as ``field``.
    """
    found: dict[str, str | float] = {}
    for asked in questions():
        value = given.get(asked.key, "").strip()
        if not value:
            continue
        if asked.kind == "number":
            try:
                number = float(value.replace(",", ""))
            except ValueError:
                number = -1.0
            if not 0 <= number < 10_000_000:
                raise BadInput(f"{asked.words}: enter a number, nought or more", field=asked.key)
            found[asked.key] = number
        elif asked.kind == "choice" and value not in asked.options:
            raise BadInput(f"{asked.words}: choose one of the options", field=asked.key)
        else:
            found[asked.key] = value[:300]
    return found


@action("facilities.answer", May.IMPROVE)
def answer(*, year: int, answers: Mapping[str, str | float], by: Actor) -> FacilitiesAnswer:
    """Keep what is told of a year. What was told before stays as its history."""
    if not _FIRST_YEAR <= year <= clock.today().year:
        raise BadInput(f"the year lies between {_FIRST_YEAR} and this one", field="year")
    made = FacilitiesAnswer.objects.create(
        service=by.service, year=year, answers=dict(answers), by=by.user, at=clock.now()
    )
    note(by, "facilities.answer", subject=f"facilities {year}", answers=len(answers))
    return made


def newest(service: Service, year: int) -> FacilitiesAnswer | None:
    """What was told last of a year."""
    rows = FacilitiesAnswer.objects.filter(service=service, year=year).select_related("by")
    return rows.order_by("-pk").first()
