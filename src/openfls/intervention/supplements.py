"""Calcium and vitamin D for this person: what may be proposed, with the loading options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openfls.intervention import packs
from openfls.intervention.facts import facts_of
from openfls.intervention.options import Reason, reason_of
from openfls.intervention.situation import Situation
from openfls.record.advice import Answer


@dataclass(frozen=True, slots=True)
class Proposal:
    """A regimen that fits, or (``reason.answer`` unknown) one that might, and what is missing to tell."""

    reason: Reason
    options: tuple[str, ...]


def proposals(situation: Situation, own: Mapping[str, float] | None = None) -> tuple[Proposal, ...]:
    """The regimens that hold for ``situation``, then those that cannot be judged yet."""
    settings = packs.settings(own)
    facts = facts_of(situation, settings)
    found = [(rule, rule.when.judge(facts, settings)) for rule in packs.regimens()]
    return tuple(
        Proposal(reason_of(rule, judged), rule.options)
        for answer in (Answer.YES, Answer.UNKNOWN)
        for rule, judged in found
        if judged.answer is answer
    )
