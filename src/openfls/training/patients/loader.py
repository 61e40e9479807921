"""Cases from their files: one YAML file a virtual patient, its claims taken from what the topics teach."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from openfls.record.errors import BadInput
from openfls.training.loader import shipped
from openfls.training.patients.values import Case, Danger, Decision, Event, Somebody
from openfls.training.values import Bank, Claim

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def shipped_cases() -> dict[str, Case]:
    """The cases that come with the program, by their key, in the order of their files' names."""
    folder = Path(str(resources.files("openfls.training"))) / "content" / "patients"
    return load_cases(folder, shipped())


def load_cases(folder: Path, bank: Bank) -> dict[str, Case]:
    """Every case of a folder.

    Raises:
        BadInput: a file cannot be read or lacks something, or names a claim that no topic teaches.
    """
    return {path.stem[3:]: load_case(path, bank) for path in sorted(folder.glob("*.yaml"))}


def load_case(path: Path, bank: Bank) -> Case:
    """One case.

    Raises:
        BadInput: as `load_cases`.
    """
    text = path.read_text(encoding="utf-8")
    try:
        data = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise BadInput("it is no YAML", where=path.name) from error
    if not isinstance(data, Mapping):
        raise BadInput("names with values are expected", where=path.name)
    try:
        return _case(path, text, data, bank)
    except KeyError as error:
        raise BadInput(f"{error.args[0]} is missing", where=path.name) from error
    except (TypeError, AttributeError) as error:
        raise BadInput(f"something has the wrong form ({error})", where=path.name) from error


def _case(path: Path, text: str, data: Mapping[str, Any], bank: Bank) -> Case:
    people = tuple(_somebody(row, path) for row in data["people"])
    decisions = tuple(
        Decision(
            row["id"], row["stage"], row["title"], int(row["weight"]), row["expect"],
            row["expert"].strip(), row["why"].strip(), tuple(row["sources"]),
        )
        for row in data["decisions"]
    )  # fmt: skip
    dangers = tuple(
        Danger(
            row["id"], row["title"], row["if"], int(row["penalty"]), row["why"].strip(), tuple(row["sources"])
        )
        for row in data["dangers"]
    )
    named = [key for one in decisions for key in one.sources] + [
        key for one in dangers for key in one.sources
    ]
    return Case(
        key=path.stem[3:],
        title=data["title"],
        summary=data["summary"].strip(),
        minutes=int(data["minutes"]),
        topics=tuple(data["topics"]),
        objectives=tuple(data["objectives"]),
        starts=_day(data["starts"], path),
        people=people,
        events=tuple(_event(row) for row in data["events"]),
        decisions=decisions,
        dangers=dangers,
        sources={key: _claim(key, bank, path) for key in named},
        paths={name: tuple(steps) for name, steps in data["paths"].items()},
        where=path.name,
        text=text,
    )


def _claim(key: str, bank: Bank, path: Path) -> Claim:
    topic, _, claim = key.partition(":")
    found = bank.topics[topic].claims.get(claim) if topic in bank.topics else None
    if found is None:
        raise BadInput(
            f"no topic teaches {key!r}: a source is a topic and one of its claims", where=path.name
        )
    return found


def _somebody(row: Mapping[str, Any], path: Path) -> Somebody:
    texts = {name: str(value) for name, value in row.items() if name != "birth_date"}
    return Somebody(birth_date=_day(row["birth_date"], path), **texts)


def _event(row: Mapping[str, Any]) -> Event:
    return Event(**{**row, "tells": (row.get("tells") or "").strip()})


def _day(value: Any, path: Path) -> date:
    if not isinstance(value, date):
        raise BadInput(f"{value!r} is no day such as 2026-09-07", where=path.name)
    return value
