"""From the tables to what leaves: the records of people, with only the parts that a kind of resource needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from openfls.integration.fhir.fields import all_fields
from openfls.integration.fhir.values import (
    AgreedPlan,
    ApprovedLetter,
    BrokenBone,
    Course,
    Measured,
    PersonRecord,
    Promise,
    Scores,
)
from openfls.record.findings import FractureAge, Kind
from openfls.record.pathway import State
from openfls.record.people import NHS_NUMBER, Identifier
from openfls.record.picture import FraxResult, QFractureResult
from openfls.record.reasons import CalciumVitaminD, DrugDecision, DxaDecision, FallsReferral, TaskKind
from openfls.record.sites import Side, Site
from openfls.record.written_dates import read_date
from openfls.service import clock, rows
from openfls.service.claims import Known
from openfls.service.known import known_of
from openfls.service.letters import LABELS, is_as_locked
from openfls.service.models import Episode, Fracture, Letter, Person, Plan, Task, Treatment
from openfls.service.posting import is_replaced
from openfls.service.sharing.people import changed_at

_DISAGREE = "Sources disagree, and nobody has chosen yet"
_REFERRALS = {TaskKind.DXA_RESULT, TaskKind.FALLS_ANSWER, TaskKind.SPECIALIST_ANSWER}
Of = TypeVar("Of")
ByPerson = Mapping[UUID, Sequence[Any]]


def records_of(people: Sequence[Person], kind: str) -> list[PersonRecord]:
    """The records of these people, in their order, with what resources of ``kind`` are made of."""
    changed = changed_at(people)
    parts = {name: gather(people) for name, gather in _NEEDED.get(kind, {}).items()}
    if kind == "RiskAssessment":
        standing = _known(people)
        parts = {"measured": _values(standing), "scores": _scores(standing)}
    return [
        PersonRecord(
            key=str(person.pk),
            demographics=person.demographics(),
            numbers=_numbers(person),
            service=person.service.name,
            changed_at=changed[person.pk],
            **{name: tuple(found.get(person.pk, ())) for name, found in parts.items()},
        )
        for person in people
    ]


def _numbers(person: Person) -> tuple[Identifier, ...]:
    """The numbers that hold, the NHS number first. One that fails its check is nobody's number and does not leave."""
    kept = [Identifier(row.system, row.value) for row in person.identifiers.all() if row.valid]
    nhs = [each for each in kept if each.system == NHS_NUMBER]
    others = [each for each in kept if not each.system.startswith(NHS_NUMBER)]
    # UK Core has room for one NHS number; a record with two of them is in doubt and shows none.
    return (*(nhs if len(nhs) == 1 else ()), *sorted(others, key=lambda each: (each.system, each.value)))


def _by_person(found: Iterable[tuple[UUID, Of]]) -> dict[UUID, list[Of]]:
    groups: dict[UUID, list[Of]] = defaultdict(list)
    for person, each in found:
        groups[person].append(each)
    return groups


def _fractures(people: Sequence[Person]) -> ByPerson:
    found = Fracture.objects.filter(person__in=people).select_related("episode")
    return _by_person((row.person_id, _bone(row)) for row in found)


def _bone(row: Fracture) -> BrokenBone:
    return BrokenBone(
        key=str(row.pk),
        on=row.on,
        site=Site(row.site),
        side=Side(row.side),
        levels=tuple(row.levels.split(";")) if row.levels else (),
        kind=Kind(row.kind),
        age=FractureAge(row.age),
        fragility=row.fragility,
        state=State(row.episode.state),
        history=row.episode.history,
        words=row.words,
    )


Standing = tuple[Episode, Mapping[str, Known]]


def _known(people: Sequence[Person]) -> list[Standing]:
    """Their episodes, the newest first, with what is known today."""
    found = (
        Episode.objects.filter(person__in=people)
        .exclude(state=State.NOT_FOR_US)
        .select_related("person", "service", "assessment")
        .order_by("-index_date", "-pk")
    )
    today = clock.today()
    return [(episode, known_of(episode, today)) for episode in rows.bring(list(found))]


def _measured(people: Sequence[Person]) -> ByPerson:
    return _values(_known(people))


def _values(standing: Iterable[Standing]) -> ByPerson:
    """Of each person and field one value: of the newest episode that knows something of it."""
    kept: dict[UUID, dict[str, Measured]] = defaultdict(dict)
    for episode, known in standing:
        mine = kept[episode.person_id]
        for field, one in known.items():
            if field in all_fields() and (field not in mine or mine[field].value is None):
                told = _told(one)
                if field not in mine or told.value is not None:
                    mine[field] = told
    return {person: list(found.values()) for person, found in kept.items()}


def _told(known: Known) -> Measured:
    claim = known.counts
    if claim is None or claim.value is None:
        return Measured(known.field, None, absent=_DISAGREE if known.rivals else "")
    return Measured(
        field=known.field,
        value=claim.value,
        on=claim.on,
        at=claim.at,
        source=claim.source,
        comparator=claim.comparator,
        preliminary=claim.preliminary,
        corrected=claim.corrected,
    )


