"""Two records of one person become one, because a person says so. Nobody else merges anybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from openfls.record.pathway import PLACES, UNDER_CARE, NotPossible, State
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.feeds.deciding import Kind, columns_of, settle_merge
from openfls.service.feeds.identity import attach, fill_gaps
from openfls.service.feeds.in_line import bring_in_line, tell_others
from openfls.service.feeds.turns import take_turn
from openfls.service.feeds.waiting import waiting_of
from openfls.service.folding import folded
from openfls.service.models import (
    FeedRow,
    Fracture,
    MergedPerson,
    NotSamePerson,
    Person,
    PersonCorrection,
    PersonFlag,
    PersonIdentifier,
    Service,
    TellsOf,
)
from openfls.service.roles import May


def check_merge(keep: Person, gone: Person) -> None:
    """Raise `NotPossible` where the two cannot be put together now, with what to do first."""
    if keep.pk == gone.pk:
        raise NotPossible("This is one record already.")
    if keep.service_id != gone.service_id:
        raise NotPossible("The two are not known to one service.")
    stages = [_under_care(each) for each in (keep, gone)]
    if all(stages):
        where = " and ".join(f"“{PLACES[State(stage)].list_title}”" for stage in stages)
        raise NotPossible(
            f"Both have an episode under care (at {where}). Close one of them on its page with a reason, then put"
            " the two together."
        )


def _under_care(person: Person) -> str:
    states = person.episodes.filter(state__in=UNDER_CARE).values_list("state", flat=True)
    return next(iter(states), "")


@action("identity.same_person", May.WORK_THE_PATHWAY)
def same_person(
    *, keep: Person, gone: Person | None = None, row: FeedRow | None = None, words: str = "", by: Actor
) -> Person:
    """Move everything of ``gone`` to ``keep``: numbers, what feeds told, fractures, episodes, letters, contacts.

    ``row`` is the merge message that waits, where there is one; its numbers go to ``keep`` too. Without ``gone`` the
    message alone tells a number that the service did not know. The address of ``gone`` leads to ``keep`` afterwards.

    Raises:
        NotPossible: there is no reason, both have an episode under care, or the row was decided already.
    """
    if gone is not None and not words.strip():
        raise NotPossible("Say how you know that they are one person.")
    take_turn(keep.service)
    if gone is not None:
        locked = {
            each.pk: each
            for each in Person.objects.select_for_update(of=("self",))
            .filter(pk__in=(keep.pk, gone.pk))
            .select_related("service")
            .order_by("pk")
        }
        if len(locked) != 2:
            raise NotPossible("This is one record already.")
        keep, gone = locked[keep.pk], locked[gone.pk]
        check_merge(keep, gone)
        _move_all(keep, gone, words, by)
    if row is not None:
        waiting = waiting_of(row)
        settle_merge(row, Kind.SAME_PERSON, keep, words, by, gone=gone)
        for told in filter(None, (waiting.told, waiting.other)):
            attach(keep, told, row.version)
    told_of = bring_in_line({keep}, by)
    subject = f"row {row.pk}" if row else f"person {gone.pk}" if gone else ""
    note(by, "identity.same_person", person=keep, subject=subject, gone=str(gone.pk) if gone else "")
    tell_others(by, "identity.same_person", told_of, keep, subject, gone=gone.pk if gone else None)
    return keep


def _move_all(keep: Person, gone: Person, words: str, by: Actor) -> None:
    was = columns_of(gone)
    before = {
        "own": {table: held for model, column, table in related() if (held := _held(model, column, keep))}
        | {"person_identifier": [f"{row.system}|{row.value}" for row in keep.identifiers.all()]},
        "keep_was": columns_of(keep),
        "homes": {
            str(bone.pk): str(bone.episode_id) for bone in Fracture.objects.filter(person__in=(keep, gone))
        },
        "links": _links(keep, gone),
        "ended": _end_twins(keep, gone, by),
    }
    NotSamePerson.objects.filter(Q(one=gone) | Q(other=gone)).delete()
    moved: dict[str, list[str]] = {}
    _move_numbers(keep, gone, moved)
    fill_gaps(keep, gone)
    # Every table that points at a person, those included that are added later.
    for model, column, table in related():
        keys = _held(model, column, gone)
        if keys:
            moved[table] = keys
            model._default_manager.filter(**{column: gone}).update(**{column: keep})
    MergedPerson.objects.update_or_create(
        id=gone.pk,
        defaults={
            "service": keep.service,
            "into": keep,
            "was": was,
            "moved": moved,
            "before": before,
            "words": words[:300],
            "at": clock.now(),
            "by": by.user,
            "split_at": None,
            "split_by": None,
            "split_words": "",
        },
    )
    Person.objects.filter(pk=gone.pk).delete()


def related() -> list[tuple[type[Any], str, str]]:
    """Every column of another table that names a person, the numbers apart: the table's model, the column, its name."""
    fields: list[Any] = Person._meta.get_fields(include_hidden=True)
    pointing = [each for each in fields if each.auto_created and not each.concrete and not each.many_to_many]
    return [
        (each.related_model, each.field.name, each.related_model._meta.db_table)
        for each in pointing
        if each.related_model not in (NotSamePerson, PersonIdentifier)
    ]


