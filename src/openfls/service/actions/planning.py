"""The plan agreed with the person, and the promises that follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

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
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actions.moves import locked, move
from openfls.service.actions.tasks import ensure_task
from openfls.service.actor import Actor
from openfls.service.models import Episode, Plan
from openfls.service.roles import May


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was agreed. A drug is named where one is recommended, a reason given where none is."""

    decision: DrugDecision
    calcium_vitamin_d: CalciumVitaminD
    falls_referral: FallsReferral
    dxa: DxaDecision
    drug: Drug | None = None
    decision_reason: str = ""
    what_matters: str = ""


def check_agreed(agreed: Agreed) -> None:
    """Raise `NotPossible` where the plan contradicts itself."""
    if agreed.decision is DrugDecision.RECOMMENDED and agreed.drug is None:
        raise NotPossible("Say which drug is recommended.")
    if agreed.decision is not DrugDecision.RECOMMENDED and agreed.drug is not None:
        raise NotPossible("A drug is named, but the plan does not recommend one.")
    if agreed.decision in (DrugDecision.DECLINED, DrugDecision.INAPPROPRIATE) and not agreed.decision_reason:
        raise NotPossible("Say why there is no drug.")


@action("plan.agree", May.WORK_THE_PATHWAY)
def agree(*, episode: Episode, agreed: Agreed, agreed_on: date, by: Actor) -> Plan:
    """Keep the plan and promise the reviews at 16 and 52 weeks from the diagnosis of the index fracture."""
    check_agreed(agreed)
    if by.user is None:
        raise NotPossible("A plan is agreed by a person.")
    episode = locked(episode)
    if not episode.index_date <= agreed_on <= clock.today():
        raise NotPossible("The plan is dated between the fracture and today.")
    move(episode, Step.AGREE_PLAN, by)
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
    ensure_task(episode, TaskKind.REVIEW_16, Clock(episode.index_date, REVIEW_16_AT).due)
    ensure_task(episode, TaskKind.REVIEW_52, Clock(episode.index_date, REVIEW_52_AT).due)
    if agreed.dxa is DxaDecision.ORDERED:
        ensure_task(episode, TaskKind.DXA_RESULT, Clock(episode.index_date, 90).due)
    note(by, "plan.agree", person=episode.person, subject=f"episode {episode.pk}", decision=agreed.decision)
    return plan
