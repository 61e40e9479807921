"""What was agreed and promised: CarePlan, ServiceRequest, Task; and what is taken: MedicationStatement."""

from __future__ import annotations

from collections.abc import Iterator

from openfls.integration.fhir.parts import Json, coding, concept, finished, instant, notes, reference
from openfls.integration.fhir.systems import OWN_DRUG, OWN_REQUEST, OWN_TASK, OWN_TREATMENT
from openfls.integration.fhir.values import AgreedPlan, Course, PersonRecord, Promise
from openfls.record.reasons import CalciumVitaminD, Drug, DrugDecision, DxaDecision, FallsReferral, TaskKind

REQUESTS = {
    "dxa": ("Bone density scan (DXA)", TaskKind.DXA_RESULT),
    "falls": ("Referral to the falls team", TaskKind.FALLS_ANSWER),
    "specialist": ("Referral for a specialist's opinion", TaskKind.SPECIALIST_ANSWER),
}

_DRUGS = {drug.value: drug.label for drug in Drug}


def _drug(key: str) -> Json:
    words = _DRUGS.get(key, key)
    return concept(words, coding(OWN_DRUG, key, words))


def asked_for(plan: AgreedPlan) -> list[str]:
    """The requests that a plan makes, by the keys of `REQUESTS`."""
    return [
        *(["dxa"] if plan.dxa is DxaDecision.ORDERED else []),
        *(["falls"] if plan.falls_referral is FallsReferral.REFERRED else []),
        *(["specialist"] if plan.specialist else []),
    ]


def care_plan(plan: AgreedPlan, person: PersonRecord) -> Json:
    """A plan with what was recommended, declined and asked for. A plan that waits for a prescriber is a draft."""
    requests = [
        {"reference": reference("ServiceRequest", f"{plan.key}-{name}", REQUESTS[name][0])}
        for name in asked_for(plan)
    ]
    return finished(
        {
            "resourceType": "CarePlan",
            "id": plan.key,
            "status": _plan_status(plan),
            "intent": "plan",
            "title": "Bone health plan",
            "subject": reference("Patient", person.key),
            "period": {"start": plan.agreed_on.isoformat()},
            "created": plan.agreed_on.isoformat(),
            "author": {"display": plan.by} if plan.by else None,
            "activity": [*_activities(plan), *requests],
            "note": notes(
                f"To come back to on {plan.come_back_on.isoformat()}." if plan.come_back_on else "",
                "Waits for the signature of a prescriber." if plan.waits and not plan.withdrawn else "",
            ),
        },
        person.changed_at,
    )


def _plan_status(plan: AgreedPlan) -> str:
    if plan.withdrawn:
        return "entered-in-error"
    if plan.closed:
        return "completed"
    return "draft" if plan.waits else "active"


_AS_ACTIVITY = {"active": "in-progress"}
"""The words of an activity that differ from those of a MedicationStatement."""


def _course(plan: AgreedPlan) -> Course | None:
    """The newest course of the plan's drug; one that had ended before the plan is not what it asked for."""
    found = [
        course
        for course in plan.courses
        if course.drug == plan.drug
        and not course.withdrawn
        and (course.stopped_on is None or course.stopped_on >= plan.agreed_on)
    ]
    return found[-1] if found else None


def _activities(plan: AgreedPlan) -> Iterator[Json]:
    """A drug stands as its course does; without one, nobody here knows whether it was started."""
    if plan.drug:
        course = _course(plan)
        yield {
            "detail": {
                "kind": "MedicationRequest",
                "code": _drug(plan.drug),
                "status": _AS_ACTIVITY.get(course.status, course.status) if course else "unknown",
                "description": "Recommended" + ("" if course else "; whether it was started is not known"),
            }
            | ({"statusReason": concept(course.stop_reason)} if course and course.stop_reason else {})
        }
    else:
        yield {
            "detail": {
                "code": concept(plan.decision.label),
                "status": "cancelled" if plan.decision is DrugDecision.DECLINED else "unknown",
            }
            | ({"statusReason": concept(plan.decision_reason)} if plan.decision_reason else {})
        }
    if plan.calcium_vitamin_d is not CalciumVitaminD.NONE:
        yield {"detail": {"code": concept(plan.calcium_vitamin_d.label), "status": "unknown"}}


def service_request(plan: AgreedPlan, name: str, person: PersonRecord) -> Json:
    """A scan or referral that a plan asked for; completed once its answer has been seen."""
    words, task = REQUESTS[name]
    status = "completed" if task in plan.answered else "active"
    if plan.withdrawn:
        status = "entered-in-error"
    elif plan.closed and status == "active":
        status = "unknown"  # the episode was closed before the answer was seen
    return finished(
        {
            "resourceType": "ServiceRequest",
            "id": f"{plan.key}-{name}",
            "basedOn": [reference("CarePlan", plan.key)],
            "status": status,
            "intent": "order",
            "code": concept(words, coding(OWN_REQUEST, name, words)),
            "subject": reference("Patient", person.key),
            "authoredOn": plan.agreed_on.isoformat(),
            "requester": {"display": plan.by} if plan.by else None,
        },
        person.changed_at,
    )


def task(promise: Promise, person: PersonRecord) -> Json:
    """Something that the service has promised to do by a day."""
    ended = promise.done_at or promise.cancelled_at
    status = "completed" if promise.done_at else "cancelled" if promise.cancelled_at else "requested"
    return finished(
        {
            "resourceType": "Task",
            "id": promise.key,
            "status": status,
            "intent": "plan",
            "code": concept(promise.kind.label, coding(OWN_TASK, promise.kind.value, promise.kind.label)),
            "for": reference("Patient", person.key),
            "executionPeriod": {"end": instant(ended)} if ended else None,
            "owner": {"type": "Organization", "display": person.service},
            "restriction": {"period": {"end": promise.due.isoformat()}},
        },
        person.changed_at,
    )


def medication_statement(course: Course, person: PersonRecord) -> Json:
    """A course of a bone drug that the service knows of. Nothing says how much is taken: that is not on record."""
    period = {"start": course.started_on.isoformat()}
    if course.stopped_on:
        period["end"] = course.stopped_on.isoformat()
    given = ", ".join(on.isoformat() for on in course.doses)
    return finished(
        {
            "resourceType": "MedicationStatement",
            "id": course.key,
            "identifier": [{"system": OWN_TREATMENT, "value": course.key}],
            "status": course.status,
            "statusReason": [concept(course.stop_reason)] if course.stop_reason else None,
            "medicationCodeableConcept": _drug(course.drug),
            "subject": reference("Patient", person.key),
            "effectivePeriod": period,
            "dateAsserted": instant(course.at),
            "note": notes(f"Given on {given}." if given else ""),
        },
        person.changed_at,
    )
