"""Whom a change of packs or settings would move: the same answer as evaluating everything twice, for less work.

A change of one threshold leaves most rules as they are. Those are asked only of a person for whom a changed rule
answers differently, because an action is lost only where no other rule advises it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openfls.investigation.guideline import Pack, Rule
from openfls.record.advice import Answer
from openfls.record.picture import Picture


@dataclass(frozen=True, slots=True)
class Moved:
    """One person: the rules that hold before and after, and the actions that are added and taken away."""

    rules_before: tuple[str, ...]
    rules_after: tuple[str, ...]
    gained: tuple[str, ...]
    lost: tuple[str, ...]


def _holds(rule: Rule, picture: Picture) -> bool:
    return rule.when.judge(picture).answer is Answer.YES


def _actions(rules: Iterable[Rule]) -> frozenset[str]:
    return frozenset(action for rule in rules for action in rule.actions)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sets of packs, ready to be asked of many pictures. Make one with `comparison`."""

    before: tuple[Rule, ...]
    after: tuple[Rule, ...]
    shared: tuple[Rule, ...]

    def of(self, picture: Picture) -> Moved | None:
        """How the advice differs; None where the actions are the same."""
        was = [rule for rule in self.before if _holds(rule, picture)]
        now = [rule for rule in self.after if _holds(rule, picture)]
        if _actions(was) == _actions(now):
            return None
        same = [rule for rule in self.shared if _holds(rule, picture)]
        had, have = _actions(was) | _actions(same), _actions(now) | _actions(same)
        if had == have:
            return None
        return Moved(
            tuple(rule.id for rule in (*same, *was)),
            tuple(rule.id for rule in (*same, *now)),
            tuple(sorted(have - had)),
            tuple(sorted(had - have)),
        )


def comparison(before: Sequence[Pack], after: Sequence[Pack]) -> Comparison:
    """What differs between two sets of packs. A rule is the same where all that it is made of is."""
    was = [rule for pack in before for rule in pack.rules]
    now = [rule for pack in after for rule in pack.rules]
    kept = set(was) & set(now)
    return Comparison(
        tuple(rule for rule in was if rule not in kept),
        tuple(rule for rule in now if rule not in kept),
        tuple(rule for rule in was if rule in kept),
    )
