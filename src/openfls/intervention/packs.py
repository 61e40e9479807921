"""The dated packs of this room, read from their data files: drugs, appraisals, order, supplements, alerts, limits."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from openfls.intervention.expression import Expression
from openfls.intervention.facts import WORDS
from openfls.intervention.language import Vocabulary, parse
from openfls.intervention.names import GROUPS
from openfls.intervention.worse import Worse, read_worse
from openfls.record.advice import Confidence
from openfls.record.errors import BadInput


@dataclass(frozen=True, slots=True)
class Limit:
    """A number that rules compare with, and how sure its source is. ``low`` and ``high`` only catch slips."""

    name: str
    value: float
    unit: str
    words: str
    source: str
    confidence: Confidence
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition and what it says when it holds. ``about`` are the drugs that it is about."""

    id: str
    when: Expression
    text: str
    source: str
    confidence: Confidence
    about: tuple[str, ...] = ()
    note: str = ""


class Bar(StrEnum):
    """What a rule of a drug puts in its way."""

    CONTRAINDICATED = "contraindicated"
    CAUTION = "caution"


@dataclass(frozen=True, slots=True)
class DrugRule(Rule):
    """A rule about one drug."""

    bar: Bar = Bar.CAUTION


@dataclass(frozen=True, slots=True)
class DrugFacts:
    """One drug: how it is given, what stands against it, and what follows it. ``plan`` is its name in the record's
    list of drugs; empty for one that a plan cannot name and a specialist would start."""

    key: str
    name: str
    dose: str
    route: str
    plan: str
    how: str
    then: tuple[str, ...]
    confidence: Confidence
    rules: tuple[DrugRule, ...]


@dataclass(frozen=True, slots=True)
class Place(Rule):
    """Where drugs stand in the order of choice; 1 is first."""

    place: int = 0


@dataclass(frozen=True, slots=True)
class Regimen(Rule):
    """Calcium and vitamin D: what may be proposed, and the ways to do it."""

    options: tuple[str, ...] = ()


class Severity(StrEnum):
    """Red interrupts and needs a recorded decision; amber stands on a list; info reminds."""

    RED = "red"
    AMBER = "amber"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class AlertRule(Rule):
    """A safety alert. ``text`` is its title, ``action`` what to do, ``cause`` the facts that make it the same one, and
    ``worse`` the steps by which that one gets worse."""

    severity: Severity = Severity.INFO
    action: str = ""
    cause: tuple[str, ...] = ()
    worse: tuple[Worse, ...] = ()
    of_service: bool = False


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((files("openfls.intervention") / "data" / name).read_text(encoding="utf-8"))


@cache
def limits() -> Mapping[str, Limit]:
    """Every limit by its name."""
    table = _table("limits.toml")
    return MappingProxyType(
        {
            name: Limit(
                name,
                float(row["value"]),
                row["unit"],
                row["words"],
                row["source"],
                Confidence(row["confidence"]),
                *(float(one) for one in row["between"]),
            )
            for name, row in table.items()
            if isinstance(row, dict)
        }
    )


def settings(own: Mapping[str, float] | None = None) -> Mapping[str, float]:
    """The values of the limits, a service's ``own`` laid over them.

    Raises:
        BadInput: one of ``own`` is no limit.
    """
    values = {name: limit.value for name, limit in limits().items()}
    for name, value in (own or {}).items():
        if name not in values:
            raise BadInput(f"there is no limit {name}", where="limits")
        values[name] = float(value)
    return MappingProxyType(values)


def _vocabulary(table: dict[str, Any], where: str) -> Vocabulary:
    plain = Vocabulary(WORDS, GROUPS, settings())
    terms: dict[str, Expression] = {}
    for name, text in table.get("terms", {}).items():
        terms[name] = parse(text, Vocabulary(WORDS, GROUPS, plain.settings, terms), where)
    return Vocabulary(WORDS, GROUPS, plain.settings, terms)


def _common(row: Mapping[str, Any], known: Vocabulary, where: str, **given: Any) -> dict[str, Any]:
    return {
        "id": row["id"],
        "when": parse(row["when"], known, f"{where} {row['id']}"),
        "text": row["text"] if "text" in row else row["title"],
        "source": row.get("source", given.pop("source", "")),
        "confidence": Confidence(row.get("confidence", given.pop("confidence", ""))),
        "note": row.get("note", ""),
    }


@cache
def drugs() -> tuple[DrugFacts, ...]:
    """The drugs in the order of the file."""
    table = _table("drugs.toml")
    known = _vocabulary(table, "drugs.toml")
    found = []
    for drug in table["drug"]:
        shared = {"source": table["source"], "confidence": drug["confidence"]}
        rules = tuple(
            DrugRule(
                **_common(row, known, "drugs.toml", **shared), about=(drug["key"],), bar=Bar(row["verdict"])
            )
            for row in drug["rule"]
        )
        plain = {name: drug[name] for name in ("key", "name", "dose", "route", "plan", "how")}
        found.append(
            DrugFacts(
                **plain, then=tuple(drug["then"]), confidence=Confidence(drug["confidence"]), rules=rules
            )
        )
    return tuple(found)


@cache
def appraisals() -> tuple[Rule, ...]:
    """NICE's technology appraisals."""
    table = _table("appraisals.toml")
    known = _vocabulary(table, "appraisals.toml")
    return tuple(
        Rule(**_common(row, known, "appraisals.toml"), about=tuple(row["drugs"])) for row in table["rule"]
    )


@cache
def places() -> tuple[Place, ...]:
    """The order of choice."""
    table = _table("order.toml")
    known = _vocabulary(table, "order.toml")
    return tuple(
        Place(**_common(row, known, "order.toml"), about=tuple(row["drugs"]), place=row["place"])
        for row in table["place"]
    )


@cache
def order_notes() -> Mapping[str, str]:
    """What is to be said of the order, by guideline pack; a pack that is not here has no order of its own."""
    return MappingProxyType({row["pack"]: row["note"] for row in _table("order.toml")["guideline"]})


@cache
def regimens() -> tuple[Regimen, ...]:
    """Calcium and vitamin D."""
    table = _table("supplements.toml")
    known = _vocabulary(table, "supplements.toml")
    return tuple(
        Regimen(**_common(row, known, "supplements.toml"), options=tuple(row["options"]))
        for row in table["regimen"]
    )


@cache
def alert_rules() -> tuple[AlertRule, ...]:
    """The alerts in the order of the file, which ranks them within a severity."""
    table = _table("alerts.toml")
    known = _vocabulary(table, "alerts.toml")
    return tuple(
        AlertRule(
            **_common(row, known, "alerts.toml"),
            severity=Severity(row["severity"]),
            action=row["action"],
            cause=tuple(row["cause"]),
            worse=tuple(read_worse(one, f"alerts.toml {row['id']}") for one in row.get("worse", ())),
            of_service=row.get("scope") == "service",
        )
        for row in table["alert"]
    )


@cache
def version(name: str) -> str:
    """The key of a pack, for example ``ALERTS@2026-11``; ``name`` is its file without the ending."""
    table = _table(f"{name}.toml")
    return f"{table.get('id', name.upper())}@{table['version']}"
