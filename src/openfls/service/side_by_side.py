"""Every pack beside its neighbour for one person: what each says, why, and what would change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from openfls.investigation import Pack, Topic, evaluate
from openfls.investigation.change import OpenQuestion, what_would_change
from openfls.investigation.compare import DISAGREEMENTS, compare
from openfls.investigation.flips import Flip, what_would_end
from openfls.record.advice import Advice, Answer, Confidence, Trace
from openfls.record.picture import Picture
from openfls.service.advice import scored_picture
from openfls.service.guidance import LABELS, choices_for, guidance_of
from openfls.service.models import Episode


@dataclass(frozen=True, slots=True)
class Given:
    """One rule that holds for this person: its words, where it is from, what it rests on, and what would end it.

    ``ends`` are answers that are known, were they otherwise; ``could_end`` are answers that are not known yet.
    """

    rule: str
    text: str
    strength: str
    source: str
    confidence: Confidence
    when: str
    inputs: tuple[tuple[str, str], ...]
    ends: tuple[Flip, ...]
    could_end: tuple[Flip, ...]


@dataclass(frozen=True, slots=True)
class Undecided:
    """A rule that cannot be judged yet."""

    rule: str
    text: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """What one pack says on one topic; ``is_silent`` where it has no rule on it at all."""

    pack: Pack
    is_silent: bool
    given: tuple[Given, ...]
    undecided: tuple[Undecided, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """One topic; ``differs`` where the packs advise different things."""

    topic: Topic
    sides: tuple[Side, ...]
    differs: bool
    known_differences: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PackView:
    """One pack as a whole: whether it is the active one, what is still open, and the rules that do not apply.

    ``says`` is what a rule of the pack says, by each action that it advises.
    """

    pack: Pack
    is_active: bool
    questions: tuple[OpenQuestion, ...]
    not_met: tuple[tuple[str, Trace], ...]
    says: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """The packs for one thing: topics on which they disagree first."""

    label: str
    packs: tuple[PackView, ...]
    rows: tuple[Beside, ...]

    @property
    def disagreements(self) -> int:
        """On how many topics the packs differ for this person."""
        return sum(row.differs for row in self.rows)


def side_by_side(episode: Episode, on: date) -> tuple[Picture, list[Group]]:
    """The person's picture and every pack; no group where decision support is off."""
    guidance = guidance_of(episode.service, on)
    picture, _ = scored_picture(episode, on)
    if not guidance.is_on:
        return picture, []
    return picture, [
        _group(label, [guidance.pack(key) for key in choices_for(role)], getattr(guidance, role), picture)
        for role, label in LABELS.items()
    ]


def _group(label: str, packs: Sequence[Pack], active: str, picture: Picture) -> Group:
    # The active one stands first, on the left.
    packs = sorted(packs, key=lambda one: one.key != active)
    views = {one.key: _view(one, one.key == active, picture) for one in packs}
    rows = [
        Beside(
            row.topic,
            tuple(
                Side(
                    pack,
                    column.silent,
                    _given(pack, column.advice, views[pack.key].questions, picture),
                    _undecided(pack, column.unknown, views[pack.key].questions),
                )
                for pack, column in zip(packs, row.columns, strict=True)
            ),
            row.differs,
            _known(row.topic, packs),
        )
        for row in compare(packs, picture)
    ]
    return Group(label, tuple(views.values()), tuple(sorted(rows, key=lambda row: not row.differs)))


def _view(pack: Pack, is_active: bool, picture: Picture) -> PackView:
    evaluation = evaluate(pack, picture)
    not_met = tuple((pack.rule(t.rule).text, t) for t in evaluation.traces if t.answer is Answer.NO)
    says = {action: rule.text.rstrip(".") for rule in reversed(pack.rules) for action in rule.actions}
    return PackView(pack, is_active, what_would_change(pack, picture), not_met, says)


def _given(
    pack: Pack, advice: Sequence[Advice], questions: Sequence[OpenQuestion], picture: Picture
) -> tuple[Given, ...]:
    by_rule: Mapping[str, Advice] = {one.trace.rule: one for one in reversed(advice)}
    found = []
    for one in dict.fromkeys(each.trace.rule for each in advice):
        said, rule = by_rule[one], pack.rule(one)
        could_end = tuple(
            Flip(question.name, effect.value)
            for question in questions
            for effect in question.effects
            if set(rule.actions) & set(effect.lost)
        )
        found.append(
            Given(
                rule=one,
                text=said.text,
                strength=said.strength,
                source=said.source,
                confidence=said.confidence,
                when=rule.when.words(),
                inputs=said.trace.inputs,
                ends=what_would_end(rule, picture),
                could_end=could_end,
            )
        )
    return tuple(found)


def _undecided(pack: Pack, rules: Sequence[str], questions: Sequence[OpenQuestion]) -> tuple[Undecided, ...]:
    lacking: dict[str, list[str]] = {}
    for question in questions:
        for rule in question.rules:
            lacking.setdefault(rule, []).append(question.name)
    return tuple(Undecided(one, pack.rule(one).text, tuple(lacking.get(one, ()))) for one in rules)


def _known(topic: Topic, packs: Sequence[Pack]) -> tuple[tuple[str, str], ...]:
    """How the two guidelines are known to differ on a topic, in the order of the columns."""
    ids = [pack.id for pack in packs]
    if sorted(ids) != ["NG259", "NOGG"]:
        return ()
    pairs = [(ng259, nogg) for of, ng259, nogg in DISAGREEMENTS if of is topic]
    return tuple(pairs if ids[0] == "NG259" else [(nogg, ng259) for ng259, nogg in pairs])
