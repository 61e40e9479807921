"""What is read of a record in an emergency beside its timeline: results, and the letters that were approved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from openfls.information.letter import Letter as LetterValue
from openfls.record.questions import by_field
from openfls.service.letters import is_as_locked, value_of
from openfls.service.models import Letter, Person, ToldValue

_STANDING = (ToldValue.State.STANDING, ToldValue.State.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Result:
    """One value that a feed or the person told, in words; ``preliminary`` or ``corrected`` as its sender said."""

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


def letters_of(person: Person) -> Sequence[tuple[Letter, LetterValue]]:
    """The approved letters as they were locked, the newest first; a draft is nobody's word yet. One in whose place
    another was approved is among them: a page says so (`posting.is_replaced`)."""
    rows = Letter.objects.filter(person=person).exclude(approved_at=None)
    rows = rows.select_related("approved_by", "replaced_by")
    return [(row, value_of(row)) for row in rows.order_by("-approved_at") if is_as_locked(row)]
