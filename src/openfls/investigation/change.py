"""What would change the advice: answers not known yet, and settings or packs that a service thinks of
changing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from openfls.investigation.guideline import Evaluation, Pack, evaluate
from openfls.record.picture import Picture


@dataclass(frozen=True, slots=True)
class Effect:
    """If ``name`` turned out to be ``value``: the actions that would be added and taken away."""

    value: str
    gained: tuple[str, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """An input not known yet: the rules that lack it, and what a single answer would change.

    No ``effects``: the answer matters only together with another one.
    """

    name: str
    rules: tuple[str, ...]
    effects: tuple[Effect, ...]


def what_would_change(pack: Pack, picture: Picture) -> tuple[OpenQuestion, ...]:
    """The open questions that could change the advice; those that one answer settles come first.

    The candidate answers are the two sides of each rule's own limit. A question counts as long as some rule
    cannot be judged without it.
    """
    now = evaluate(pack, picture)
    lacking: dict[str, list[str]] = {}
    effects: dict[str, dict[str, Effect]] = {}
    for trace in now.unknown:
        for name in trace.missing:
            lacking.setdefault(name, []).append(trace.rule)
        for trial in pack.rule(trace.rule).when.trials(picture):
            tried = effects.setdefault(trial.name, {})
            if trial.value not in tried:
                tried[trial.value] = _effect(now, evaluate(pack, trial.picture), trial.value)
    questions = []
    for name, rules in lacking.items():
        tried = {value: one for part in name.split(" or ") for value, one in effects.get(part, {}).items()}
        different = {
            (one.gained, one.lost): one for one in reversed(tried.values()) if one.gained or one.lost
        }
        questions.append(OpenQuestion(name, tuple(rules), tuple(reversed(different.values()))))
    return tuple(sorted(questions, key=lambda one: not one.effects))


def _effect(now: Evaluation, then: Evaluation, value: str) -> Effect:
    return Effect(value, tuple(sorted(then.actions - now.actions)), tuple(sorted(now.actions - then.actions)))


@dataclass(frozen=True, slots=True)
class Move:
    """A person whose advice would differ: the index among the pictures given, and the actions."""

    index: int
    gained: tuple[str, ...]
    lost: tuple[str, ...]


def who_would_move(before: Pack, after: Pack, pictures: Iterable[Picture]) -> tuple[Move, ...]:
    """The people whose actions differ between two packs or two settings of one: to be seen before a
    change."""
    moves = []
    for index, picture in enumerate(pictures):
        effect = _effect(evaluate(before, picture), evaluate(after, picture), "")
        if effect.gained or effect.lost:
            moves.append(Move(index, effect.gained, effect.lost))
    return tuple(moves)
