"""What is read of a record in an emergency beside its head and its timeline: decided alerts, treatment, plans, results,
and the letters that were approved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from openfls.information.letter import Letter as LetterValue
from openfls.intervention.packs import settings
from openfls.intervention.schedule import Due, promises
from openfls.record.questions import QuestionKind, by_field
from openfls.record.reasons import CalciumVitaminD, DrugDecision, DxaDecision, FallsReferral
from openfls.service import clock
from openfls.service.guidance import guidance_of
from openfls.service.letters import is_as_locked, value_of
from openfls.service.models import Alert, Answer, Letter, Person, Plan, ToldValue, Treatment
from openfls.service.treatment.courses import COUNTED, courses_from

_STANDING = (ToldValue.State.STANDING, ToldValue.State.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Result:
    """One value that a feed, the person or an assessment told, in words; ``mark`` says where a sender called it
    preliminary or corrected."""

    label: str
    words: str
    on: date
    source: str
    mark: str


def results_of(person: Person) -> list[Result]:
    """Every value that stands, the newest first. One of a field that is not asked about any more keeps its name."""
    rows = ToldValue.objects.filter(person=person, state__in=_STANDING).order_by(
        "-taken_on", "-taken_at", "id"
    )
    return [_result(row) for row in rows]


def _result(row: ToldValue) -> Result:
    question = by_field().get(row.field)
    said = question.words(row.value) if question else str(row.value)
    mark = "preliminary" if row.preliminary else "corrected" if row.corrected else ""
    label = question.label if question else row.field
    return Result(label, f"{row.comparator}{said}", row.taken_on, row.source, mark)


_MEASURED = (QuestionKind.INTEGER, QuestionKind.NUMBER)


def answers_of(person: Person) -> tuple[list[Result], list[Result]]:
    """What was answered in an assessment, the newest of each question: what is a figure, and the rest, a yes first.

    Nothing of a question that is not asked about any more, and of an answer that was taken away, is in it: the timeline
    has those.
    """
    rows = Answer.objects.filter(assessment__episode__person=person).select_related("by").order_by("at", "id")
    newest = {row.field: row for row in rows}
    figures: list[Result] = []
    rest: list[tuple[bool, str, Result]] = []
    for field, row in newest.items():
        question = by_field().get(field)
        if question is None or row.value is None:
            continue
        source = f"assessment, {row.by.full_name}" if row.by else f"assessment, {row.source}"
        one = Result(question.label, question.words(row.value), row.known_on, source, "")
        if question.kind in _MEASURED:
            figures.append(one)
        else:
            rest.append((row.value is False, question.label, one))
    return figures, [one for _, _, one in sorted(rest, key=lambda each: each[:2])]


def letters_of(person: Person) -> Sequence[tuple[Letter, LetterValue]]:
    """The approved letters as they were locked, the newest first; a draft is nobody's word yet. One in whose place
    another was approved is among them: a page says so (`posting.is_replaced`)."""
    rows = Letter.objects.filter(person=person).exclude(approved_at=None)
    rows = rows.select_related("approved_by", "replaced_by")
    return [(row, value_of(row)) for row in rows.order_by("-approved_at") if is_as_locked(row)]


def decided_alerts_of(person: Person) -> Sequence[Alert]:
    """The alerts that still hold and about which somebody has decided, the newest decision first."""
    rows = Alert.objects.filter(episode__person=person, ended_at=None).exclude(decision="")
    return list(rows.select_related("decided_by", "episode").order_by("-decided_at", "-pk"))


@dataclass(frozen=True, slots=True)
class CourseRead:
    """A course of a bone drug with what is due of it, as the treatment page shows it."""

    row: Treatment
    promises: Sequence[Due]
    followed: bool
    counted: bool


def courses_read(person: Person) -> list[CourseRead]:
    """Every course that was not told in error, what is being taken first."""
    rows = list(
        Treatment.objects.filter(episode__person=person, withdrawn=False).prefetch_related("doses", "entries")
    )
    own = settings(guidance_of(person.service, clock.today()).limits)
    found = [
        CourseRead(row, promises(value, own), value.followed, row.drug in COUNTED)
        for row, value in zip(rows, courses_from(rows), strict=True)
    ]
    return sorted(found, key=lambda one: (one.row.stopped_on is not None, -one.row.started_on.toordinal()))


@dataclass(frozen=True, slots=True)
class PlanRead:
    """A plan in words. ``said`` are pairs of what it is about and what was agreed; ``waits`` for a signature."""

    row: Plan
    said: Sequence[tuple[str, str]]
    waits: bool


def plans_of(person: Person) -> list[PlanRead]:
    """The plan that stands of each episode, the newest first."""
    rows = Plan.objects.filter(episode__person=person, withdrawn=False)
    newest: dict[object, Plan] = {}
    for row in rows.select_related("by", "detail").order_by("-pk"):
        newest.setdefault(row.episode_id, row)
    return [_plan(row) for row in newest.values()]


def _plan(row: Plan) -> PlanRead:
    detail = getattr(row, "detail", None)
    said = (
        ("Bone-protecting drug", DrugDecision(row.decision).label),
        ("Why", row.decision_reason),
        ("Calcium and vitamin D", CalciumVitaminD(row.calcium_vitamin_d).label),
        ("Falls", FallsReferral(row.falls_referral).label),
        ("Bone density scan", DxaDecision(row.dxa).label),
        ("What matters to the person", row.what_matters),
    )
    return PlanRead(row, [pair for pair in said if pair[1]], detail is not None and detail.waits)
