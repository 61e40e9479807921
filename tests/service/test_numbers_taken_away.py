"""A wrong NHS number is taken away: what came by it goes with it, and the record is as it was before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

import world
from openfls.record.feeds import Measured, Notice, Source, SourceKind
from openfls.record.pathway import NotPossible, State
from openfls.record.people import NHS_NUMBER, Demographics, Identifier
from openfls.record.reasons import Closing, TaskKind
from openfls.record.sites import Side, Site
from openfls.service import audit, clock
from openfls.service.actions import closing, finding, undoing
from openfls.service.actor import Actor
from openfls.service.aside.going_back import WHY as WAITS
from openfls.service.aside.keeping import WHY as ASIDE
from openfls.service.by_hand.numbers import add_number, drop_number
from openfls.service.by_hand.telling import untell
from openfls.service.feeds.deciding import can_undo, somebody_else, this_person, undo
from openfls.service.feeds.merging import same_person
from openfls.service.models import (
    Alert,
    Brought,
    Episode,
    FeedRow,
    FlsdbRow,
    Person,
    SetAside,
    Task,
    ToldValue,
)
from service import invariants
from service.feed_world import load
from service.identification_world import by_hand, unnumbered
from service.snapshot import tables
from service.waiting_world import doubtful, owner_of, stranger_to

DIED = world.TODAY - timedelta(days=2)
HISTORY = (
    "Status",
    "FeedRow",
    "SetAside",
    "SetAsideNumber",
    "PersonIdentifier",
    "FlsdbRow",
    "ToldValue",
    "Alert",
)


def _who(number: str, **columns: object) -> Demographics:
    return world.demographics(identifiers=(Identifier(NHS_NUMBER, number),), **columns)


def _result(person: Demographics, record: str, field: str = "egfr", value: float = 52.0) -> Measured:
    source = Source("lab", record, SourceKind.RESULT, "line 1", "1")
    return Measured(source, person, world.TODAY - timedelta(days=1), field, value, str(value))


def _death(person: Demographics, record: str = "adt") -> Notice:
    source = Source("adt", record, SourceKind.ENCOUNTER, "line 1", "20260101")
    return Notice(source, replace(person, deceased=True, deceased_on=DIED, telephone="01632 960999"))


def _record() -> dict[str, object]:
    """What the database says of people, but for the history of states and where rows of feeds lie."""
    rows = list(FeedRow.objects.order_by("pk").values("record", "outcome", "reason", "waiting", "person"))
    asides = sorted(SetAside.objects.values_list("row__record", "at"))
    told = sorted(ToldValue.objects.values_list("row__record", "state", "person"))
    audited = [
        {name: value for name, value in row.items() if name != "stamp"}
        for row in FlsdbRow.objects.order_by("pk").values()
    ]
    return {**tables(without=HISTORY), "rows": rows, "asides": asides, "told": told, "audited": audited}


@pytest.mark.parametrize("confirmed", [False, True])
def test_given_and_taken_away_the_record_is_as_before(confirmed: bool, nurse: Actor) -> None:
    person = unnumbered(nurse)
    if confirmed:
        finding.confirm(episode=person.episodes.get(), by=nurse)
    number = world.nhs_number()
    other = _who(number, telephone="01632 960111")
    hospital = replace(other, identifiers=(*other.identifiers, Identifier("RYY", "Z9")))
    load(
        nurse.service,
        [
            _result(other, "r1"),
            Notice(Source("adt", "n1", SourceKind.ENCOUNTER, "line 1", "2"), hospital),
            _result(replace(other, identifiers=(Identifier("RYY", "Z9"),)), "r2", "vitamin_d_nmol_l", 30.0),
            _death(other),
        ],
    )
    before = _record()
    add_number(person=person, number=number, how="Traced", by=nurse)
    person.refresh_from_db()
    assert (person.deceased, person.deceased_on, ToldValue.objects.count()) == (True, DIED, 2)
    assert confirmed or Episode.objects.get().state == State.NOT_FOR_US
    drop_number(person=person, reason="Her sister’s", by=nurse)
    assert _record() == before
    invariants.check(person.episodes.get().pk)
    assert not Alert.objects.filter(rule="DEATH", ended_at=None).exists()
    assert set(FeedRow.objects.exclude(kind="radiology").values_list("reason", flat=True)) == {ASIDE}
    add_number(person=person, number=number, how="It was hers after all", by=nurse)
    assert Person.objects.get().deceased
    assert audit.verify(nurse.service)[1] == []


def test_what_came_by_the_number_afterwards_goes_too(nurse: Actor) -> None:
    person, number = unnumbered(nurse), world.nhs_number()
    add_number(person=person, number=number, how="Traced", by=nurse)
    other = _who(number)
    hip = world.report(other, site=Site.HIP, side=Side.RIGHT, record="hip")
    load(nurse.service, [_result(other, "r1")], [_death(other)], [hip])
    assert Person.objects.get().deceased
    drop_number(person=person, reason="Her sister’s", by=nurse)
    person.refresh_from_db()
    assert (person.deceased, person.telephone, ToldValue.objects.count()) == (False, "01632 960123", 0)
    row = FeedRow.objects.get(record="hip")
    assert (row.reason, row.person, row.waiting["findings"][0]["site"]) == (WAITS, None, "hip")
    put_forward = Episode.objects.filter(state=State.FOUND)
    assert [each.index_fracture.site for each in put_forward] == ["wrist"]
    assert somebody_else(row=row, by=nurse).person != person
    # Her own now has the number: what lay under it is taken in there.
    assert ToldValue.objects.get().person.deceased


def test_what_somebody_confirmed_stays_and_is_to_be_looked_at(nurse: Actor) -> None:
    person, number = unnumbered(nurse), world.nhs_number()
    add_number(person=person, number=number, how="Traced", by=nurse)
    load(nurse.service, [world.report(_who(number), site=Site.HIP, side=Side.RIGHT, record="hip", on=DIED)])
    hip = Episode.objects.get(fractures__site="hip")
    finding.confirm(episode=hip, by=nurse)
    drop_number(person=person, reason="Her sister’s", by=nurse)
    hip.refresh_from_db()
    assert hip.state == State.TO_ASSESS
    assert hip.tasks.filter(kind=TaskKind.EVIDENCE_CHANGED, done_at=None).exists()


def test_a_death_that_somebody_else_told_of_too_stays(nurse: Actor) -> None:
    person, number = unnumbered(nurse), world.nhs_number()
    hers = world.demographics(identifiers=(Identifier("RXX", "H1"),))
    add_number(person=person, number=number, how="Traced", by=nurse)
    load(nurse.service, [_death(_who(number))], [_death(hers, "own")])
    drop_number(person=person, reason="Her sister’s", by=nurse)
    person.refresh_from_db()
    assert (person.deceased, person.deceased_on, person.telephone) == (True, DIED, "01632 960999")


def test_a_decision_taken_back_takes_what_its_numbers_woke(nurse: Actor) -> None:
    known = world.demographics()
    number = world.nhs_number()
    row = doubtful(nurse, known=known)
    person = owner_of(row)
    row.waiting["person"]["identifiers"].append({"system": NHS_NUMBER, "value": number})
    row.save()
    load(nurse.service, [_result(_who(number), "r1"), _death(_who(number))])
    before = _record()
    decided = this_person(row=row, person=person, by=nurse)
    assert ToldValue.objects.get().person.deceased
    undo(decision=decided, by=nurse)
    after = _record()
    assert {name for name in before if before[name] != after[name]} == {"RowDecision", "Episode", "Fracture"}
    assert Episode.objects.get(fractures__site="hip").state == State.NOT_FOR_US


def test_a_person_made_of_a_doubt_goes_although_her_number_woke_a_result(nurse: Actor) -> None:
    row = doubtful(nurse)
    number = world.nhs_number()
    row.waiting["person"]["identifiers"].append({"system": NHS_NUMBER, "value": number})
    row.save()
    stranger = stranger_to(_who(number))
    load(nurse.service, [_result(stranger, "r1")])
    decided = somebody_else(row=row, by=nurse)
    assert ToldValue.objects.get().person == decided.person
    assert can_undo(decided)
    undo(decision=decided, by=nurse)
    assert (Person.objects.count(), ToldValue.objects.count(), SetAside.objects.count()) == (1, 0, 1)


def test_what_was_told_by_hand_leaves_nobody_although_it_woke_a_death(nurse: Actor) -> None:
    who = world.demographics()
    load(nurse.service, [_death(who)])
    row = by_hand(nurse, person=who).row
    assert Person.objects.get().deceased
    assert untell(row=row, reason="Another patient", by=nurse) is None
    assert (Person.objects.count(), SetAside.objects.count()) == (0, 1)
    assert FeedRow.objects.get(record="adt").reason == ASIDE


def test_a_woken_scan_is_to_be_looked_at_today_and_not_when_it_went_back(nurse: Actor) -> None:
    person, number = unnumbered(nurse), world.nhs_number()
    episode = finding.confirm(episode=person.episodes.get(), by=nurse)
    Task.objects.create(
        service=nurse.service,
        episode=episode,
        kind=TaskKind.DXA_BOOKING,
        due=world.TODAY + timedelta(days=9),
    )
    load(nurse.service, [_result(_who(number), "scan", "bone_density.total_hip_t", -2.7)])
    before = _open(episode)
    add_number(person=person, number=number, how="Traced", by=nurse)
    assert (TaskKind.DXA_RESULT, clock.today()) in _open(episode)
    assert TaskKind.DXA_BOOKING not in dict(_open(episode))
    drop_number(person=person, reason="Her sister’s", by=nurse)
    assert _open(episode) == before


def _open(episode: Episode) -> list[tuple[str, object]]:
    waiting = episode.tasks.filter(done_at=None, cancelled_at=None)
    return sorted(waiting.values_list("kind", "due"))


def test_nothing_is_taken_away_where_there_is_no_number(nurse: Actor) -> None:
    with pytest.raises(NotPossible, match="no NHS number"):
        drop_number(person=unnumbered(nurse), reason="Not hers", by=nurse)


def test_a_death_told_again_goes_with_the_number_that_tells_it_now(nurse: Actor) -> None:
    person, number = unnumbered(nurse), world.nhs_number()
    add_number(person=person, number=number, how="Traced", by=nurse)
    load(nurse.service, [_death(_who(number))])
    hers = world.demographics(identifiers=(Identifier("RXX", "H1"),))
    load(nurse.service, [_death(hers, "own")])
    drop_number(person=person, reason="Her sister’s", by=nurse)
    told = Brought.objects.get(row__record="own")
    assert (told.before["deceased"], told.after["deceased"], told.after["deceased_on"]) == (
        False,
        True,
        DIED.isoformat(),
    )


@pytest.mark.parametrize("staff_first", [True, False])
def test_a_death_that_staff_tell_of_goes_with_their_step_when_the_feed_was_of_another(
    staff_first: bool, nurse: Actor
) -> None:
    person, number = unnumbered(nurse), world.nhs_number()
    episode = person.episodes.get()
    add_number(person=person, number=number, how="Traced", by=nurse)
    finding.confirm(episode=episode, by=nurse)
    dies = partial(closing.close, episode=episode, reason=Closing.DIED, by=nurse)
    steps = [dies, lambda: load(nurse.service, [_death(_who(number))])]
    for step in steps if staff_first else reversed(steps):
        step()
    drop_number(person=person, reason="Her sister’s", by=nurse)
    person.refresh_from_db()
    assert (person.deceased, person.deceased_on) == (True, None)
    undoing.undo(episode=Episode.objects.get(pk=episode.pk), by=nurse)
    person.refresh_from_db()
    assert not person.deceased


@pytest.mark.parametrize(
    ("told", "taken_back"),
    [
        ("number staff decision", "number staff decision"),
        ("staff number decision", "staff number decision"),
        ("number decision staff", "decision number staff"),
    ],
)
def test_a_death_told_three_times_ends_with_the_last_of_those_who_tell_it(
    told: str, taken_back: str, nurse: Actor
) -> None:
    person, number = unnumbered(nurse), world.nhs_number()
    episode = person.episodes.get()
    add_number(person=person, number=number, how="Traced", by=nurse)
    finding.confirm(episode=episode, by=nurse)
    hers = stranger_to(world.demographics(identifiers=(Identifier("RXX", "H1"),)))
    decided = []

    def decide() -> None:
        load(nurse.service, [_death(hers, "own")])
        decided.append(this_person(row=FeedRow.objects.get(record="own"), person=person, by=nurse))

    tell = {
        "staff": lambda: closing.close(
            episode=Episode.objects.get(pk=episode.pk), reason=Closing.DIED, by=nurse
        ),
        "number": lambda: load(nurse.service, [_death(_who(number))]),
        "decision": decide,
    }
    take_back = {
        "staff": lambda: undoing.undo(episode=Episode.objects.get(pk=episode.pk), by=nurse),
        "number": lambda: drop_number(person=person, reason="Her sister’s", by=nurse),
        "decision": lambda: undo(decision=decided[0], by=nurse),
    }
    for name in told.split():
        tell[name]()
    stands = [True]
    for name in taken_back.split():
        take_back[name]()
        stands.append(Person.objects.get(pk=person.pk).deceased)
    assert (stands, Person.objects.get(pk=person.pk).deceased_on) == ([True, True, True, False], None)


@pytest.mark.parametrize("how", ["by a decision", "by another record"])
def test_a_death_that_came_to_her_after_staff_told_it_stands_without_them(how: str, nurse: Actor) -> None:
    person, hour = unnumbered(nurse), timedelta(hours=1)
    episode = finding.confirm(episode=person.episodes.get(), by=nurse)
    other = world.found(nurse.service, site=Site.HIP, on=world.TODAY - timedelta(days=300)).person
    who = stranger_to(world.demographics(identifiers=(Identifier("RXX", "H1"),)))
    who = who if how == "by a decision" else other.demographics()
    source = Source("adt", "own", SourceKind.ENCOUNTER, "line 1", "20260101")
    load(nurse.service, [Notice(source, replace(who, deceased=True))])
    with clock.at(clock.now() + hour):
        closing.close(episode=episode, reason=Closing.DIED, by=nurse)
    with clock.at(clock.now() + 2 * hour):
        person.refresh_from_db()
        if how == "by a decision":
            this_person(row=FeedRow.objects.get(record="own"), person=person, by=nurse)
        else:
            same_person(keep=person, gone=other, words="One passport", by=nurse)
        undoing.undo(episode=Episode.objects.get(pk=episode.pk), by=nurse)
    person.refresh_from_db()
    assert (person.deceased, person.deceased_on) == (True, None)


def test_a_scan_of_her_own_is_to_be_looked_at_although_anothers_goes_back(nurse: Actor) -> None:
    person, number = unnumbered(nurse), world.nhs_number()
    episode = finding.confirm(episode=person.episodes.get(), by=nurse)
    add_number(person=person, number=number, how="Traced", by=nurse)
    hers = world.demographics(identifiers=(Identifier("RXX", "H1"),))
    scan = "bone_density.total_hip_t"
    load(nurse.service, [_result(_who(number), "scan", scan, -2.7)], [_result(hers, "own", scan, -2.6)])
    drop_number(person=person, reason="Her sister’s", by=nurse)
    assert (TaskKind.DXA_RESULT, clock.today()) in _open(episode)


def test_what_a_later_row_found_is_not_what_anothers_row_had_told(nurse: Actor) -> None:
    person, number = unnumbered(nurse), world.nhs_number()
    add_number(person=person, number=number, how="Traced", by=nurse)
    hers = world.demographics(identifiers=(Identifier("RXX", "H1"),), telephone="01632 960222")
    later = Notice(Source("adt", "own", SourceKind.ENCOUNTER, "line 1", "20260301"), hers)
    load(nurse.service, [_death(_who(number))], [later])
    drop_number(person=person, reason="Her sister’s", by=nurse)
    assert Brought.objects.get(row__record="own").before["telephone"] == "01632 960123"
