"""Two people whose records were wrongly put together are two again: what came from whom goes back.

What each held when they were put together is known (`MergedPerson`). What was kept since is for a person to place:
episodes with their assessment, plan and reviews, letters, contacts, the rows of feeds, and what these told of the
person: an address, a death.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Max

from openfls.record.pathway import NotPossible, State, Step
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actions.moves import move, standing
from openfls.service.actor import Actor
from openfls.service.feeds.contradictions import as_column
from openfls.service.feeds.endings import MOVED_AWAY
from openfls.service.feeds.in_line import bring_in_line, tell_others
from openfls.service.feeds.kept_since import GOES, STAYS, since, untouched_since
from openfls.service.feeds.merging import related
from openfls.service.feeds.turns import take_turn
from openfls.service.models import (
    Answer,
    Assessment,
    Brought,
    Contact,
    Episode,
    FeedRow,
    Fracture,
    Letter,
    MergedPerson,
    NotSamePerson,
    PassedOver,
    Person,
    PersonCorrection,
    PersonFlag,
    PersonIdentifier,
    RowDecision,
    SourceRecord,
    TellsOf,
    ToldValue,
)
from openfls.service.roles import May


def check_split(merged: MergedPerson) -> None:
    """Raise `NotPossible` where the two cannot be taken apart."""
    if merged.split_at is not None:
        raise NotPossible("The two have been taken apart already.")
    if Person.objects.filter(pk=merged.pk).exists():
        raise NotPossible("The record is there already.")


@action("identity.split", May.WORK_THE_PATHWAY)
def split(*, merged: MergedPerson, belongs: Mapping[str, str], words: str, by: Actor) -> Person:
    """Take two people apart. ``belongs`` says of each item of `since` where it belongs (`STAYS` or `GOES`).

    The person comes back with the old key. The two are not asked about again; to put them together once more is the way
    back. Fractures are sorted anew by what tells of them.

    Raises:
        NotPossible: there is no reason, something kept since has no place, or it was done already.
    """
    if not words.strip():
        raise NotPossible("Say how you know that they are two people.")
    take_turn(by.service)
    merged = (
        MergedPerson.objects.select_for_update(of=("self",)).select_related("into__service").get(pk=merged.pk)
    )
    check_split(merged)
    keep = Person.objects.select_for_update(of=("self",)).select_related("service").get(pk=merged.into_id)
    merged.into = keep
    items = since(merged).items
    if any(belongs.get(item.key) not in (STAYS, GOES) for item in items):
        raise NotPossible("Say of everything that was kept since where it belongs.")
    goes = [item.key.split(" ", 1) for item in items if belongs[item.key] == GOES]
    gone = Person(pk=merged.pk, service=keep.service)
    for name, value in merged.was.items():
        setattr(gone, name, as_column(name, value))
    _details_go(keep, gone, merged, [name for kind, name in goes if kind == "detail"])
    gone.save(force_insert=True)
    _numbers_back(keep, gone, merged)
    _columns_back(keep, merged)
    _rows_back(keep, gone, merged, goes)
    _answers_back(keep, gone, merged, {item.key: belongs[item.key] for item in items})
    _bones_apart(keep, gone, merged)
    _settle(keep, gone, merged, words.strip(), by)
    told_of = bring_in_line({keep, gone}, by)
    # An event for each of the two: who reads since a moment is to read both again.
    note(by, "identity.split", person=gone, subject=f"person {keep.pk}")
    note(
        by,
        "identity.split",
        person=keep,
        subject=f"person {gone.pk}",
        goes=sorted(key for _, key in goes),
        stays=len(items) - len(goes),
    )
    tell_others(by, "identity.split", told_of - {gone}, keep, f"person {gone.pk}", gone=gone.pk)
    return gone


def _details_go(keep: Person, gone: Person, merged: MergedPerson, names: list[str]) -> None:
    """A detail told since that is the other's: an address to write to, a death. Where it stood is what was there."""
    for name in names:
        setattr(gone, name, getattr(keep, name))
        setattr(keep, name, as_column(name, merged.before["keep_was"].get(name)))
    if names:
        keep.save(update_fields=names)


def _numbers_back(keep: Person, gone: Person, merged: MergedPerson) -> None:
    own = set(merged.before.get("own", {}).get("person_identifier", ()))
    for told in merged.moved.get("person_identifier", ()):
        system, _, value = told.rpartition("|")
        mine = PersonIdentifier.objects.filter(person=keep, system=system, value=value)
        if told in own:
            # Both had it: a number that two people have is matched with neither's record but the one that keeps it.
            PersonIdentifier.objects.create(
                service=gone.service, person=gone, system=system, value=value, valid=False
            )
        else:
            mine.update(person=gone)


def _columns_back(keep: Person, merged: MergedPerson) -> None:
    """What was filled in from the other record, and nobody has changed since, is as it was."""
    was: Mapping[str, Any] = merged.before.get("keep_was", {})
    changed = False
    for name, value in was.items():
        told = as_column(name, merged.was.get(name))
        if as_column(name, value) != getattr(keep, name) == told:
            setattr(keep, name, as_column(name, value))
            changed = True
    if changed:
        keep.save()


