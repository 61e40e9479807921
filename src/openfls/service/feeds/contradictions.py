"""Details that a person set right: no feed changes them, and what a later record says instead waits to be looked at."""

from __future__ import annotations

from datetime import date
from typing import Any

from openfls.service import clock
from openfls.service.models import Person, PersonCorrection, User

OF_DEATH = ("deceased", "deceased_on")
"""Set right together: a date of death on its own would say what was just denied."""


def as_kept(value: object) -> Any:
    """The value of a column as JSON keeps it."""
    return value.isoformat() if isinstance(value, date) else value


def as_column(field: str, kept: Any) -> Any:
    """The value of a column from what JSON kept."""
    return date.fromisoformat(kept) if field in ("birth_date", "deceased_on") and kept else kept


def standing(person: Person) -> dict[str, PersonCorrection]:
    """The corrections of ``person`` that stand, by the detail that they set right."""
    rows = PersonCorrection.objects.filter(person=person, ended_at=None).select_related("by")
    return {row.field: row for row in rows}


def contradict(correction: PersonCorrection, value: object) -> bool:
    """A record says ``value``: where nobody has turned that down before, somebody must look. Whether it is so."""
    told = as_kept(value)
    if told in (correction.value, correction.told) or told in correction.kept_over:
        return False
    correction.told, correction.told_at = told, clock.now()
    correction.save(update_fields=["told", "told_at"])
    return True


def contradicted(person: Person) -> list[PersonCorrection]:
    """The corrections of ``person`` that a later record contradicts."""
    return [row for row in standing(person).values() if row.told is not None]


def death_is_in_doubt(person: Person) -> bool:
    """Whether a record tells of a death that somebody had taken back by hand."""
    return any(row.field in OF_DEATH for row in contradicted(person))


def set_right(
    person: Person, fields: dict[str, tuple[object, object]], reason: str, user: User | None
) -> None:
    """Keep who set which details right: ``fields`` has what stood there and what stands there now."""
    end(person, fields, user)
    PersonCorrection.objects.bulk_create(
        PersonCorrection(
            service=person.service,
            person=person,
            field=field,
            was=as_kept(was),
            value=as_kept(value),
            reason=reason[:300],
            at=clock.now(),
            by=user,
        )
        for field, (was, value) in fields.items()
    )


def end(person: Person, fields: Any, user: User | None) -> None:
    """From now on feeds may tell these details again."""
    rows = PersonCorrection.objects.filter(person=person, ended_at=None, field__in=list(fields))
    rows.update(ended_at=clock.now(), ended_by=user)
