"""A death that staff tell of by a step: it stands on the person's record at once, and goes with the step's undo."""

from __future__ import annotations

from datetime import datetime

from openfls.record.pathway import OPEN
from openfls.record.reasons import TaskKind
from openfls.service.actions.action import note
from openfls.service.actions.tasks import cancel_task, restore_cancelled
from openfls.service.actor import Actor
from openfls.service.aside.telling_again import answer_for_death, is_told_dead
from openfls.service.feeds.contradictions import OF_DEATH, end
from openfls.service.feeds.endings import wake
from openfls.service.models import AuditEvent, Episode, Person, Status
from openfls.service.projection import refresh

TOLD = "person.died"


def told_of_death(episode: Episode, step: Status, by: Actor) -> None:
    """The person of ``episode`` has died, on a day that is not known, as ``step`` says. Nobody is called any more.

    The audit event keeps whether the death is known from staff alone, so that `unsay_death` takes back no death that
    a feed told of.
    """
    person = episode.person
    only_by_staff = not person.deceased or bool(_standing(person))
    person.deceased = True
    person.save(update_fields=["deceased"])
    end(person, OF_DEATH, by.user)  # whoever denied a death before has been told of one now
    for each in person.episodes.all():
        cancel_task(each, TaskKind.CALL_AGAIN)
    _refresh_others(episode)
    note(by, TOLD, person=person, subject=_subject(step.pk), only_by_staff=only_by_staff)


def unsay_death(episode: Episode, step: Status, *, since: datetime, by: Actor) -> None:
    """Take the death back that ``step`` told of, unless a feed or another standing step says so too."""
    person = episode.person
    told = AuditEvent.objects.filter(service=episode.service, action=TOLD, subject=_subject(step.pk)).last()
    if (
        told is None
        or not told.detail["only_by_staff"]
        or person.deceased_on
        or _standing(person)
        or is_told_dead(person, since=told.at)
    ):
        if not said_by_staff(person):
            answer_for_death(person)
        return
    person.deceased = False
    person.save(update_fields=["deceased"])
    for each in person.episodes.filter(state__in=OPEN).exclude(pk=episode.pk):
        restore_cancelled(each, since=since, kind=TaskKind.CALL_AGAIN)
    wake(person.episodes.exclude(pk=episode.pk), by)
    _refresh_others(episode)


def said_by_staff(person: Person) -> bool:
    """Whether a step that stands says that the person has died, whoever else says so."""
    steps = Status.objects.filter(episode__person=person, undone_by=None).values_list("pk", flat=True)
    events = AuditEvent.objects.filter(service=person.service_id, action=TOLD)
    return events.filter(subject__in=[_subject(key) for key in steps]).exists()


def known_from_staff_alone(person: Person, by: Actor) -> None:
    """The feed that told of the death too was another's: the steps that stand are all who say so, and take it back."""
    steps = Status.objects.filter(episode__person=person, undone_by=None).values_list("pk", flat=True)
    events = AuditEvent.objects.filter(service=person.service_id, action=TOLD)
    said = set(events.filter(subject__in=map(_subject, steps)).values_list("subject", flat=True))
    for subject in sorted(said - {event.subject for event in _standing(person)}):
        note(by, TOLD, person=person, subject=subject, only_by_staff=True)


def _standing(person: Person) -> list[AuditEvent]:
    """What staff told of this death by steps that stand, where nobody else had told of it before."""
    steps = Status.objects.filter(episode__person=person, undone_by=None).values_list("pk", flat=True)
    events = AuditEvent.objects.filter(
        service=person.service_id, action=TOLD, subject__in=[_subject(key) for key in steps]
    )
    return [event for event in events if event.detail["only_by_staff"]]


def _subject(key: int) -> str:
    return f"status {key}"


def _refresh_others(episode: Episode) -> None:
    for key in episode.person.episodes.exclude(pk=episode.pk).values_list("pk", flat=True):
        refresh(key)
