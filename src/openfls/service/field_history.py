"""Everything that was ever said of a field for an episode: who, when, from what, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from openfls.record.questions import Question, by_field
from openfls.service.models import Answer, Episode, ToldValue


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was said. ``became`` says what counts of it, empty for an answer that a later one followed."""

    question: Question
    words: str
    source: str
    who: str
    on: date
    at: datetime
    became: str


def history_of(episode: Episode, field: str = "") -> list[Entry]:
    """The history of one field, or of all, the newest first."""
    entries = [*_answers(episode, field), *_told(episode, field)]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _answers(episode: Episode, field: str) -> Iterable[Entry]:
    rows = Answer.objects.filter(assessment__episode=episode).select_related("by")
    rows = rows.filter(field=field) if field else rows
    newest = {row.field: row.pk for row in rows.order_by("pk")}
    for row in rows:
        question = by_field().get(row.field)
        if question is not None:
            yield Entry(
                question=question,
                words=question.words(row.value),
                source=row.source,
                who=row.by.full_name if row.by else "the system",
                on=row.known_on,
                at=row.at,
                became="the last answer" if newest[row.field] == row.pk else "",
            )


def _told(episode: Episode, field: str) -> Iterable[Entry]:
    rows = ToldValue.objects.filter(person=episode.person_id).select_related("decided_by")
    rows = rows.filter(field=field) if field else rows
    for row in rows:
        question = by_field().get(row.field)
        if question is None:
            continue
        became = row.get_state_display()
        if row.decided_by:
            became = f"{became} by {row.decided_by.full_name}"
        sent = f" (sent as {row.as_sent})" if row.as_sent else ""
        yield Entry(
            question=question,
            words=f"{row.comparator}{question.words(row.value)}{sent}",
            source=row.source,
            who=row.get_origin_display(),
            on=row.taken_on,
            at=row.recorded_at,
            became=became,
        )
