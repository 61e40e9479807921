"""From the record to a `Situation`: what the drug rules, the alerts and the schedule are asked of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from openfls.intervention import Course, Situation
from openfls.investigation import evaluate
from openfls.investigation.qfracture import qfracture
from openfls.record.advice import Answer
from openfls.record.pathway import UNDER_CARE, State
from openfls.record.people import NHS_NUMBER, age_on
from openfls.record.picture import Picture
from openfls.record.reasons import ReviewOutcome
from openfls.service import clock
from openfls.service.flags import Kind
from openfls.service.guidance import choices_for, guidance_of
from openfls.service.known import known_of
from openfls.service.models import Episode, Plan
from openfls.service.picture import picture_of
from openfls.service.remembering import reading
from openfls.service.treatment.courses import courses_of

_VERY_HIGH = "very-high-risk"
_NOGG = next(key for key in choices_for("guideline") if key.startswith("NOGG@"))
_BEFORE_PLAN = (State.FOUND, State.TO_ASSESS, State.TO_PLAN)
_STARTED = {
    ReviewOutcome.ON_TREATMENT: True,
    ReviewOutcome.STOPPED: True,
    ReviewOutcome.NOT_STARTED: False,
    ReviewOutcome.DECLINED: False,
}


@reading()
def situation_of(episode: Episode, on: date, planned: str | None = None) -> Situation:
    """The situation of an episode's person on the day ``on``; ``planned`` is a drug about to be planned."""
    person = episode.person
    known = known_of(episode, on)
    picture = picture_of(episode, on, known)
    picture = replace(picture, qfracture=qfracture(picture).result)
    plan = standing_plan(episode)
    courses = courses_of(episode.person_id)
    if any(flag.kind == Kind.SAFEGUARDING for flag in person.standing_flags):
        picture = replace(picture, safeguarding_concern=True)
    under_care = State(episode.state) in UNDER_CARE
    drug = (plan.drug if plan and under_care else "") if planned is None else planned
    return Situation(
        picture,
        planned=drug,
        courses=courses,
        known_on={name: one.counts.on for name, one in known.items() if one.counts},
        results_for=plan.agreed_on if plan and planned is None else None,
        very_high_risk=_very_high_risk(episode, picture),
        started=_started(episode, drug, courses, plan.agreed_on if plan and planned is None else None)
        if drug
        else None,
        plan_agreed_on=plan.agreed_on if plan and planned is None else None,
        found_on=episode.found_on,
        last_action_on=_last_action(episode) if State(episode.state) in _BEFORE_PLAN else None,
        under_care=under_care,
        before_plan=State(episode.state) in _BEFORE_PLAN,
        index_on=episode.index_date,
        age_at_index=age_on(person.birth_date, episode.index_date) if person.birth_date else None,
        deceased=person.deceased,
        identity_doubt="" if _has_nhs_number(episode) else "No NHS number that passes its check",
    )


def standing_plan(episode: Episode) -> Plan | None:
    """The plan that stands; None while there is none."""
    return Plan.objects.filter(episode=episode, withdrawn=False).order_by("-pk").first()


def _very_high_risk(episode: Episode, picture: Picture) -> bool | None:
    """What NOGG's rules say; None where one of them cannot be judged yet and none holds."""
    found = evaluate(guidance_of(episode.service, picture.on).pack(_NOGG), picture)
    if _VERY_HIGH in found.actions:
        return True
    open_ = [
        trace
        for trace in found.traces
        if trace.rule.startswith("NOGG-vh-") and trace.answer is Answer.UNKNOWN
    ]
    return None if open_ else False


def _started(episode: Episode, drug: str, courses: tuple[Course, ...], agreed_on: date | None) -> bool | None:
    """Whether the planned drug was begun; None where nobody has heard of it.

    A course that ended before the plan is none of it; a review that heard of another drug tells nothing of this one.
    """
    mine = [course for course in courses if course.drug == drug]
    if any(course.goes_on or (agreed_on and course.started_on >= agreed_on) for course in mine):
        return True
    review = episode.reviews.filter(withdrawn=False).order_by("-reviewed_on", "-pk").first()
    if review is None or (review.drug and review.drug != drug):
        return None
    return _STARTED.get(ReviewOutcome(review.outcome))


def _last_action(episode: Episode) -> date | None:
    status = episode.statuses.order_by("-pk").values_list("at", flat=True).first()
    contact = episode.contacts.order_by("-on").values_list("on", flat=True).first()
    days = [*([clock.day_of(status)] if status else []), *([contact] if contact else [])]
    return max(days, default=None)


def _has_nhs_number(episode: Episode) -> bool:
    return any(row.valid and row.system.startswith(NHS_NUMBER) for row in episode.person.identifiers.all())
