"""What the simulated service does about each found fracture, cut off at the end of the year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from openfls.fiction.answers import answers, scan
from openfls.fiction.calendar import delivered_on, working
from openfls.fiction.contacts import calls, staff
from openfls.fiction.reviews import RECOMMENDED, died_before_review, follow_up
from openfls.fiction.tables import by_age, percent, stream, table
from openfls.fiction.treatment import agree
from openfls.fiction.values import (
    AssessmentStep,
    CloseReason,
    CloseStep,
    Course,
    Decision,
    DxaStep,
    Event,
    FictionalPerson,
    LetterStep,
    PlanStep,
    RefuteReason,
    Role,
    Story,
    Teller,
)

IN_TIME = 90
"""Days from the fracture within which assessment and scan count in the national audit."""

_FOUND = frozenset(
    {Story.FRAGILITY, Story.HIGH_ENERGY, Story.METASTATIC, Story.PERIPROSTHETIC, Story.POSSIBLE}
)
_REFUTED = {Story.HIGH_ENERGY: RefuteReason.HIGH_ENERGY, Story.METASTATIC: RefuteReason.CANCER}


def courses(
    seed: int, end: date, events: tuple[Event, ...], people: dict[str, FictionalPerson]
) -> Iterator[Course]:
    """One course for each event that the feeds put forward to a service, in the order of the events."""
    for event in events:
        if event.story in _FOUND:
            yield cut(_course(stream(seed, "course", event.key), end, event, people[event.person]), end)


def cut(course: Course, end: date) -> Course:
    """The course as it stands on ``end``: a later step has not happened."""

    def kept(step: object) -> bool:
        return step is not None and step.on <= end  # type: ignore[attr-defined]

    dxa = course.dxa if course.dxa and course.dxa.requested_on <= end else None
    if dxa and dxa.on and dxa.on > end:
        dxa = DxaStep(dxa.requested_on)
    return replace(
        course,
        decision=course.decision if kept(course.decision) else None,
        assessment=course.assessment if kept(course.assessment) else None,
        dxa=dxa,
        plan=course.plan if kept(course.plan) else None,
        letters=tuple(filter(kept, course.letters)),
        contacts=tuple(filter(kept, course.contacts)),
        review_16=course.review_16 if kept(course.review_16) else None,
        review_52=course.review_52 if kept(course.review_52) else None,
        closed=course.closed if kept(course.closed) else None,
    )


def _course(chance: Random, end: date, event: Event, person: FictionalPerson) -> Course:
    """The whole course, whatever the end of the year; a death ends it."""
    first = event.bones[0]
    course = Course(
        event=event.key,
        nhs_number=person.nhs_number,
        hospital_number=person.hospital_number,
        site=first.site,
        side=first.side,
        sites=tuple(bone.site for bone in event.bones),
        fracture_on=event.on,
    )
    days = table("courses")["decision"]["days"]
    decided = working(_known_on(event, end) + timedelta(days=chance.randrange(*days)))
    by = staff(Role.COORDINATOR if percent(chance, 75) else Role.NURSE)
    refuted = _refuted(chance, event)
    if person.died_on and person.died_on <= decided:
        refuted = RefuteReason.DIED
    course = replace(course, decision=Decision(decided, by, refuted))
    if refuted:
        return course
    course = _assessed(chance, course, event, person)
    course = _planned(chance, course, event, person)
    course = follow_up(chance, course, event)
    return _until_death(course, person, end)


def _known_on(event: Event, end: date) -> date:
    """The day on which the first delivery told of the event. A ward alone tells at discharge."""
    at_once = Teller.EMERGENCY in event.told_by or Teller.RADIOLOGY in event.told_by
    return delivered_on(event.on if at_once else event.on + timedelta(days=22), end)


def _refuted(chance: Random, event: Event) -> RefuteReason | None:
    if event.story is Story.POSSIBLE:
        refute = percent(chance, table("courses")["decision"]["possible_refuted"])
        return RefuteReason.NOT_A_FRACTURE if refute else None
    return _REFUTED.get(event.story)


def _assessed(chance: Random, course: Course, event: Event, person: FictionalPerson) -> Course:
    """Assessment in time, late or never; three calls in vain or a refusal close the course."""
    rules = table("courses")["assessment"]
    decided = course.decision.on if course.decision else event.on
    by = staff(Role.NURSE if percent(chance, 65) else Role.COORDINATOR)
    limit = (event.on + timedelta(days=IN_TIME) - decided).days
    draw = chance.random() * 100
    edges = [rules["on_time"], rules["late"], rules["declined"], rules["not_reached"]]
    in_time, late, declined, not_reached = (sum(edges[: place + 1]) for place in range(4))
    if draw < late:
        wait = (
            chance.triangular(3, limit - 2, limit / 3) if draw < in_time else limit + chance.randrange(2, 60)
        )
        on = working(decided + timedelta(days=int(wait)))
    elif draw < not_reached:
        on = working(decided + timedelta(days=chance.randrange(20, 75)))
        reached = draw < declined
        reason = CloseReason.DECLINED if reached else CloseReason.NOT_REACHED
        return replace(
            course,
            contacts=calls(chance, on, by, "assessment", reached=reached, after=decided),
            closed=CloseStep(on, by, reason),
        )
    else:
        return course
    sex = person.demographics.sex
    heard = answers(chance, on=on, age=event.age, sex=sex, care_home=person.care_home, site=course.site)
    step = AssessmentStep(on, by, heard, falls_assessed=percent(chance, rules["falls_assessed"]))
    return replace(
        course,
        contacts=calls(chance, on, by, "assessment", reached=True, after=decided),
        assessment=step,
        dxa=_scanned(chance, event, person, on),
    )


def _scanned(chance: Random, event: Event, person: FictionalPerson, assessed: date) -> DxaStep | None:
    rules = table("courses")["dxa"]
    asked = rules["asked_care_home"] if person.care_home else by_age(rules["asked"], event.age)
    if not percent(chance, asked):
        return None
    left = (event.on + timedelta(days=IN_TIME) - assessed).days
    if percent(chance, rules["never_came"]):
        return DxaStep(assessed)
    soon = left > 5 and percent(chance, rules["fast"])
    wait = chance.randrange(3, left - 2) if soon else max(left + 2, 0) + chance.randrange(5, 80)
    on = working(assessed + timedelta(days=wait))
    return DxaStep(assessed, on, scan(chance, on))


def _planned(chance: Random, course: Course, event: Event, person: FictionalPerson) -> Course:
    """The plan: after the scan where it comes within four weeks, else without waiting for it."""
    if course.assessment is None:
        return course
    assessed, result = course.assessment.on, None
    on = assessed + timedelta(days=chance.randrange(0, 11))
    if course.dxa and course.dxa.on and course.dxa.on <= assessed + timedelta(days=28):
        on, result = course.dxa.on + timedelta(days=chance.randrange(2, 8)), course.dxa.result
    on = working(on)
    heard, sex = course.assessment.answers, person.demographics.sex
    kind, drug = agree(chance, site=course.site, age=event.age, sex=sex, heard=heard, scan=result)
    by = staff(Role.LEAD if drug in ("zoledronate", "denosumab") else Role.NURSE)
    referral = percent(chance, table("courses")["assessment"]["falls_referral"])
    enough = heard.get("vitamin_d_nmol_l", 0) >= 75
    supplement = bool(kind in RECOMMENDED or not enough)
    plan = PlanStep(on, by, kind, drug, calcium_vitamin_d=supplement, falls_referral=referral)
    posted = working(on + timedelta(days=chance.randrange(0, 6)))
    letters = tuple(LetterStep(posted, staff(Role.COORDINATOR), to) for to in ("gp", "person"))
    return replace(course, plan=plan, letters=letters)


def _until_death(course: Course, person: FictionalPerson, end: date) -> Course:
    """The course of somebody who died: after the death only its end, when the feed told of it."""
    if person.died_on is None:
        return course
    alive = cut(course, person.died_on - timedelta(days=1))
    if alive.closed:
        return alive
    told = delivered_on(person.died_on + timedelta(days=15), end)
    if told < person.died_on + timedelta(days=15):
        return alive
    by, on = staff(Role.COORDINATOR), working(told)
    alive = died_before_review(alive, on, by)
    return cut(replace(alive, closed=CloseStep(on, by, CloseReason.DIED)), end)
