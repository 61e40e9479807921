"""Two people who were wrongly put together are two again, with what came from each and what was said to be whose."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

import world
from openfls.record.pathway import NotPossible, State
from openfls.record.reasons import Channel, ContactOutcome
from openfls.record.sites import Side, Site
from openfls.service import clock
from openfls.service.actions import assessing, finding, reviewing, writing
from openfls.service.actor import Actor
from openfls.service.feeds import merging
from openfls.service.feeds.kept_since import GOES, STAYS, since
from openfls.service.feeds.splitting import split
from openfls.service.models import (
    Answer,
    Contact,
    Delivery,
    Episode,
    FeedRow,
    Fracture,
    MergedPerson,
    Person,
)
from openfls.service.sharing.people import changed_since
from service import invariants
from service import waiting_world as ww
from service.feed_world import told

pytestmark = pytest.mark.django_db


def _held(person: Person) -> dict[str, object]:
    """What a person holds, without anything random."""
    return {
        "columns": {name: getattr(person, name) for name in ("family_name", "birth_date", "telephone")},
        "numbers": sorted(person.identifiers.values_list("value", "valid")),
        "rows": sorted(person.feed_rows.values_list("record", flat=True)),
        "episodes": sorted(
            (str(row.pk), row.state, tuple((bone.site, bone.on) for bone in row.fractures.all()))
            for row in person.episodes.all()
        ),
        "told": sorted(
            (bone.site, record)
            for bone in Fracture.objects.filter(person=person)
            for record in bone.source_records.values_list("row__record", flat=True)
        ),
    }


def _everything_hangs_together() -> None:
    for bone in Fracture.objects.select_related("episode"):
        assert bone.person_id == bone.episode.person_id
        assert all(row.person_id == bone.person_id for row in bone.source_records.all())
    for key in Episode.objects.values_list("pk", flat=True):
        invariants.check(key)


@pytest.mark.parametrize("site", [Site.HIP, Site.WRIST], ids=["another bone", "the same bone"])
def test_what_came_from_each_goes_back_to_each(site: Site, nurse: Actor) -> None:
    kept, gone = ww.two_people(nurse, family_name="Gone", telephone="")
    world.deliver(
        nurse.service,
        told(replace(kept, telephone=""), "kept's"),
        told(replace(gone, telephone="01632 960444"), "gone's", day=5, site=site),
    )
    keep, other = ww.person_of(nurse.service, kept), ww.person_of(nurse.service, gone)
    before = [_held(keep), _held(other)]
    merging.same_person(keep=keep, gone=other, words="Looked alike", by=nurse)
    assert Episode.objects.filter(state=State.FOUND).count() == 1
    merged = MergedPerson.objects.get()
    assert since(merged).items == ()
    back = split(merged=merged, belongs={}, words="Two passports", by=nurse)
    assert [_held(Person.objects.get(pk=keep.pk)), _held(back)] == before
    _everything_hangs_together()
    assert merging.merged_into(nurse.service, back.pk) is None
    assert merging.possible_duplicates(nurse.service) == []


def test_to_put_them_together_once_more_is_the_way_back(nurse: Actor) -> None:
    merged = ww.put_together(nurse)
    joined = _held(merged.into)
    gone = split(merged=merged, belongs={}, words="Two passports", by=nurse)
    merging.same_person(keep=merged.into, gone=gone, words="One after all", by=nurse)
    again = MergedPerson.objects.get()
    assert (again.pk, again.split_at, again.words) == (gone.pk, None, "One after all")
    assert _held(Person.objects.get()) == joined
    with pytest.raises(NotPossible, match="how you know"):
        split(merged=again, belongs={}, words=" ", by=nurse)


def test_what_was_kept_since_goes_where_somebody_says(nurse: Actor) -> None:
    merged = ww.put_together(nurse)
    keep = merged.into
    episode = finding.confirm(episode=keep.episodes.get(state=State.FOUND), by=nurse)
    assessing.answer(episode=episode, answers={"falls_last_year": 1}, by=nurse)
    with clock.at(world.at_noon(world.TODAY).replace(hour=13)):
        assessing.answer(episode=episode, answers={"care_home": True}, by=nurse)
    for outcome in (ContactOutcome.NO_ANSWER, ContactOutcome.REACHED):
        reviewing.contact(
            episode=episode, channel=Channel.TELEPHONE, outcome=outcome, on=world.TODAY, by=nurse
        )
    letter = writing.write(episode=episode, kind="invitation", by=nurse)
    number = next(each for each in merged.moved["person_identifier"] if "|G" in each).rpartition("|")[2]
    later = world.demographics(identifiers=(ww.hospital_number(number),), family_name="Gone")
    world.deliver(nurse.service, told(later, "hers since", day=390, site=Site.ANKLE))

    items = {item.key: item for item in since(merged).items}
    kinds = sorted(item.kind for item in items.values())
    assert kinds == ["Answers of an assessment", "Contact", "Contact", "Letter", "Row of a feed"], kinds
    row = FeedRow.objects.get(record="hers since")
    assert items[f"feed_row {row.pk}"].suggested == GOES
    with pytest.raises(NotPossible, match="where it belongs"):
        split(merged=merged, belongs={}, words="Two passports", by=nurse)
    call = Contact.objects.get(outcome=ContactOutcome.REACHED)
    chosen = {key: item.suggested for key, item in items.items()} | {
        f"contact {call.pk}": GOES,
        f"letter {letter.pk}": STAYS,
    }
    chosen |= {key: GOES for key in items if key.startswith("answers ")}
    gone = split(merged=merged, belongs=chosen, words="Two passports", by=nurse)
    _everything_hangs_together()
    assert set(gone.feed_rows.values_list("record", flat=True)) >= {"hers since"}
    assert gone.episodes.filter(fractures__site=Site.ANKLE, state=State.FOUND).count() == 1
    assert not keep.episodes.filter(fractures__site=Site.ANKLE).exists(), (
        "it went with the row that tells of it"
    )
    call.refresh_from_db()
    assert (call.person_id, call.episode.person_id) == (gone.pk, gone.pk)
    letter.refresh_from_db()
    assert letter.person_id == keep.pk
    owners = set(Answer.objects.values_list("assessment__episode__person", flat=True))
    assert gone.pk in owners


def test_an_address_and_a_death_told_since_go_to_whom_they_are_about(nurse: Actor) -> None:
    merged = ww.put_together(nurse)
    keep, lived = merged.into, merged.into.telephone
    number = next(each for each in merged.moved["person_identifier"] if "|G" in each).rpartition("|")[2]
    hers = {"identifiers": (ww.hospital_number(number),), "family_name": "Gone"}
    later = world.demographics(**hers, telephone="01632 960444", deceased=True)
    world.deliver(nurse.service, told(later, "hers since", day=390, site=Site.ANKLE))
    keep.refresh_from_db()
    assert (keep.deceased, keep.telephone) == (True, "01632 960444")
    items = {item.key: item for item in since(merged).items}
    assert {"detail deceased", "detail telephone"} <= set(items)
    gone = split(merged=merged, belongs=dict.fromkeys(items, GOES), words="Two passports", by=nurse)
    keep.refresh_from_db()
    gone.refresh_from_db()
    assert (keep.deceased, keep.telephone) == (False, lived)
    assert (gone.deceased, gone.telephone) == (True, "01632 960444")
    assert keep.episodes.filter(state=State.FOUND).exists(), "she lives, and her fracture waits again"
    assert not gone.episodes.filter(state=State.FOUND).exists()
    _everything_hangs_together()


def test_a_merge_message_that_was_accepted_can_be_taken_back(nurse: Actor) -> None:
    kept, gone = ww.two_people(nurse, family_name="Gone")
    world.deliver(nurse.service, world.report(kept), world.report(gone, site=Site.HIP, side=Side.RIGHT))
    row = ww.merge_message(nurse, kept, gone)
    keep, other = ww.person_of(nurse.service, kept), ww.person_of(nurse.service, gone)
    merging.same_person(keep=keep, gone=other, row=row, words="One passport", by=nurse)
    split(merged=MergedPerson.objects.get(), belongs={}, words="Two passports", by=nurse)
    row.refresh_from_db()
    assert (row.outcome, row.person, row.waiting) == (FeedRow.Outcome.REJECTED, None, None)
    assert row.reason == "not the same person: Two passports"
    assert ww.person_of(nurse.service, gone).pk == other.pk
    _everything_hangs_together()


def test_both_are_read_again_by_who_reads_since_a_moment(nurse: Actor) -> None:
    merged = ww.put_together(nurse)
    Delivery.objects.update(finished_at=clock.now())
    with clock.at(world.at_noon(world.TODAY) + timedelta(days=1)):
        gone = split(merged=merged, belongs={}, words="Two passports", by=nurse)
        both = {gone.pk, merged.into_id}
        assert changed_since(nurse.service, clock.now()) == both
    with clock.at(world.at_noon(world.TODAY) + timedelta(days=2)):
        merging.not_same(one=merged.into, other=gone, words="Two passports", by=nurse)
        assert changed_since(nurse.service, clock.now()) == both


def test_they_are_taken_apart_once(nurse: Actor) -> None:
    merged = ww.put_together(nurse)
    split(merged=merged, belongs={}, words="Two passports", by=nurse)
    with pytest.raises(NotPossible, match="taken apart already"):
        split(merged=merged, belongs={}, words="Again", by=nurse)
    assert (Side.RIGHT, Site.HIP) in set(Fracture.objects.values_list("side", "site"))


def test_one_of_the_time_before_it_was_kept_what_each_held_lists_what_is_younger(nurse: Actor) -> None:
    with clock.at(world.at_noon(world.TODAY - timedelta(days=30))):
        merged = ww.put_together(nurse)
    merged.before = {}
    merged.save(update_fields=["before"])
    keep = merged.into
    episode = finding.confirm(episode=keep.episodes.filter(state=State.FOUND).first(), by=nurse)
    assessing.answer(episode=episode, answers={"falls_last_year": 1}, by=nurse)
    letter = writing.write(episode=episode, kind="invitation", by=nurse)
    world.deliver(nurse.service, told(keep.demographics(), "since", day=390, site=Site.ANKLE))
    kinds = [item.kind for item in since(merged).items]
    assert kinds.count("Letter") == kinds.count("Answers of an assessment") == 1
    assert kinds.count("Row of a feed") == 2, "one since, and one of the day itself"
    belongs = {item.key: item.suggested for item in since(merged).items}
    gone = split(merged=merged, belongs=belongs, words="Two passports", by=nurse)
    assert gone.episodes.exists()
    letter.refresh_from_db()
    assert letter.person == keep
    _everything_hangs_together()