def _scores(standing: Iterable[Standing]) -> ByPerson:
    return _by_person((episode.person_id, _score(episode, known)) for episode, known in standing)


def _score(episode: Episode, known: Mapping[str, Known]) -> Scores:
    """FRAX as it is recorded now, QFracture as the finished assessment was given it."""
    frax = _frax({name: one.value for name, one in known.items() if name.startswith("frax.")})
    assessment = getattr(episode, "assessment", None)
    given = assessment.advice if assessment is not None and assessment.assessed_on else {}
    score = given.get("qfracture") or {}
    on = read_date(str(given.get("on", "")))
    if "major_osteoporotic_pct" not in score or on is None:
        return Scores(str(episode.pk), frax)
    result = QFractureResult(
        major_osteoporotic_pct=float(score["major_osteoporotic_pct"]),
        hip_pct=float(score["hip_pct"]),
        on=on,
        years=int(score["years"]),
        version=str(score["version"]),
    )
    return Scores(str(episode.pk), frax, result, str(score["disclaimer"]))


def _frax(told: Mapping[str, Any]) -> FraxResult | None:
    """A result that is complete: without its day, country model or bone density it is none to act on."""
    values = {each.name: told.get(f"frax.{each.name}") for each in fields(FraxResult)}
    if None in values.values():
        return None
    return FraxResult(**{**values, "on": date.fromisoformat(str(values["on"]))})


def _plans(people: Sequence[Person]) -> ByPerson:
    found = (
        Plan.objects.filter(episode__person__in=people)
        .select_related("episode", "by", "detail")
        .prefetch_related("episode__treatments__doses", "episode__tasks")
    )
    return _by_person((row.episode.person_id, _plan(row)) for row in found)


def _plan(row: Plan) -> AgreedPlan:
    detail = getattr(row, "detail", None)
    decision = DrugDecision(row.decision)
    done = {task.kind for task in row.episode.tasks.all() if task.done_at}
    return AgreedPlan(
        key=f"plan-{row.pk}",
        episode=str(row.episode_id),
        agreed_on=row.agreed_on,
        by=row.by.full_name,
        decision=decision,
        drug=row.drug,
        decision_reason=row.decision_reason,
        calcium_vitamin_d=CalciumVitaminD(row.calcium_vitamin_d),
        falls_referral=FallsReferral(row.falls_referral),
        dxa=DxaDecision(row.dxa),
        waits=bool(detail and detail.waits),
        withdrawn=row.withdrawn,
        closed=row.episode.state == State.CLOSED,
        specialist=decision is DrugDecision.REFER_OPINION or bool(detail and detail.specialist == "referred"),
        come_back_on=detail.come_back_on if detail else None,
        courses=tuple(_course(each) for each in row.episode.treatments.all()),
        answered=frozenset(kind for kind in _REFERRALS if kind in done),
    )


def _courses(people: Sequence[Person]) -> ByPerson:
    """Those that were taken back too: who has read one of them is told that it never was."""
    found = Treatment.objects.filter(episode__person__in=people).select_related("episode")
    return _by_person((row.episode.person_id, _course(row)) for row in found.prefetch_related("doses"))


def _course(row: Treatment) -> Course:
    return Course(
        key=f"treatment-{row.pk}",
        drug=row.drug,
        started_on=row.started_on,
        stopped_on=row.stopped_on,
        stop_reason=row.stop_reason,
        paused=row.paused,
        at=row.at,
        doses=tuple(dose.on for dose in row.doses.all()),
        withdrawn=row.withdrawn,
    )


def _promises(people: Sequence[Person]) -> ByPerson:
    found = Task.objects.filter(episode__person__in=people).select_related("episode")
    return _by_person(
        (
            row.episode.person_id,
            Promise(f"task-{row.pk}", TaskKind(row.kind), row.due, row.done_at, row.cancelled_at),
        )
        for row in found
    )


def _letters(people: Sequence[Person]) -> ByPerson:
    """Approved letters that still say what was locked."""
    found = Letter.objects.filter(person__in=people).exclude(approved_at=None)
    found = found.select_related("approved_by", "replaced_by")
    return _by_person((row.person_id, approved(row)) for row in found if is_as_locked(row))


def approved(row: Letter) -> ApprovedLetter:
    """A locked letter without its text."""
    return ApprovedLetter(
        key=str(row.pk),
        kind=row.kind,
        label=LABELS[row.kind],
        subject=row.content["subject"],
        on=clock.day_of(row.written_at),
        approved_at=row.approved_at,
        approved_by=row.approved_by.full_name if row.approved_by else "",
        replaced=is_replaced(row),
        replaces=str(row.replaces_id) if row.replaces_id else "",
    )


_NEEDED: dict[str, dict[str, Callable[[Sequence[Person]], ByPerson]]] = {
    "Condition": {"fractures": _fractures},
    "Observation": {"measured": _measured},
    "CarePlan": {"plans": _plans},
    "ServiceRequest": {"plans": _plans},
    "MedicationStatement": {"courses": _courses},
    "Task": {"promises": _promises},
    "DocumentReference": {"letters": _letters},
}
"""Which parts of a record each kind of resource is made of, looked up apart; a Patient needs none."""
