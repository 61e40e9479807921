"""A guideline as a dated pack of rules, and what evaluating it for one person gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from openfls.investigation.logic import Condition
from openfls.record.advice import Advice, Answer, Confidence, Trace
from openfls.record.picture import Picture

Setting = float | str


class Topic(StrEnum):
    """What a rule is about; two packs are set side by side by topic."""

    ASSESS = "assess"
    TOOL = "tool"
    DXA = "dxa"
    VFA = "vfa"
    TREAT = "treat"
    SPECIALIST = "specialist"
    FOLLOW_UP = "follow-up"
    BLOODS = "bloods"
    FALLS = "falls"

    @property
    def label(self) -> str:
        """The words of a heading."""
        return _LABELS[self]


_LABELS = {
    Topic.ASSESS: "Who is assessed",
    Topic.TOOL: "How risk is estimated",
    Topic.DXA: "DXA",
    Topic.VFA: "Vertebral fracture assessment",
    Topic.TREAT: "Treatment",
    Topic.SPECIALIST: "Specialist advice",
    Topic.FOLLOW_UP: "Follow-up",
    Topic.BLOODS: "Blood tests",
    Topic.FALLS: "Falls",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One recommendation in our words: when ``when`` holds, ``actions`` are advised with ``text``."""

    id: str
    topic: Topic
    strength: str
    when: Condition
    actions: tuple[str, ...]
    text: str
    confidence: Confidence = Confidence.CHECKED
    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Pack:
    """A dated set of rules; ``published`` is None where the day is not recorded.

    ``settings`` are the numbers a service may change, and only with two people.
    """

    id: str
    version: str
    title: str
    published: date | None
    source: str
    rules: tuple[Rule, ...]
    settings: Mapping[str, Setting] = field(default_factory=lambda: MappingProxyType({}))
    note: str = ""

    @property
    def key(self) -> str:
        """The pack and its version, for example ``NG259@2026-07-29``."""
        return f"{self.id}@{self.version}"

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id; KeyError where there is none."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a pack says of one picture: the advice of the rules that hold, and the trace of every rule."""

    pack: str
    settings: tuple[tuple[str, Setting], ...]
    picture: Picture
    advice: tuple[Advice, ...]
    traces: tuple[Trace, ...]

    @property
    def actions(self) -> frozenset[str]:
        """Every action advised."""
        return frozenset(advice.action for advice in self.advice)

    @property
    def unknown(self) -> tuple[Trace, ...]:
        """The rules that cannot be judged yet."""
        return tuple(trace for trace in self.traces if trace.answer is Answer.UNKNOWN)

    @property
    def missing(self) -> tuple[str, ...]:
        """Every input that some rule lacks, in the order of the rules."""
        return tuple(dict.fromkeys(name for trace in self.unknown for name in trace.missing))

    def trace(self, rule_id: str) -> Trace:
        """The trace of one rule; KeyError where the pack has none of that id."""
        for trace in self.traces:
            if trace.rule == rule_id:
                return trace
        raise KeyError(rule_id)


def evaluate(pack: Pack, picture: Picture) -> Evaluation:
    """Ask every rule of ``pack`` of ``picture``. Pure: the same pack and picture give the same evaluation."""
    advice: list[Advice] = []
    traces: list[Trace] = []
    for rule in pack.rules:
        judged = rule.when.judge(picture)
        trace = Trace(pack.key, rule.id, judged.answer, judged.inputs, judged.missing)
        traces.append(trace)
        if judged.answer is Answer.YES:
            advice.extend(
                Advice(action, rule.text, rule.strength, rule.source or pack.source, rule.confidence, trace)
                for action in rule.actions
            )
    return Evaluation(pack.key, tuple(sorted(pack.settings.items())), picture, tuple(advice), tuple(traces))
