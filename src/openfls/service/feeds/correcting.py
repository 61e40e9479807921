"""What is known of a person, set right by somebody who knows better than the feeds."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from openfls.record.pathway import NotPossible
from openfls.record.people import Sex
from openfls.record.reasons import TaskKind
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actions.tasks import cancel_task
from openfls.service.actor import Actor
from openfls.service.feeds import contradictions
from openfls.service.feeds.contradictions import OF_DEATH
from openfls.service.feeds.in_line import bring_in_line
from openfls.service.feeds.turns import take_turn
from openfls.service.models import Person, PersonCorrection
from openfls.service.roles import May


@dataclass(frozen=True, slots=True)
class Corrected:
    """Who somebody is, as it ought to stand; None and ``Sex.UNKNOWN`` where it is not known."""

    family_name: str
    given_name: str
    birth_date: date | None
    sex: Sex
    deceased: bool
    deceased_on: date | None = None
    address: str = ""
    postcode: str = ""
    telephone: str = ""
    general_practice: str = ""


def corrected_of(person: Person) -> Corrected:
    """What stands now."""
    return Corrected(
        family_name=person.family_name,
        given_name=person.given_name,
        birth_date=person.birth_date,
        sex=Sex(person.sex),
        deceased=person.deceased,
        deceased_on=person.deceased_on,
        address=person.address,
        postcode=person.postcode,
        telephone=person.telephone,
        general_practice=person.general_practice,
    )


def check_corrected(corrected: Corrected) -> None:
    """Raise `NotPossible` where the details contradict each other."""
    today = clock.today()
    if any(day and day > today for day in (corrected.birth_date, corrected.deceased_on)):
        raise NotPossible("A birth or a death is not in the future.")
    if corrected.deceased_on and not corrected.deceased:
        raise NotPossible("A date of death is given, but the person has not died.")
    if corrected.deceased_on and corrected.birth_date and corrected.deceased_on < corrected.birth_date:
        raise NotPossible("The death is before the birth.")


@action("person.correct", May.WORK_THE_PATHWAY)
def correct_person(*, person: Person, corrected: Corrected, reason: str, by: Actor) -> Person:
    """Set a person's details right. The evidence is judged anew by them; what is under care stays.

    A fracture found at an age that any feed gave as old enough stays found: a person refutes it.

    The log keeps which details changed and why. What each feed told stays in its own record. No later record changes
    what was set right: one that says otherwise is shown beside it (`keep_ours`, `take_theirs`).

    Raises:
        NotPossible: there is no reason, nothing changes, or the details contradict each other.
    """
    if not reason.strip():
        raise NotPossible("Say why it is corrected.")
    check_corrected(corrected)
    take_turn(by.service)
    person = Person.objects.select_for_update().get(pk=person.pk)
    before = asdict(corrected_of(person))
    changed = {name: value for name, value in asdict(corrected).items() if before[name] != value}
    if not changed:
        raise NotPossible("Nothing is different from what stands there.")
    for name, value in changed.items():
        setattr(person, name, value)
    person.save(update_fields=list(changed))
    right = {*changed, *(OF_DEATH if set(OF_DEATH) & set(changed) else ())}
    contradictions.set_right(
        person,
        {name: (before[name], getattr(person, name)) for name in sorted(right)},
        reason.strip(),
        by.user,
    )
    _judge_anew(person, by)
    note(
        by,
        "person.correct",
        person=person,
        subject=f"person {person.pk}",
        changed=sorted(changed),
        reason=reason.strip(),
    )
    return person


def _judge_anew(person: Person, by: Actor) -> None:
    if person.deceased:
        for episode in person.episodes.all():
            cancel_task(episode, TaskKind.CALL_AGAIN)
    known = set(person.episodes.values_list("pk", flat=True))
    bring_in_line({person}, by)
    for episode in person.episodes.exclude(pk__in=known):
        note(by, "episode.find", person=person, subject=f"episode {episode.pk}", triage=episode.triage)


@action("person.keep_ours", May.WORK_THE_PATHWAY)
def keep_ours(*, correction: PersonCorrection, by: Actor) -> PersonCorrection:
    """What a record says instead is not so: the correction stays, and nobody is asked about that value again.

    Raises:
        NotPossible: nothing contradicts the correction any more.
    """
    person, together = _contradicted(correction, by)
    for row in together:
        row.kept_over = [*row.kept_over, row.told]
        row.told = row.told_at = None
        row.save(update_fields=["kept_over", "told", "told_at"])
    fields = sorted(row.field for row in together)
    note(by, "person.keep_ours", person=person, subject=f"person {person.pk}", fields=fields)
    correction.refresh_from_db()
    return correction


@action("person.take_theirs", May.WORK_THE_PATHWAY)
def take_theirs(*, correction: PersonCorrection, by: Actor) -> Person:
    """What the later record says is so: it stands from now on, and feeds may tell the detail again.

    Raises:
        NotPossible: nothing contradicts the correction any more.
    """
    person, together = _contradicted(correction, by)
    for row in together:
        setattr(person, row.field, contradictions.as_column(row.field, row.told))
    fields = sorted(row.field for row in together)
    person.save(update_fields=fields)
    contradictions.end(person, {*fields, *(OF_DEATH if set(OF_DEATH) & set(fields) else ())}, by.user)
    _judge_anew(person, by)
    note(by, "person.take_theirs", person=person, subject=f"person {person.pk}", fields=fields)
    return person


def _contradicted(correction: PersonCorrection, by: Actor) -> tuple[Person, list[PersonCorrection]]:
    """The person, locked, and the correction as it stands; of a death its day with it."""
    take_turn(by.service)
    person = (
        Person.objects.select_for_update(of=("self",)).select_related("service").get(pk=correction.person_id)
    )
    of_death = correction.field in OF_DEATH
    together = [
        row
        for row in contradictions.contradicted(person)
        if row.pk == correction.pk or (of_death and row.field in OF_DEATH)
    ]
    if correction.pk not in {row.pk for row in together}:
        raise NotPossible("Somebody has decided about this already.")
    return person, together
