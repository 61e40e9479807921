"""The plan agreed with the person, who answers for it, and the promises that follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from openfls.intervention import Raised, Situation, Unjudged, grid
from openfls.intervention.contradictions import Contradiction, Said, contradictions
from openfls.record.clocks import REVIEW_16_AT, REVIEW_52_AT, Clock
from openfls.record.pathway import NotPossible, Step
from openfls.record.reasons import (
    CalciumVitaminD,
    Drug,
    DrugDecision,
    DxaDecision,
    FallsReferral,
    TaskKind,
)
from openfls.service import clock, watching
from openfls.service.actions.action import action, note
from openfls.service.actions.moves import locked, move
from openfls.service.actions.tasks import ensure_task, finish_task
from openfls.service.actor import Actor, can
from openfls.service.guidance import guidance_of
from openfls.service.models import Alert, Episode, Plan, PlanDetail
from openfls.service.roles import May
from openfls.service.situation import situation_of

ANSWER_WITHIN = timedelta(days=42)
"""When to look whether somebody to whom the person was referred has answered; ours, no source sets it."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was agreed. A drug is named where one is recommended, a reason given where none is.

    ``signing`` None: by a prescriber where the one who agrees is one, else the GP is asked. ``answers`` has what is
    said to a contradiction by its field, ``decisions`` what is decided about a red alert by its id.
    """

    decision: DrugDecision
    calcium_vitamin_d: CalciumVitaminD
    falls_referral: FallsReferral
    dxa: DxaDecision
    drug: Drug | None = None
    decision_reason: str = ""
    what_matters: str = ""
    signing: PlanDetail.Signing | None = None
    offered: tuple[str, ...] = ()
    calcium_reason: str = ""
    lifestyle: tuple[str, ...] = ()
    dental: str = ""
    specialist: str = ""
    come_back_on: date | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    decisions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """What has to be answered before the plan can be signed: contradictions, and red alerts without a decision."""

    contradictions: tuple[Contradiction, ...] = ()
    red: tuple[Raised, ...] = ()
    unjudged: tuple[Unjudged, ...] = ()

    def open(self, agreed: Agreed) -> list[str]:
        """The questions to which ``agreed`` has no answer."""
        return [
            *(one.question for one in self.contradictions if not agreed.answers.get(one.field, "").strip()),
            *(one.rule.text for one in self.red if not agreed.decisions.get(one.rule.id, "").strip()),
        ]


class NotAnswered(NotPossible):
    """The plan raises questions that have no answer yet; ``asked`` has them."""

    def __init__(self, asked: Asked, words: list[str]) -> None:
        super().__init__("Before it can be signed, say what was decided: " + "; ".join(words))
        self.asked = asked


def asked_of(episode: Episode, agreed: Agreed, situation: Situation) -> Asked:
    """What the record asks of this plan."""
    red, unjudged = watching.before_signing(episode, situation)
    said = Said(
        agreed.decision, agreed.calcium_vitamin_d, agreed.falls_referral, agreed.dxa, situation.planned
    )
    return Asked(contradictions(said, situation.picture), tuple(red), tuple(unjudged))


def check_agreed(agreed: Agreed) -> None:
    """Raise `NotPossible` where the plan contradicts itself."""
    if agreed.decision is DrugDecision.RECOMMENDED and agreed.drug is None:
        raise NotPossible("Say which drug is recommended.")
    if agreed.decision is not DrugDecision.RECOMMENDED and agreed.drug is not None:
        raise NotPossible("A drug is named, but the plan does not recommend one.")
    if agreed.decision in (DrugDecision.DECLINED, DrugDecision.INAPPROPRIATE) and not agreed.decision_reason:
        raise NotPossible("Say why there is no drug.")
    if agreed.calcium_vitamin_d is CalciumVitaminD.NONE and not agreed.calcium_reason.strip():
        raise NotPossible("Say why there is no calcium and no vitamin D.")


@action("plan.agree", May.WORK_THE_PATHWAY)
def agree(*, episode: Episode, agreed: Agreed, agreed_on: date, by: Actor) -> Plan:
    """Keep the plan and promise the reviews at 16 and 52 weeks from the diagnosis of the index fracture.

    Raises:
        NotAnswered: it contradicts the record, or raises a red alert, without an answer.
    """
    check_agreed(agreed)
    if by.user is None:
        raise NotPossible("A plan is agreed by a person.")
    episode = locked(episode)
    if not episode.index_date <= agreed_on <= clock.today():
        raise NotPossible("The plan is dated between the fracture and today.")
    move(episode, Step.AGREE_PLAN, by)
    situation = situation_of(episode, clock.today(), planned=agreed.drug.value if agreed.drug else "")
    asked = asked_of(episode, agreed, situation)
    if words := asked.open(agreed):
        raise NotAnswered(asked, words)
    plan = Plan.objects.create(
        episode=episode,
        service=by.service,
        agreed_on=agreed_on,
        by=by.user,
        decision=agreed.decision,
        drug=agreed.drug or "",
        decision_reason=agreed.decision_reason,
        calcium_vitamin_d=agreed.calcium_vitamin_d,
        falls_referral=agreed.falls_referral,
        dxa=agreed.dxa,
        what_matters=agreed.what_matters,
    )
    detail = _detail(plan, agreed, asked, situation, by)
    _decide(episode, agreed, asked, by)
    _promise(episode, agreed, agreed_on, detail)
    note(by, "plan.agree", person=episode.person, subject=f"episode {episode.pk}", decision=agreed.decision)
    return plan


@action("plan.sign", May.SIGN_PLANS)
def sign(*, episode: Episode, plan: Plan, by: Actor) -> PlanDetail:
    """A prescriber answers for the drug of a plan that a colleague agreed.

    Raises:
        NotPossible: the plan waits for no signature, or was taken back.
    """
    episode = locked(episode)
    detail = PlanDetail.objects.select_for_update(of=("self",)).select_related("plan").get(plan=plan)
    if detail.plan.withdrawn or not detail.waits or detail.plan.episode_id != episode.pk:
        raise NotPossible("This plan waits for no signature.")
    detail.signed_by, detail.signed_at = by.user, clock.now()
    detail.save(update_fields=["signed_by", "signed_at"])
    finish_task(episode, TaskKind.SIGN_PLAN)
    note(by, "plan.sign", person=episode.person, subject=f"episode {episode.pk}", drug=detail.plan.drug)
    return detail


def _signing(agreed: Agreed, by: Actor) -> PlanDetail.Signing:
    if agreed.drug is None:
        return PlanDetail.Signing.NOT_NEEDED
    if agreed.signing in (PlanDetail.Signing.GP, PlanDetail.Signing.PRESCRIBER):
        return agreed.signing
    return PlanDetail.Signing.PRESCRIBER if can(by, May.SIGN_PLANS) else PlanDetail.Signing.GP


def _detail(plan: Plan, agreed: Agreed, asked: Asked, situation: Situation, by: Actor) -> PlanDetail:
    signing = _signing(agreed, by)
    signs = signing is not PlanDetail.Signing.PRESCRIBER or can(by, May.SIGN_PLANS)
    return PlanDetail.objects.create(
        plan=plan,
        service=by.service,
        signing=signing,
        signed_by=by.user if signs else None,
        signed_at=clock.now() if signs else None,
        offered=list(agreed.offered),
        calcium_reason=agreed.calcium_reason,
        lifestyle=list(agreed.lifestyle),
        dental=agreed.dental,
        specialist=agreed.specialist,
        come_back_on=agreed.come_back_on,
        answers={one.field: agreed.answers[one.field] for one in asked.contradictions},
        shown=_shown(plan.episode, situation),
    )


def _shown(episode: Episode, situation: Situation) -> dict[str, Any]:
    """The grid as it stood when the plan was agreed; no option where decision support was off."""
    advised = guidance_of(episode.service, situation.today)
    if not advised.is_on:
        return {"packs": [], "limits": dict(advised.limits), "options": {}}
    found = grid(situation, advised.guideline, advised.limits)
    return {
        "packs": list(found.packs),
        "limits": dict(advised.limits),
        "options": {option.drug.key: option.verdict.value for option in found.options},
    }


def _decide(episode: Episode, agreed: Agreed, asked: Asked, by: Actor) -> None:
    """The decisions about red alerts stand with the alerts themselves."""
    watching.keep(episode, asked.red)
    of_person = Alert.objects.filter(episode__person=episode.person_id, ended_at=None, decision="")
    for one in asked.red:
        of_person.filter(rule=one.rule.id, base_key=one.base).update(
            decision=Alert.Decision.OVERRIDDEN,
            reason=agreed.decisions[one.rule.id].strip()[:500],
            decided_by=by.user,
            decided_at=clock.now(),
        )


def _promise(episode: Episode, agreed: Agreed, agreed_on: date, detail: PlanDetail) -> None:
    ensure_task(episode, TaskKind.REVIEW_16, Clock(episode.index_date, REVIEW_16_AT).due)
    ensure_task(episode, TaskKind.REVIEW_52, Clock(episode.index_date, REVIEW_52_AT).due)
    if agreed.dxa is DxaDecision.ORDERED:
        ensure_task(episode, TaskKind.DXA_RESULT, Clock(episode.index_date, 90).due)
    if detail.waits:
        ensure_task(episode, TaskKind.SIGN_PLAN, agreed_on)
    if agreed.falls_referral is FallsReferral.REFERRED:
        ensure_task(episode, TaskKind.FALLS_ANSWER, agreed_on + ANSWER_WITHIN)
    if agreed.decision is DrugDecision.REFER_OPINION or agreed.specialist == "referred":
        ensure_task(episode, TaskKind.SPECIALIST_ANSWER, agreed_on + ANSWER_WITHIN)
    if agreed.come_back_on is not None:
        ensure_task(episode, TaskKind.COME_BACK, agreed.come_back_on)
