"""Guideline packs side by side, by topic. They are never merged: a person reads both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openfls.investigation.guideline import Evaluation, Pack, Topic, evaluate
from openfls.record.advice import Advice, Answer
from openfls.record.picture import Picture

DISAGREEMENTS: tuple[tuple[Topic, str, str], ...] = (
    (
        Topic.DXA,
        "10-year risk of 10 % at any age, or fracture criteria",
        "between the lower and upper assessment thresholds",
    ),
    (
        Topic.TREAT,
        "T-score or fracture criteria, decided together",
        "FRAX at the intervention or upper threshold; T -2.5",
    ),
    (
        Topic.TREAT,
        "prednisolone 15 mg for 3 months; 5 mg with T -1.5",
        "prednisolone 7.5 mg: start now, very high risk",
    ),
    (
        Topic.VFA,
        "at a DXA from 60 (women) or 70 (men)",
        "height loss of 4 cm, kyphosis, back pain, T -2.5, steroids",
    ),
    (Topic.TOOL, "FRAX or QFracture", "FRAX"),
)
"""Where NG259 and NOGG 2024 are known to differ: topic, NG259, NOGG. For a page that explains it."""


@dataclass(frozen=True, slots=True)
class Column:
    """What one pack says on one topic: its advice, and the rules that cannot be judged yet.

    ``silent``: the pack has no rule on the topic at all.
    """

    pack: str
    silent: bool
    advice: tuple[Advice, ...]
    unknown: tuple[str, ...]

    @property
    def actions(self) -> frozenset[str]:
        """The actions advised."""
        return frozenset(advice.action for advice in self.advice)


@dataclass(frozen=True, slots=True)
class Row:
    """One topic across packs; ``differs`` where packs that treat it advise different actions."""

    topic: Topic
    columns: tuple[Column, ...]
    differs: bool


def _column(pack: Pack, evaluation: Evaluation, topic: Topic) -> Column:
    ids = {rule.id for rule in pack.rules if rule.topic is topic}
    advice = tuple(one for one in evaluation.advice if one.trace.rule in ids)
    unknown = tuple(t.rule for t in evaluation.traces if t.rule in ids and t.answer is Answer.UNKNOWN)
    return Column(pack.key, not ids, advice, unknown)


def compare(packs: Sequence[Pack], picture: Picture) -> tuple[Row, ...]:
    """Every topic that some of the ``packs`` treats, in the order of `Topic`, a column for each pack."""
    evaluated = [(pack, evaluate(pack, picture)) for pack in packs]
    rows = []
    for topic in Topic:
        if not any(rule.topic is topic for pack in packs for rule in pack.rules):
            continue
        columns = tuple(_column(pack, evaluation, topic) for pack, evaluation in evaluated)
        advised = {column.actions for column in columns if not column.silent}
        rows.append(Row(topic, columns, len(advised) > 1))
    return tuple(rows)
