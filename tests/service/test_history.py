"""The day from which a service finds: what broke before is history, and comes back when the day is moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

import world
from openfls.record.pathway import NotPossible, State
from openfls.record.sites import Site
from openfls.service import worklist
from openfls.service.actions import finding
from openfls.service.actor import Actor
from openfls.service.feeds.history import find_from, history_in, history_of
from openfls.service.models import Episode
from openfls.service.picture import picture_of
from service import invariants
from service.feed_world import START, load, told

pytestmark = pytest.mark.django_db
DAY = START + timedelta(days=100)


def _states() -> dict[str, tuple[str, bool]]:
    return {
        row.index_fracture.site: (row.state, row.history)
        for row in Episode.objects.prefetch_related("fractures")
    }


OLD, FOUND = (State.NOT_FOR_US, True), (State.FOUND, False)


@pytest.mark.parametrize("set_first", [True, False])
def test_what_is_older_is_kept_as_history_whichever_came_first(set_first: bool, nurse: Actor) -> None:
    person = world.demographics()
    if set_first:
        find_from(day=DAY, by=nurse)
    delivery = load(
        nurse.service,
        [
            told(person, "old", day=0),
            told(person, "new", day=200, site=Site.HIP),
            replace(told(person, "undated", site=Site.ANKLE), on=None),
        ],
    )
    if not set_first:
        assert find_from(day=DAY, by=nurse) == 1
    assert _states() == {"wrist": OLD, "hip": FOUND, "ankle": FOUND}
    assert (history_in(delivery), history_of(nurse.service)) == (1, 1)
    lists = worklist.counts(nurse.service, world.TODAY)
    assert (lists["to-confirm"], lists["not-for-us"], lists["history"]) == (2, 0, 1)
    for key in Episode.objects.values_list("pk", flat=True):
        invariants.check(key)


def test_an_earlier_fracture_counts_in_the_assessment(nurse: Actor) -> None:
    person = world.demographics()
    find_from(day=DAY, by=nurse)
    load(nurse.service, [told(person, "old"), told(person, "new", day=200, site=Site.HIP)])
    episode = finding.confirm(episode=Episode.objects.get(state=State.FOUND), by=nurse)
    assert [bone.site for bone in picture_of(episode, world.TODAY).fractures] == [Site.WRIST, Site.HIP]


def test_another_day_or_none_brings_them_back(nurse: Actor) -> None:
    load(nurse.service, [told(world.demographics(), "old")])
    find_from(day=DAY, by=nurse)
    assert find_from(day=None, by=nurse) == 1
    assert _states() == {"wrist": FOUND}
    with pytest.raises(NotPossible, match="that day already"):
        find_from(day=None, by=nurse)
    find_from(day=DAY, by=nurse)
    assert _states() == {"wrist": OLD}
    with pytest.raises(NotPossible, match="in the future"):
        find_from(day=world.TODAY + timedelta(days=1), by=nurse)


def test_what_somebody_decided_is_not_touched(nurse: Actor) -> None:
    person = world.demographics()
    load(nurse.service, [told(person, "old")])
    finding.confirm(episode=Episode.objects.get(), by=nurse)
    assert find_from(day=DAY, by=nurse) == 0
    other = world.demographics(given_name="Eve")
    load(nurse.service, [told(other, "hers", site=Site.HIP)])
    brought = finding.bring_back(episode=Episode.objects.get(history=True), by=nurse)
    load(nurse.service, [told(other, "hers again", day=3, site=Site.HIP)])
    brought.refresh_from_db()
    assert (brought.state, brought.history) == FOUND


def test_evidence_that_moves_the_day_moves_the_fracture(nurse: Actor) -> None:
    person = world.demographics()
    find_from(day=DAY, by=nurse)
    load(nurse.service, [told(person, "film", day=120)])
    load(nurse.service, [told(person, "first", day=90)])
    assert _states() == {"wrist": OLD}
