"""A wrong word about a treatment: taken back soon after, or put right later with a reason. It stays to be seen."""

from __future__ import annotations

from datetime import date
from typing import Any

from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actions.moves import locked
from openfls.service.actions.treating import (
    Kind,
    check_alone,
    check_dose,
    check_follow_on,
    check_review,
    check_stop,
    not_later,
    of_person,
)
from openfls.service.actions.undoing import UNDO_WITHIN
from openfls.service.actor import Actor
from openfls.service.models import Episode, Letter, Treatment, TreatmentEntry
from openfls.service.roles import May
from openfls.service.treatment.courses import fold, promise, standing, tell


def needs_reason(entry: TreatmentEntry) -> bool:
    """Whether somebody may have acted on it: it is more than a day old, or a letter was approved since."""
    person = entry.treatment.episode.person_id
    return clock.now() - entry.at > UNDO_WITHIN or (
        Letter.objects.filter(episode__person=person, approved_at__gte=entry.at).exists()
    )


def why_not(entry: TreatmentEntry) -> str:
    """Why the entry cannot be taken back on its own; empty where it can."""
    if not entry.stands:
        return "It has been taken back already."
    if entry.known_from_id is not None:
        return "It was heard at a review: take the review back, on the person's page."
    if entry.kind == Kind.START and any(one.known_from_id for one in standing(entry.treatment)):
        return "A review heard that it is taken: take the review back first, or put the day right."
    return ""


@action("treatment.take_back", May.WORK_THE_PATHWAY)
def take_back(
    *, episode: Episode, entry: TreatmentEntry, reason: str = "", right_day: date | None = None, by: Actor
) -> TreatmentEntry | None:
    """Mark what was told as wrong; with ``right_day`` the same is told again for that day, and returned.

    A course whose beginning never was goes with all that was told of it. The course, its promises, the national row
    and the alerts are worked out anew.

    Raises:
        NotPossible: it was heard at a review, was taken back already, needs a reason, or the right day cannot be.
    """
    episode = locked(episode)
    row = of_person(episode, entry.treatment)
    entry = TreatmentEntry.objects.select_related("treatment__episode").get(pk=entry.pk)
    if (why := why_not(entry)) and not (right_day and entry.kind == Kind.START and entry.stands):
        raise NotPossible(why)
    if needs_reason(entry) and not reason.strip():
        raise NotPossible("Say what was wrong: somebody may have acted on it.")
    _mark(entry, reason, by)
    made = None
    if right_day is not None:
        made = _told_again(row, entry, right_day, by)
    elif entry.kind == Kind.START:
        for one in standing(row):
            _mark(one, reason or "The course never began", by)
    row = fold(row)
    check_alone(episode, row)
    promise(episode)
    note(
        by,
        "treatment.take_back",
        person=episode.person,
        subject=f"episode {episode.pk}",
        drug=row.drug,
        told=entry.kind,
        corrected=made is not None,
    )
    return made


def _mark(entry: TreatmentEntry, reason: str, by: Actor) -> None:
    entry.taken_back_at, entry.taken_back_by = clock.now(), by.user
    entry.taken_back_why = reason.strip()[:300]
    entry.save(update_fields=["taken_back_at", "taken_back_by", "taken_back_why"])


def _told_again(row: Treatment, wrong: TreatmentEntry, day: date, by: Actor) -> TreatmentEntry:
    """The same on the right day, held to the same rules as when it is told for the first time."""
    told: dict[str, Any] = {
        name: getattr(wrong, name)
        for name in ("reason", "paused", "follow_on", "follow_on_due", "known_from")
    }
    if wrong.kind == Kind.START:
        not_later(day)
        first = min((one.on for one in standing(row)), default=day)
        if day > first:
            raise NotPossible(
                f"Something was told of {first:%d %B %Y}: the course began on that day or before."
            )
    elif wrong.kind == Kind.FOLLOW_ON:
        check_follow_on(row, wrong.follow_on, day)
        told["follow_on_due"], day = day, clock.today()
    else:
        row = fold(row)
        {Kind.DOSE: _dose, Kind.REVIEW: check_review, Kind.STOP: check_stop}[Kind(wrong.kind)](row, day)
    return tell(row, wrong.kind, by.user, on=day, replaces=wrong, **told)


def _dose(row: Treatment, day: date) -> None:
    """A dose put right lies within the course, which may have ended since."""
    stopped = row.stopped_on
    row.stopped_on = None
    check_dose(row, day)
    row.stopped_on = stopped
    if stopped is not None and day > stopped:
        raise NotPossible("The dose is dated within the course.")
