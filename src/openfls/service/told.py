"""The door for what a person says of herself: it waits beside the field until somebody of the service accepts it."""

from __future__ import annotations

from datetime import date

from openfls.record.questions import Value, by_field
from openfls.service import clock
from openfls.service.models import Episode, Person, ToldValue

THE_PERSON = "said by the person"


def person_says(
    *, person: Person, field: str, value: Value, on: date, reference: str, source: str = THE_PERSON
) -> ToldValue | None:
    """Keep what the person said of a field, waiting to be accepted; called within an action, which writes its event.

    ``value`` is typed (`record.questions.read_answer`), ``reference`` names the questionnaire. What was said under the
    same reference before and still waits is replaced; None takes it back and keeps nothing.

    Raises:
        KeyError: there is no such question.
    """
    by_field()[field]
    waiting = ToldValue.objects.filter(
        person=person, field=field, reference=reference, state=ToldValue.State.WAITING
    )
    same: ToldValue | None = waiting.filter(value=value, taken_on=on).first()
    if same is not None:
        return same
    waiting.update(state=ToldValue.State.REPLACED)
    if value is None:
        return None
    made: ToldValue = ToldValue.objects.create(
        service_id=person.service_id,
        person=person,
        field=field,
        value=value,
        taken_on=on,
        origin=ToldValue.Origin.PERSON,
        source=source[:200],
        reference=reference[:400],
        recorded_at=clock.now(),
        state=ToldValue.State.WAITING,
    )
    return made


def waiting_for(episode: Episode) -> list[ToldValue]:
    """What the person said and nobody has looked at, in the order of the questions."""
    order = {field: number for number, field in enumerate(by_field())}
    rows = ToldValue.objects.filter(person=episode.person_id, state=ToldValue.State.WAITING)
    return sorted(rows, key=lambda row: (order.get(row.field, len(order)), row.pk))