def _rows_back(keep: Person, gone: Person, merged: MergedPerson, goes: list[list[str]]) -> None:
    """Every table that points at a person: what came from there, and what was said to belong there since."""
    chosen: dict[str, list[str]] = {}
    for kind, key in goes:
        chosen.setdefault(kind, []).append(key)
    rows = {int(key) for key in chosen.get("feed_row", [])}
    for episode in untouched_since(merged):
        told = set(TellsOf.objects.filter(fracture__episode=episode).values_list("record__row", flat=True))
        if told and told <= rows:
            chosen.setdefault("episode", []).append(str(episode.pk))
    episodes = chosen.get("episode", [])
    further = {
        "fracture": list(Fracture.objects.filter(episode__in=episodes).values_list("pk", flat=True)),
        **{
            model._meta.db_table: list(
                model.objects.filter(row__in=chosen.get("feed_row", [])).values_list("pk", flat=True)
            )
            for model in (SourceRecord, PassedOver, ToldValue, Brought)
        },
    }
    for model, column, table in related():
        keys = [*merged.moved.get(table, ()), *chosen.get(table, ()), *further.get(table, ())]
        if keys:
            model._default_manager.filter(pk__in=keys, **{column: keep}).update(**{column: gone})
    # A letter or a contact belongs to an episode of its own person.
    for model in (Letter, Contact):
        for person in (keep, gone):
            strangers = model.objects.filter(person=person).exclude(episode__person=person)
            home = person.episodes.order_by("-index_date", "pk").first()
            if strangers.exists() and home is None:
                raise NotPossible(f"{person.name} has no episode that a letter or contact could belong to.")
            strangers.update(episode=home)


def _answers_back(keep: Person, gone: Person, merged: MergedPerson, belongs: Mapping[str, str]) -> None:
    """Answers about the other person go to an assessment of hers, as they were given."""
    for key, where in belongs.items():
        kind, _, episode = key.partition(" ")
        owner = gone if where == GOES else keep
        if kind != "answers" or Episode.objects.filter(pk=episode, person=owner).exists():
            continue
        home = owner.episodes.order_by("-index_date", "pk").first()
        if home is None:
            raise NotPossible(f"{owner.name} has no episode that the answers could belong to.")
        assessment, _ = Assessment.objects.get_or_create(
            episode=home, defaults={"service": owner.service, "started_at": clock.now()}
        )
        given = Answer.objects.filter(assessment__episode=episode, at__gt=merged.at)
        given.update(assessment=assessment)


def _bones_apart(keep: Person, gone: Person, merged: MergedPerson) -> None:
    """No fracture stands in another's episode, and no record of one tells of the other's bone."""
    homes: Mapping[str, str] = merged.before.get("homes", {})
    for person, other in ((keep, gone), (gone, keep)):
        for bone in Fracture.objects.filter(person=person, episode__person=other).select_related("episode"):
            home = Episode.objects.filter(pk=homes.get(str(bone.pk)), person=person).first()
            TellsOf.objects.filter(fracture=bone).exclude(record__person=person).delete()
            if home is None:
                TellsOf.objects.filter(fracture=bone).delete()
                bone.delete()
                continue
            last = home.fractures.aggregate(last=Max("rank"))["last"]
            bone.episode, bone.rank = home, 0 if last is None else last + 1
            bone.save(update_fields=["episode", "rank"])
        strays = TellsOf.objects.filter(record__person=person).exclude(fracture__person=person)
        strays.delete()
    _tie_again(merged)


def _tie_again(merged: MergedPerson) -> None:
    """Each record tells of the fracture that it told of while the two were two, where both are still there."""
    links: Mapping[str, list[str]] = merged.before.get("links", {})
    records = SourceRecord.objects.filter(superseded=False).in_bulk([int(key) for key in links])
    bones = Fracture.objects.in_bulk([UUID(key) for keys in links.values() for key in keys])
    for record in records.values():
        for key in links[str(record.pk)]:
            bone = bones.get(UUID(key))
            if bone is not None and bone.person_id == record.person_id:
                TellsOf.objects.get_or_create(record=record, fracture=bone)


def _settle(keep: Person, gone: Person, merged: MergedPerson, words: str, by: Actor) -> None:
    """What was left out only because the other's fracture took its evidence waits again; nobody is asked twice."""
    for episode in Episode.objects.filter(person__in=(keep, gone), state=State.NOT_FOR_US):
        last = standing(episode)[-1]
        if last.at >= merged.at and last.step == Step.REFUTE and last.reason == MOVED_AWAY:
            move(episode, Step.BRING_BACK, by, "The records that were put together are two people’s again")
    ended: Mapping[str, list[int]] = merged.before.get("ended", {})
    for model in (PersonCorrection, PersonFlag):
        keys = ended.get(model._meta.db_table, ())
        model.objects.filter(pk__in=keys, person=gone).update(ended_at=None, ended_by=None)
    first, second = sorted((keep, gone), key=lambda each: str(each.pk))
    NotSamePerson.objects.get_or_create(
        one=first,
        other=second,
        defaults={"service": keep.service, "words": words[:300], "at": clock.now(), "by": by.user},
    )
    merged.split_at, merged.split_by, merged.split_words = clock.now(), by.user, words[:300]
    merged.save(update_fields=["split_at", "split_by", "split_words"])
    decisions = RowDecision.objects.filter(
        kind=RowDecision.Kind.SAME_PERSON, undone_at=None, person=keep, at__gte=merged.at
    ).select_related("row")
    for decision in decisions:
        if str(decision.made.get("gone", "")) != str(gone.pk):
            continue
        decision.undone_at = clock.now()
        decision.save(update_fields=["undone_at"])
        row = decision.row
        row.outcome, row.reason, row.person = (
            FeedRow.Outcome.REJECTED,
            f"not the same person: {words}"[:500],
            None,
        )
        row.save(update_fields=["outcome", "reason", "person"])


def splittable(person: Person) -> list[MergedPerson]:
    """The records that were put into this person's and can be taken out again."""
    return list(person.merged.filter(split_at=None).select_related("by").order_by("at"))
