"""A fracture that somebody told of becomes a record like one of a feed: sorted, joined, audited, and taken back."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from openfls.identification.feeds.evidence import is_named
from openfls.record.feeds import Energy, Observation, Source, SourceKind
from openfls.record.findings import Certainty, Finding
from openfls.record.pathway import NotPossible, State
from openfls.record.people import Demographics
from openfls.record.sites import OUTSIDE_FLS, Site
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actions.placing import Placed
from openfls.service.actor import Actor
from openfls.service.aside.going_back import go_back
from openfls.service.aside.waking import wake_up
from openfls.service.feeds.deciding import goes_back, remove_person
from openfls.service.feeds.identity import new_person, owners_of
from openfls.service.feeds.in_line import bring_in_line, tell_others
from openfls.service.feeds.reconcile import reconcile
from openfls.service.feeds.turns import take_turn
from openfls.service.feeds.values import fingerprint, to_json
from openfls.service.models import Delivery, Episode, FeedRow, Person, SourceRecord, TellsOf
from openfls.service.projection import refresh
from openfls.service.roles import May

DELIVERY = "Told by hand"
"""The delivery of a service that holds what no feed brought; it has no file and never falls silent."""
CHANNELS = {
    "telephone": "on the telephone",
    "ward": "on a ward round",
    "clinic": "in a clinic",
    "letter": "in a letter",
    "other": "in another way",
}
_UNDECIDED = (State.FOUND, State.NOT_FOR_US)


@dataclass(frozen=True, slots=True)
class Told:
    """What was told: when and where, how sure, how hard the blow was, by whom and how (a key of `CHANNELS`)."""

    placed: Placed
    certainty: Certainty
    energy: Energy
    channel: str
    teller: str

    @property
    def words(self) -> str:
        """For example ``Told on the telephone by the ward sister``."""
        return f"Told {CHANNELS[self.channel]} by {self.teller}"


@dataclass(frozen=True, slots=True)
class Added:
    """What became of it: the episode, and whether it ``joined`` one that was there."""

    row: FeedRow
    episode: Episode
    joined: bool


def check_told(told: Told, person: Demographics) -> None:
    """Raise `NotPossible` where it cannot have been so, or is not for the service."""
    placed = told.placed
    if not told.teller.strip():
        raise NotPossible("Say who told it.")
    if placed.on and placed.on > clock.today():
        raise NotPossible("A fracture is not in the future.")
    if placed.on and person.birth_date and placed.on < person.birth_date:
        raise NotPossible("The fracture is before the birth.")
    if placed.site in OUTSIDE_FLS:
        raise NotPossible(f"{placed.site.label} is not for this service.")
    if placed.levels and placed.site is not Site.VERTEBRA:
        raise NotPossible("Levels are named for a fracture of the spine alone.")
    if person.deceased or person.deceased_on:
        raise NotPossible("The person has died.")


@action("fracture.tell", May.WORK_THE_PATHWAY)
def tell(*, told: Told, person: Person | None = None, new: Demographics | None = None, by: Actor) -> Added:
    """Keep a fracture of ``person``, or of somebody ``new``, and sort it in with all that is told of her.

    It waits to be confirmed, or joins the episode that tells of the same bone. One whom the rules would leave out (too
    young) is put forward for a person's look all the same: somebody thought it worth the telling.

    Raises:
        NotPossible: it cannot have been so, nobody is named, or a number of ``new`` is somebody's already.
    """
    take_turn(by.service)
    if person is not None:
        person = _locked(person)
    elif new is None or not is_named(new):
        raise NotPossible("Say whose fracture it is: an NHS number, or a family name and a date of birth.")
    elif owners_of(by.service, new):
        raise NotPossible("The number is somebody’s who is known already. Choose that person.")
    check_told(told, person.demographics() if person else new or Demographics())
    if person is None and new is not None:
        person = new_person(by.service, new)
    assert person is not None
    woken = wake_up(by.service, {person.pk})
    record = _keep(told, person, by)
    before = set(Episode.objects.filter(person=person).values_list("pk", flat=True))
    reconcile(person, by, fresh={record.row_id})
    if not record.fractures.exists():
        record.brought_back = told.words[:300]
        record.save(update_fields=["brought_back"])
        reconcile(person, by, fresh={record.row_id})
    fracture = record.fractures.select_related("episode__person").first()
    if fracture is None:
        raise NotPossible("It cannot be put forward beside what is known of this person.")
    episode = fracture.episode
    if woken:
        told_of = bring_in_line(set(Person.objects.filter(pk__in=woken).select_related("service")), by)
        tell_others(by, "fracture.tell", told_of, person, f"row {record.row_id}")
        episode.refresh_from_db()
    elif episode.state not in _UNDECIDED:
        refresh(episode.pk)
    note(
        by,
        "fracture.tell",
        person=person,
        subject=f"row {record.row_id}",
        episode=str(episode.pk),
        how=told.channel,
    )
    return Added(record.row, episode, joined=episode.pk in before)


def _locked(person: Person) -> Person:
    """As she is now: the page was opened a while ago, and somebody may have told of a death since."""
    rows = Person.objects.select_for_update(of=("self",)).select_related("service")
    now = rows.filter(pk=person.pk).first()
    if now is None:
        raise NotPossible("The person's record has been put together with another since.")
    return now


def _keep(told: Told, person: Person, by: Actor) -> SourceRecord:
    delivery, _ = Delivery.objects.get_or_create(
        service=by.service,
        name=DELIVERY,
        sha256="",
        defaults={"received_at": clock.now(), "finished_at": clock.now()},
    )
    Delivery.objects.filter(pk=delivery.pk).update(rows_read=delivery.rows_read + 1)
    placed = told.placed
    source = Source("by hand", f"by hand {uuid.uuid4()}", SourceKind.PERSON, told.words)
    observation = Observation(
        source=source,
        person=person.demographics(),
        on=placed.on,
        findings=(Finding(placed.site, placed.side, placed.levels, told.certainty),),
        energy=told.energy,
        display=told.words,
    )
    row = FeedRow.objects.create(
        service=by.service,
        delivery=delivery,
        person=person,
        kind=SourceKind.PERSON,
        record=source.record,
        content=fingerprint(observation),
        position=f"{told.words}; kept by {by.user.full_name if by.user else 'the service'}"[:300],
        outcome=FeedRow.Outcome.NEW,
    )
    return SourceRecord.objects.create(
        row=row,
        service=by.service,
        person=person,
        kind=SourceKind.PERSON,
        on=placed.on,
        observation=to_json(observation),
    )


def check_untell(row: FeedRow) -> None:
    """Raise `NotPossible` where taking back what was told could harm somebody, with what to do instead."""
    record: SourceRecord | None = getattr(row, "source_record", None)
    if row.kind != SourceKind.PERSON or record is None or record.superseded:
        raise NotPossible("It has been taken back already.")
    for fracture in record.fractures.select_related("episode").prefetch_related("source_records"):
        others = [
            each for each in fracture.source_records.all() if each.pk != record.pk and not each.superseded
        ]
        if not others and fracture.episode.state not in _UNDECIDED:
            raise NotPossible(
                "Somebody has decided about the fracture that it told of. Take that back first."
            )


def can_untell(row: FeedRow) -> bool:
    """Whether `check_untell` finds nothing against it."""
    try:
        check_untell(row)
    except NotPossible:
        return False
    return True


@action("fracture.untell", May.WORK_THE_PATHWAY)
def untell(*, row: FeedRow, reason: str, by: Actor) -> Person | None:
    """Take back what was told by hand; the person, None where nothing else was ever known of her.

    Raises:
        NotPossible: there is no reason, or see `check_untell`.
    """
    reason = reason.strip()
    if not reason:
        raise NotPossible("Say why it is taken back.")
    take_turn(by.service)
    row = FeedRow.objects.select_for_update(of=("self",)).select_related("person__service").get(pk=row.pk)
    check_untell(row)
    record, person = row.source_record, row.person
    assert person is not None
    row.outcome, row.reason = FeedRow.Outcome.REJECTED, f"taken back by a person: {reason}"[:500]
    touched = list(record.fractures.values_list("episode", flat=True))
    lost = {each.pk for each in record.fractures.all()}
    TellsOf.objects.filter(record=record).delete()
    if _is_all_there_is(person, row):
        record.delete()
        row.person = None
        row.save(update_fields=["outcome", "reason", "person"])
        note(by, "fracture.untell", person=person, subject=f"row {row.pk}", reason=reason[:300])
        key, others = person.pk, go_back(person, by=by, everything=True).people - {person}
        remove_person(person)
        tell_others(by, "fracture.untell", bring_in_line(others, by), None, f"row {row.pk}", gone=key)
        return None
    record.superseded = True
    record.save(update_fields=["superseded"])
    row.save(update_fields=["outcome", "reason"])
    reconcile(person, by, lost=lost)
    for key in Episode.objects.filter(pk__in=touched).exclude(state=State.FOUND).values_list("pk", flat=True):
        refresh(key)
    note(by, "fracture.untell", person=person, subject=f"row {row.pk}", reason=reason[:300])
    return person


def _is_all_there_is(person: Person, row: FeedRow) -> bool:
    """Whether the person came with this row and nobody has done anything about her since."""
    rows = FeedRow.objects.filter(person=person).exclude(pk=row.pk).select_related("brought")
    others = not all(goes_back(each) for each in rows)
    done = any(len(each.statuses.all()) > 1 for each in person.episodes.prefetch_related("statuses"))
    return not (others or done or person.merged.exists() or person.flags.exists())
