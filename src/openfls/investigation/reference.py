"""The reference pages of the guideline packs, made from the rules and their spec tables.

A spec table gives, for each rule, pictures and the answer that the rule must find: it is the test and the
documentation. `make docs` writes the pages.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openfls.investigation.codec import picture_from_dict
from openfls.investigation.guideline import Pack, Rule
from openfls.investigation.logic import Condition, Named
from openfls.investigation.nogg import bands
from openfls.investigation.packs import pack
from openfls.record.advice import Answer
from openfls.record.errors import BadInput
from openfls.record.picture import Picture

PAGES: Mapping[str, tuple[str, ...]] = {
    "ng259": ("NG259@2026-07-29",),
    "nogg": ("NOGG@2024",),
    "falls": ("NG249@2025-04-29", "WFG@2022"),
    "bloods": ("BLOODS@2024",),
}
"""Each page and the packs on it; the spec table has the page's name."""

HEADER = (
    "<!-- Made from the rules and their spec tables by openfls.investigation.reference: change those. -->"
)


@dataclass(frozen=True, slots=True)
class Case:
    """One row of a spec table."""

    rule: str
    expect: Answer
    why: str
    given: Mapping[str, Any]
    picture: Picture


def load_spec(path: Path) -> tuple[Case, ...]:
    """The cases of one TOML file: ``on``, the day of all pictures, then ``[["rule id"]]`` tables.

    Results need no day of their own, and FRAX is the UK's without bone density unless it says otherwise.
    """
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    on = str(table.pop("on"))
    cases = []
    for rule, rows in table.items():
        for row in rows:
            given = row.get("picture", {})
            try:
                picture = picture_from_dict({"on": on, **_with_defaults(given, on)})
                cases.append(Case(rule, Answer(row["expect"]), row["why"], given, picture))
            except (BadInput, ValueError, KeyError) as error:
                raise BadInput(f"{row.get('why')!r}: {error}", where=str(path), field=rule) from error
    return tuple(cases)


def _with_defaults(given: Mapping[str, Any], on: str) -> dict[str, Any]:
    full = dict(given)
    defaults: dict[str, dict[str, Any]] = {
        "frax": {"hip_pct": 0.0, "on": on, "country_model": "UK", "with_bmd": False},
        "qfracture": {"hip_pct": 0.0, "on": on},
        "bone_density": {"on": on},
    }
    for name, values in defaults.items():
        if name in full:
            full[name] = {**values, **full[name]}
    return full


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{name.replace('_', ' ')} {_shown(part)}" for name, part in value.items())
    if isinstance(value, list):
        return "none" if not value else "; ".join(f"({_shown(part)})" for part in value)
    return str(value) if value != "" else "none"


def _rule_lines(rule: Rule, cases: Sequence[Case], source: str) -> list[str]:
    lines = [
        f"### {rule.id}",
        "",
        rule.text,
        "",
        f"- **When** {rule.when.words()}",
        f"- **Strength** {rule.strength}",
        f"- **Actions** {', '.join(f'`{action}`' for action in rule.actions)}",
        f"- **Source** {rule.source or source} ({rule.confidence.value})",
    ]
    if rule.note:
        lines.append(f"- **Note** {rule.note}")
    lines += ["", "| known of the person | answer | why |", "| --- | --- | --- |"]
    for case in cases:
        known = "; ".join(f"{name.replace('_', ' ')}: {_shown(value)}" for name, value in case.given.items())
        lines.append(f"| {known or 'nothing'} | {case.expect.value} | {case.why} |")
    return [*lines, ""]


def _pack_lines(shown: Pack, cases: Sequence[Case]) -> list[str]:
    lines = [f"# {shown.title}", "", f"Pack `{shown.key}`. {shown.note}", ""]
    if shown.settings:
        lines += [
            "Settings, changed only by two people of the service:",
            "",
            "| setting | value |",
            "| --- | --- |",
        ]
        lines += [
            f"| `{name}` | {value if isinstance(value, str) else format(value, 'g')} |"
            for name, value in shown.settings.items()
        ]
        lines.append("")
    if shown.id == "NOGG":
        lines += _threshold_lines()
    for topic in dict.fromkeys(rule.topic for rule in shown.rules):
        lines += [f"## {topic.label}", ""]
        for rule in shown.rules:
            if rule.topic is topic:
                lines += _rule_lines(rule, [case for case in cases if case.rule == rule.id], shown.source)
    return [*lines, *_term_lines(shown)]


def _term_lines(shown: Pack) -> list[str]:
    """What the short names in the rules stand for."""
    terms: dict[str, str] = {}
    waiting: list[Condition] = [rule.when for rule in shown.rules]
    while waiting:
        condition = waiting.pop(0)
        if isinstance(condition, Named):
            terms.setdefault(condition.name, condition.part.words())
        waiting.extend(condition.within())
    if not terms:
        return []
    return ["## Terms", "", *(f"- **{name}**: {words}" for name, words in sorted(terms.items())), ""]


def _threshold_lines() -> list[str]:
    lines = [
        "## Thresholds",
        "",
        "Ten-year FRAX probability, percent, for both sexes: lower assessment / intervention / upper "
        "assessment / very high risk. Below the lower is low, from the lower intermediate, from the upper "
        "high. Read second-hand.",
        "",
        "| age | major osteoporotic fracture | hip fracture |",
        "| --- | --- | --- |",
    ]
    for band in bands():
        ages = f"{band.age_from} to {band.age_to}" if band.age_to < 100 else f"{band.age_from} and over"
        cells = (
            f"{one.lower:g} / {one.intervention:g} / {one.upper:g} / {one.very_high:g}"
            for one in (band.major, band.hip)
        )
        lines.append(f"| {ages} | {' | '.join(cells)} |")
    return [*lines, ""]


def page(name: str, spec: Path) -> str:
    """The text of one reference page; ``spec`` is the folder of the spec tables."""
    cases = load_spec(spec / f"{name}.toml")
    introduction = [
        HEADER,
        "",
        "Every rule in our words, with the answers that it must give. *Unknown* is an answer: what is not "
        "known of a person is never taken as no, none or normal. The tool advises; a clinician decides.",
        "",
    ]
    lines = [line for key in PAGES[name] for line in _pack_lines(pack(key), cases)]
    return "\n".join((*introduction, *lines)).rstrip() + "\n"
