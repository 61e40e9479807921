"""The options grid: every drug for this person, with what stands for and against it. Nothing is prescribed here.

A drug is suitable only when everything that could stand against it is known not to. What is missing is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from openfls.intervention import packs
from openfls.intervention.expression import Facts, Judged
from openfls.intervention.facts import facts_of
from openfls.intervention.packs import Bar, DrugFacts, DrugRule, Place, Rule
from openfls.intervention.situation import Situation
from openfls.record.advice import Answer, Confidence


class Verdict(StrEnum):
    """What the grid says of a drug."""

    SUITABLE = "suitable"
    CAUTION = "caution"
    UNKNOWN = "cannot say yet"
    CONTRAINDICATED = "contraindicated"


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule as it was judged for this person, with what it read and what it lacked."""

    rule: str
    text: str
    source: str
    confidence: Confidence
    answer: Answer
    inputs: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()
    bar: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One drug for this person. ``place`` is its place in the order of choice, 1 for first."""

    drug: DrugFacts
    verdict: Verdict
    reasons: tuple[Reason, ...]
    missing: tuple[str, ...]
    place: int
    why_here: Reason
    appraisals: tuple[Reason, ...]
    unsure_of_place: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """Every drug, the first to consider at the top, and what is to be said of the order."""

    options: tuple[Option, ...]
    order_note: str
    packs: tuple[str, ...]

    def of(self, key: str) -> Option:
        """The option of that drug; KeyError where there is none."""
        for option in self.options:
            if option.drug.key == key:
                return option
        raise KeyError(key)


def reason_of(rule: Rule, judged: Judged, bar: str = "") -> Reason:
    """A rule and its judgement in one."""
    return Reason(
        rule.id,
        rule.text,
        rule.source,
        rule.confidence,
        judged.answer,
        judged.inputs,
        judged.missing,
        bar,
        rule.note,
    )


def grid(situation: Situation, guideline: str, own: Mapping[str, float] | None = None) -> Grid:
    """The grid of ``situation`` in the order of the guideline pack; ``own`` are a service's own limits.

    What is contraindicated stands at the end, whatever its place.
    """
    settings = packs.settings(own)
    facts = facts_of(situation, settings)
    options = [_option(drug, facts, settings) for drug in packs.drugs()]
    options.sort(key=lambda option: (option.verdict is Verdict.CONTRAINDICATED, option.place))
    notes = packs.order_notes()
    note = notes.get(guideline, f"{guideline} has no order of its own; the order is that of NOGG 2024.")
    return Grid(tuple(options), note, (packs.version("drugs"), packs.version("appraisals"), guideline))


def _option(drug: DrugFacts, facts: Facts, settings: Mapping[str, float]) -> Option:
    judged = [(rule, rule.when.judge(facts, settings)) for rule in drug.rules]
    missing = tuple(dict.fromkeys(name for _, one in judged for name in one.missing))
    shown = tuple(reason_of(rule, one, rule.bar) for rule, one in judged if one.answer is not Answer.NO)
    place, why, unsure = _place(drug.key, facts, settings)
    return Option(
        drug,
        _verdict(judged),
        shown,
        missing,
        place,
        why,
        tuple(
            reason_of(rule, rule.when.judge(facts, settings))
            for rule in packs.appraisals()
            if drug.key in rule.about
        ),
        unsure,
    )


def _verdict(judged: list[tuple[DrugRule, Judged]]) -> Verdict:
    found = {(rule.bar, one.answer) for rule, one in judged}
    if (Bar.CONTRAINDICATED, Answer.YES) in found:
        return Verdict.CONTRAINDICATED
    if (Bar.CONTRAINDICATED, Answer.UNKNOWN) in found:
        return Verdict.UNKNOWN
    if (Bar.CAUTION, Answer.YES) in found:
        return Verdict.CAUTION
    return Verdict.UNKNOWN if (Bar.CAUTION, Answer.UNKNOWN) in found else Verdict.SUITABLE


def _place(key: str, facts: Facts, settings: Mapping[str, float]) -> tuple[int, Reason, tuple[Reason, ...]]:
    unsure: list[Reason] = []
    for row in sorted(_rows(key), key=lambda row: row.place):
        judged = row.when.judge(facts, settings)
        if judged.answer is Answer.YES:
            return row.place, reason_of(row, judged), tuple(unsure)
        if judged.answer is Answer.UNKNOWN:
            unsure.append(reason_of(row, judged))
    raise AssertionError(f"{key} has no place that always holds")


def _rows(key: str) -> list[Place]:
    return [row for row in packs.places() if key in row.about]
