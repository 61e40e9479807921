"""Breaking the glass: one record of another service of this installation, in an emergency, to read, for a short time.

Nobody browses: who wants to read must know the NHS number and the date of birth. Both services' logs tell of it, and
the other service's manager must judge each one.
"""

from __future__ import annotations

from datetime import date, timedelta

from openfls.options import read
from openfls.record.pathway import NotPossible
from openfls.record.people import NHS_NUMBER, nhs_number_digits
from openfls.service import audit, clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.models import (
    AuditEvent,
    Emergency,
    EmergencyAccess,
    Outcome,
    Person,
    PersonIdentifier,
    Service,
    User,
)
from openfls.service.roles import May, Role

TRIES_AN_HOUR = 10


def person_elsewhere(number: str, born: date, by: Actor) -> Person | None:
    """The one record of another service with this NHS number and date of birth; None where there is none, or several.

    The fictional and the real do not see each other, and no room of a practice is seen.
    """
    others = Service.real.filter(is_fictional=by.service.is_fictional).exclude(pk=by.service.pk)
    rows = PersonIdentifier.objects.filter(
        system=NHS_NUMBER,
        value=nhs_number_digits(number),
        person__service__in=others,
        person__birth_date=born,
    ).select_related("person__service")
    people = {row.person for row in rows}
    return people.pop() if len(people) == 1 else None


@action("emergency.open", May.OPEN_IN_EMERGENCY)
def open_record(*, number: str, born: date, kind: Emergency, words: str, by: Actor) -> EmergencyAccess | None:
    """Open the record; None where no such record is found, which the log tells too, without the number.

    Raises:
        NotPossible: nobody opens it, no reason is given, or there were too many tries this hour.
    """
    if by.user is None or by.service.practice_of_id is not None:
        raise NotPossible("A person opens it, at work in her own service.")
    if len(words.strip()) < 10:
        raise NotPossible("Say in a sentence why you need it now.")
    tries = AuditEvent.objects.filter(
        service=by.service,
        user=by.name,
        action="emergency.open",
        at__gt=clock.now() - timedelta(hours=1),
        detail__found=False,
    )
    if tries.count() >= TRIES_AN_HOUR:
        raise NotPossible("You have tried too often this hour. Telephone the other service.")
    person = person_elsewhere(number, born, by)
    if person is None:
        note(by, "emergency.open", subject="no record", found=False)
        return None
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
    note(by, "emergency.open", subject=f"emergency {row.pk}", found=True, of=person.service.code)
    audit.record(
        reader_of(row), "emergency.opened", person=person, subject=f"emergency {row.pk}", why=row.kind
    )
    return row


def reader_of(row: EmergencyAccess) -> Actor:
    """Who reads the record: the user as a viewer of the other service, and nothing more."""
    return Actor(row.service, Role.VIEWER, row.user)


def of(user: User, key: object) -> EmergencyAccess | None:
    """The user's own emergency as long as it is open; None otherwise."""
    rows = EmergencyAccess.objects.filter(pk=key, user=user, ends_at__gt=clock.now())
    return rows.select_related("service", "from_service", "person", "user").first()


def to_judge(service: Service) -> list[EmergencyAccess]:
    """The emergencies of a service's records that nobody has judged yet, the newest first."""
    rows = EmergencyAccess.objects.filter(service=service, reviewed_at=None)
    return list(rows.select_related("person", "user", "from_service"))


def judged(service: Service) -> list[EmergencyAccess]:
    """Those that were judged."""
    rows = EmergencyAccess.objects.filter(service=service).exclude(reviewed_at=None)
    return list(rows.select_related("person", "user", "from_service", "reviewed_by")[:100])


@action("emergency.close", May.OPEN_IN_EMERGENCY)
def close(*, key: object, by: Actor) -> None:
    """Close an emergency that was opened from this service. Raises `NotPossible` where none is open."""
    row = EmergencyAccess.objects.filter(pk=key, from_service=by.service, ends_at__gt=clock.now()).first()
    if row is None:
        raise NotPossible("It is closed already.")
    EmergencyAccess.objects.filter(pk=row.pk).update(ends_at=clock.now())
    note(by, "emergency.close", subject=f"emergency {row.pk}")


@action("emergency.judge", May.GIVE_ACCESS)
def judge(*, emergency: EmergencyAccess, outcome: Outcome, words: str, by: Actor) -> None:
    """Say what one makes of an emergency.

    Raises:
        NotPossible: nobody judges it, it is one's own, it was judged already, or a breach has no words.
    """
    if by.user is None or emergency.user_id == by.user.pk:
        raise NotPossible("Somebody else judges it.")
    if outcome is not Outcome.IN_ORDER and not words.strip():
        raise NotPossible("Say what came of it.")
    judged_now = EmergencyAccess.objects.filter(pk=emergency.pk, reviewed_at=None).update(
        outcome=outcome, reviewed_words=words.strip(), reviewed_at=clock.now(), reviewed_by=by.user
    )
    if not judged_now:
        raise NotPossible("It was judged already.")
    note(
        by,
        "emergency.judge",
        person=emergency.person,
        subject=f"emergency {emergency.pk}",
        outcome=outcome,
        of=emergency.user.username,
    )
