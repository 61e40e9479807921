"""Everything that happened to one person, newest first, in one list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from openfls.record.pathway import PLACES, State
from openfls.record.questions import by_field
from openfls.record.reasons import Channel, ContactOutcome, DrugDecision, ReviewOutcome
from openfls.service import clock
from openfls.service.models import Answer, Contact, Letter, Person, Plan, Review, SourceRecord, Status
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
    entries = [
        *_records(person),
        *_statuses(person),
        *_answers(person),
        *_plans(person),
        *_reviews(person),
        *_letters(person),
        *_contacts(person),
    ]
    # Of two that happened at one moment the one written later comes first.
    return sorted(entries, key=lambda entry: entry.at)[::-1]


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


def _statuses(person: Person) -> list[Entry]:
    rows = Status.objects.filter(episode__person=person).select_related("by")
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
    grouped: dict[tuple[datetime, str], list[Answer]] = {}
    for row in Answer.objects.filter(assessment__episode__person=person).select_related("by"):
        grouped.setdefault((row.at, _name(row.by)), []).append(row)
    questions = by_field()
    return [
        Entry(
            at,
            "Answers",
            f"{len(rows)} answers recorded" if len(rows) > 1 else "One answer recorded",
            "; ".join(
                f"{questions[row.field].label}: {questions[row.field].words(row.value)}"
                for row in rows
                if row.field in questions
            ),
            name,
        )
        for (at, name), rows in grouped.items()
    ]


def _plans(person: Person) -> list[Entry]:
    rows = Plan.objects.filter(episode__person=person, withdrawn=False).select_related("by")
    return [
        Entry(
            _start_of(row.agreed_on),
            "Plan",
            DrugDecision(row.decision).label,
            ", ".join(part for part in (row.drug.capitalize(), row.decision_reason) if part),
            _name(row.by),
        )
        for row in rows
    ]


def _reviews(person: Person) -> list[Entry]:
    rows = Review.objects.filter(episode__person=person, withdrawn=False).select_related("by")
    return [
        Entry(
            _start_of(row.reviewed_on),
            "Review",
            row.get_kind_display(),
            ", ".join(
                part for part in (ReviewOutcome(row.outcome).label, row.drug.capitalize(), row.note) if part
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
    parts = ["approved", f"sent {sent.on.day} {sent.on:%B %Y}, {sent.get_way_display().lower()}" if sent else ""]
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
