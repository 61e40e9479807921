"""Everything that happened to one person, newest first, in one list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from openfls.record.pathway import PLACES, State
from openfls.record.questions import by_field
from openfls.record.reasons import Channel, ContactOutcome, Drug, DrugDecision, ReviewOutcome
from openfls.service import clock
from openfls.service.models import (
    Answer,
    Contact,
    Letter,
    Person,
    Plan,
    Review,
    SourceRecord,
    Status,
    TreatmentEntry,
)
from openfls.service.posting import is_replaced, sending_of

_STEPS = {
    "find": "Found",
    "confirm": "Fracture confirmed",
    "refute": "Not for us",
    "bring_back": "Brought back to be confirmed",
    "finish_assessment": "Assessment finished",
    "agree_plan": "Plan agreed",
    "review_at_16_weeks": "Reviewed at 16 weeks",
    "review_at_52_weeks": "Reviewed at 52 weeks",
    "close": "Closed",
    "undo": "Last step taken back",
}
_REVIEWED = {Review.Kind.WEEK_16.value: "review_at_16_weeks", Review.Kind.WEEK_52.value: "review_at_52_weeks"}
_DRUGS = {one.value: one.label for one in Drug}
_PAUSE = timedelta(minutes=30)
Moments = dict[tuple[object, str, date], datetime]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline. ``detail`` is for reading, ``by`` empty where the system itself acted."""

    at: datetime
    kind: str
    title: str
    detail: str = ""
    by: str = ""
    letter: Letter | None = None

    @property
    def on(self) -> date:
        """The day."""
        return clock.day_of(self.at)


def timeline_of(person: Person) -> list[Entry]:
    """All entries of ``person``, newest first."""
    statuses = list(Status.objects.filter(episode__person=person).select_related("by"))
    # When each step of an episode was taken, for what is itself kept by its day alone.
    moments = {(row.episode_id, row.step, clock.day_of(row.at)): row.at for row in statuses}
    entries = [
        *_records(person),
        *_statuses(statuses),
        *_answers(person),
        *_plans(person, moments),
        *_reviews(person, moments),
        *_treatments(person),
        *_letters(person),
        *_contacts(person),
    ]
    # Of two that happened at one moment the one written later comes first.
    return sorted(entries, key=lambda entry: entry.at)[::-1]


def _treatments(person: Person) -> list[Entry]:
    """What was told of courses on the treatment page; what a review heard stands with the review."""
    rows = TreatmentEntry.objects.filter(treatment__episode__person=person, known_from=None)
    found = []
    for row in rows.select_related("treatment", "by"):
        drug = _DRUGS.get(row.treatment.drug, row.treatment.drug)
        back = "" if row.stands else f" Taken back{f': {row.taken_back_why}' if row.taken_back_why else ''}."
        words = f"{row.get_kind_display()}, {row.on.day} {row.on:%B %Y}. {row.reason}".strip() + back
        found.append(Entry(row.at, "Treatment", drug, words, _name(row.by)))
    return found


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _name(user: Any) -> str:
    return user.full_name if user else ""


def _records(person: Person) -> list[Entry]:
    rows = SourceRecord.objects.filter(person=person).exclude(on=None)
    return [
        Entry(
            _start_of(row.on),
            "Record",
            row.get_kind_display().capitalize(),
            row.display or row.code or row.text,
        )
        for row in rows
    ]


def _statuses(rows: list[Status]) -> list[Entry]:
    return [
        Entry(
            row.at,
            "Step",
            _STEPS[row.step],
            ": ".join(part for part in (row.reason, _now_at(row)) if part),
            _name(row.by),
        )
        for row in rows
    ]


def _now_at(status: Status) -> str:
    return f"now at “{PLACES[State(status.state)].list_title}”" if status.step == "undo" else ""


def _answers(person: Person) -> list[Entry]:
    """One entry for each sitting: the page keeps every answer as it is given, and sixty lines tell nobody anything."""
    questions = by_field()
    entries = []
    for sitting in _sittings(person):
        last = {row.field: row for row in sitting}  # what was put right in the same sitting stands once
        entries.append(
            Entry(
                sitting[-1].at,
                "Answers",
                f"{len(last)} answers recorded" if len(last) > 1 else "One answer recorded",
                "; ".join(
                    f"{questions[row.field].label}: {questions[row.field].words(row.value)}"
                    for row in last.values()
                    if row.field in questions
                ),
                _name(sitting[-1].by),
            )
        )
    return entries


def _sittings(person: Person) -> list[list[Answer]]:
    """The answers of one user, none more than `_PAUSE` after the one before, on one day."""
    rows = Answer.objects.filter(assessment__episode__person=person).select_related("by").order_by("at", "id")
    sittings: list[list[Answer]] = []
    open_of: dict[object, list[Answer]] = {}
    for row in rows:
        now = open_of.get(row.by_id)
        if now is None or row.at - now[-1].at > _PAUSE or clock.day_of(row.at) != clock.day_of(now[-1].at):
            now = open_of[row.by_id] = []
            sittings.append(now)
        now.append(row)
    return sittings


def _plans(person: Person, moments: Moments) -> list[Entry]:
    rows = Plan.objects.filter(episode__person=person, withdrawn=False).select_related("by")
    return [
        Entry(
            moments.get((row.episode_id, "agree_plan", row.agreed_on), _start_of(row.agreed_on)),
            "Plan",
            DrugDecision(row.decision).label,
            ", ".join(part for part in (row.drug.capitalize(), row.decision_reason) if part),
            _name(row.by),
        )
        for row in rows
    ]


def _reviews(person: Person, moments: Moments) -> list[Entry]:
    rows = Review.objects.filter(episode__person=person, withdrawn=False).select_related("by")
    return [
        Entry(
            moments.get((row.episode_id, _REVIEWED[row.kind], row.reviewed_on), _start_of(row.reviewed_on)),
            "Review",
            row.get_kind_display(),
            ", ".join(
                part
                for part in (
                    ReviewOutcome(row.outcome).label,
                    row.drug.capitalize(),
                    f"fractures since: {row.refractures}" if row.refractures else "",
                    row.note,
                )
                if part
            ),
            _name(row.by),
        )
        for row in rows
    ]


def _letters(person: Person) -> list[Entry]:
    rows = (
        Letter.objects.filter(person=person)
        .select_related("written_by", "approved_by", "replaced_by")
        .prefetch_related("sendings")
    )
    return [
        Entry(
            row.approved_at or row.written_at,
            "Letter",
            row.content["subject"],
            _letter_state(row),
            _name(row.approved_by or row.written_by),
            letter=row,
        )
        for row in rows
    ]


def _letter_state(letter: Letter) -> str:
    if letter.approved_at is None:
        return "draft, not approved yet"
    sent = sending_of(letter)
    parts = [
        "approved",
        f"sent {sent.on.day} {sent.on:%B %Y}, {sent.get_way_display().lower()}" if sent else "",
    ]
    parts.append("replaced by a newer letter" if is_replaced(letter) else "")
    return "; ".join(part for part in parts if part)


def _contacts(person: Person) -> list[Entry]:
    rows = Contact.objects.filter(person=person).select_related("by")
    return [
        Entry(
            _start_of(row.on),
            "Contact",
            f"{Channel(row.channel).label}: {ContactOutcome(row.outcome).label}",
            row.note,
            _name(row.by),
        )
        for row in rows
    ]