def _held(model: type[Any], column: str, person: Person) -> list[str]:
    rows = model._default_manager.filter(**{column: person})
    return [str(key) for key in rows.values_list("pk", flat=True)]


def _links(keep: Person, gone: Person) -> dict[str, list[str]]:
    """Which fractures each record told of, while the two were two."""
    links: dict[str, list[str]] = {}
    for row in TellsOf.objects.filter(record__person__in=(keep, gone)):
        links.setdefault(str(row.record_id), []).append(str(row.fracture_id))
    return links


def _end_twins(keep: Person, gone: Person, by: Actor) -> dict[str, list[int]]:
    """Of what may stand once of a person, that of the one who stays holds: corrections by hand, and flags."""
    ended: dict[str, list[int]] = {}
    corrections = PersonCorrection.objects.filter(person=gone, ended_at=None)
    flags = PersonFlag.objects.filter(
        person=gone, ended_at=None, kind__in=[flag.kind for flag in keep.standing_flags]
    )
    for rows in (corrections, flags):
        ended[rows.model._meta.db_table] = list(rows.values_list("pk", flat=True))
        rows.update(ended_at=clock.now(), ended_by=by.user)
    return ended


def _move_numbers(keep: Person, gone: Person, moved: dict[str, list[str]]) -> None:
    known = {(row.system, row.value): row for row in keep.identifiers.all()}
    moved["person_identifier"] = [f"{row.system}|{row.value}" for row in gone.identifiers.all()]
    for number in gone.identifiers.order_by("pk"):
        twin = known.get((number.system, number.value))
        if twin is None:
            number.person = keep
            number.save(update_fields=["person"])
            continue
        valid = twin.valid or number.valid
        number.delete()
        if valid != twin.valid:
            twin.valid = valid
            twin.save(update_fields=["valid"])


@action("identity.not_same", May.WORK_THE_PATHWAY)
def not_same(
    *, one: Person | None, other: Person | None, words: str, row: FeedRow | None = None, by: Actor
) -> None:
    """The two are two people, for a reason; they are not asked about again."""
    words = words.strip()
    if not words:
        raise NotPossible("Say how you know that they are two people.")
    if one is not None and other is not None and one.pk != other.pk:
        first, second = sorted((one, other), key=lambda each: str(each.pk))
        NotSamePerson.objects.get_or_create(
            one=first,
            other=second,
            defaults={"service": one.service, "words": words[:300], "at": clock.now(), "by": by.user},
        )
    elif row is None:
        raise NotPossible("There are no two people here.")
    if row is not None:
        settle_merge(row, Kind.NOT_SAME, None, words, by)
    subject = f"row {row.pk}" if row else f"person {other.pk}" if other else ""
    note(by, "identity.not_same", person=one, subject=subject)
    if one is not None and other is not None and one.pk != other.pk:
        note(by, "identity.not_same", person=other, subject=f"row {row.pk}" if row else f"person {one.pk}")


def merged_into(service: Service, key: UUID) -> Person | None:
    """The person into whose record the one with ``key`` was moved, however often it was moved on."""
    row = MergedPerson.objects.filter(service=service, pk=key, split_at=None).select_related("into").first()
    return row.into if row else None


@dataclass(frozen=True, slots=True)
class Alike:
    """Two records with the same family name and birth date."""

    one: Person
    other: Person


def possible_duplicates(service: Service) -> list[Alike]:
    """Pairs of records that may be of one person, by name; without those that somebody has told apart."""
    people = Person.objects.filter(service=service).exclude(family_name="").exclude(birth_date=None)
    days = people.values("birth_date").annotate(number=Count("pk")).filter(number__gt=1).values("birth_date")
    groups: dict[tuple[str, Any], list[Any]] = {}
    for person in people.filter(birth_date__in=days).prefetch_related("identifiers"):
        groups.setdefault((folded(person.family_name), person.birth_date), []).append(person)
    apart = set(NotSamePerson.objects.filter(service=service).values_list("one", "other"))
    return [
        Alike(one, other)
        for _, rows in sorted(groups.items())
        for at, one in enumerate(sorted(rows, key=lambda each: str(each.pk)))
        for other in sorted(rows, key=lambda each: str(each.pk))[at + 1 :]
        if (one.pk, other.pk) not in apart
    ]
