"""The thread that counts: it is taken up where it was left, and ends with the last change."""

from __future__ import annotations

import pytest

import world
from openfls.service.actor import Actor
from openfls.service.investigation import counting
from openfls.service.models import GuidelineChange
from service import asking_world as aw


@pytest.mark.django_db
def test_slices_add_up_however_often_it_is_cut_off(nurse: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        world.confirmed(nurse)
    at_once = aw.counted(nurse)
    expected = (at_once.counted, at_once.moves.count())
    GuidelineChange.objects.filter(pk=at_once.pk).update(state="refused")
    monkeypatch.setattr(counting, "SLICE", 0.0)
    monkeypatch.setattr("openfls.service.moving._CHUNK", 2)
    change = aw.proposed(nurse)
    seen = []
    while counting.Counting()._slice():  # each time another thread, as after a killed server
        change.refresh_from_db()
        seen.append(change.counted)
    assert seen == [2, 4, 5, 5][: len(seen)]
    assert len(seen) >= 3
    assert (change.counted, change.moves.count()) == expected
    assert change.state == "waiting"
    assert not counting.Counting()._slice()


@pytest.mark.django_db(transaction=True)
def test_the_thread_counts_and_ends(nurse: Actor) -> None:
    world.confirmed(nurse)
    change = aw.proposed(nurse)
    thread = counting.Counting()
    thread.wake()
    thread.join(60)
    change.refresh_from_db()
    assert (change.state, change.counted) == ("waiting", 1)
