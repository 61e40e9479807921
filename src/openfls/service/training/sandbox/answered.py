"""Whether what is on record answers what the active packs advise, and the red alerts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from openfls.intervention import Severity
from openfls.investigation import evaluate
from openfls.service.advice import scored_picture
from openfls.service.guidance import guidance_of
from openfls.service.models import Alert, Episode
from openfls.training.patients.facts import Advised, LetterFacts, PlanFacts

Letters = tuple[LetterFacts, ...]
Answers = Callable[[PlanFacts, Letters, Mapping[str, Any]], bool]


def _scan(plan: PlanFacts, letters: Letters, known: Mapping[str, Any]) -> bool:
    """A scan that is offered is asked for, done, declined or impossible; ``not needed`` answers with a drug agreed."""
    return plan.dxa in ("ordered", "done", "declined", "not_feasible") or plan.decision == "recommended"


def _planned(plan: PlanFacts, letters: Letters, known: Mapping[str, Any]) -> bool:
    return True


def _specialist(plan: PlanFacts, letters: Letters, known: Mapping[str, Any]) -> bool:
    if plan.decision == "refer_opinion" or plan.specialist:
        return True
    return any(one.kind == "specialist_referral" and one.state != "written" for one in letters)


def _falls(plan: PlanFacts, letters: Letters, known: Mapping[str, Any]) -> bool:
    return plan.falls in ("referred", "already", "declined")


def _way_back(plan: PlanFacts, letters: Letters, known: Mapping[str, Any]) -> bool:
    return plan.come_back or any(one.kind == "person" and one.state != "written" for one in letters)


ANSWERS: dict[str, Answers] = {
    "offer-dxa": _scan,
    "consider-treatment": _planned,
    "treatment-without-dxa": _planned,
    "specialist": _specialist,
    "offer-falls-referral": _falls,
    "return-route": _way_back,
}
"""What asks for an answer in the plan, by the action of the rule. The other advice is about how, not whether."""


def advised_of(
    episode: Episode, plan: PlanFacts | None, letters: Letters, known: Mapping[str, Any], today: date
) -> tuple[Advised, ...]:
    """Every piece of advice that asks for an answer, and every red alert, with whether it has one."""
    picture, _ = scored_picture(episode, today)
    found = {}
    for pack in guidance_of(episode.service, today).packs():
        for advice in evaluate(pack, picture).advice:
            answers = ANSWERS.get(advice.action)
            if answers is not None:
                answered = plan is not None and answers(plan, letters, known)
                found[advice.trace.rule] = Advised(
                    advice.trace.rule, advice.text, advice.source, advice.confidence.value, answered
                )
    for alert in Alert.objects.filter(episode=episode, severity=Severity.RED.value):
        answered = bool(alert.decision) or alert.ended_at is not None
        found[alert.rule] = Advised(alert.rule, alert.title, alert.source, alert.confidence, answered)
    return tuple(found.values())
