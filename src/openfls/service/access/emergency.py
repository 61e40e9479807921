"""Breaking the glass: one record of another service of this installation, in an emergency, to read, for a short time.

Nobody browses: who wants to read must know the NHS number and the date of birth. Both services' logs tell of it, and
the other service's manager must judge each one (`emergency_judging`). A record is open once: who asks again is led back
to it, and closing it closes whatever she has open of that person.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from openfls.options import read
from openfls.record.pathway import NotPossible
from openfls.record.people import NHS_NUMBER, nhs_number_digits
from openfls.service import audit, clock
from openfls.service.access import emergency_tries as tries
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.models import Emergency, EmergencyAccess, PersonIdentifier, Service, User
from openfls.service.roles import May, Role


def people_elsewhere(number: str, by: Actor) -> list[PersonIdentifier]:
    """Whoever of another service has this NHS number, with the service.

    The fictional and the real do not see each other, and no room of a practice is seen.
    """
    others = Service.real.filter(is_fictional=by.service.is_fictional).exclude(pk=by.service.pk)
    rows = PersonIdentifier.objects.filter(
        system=NHS_NUMBER, value=nhs_number_digits(number), person__service__in=others
    )
    return list(rows.select_related("person__service"))


@action("emergency.open", May.OPEN_IN_EMERGENCY)
def open_record(*, number: str, born: date, kind: Emergency, words: str, by: Actor) -> EmergencyAccess | None:
    """Open the record, or give the one that ``by`` has open of this person, with the new reason added to it.

    None where not one record of the other services has this number and date of birth. Our log tells that too, without
    the number; the log of a service that holds the number tells who tried.

    Raises:
        NotPossible: nobody opens it, no reason is given, or there were too many tries this hour.
    """
    if by.user is None or by.service.practice_of_id is not None:
        raise NotPossible("A person opens it, at work in her own service.")
    if len(words.strip()) < 10:
        raise NotPossible("Say in a sentence why you need it now.")
    # One asking of a user at a time: neither are tries counted twice, nor is a record opened twice.
    User.objects.select_for_update().get(pk=by.user.pk)
    if not tries.left(by):
        raise NotPossible(tries.too_many(by))
    holding = people_elsewhere(number, by)
    found = {row.person for row in holding if row.person.birth_date == born}
    if len(found) != 1:
        tries.tell({row.person for row in holding}, by)
        return None
    person = found.pop()
    before = open_of(by).filter(person=person).first()
    if before is not None and before.reviewed_at is None:
        return _asked_again(before, kind, words.strip(), by)
    # What has been judged is not added to: a new reason is judged anew, and the older opening ends.
    open_of(by).filter(person=person).update(ends_at=clock.now())
    row = EmergencyAccess.objects.create(
        service=person.service,
        person=person,
        user=by.user,
        from_service=by.service,
        kind=kind,
        words=words.strip(),
        begun_at=clock.now(),
        ends_at=clock.now() + timedelta(minutes=read("OPENFLS_EMERGENCY_MINUTES")),
    )
    _in_both_logs(row, by, "emergency.open", {"found": True}, "emergency.opened", {"why": row.kind})
    return row


def _in_both_logs(
    row: EmergencyAccess,
    by: Actor,
    own: str,
    detail: dict[str, Any],
    theirs: str,
    their_detail: dict[str, Any],
) -> None:
    """A row in our log and one in theirs, always in the order of the services: each log is locked until the action is
    over, and somebody of theirs may open one of our records at the same moment."""
    subject = f"emergency {row.pk}"
    if row.service_id < by.service.pk:
        audit.record(reader_of(row), theirs, person=row.person, subject=subject, **their_detail)
    note(by, own, subject=subject, of=row.service.code, **detail)
    if row.service_id > by.service.pk:
        audit.record(reader_of(row), theirs, person=row.person, subject=subject, **their_detail)


def _asked_again(row: EmergencyAccess, kind: Emergency, words: str, by: Actor) -> EmergencyAccess:
    """Keep the new reason with the record that is open; the logs tell that she asked again, without her words."""
    at = timezone.localtime(clock.now())
    row.words = f"{row.words}\nAsked again at {at:%H:%M}. {kind.label}: {words}"
    row.save(update_fields=["words"])
    own = {"found": True, "again": True}
    _in_both_logs(row, by, "emergency.open", own, "emergency.asked_again", {"why": kind})
    return row


def reader_of(row: EmergencyAccess) -> Actor:
    """Who reads the record: the user as a viewer of the other service, and nothing more."""
    return Actor(row.service, Role.VIEWER, row.user)


def open_of(by: Actor) -> QuerySet[EmergencyAccess]:
    """What this user has open from this service, the newest first."""
    rows = EmergencyAccess.objects.filter(user=by.user, from_service=by.service, ends_at__gt=clock.now())
    return rows.select_related("service", "from_service", "person", "user")


def open_people(by: Actor) -> Sequence[EmergencyAccess]:
    """The newest that is open of each person."""
    newest: dict[object, EmergencyAccess] = {}
    for row in open_of(by):
        newest.setdefault(row.person_id, row)
    return list(newest.values())


def own(by: Actor, key: object) -> EmergencyAccess | None:
    """The one that this user opened from this service, open or closed; None where there was none."""
    rows = EmergencyAccess.objects.filter(pk=key, user=by.user, from_service=by.service)
    return rows.select_related("service", "from_service", "person", "user").first()


def is_open(row: EmergencyAccess) -> bool:
    """Whether it may still be read."""
    return row.ends_at > clock.now()


@action("emergency.close", May.OPEN_IN_EMERGENCY)
def close(*, key: object, by: Actor) -> None:
    """Close a record for who opened it: every opening of hers of that person. Both logs tell of it.

    Raises:
        NotPossible: nothing of it is open any more, or it is not hers.
    """
    row = own(by, key)
    rows = list(open_of(by).filter(person=row.person_id)) if row is not None else []
    if not rows:
        raise NotPossible("It is closed already.")
    for each in rows:
        EmergencyAccess.objects.filter(pk=each.pk).update(ends_at=clock.now())
        _in_both_logs(each, by, "emergency.close", {}, "emergency.closed", {})
