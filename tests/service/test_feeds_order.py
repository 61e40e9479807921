"""The order in which records come, and the batches they come in, make no difference to what is found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import world
from openfls.record.feeds import Observation
from openfls.record.sites import Side, Site
from openfls.service import clock
from openfls.service.actions.placing import place, placed_of
from openfls.service.feeds.history import find_from
from openfls.service.models import Episode, Fracture
from service import invariants
from service.feed_world import START, Shown, episodes, load, told

pytestmark = pytest.mark.django_db

PEOPLE = [world.demographics(), world.demographics(given_name="Eve", family_name="Second")]

tellings = st.tuples(
    st.sampled_from(range(2)),
    st.sampled_from([0, 1, 5, 10, 14, 15, 20, 60, 91, 120, 200]),
    st.sampled_from([Site.WRIST, Site.HIP, Site.ANKLE]),
    st.sampled_from([Side.LEFT, Side.RIGHT, Side.NONE]),
)
QUICK = settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


def _found(batches: Sequence[Sequence[Observation]]) -> list[Shown]:
    """What the batches, each a delivery of its own, leave in a fresh service."""
    with transaction.atomic(), clock.at(world.at_noon(world.TODAY)):
        service = world.service()
        for batch in batches:
            load(service, batch)
        for key in Episode.objects.values_list("pk", flat=True):
            invariants.check(key)
        found = episodes(service)
        transaction.set_rollback(True)
    return found


@QUICK
@given(st.lists(tellings, min_size=2, max_size=6), st.data())
def test_any_order_and_any_split_find_the_same(db: None, said: list, data: st.DataObject) -> None:
    readings = [
        told(PEOPLE[who], f"record {number}", day=day, site=site, side=side)
        for number, (who, day, site, side) in enumerate(said)
    ]
    shuffled = data.draw(st.permutations(readings))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(readings) - 1))))
    batches = [shuffled[start:end] for start, end in zip([0, *cuts], [*cuts, len(readings)], strict=True)]
    assert _found(batches) == _found([readings])


DAY = START + timedelta(days=15)


def _found_with(
    first: Observation, right: dict[str, object], batches: Sequence[Sequence[Observation]]
) -> list[Shown]:
    """The same where a person puts the fracture of ``first`` right as soon as it is known, and old ones are history."""
    with transaction.atomic(), clock.at(world.at_noon(world.TODAY)):
        by = world.member(world.service())
        find_from(day=DAY, by=by)
        load(by.service, [first])
        fracture = Fracture.objects.get()
        place(fracture=fracture, placed=replace(placed_of(fracture), **right), reason="She told it", by=by)
        for batch in batches:
            load(by.service, batch)
        for key in Episode.objects.values_list("pk", flat=True):
            invariants.check(key)
        found = [
            *episodes(by.service),
            *(
                (START, "history", (), str(row.index_date))
                for row in Episode.objects.filter(history=True).order_by("index_date")
            ),
        ]
        transaction.set_rollback(True)
    return found


@settings(parent=QUICK, max_examples=5)
@given(
    st.lists(tellings, min_size=1, max_size=4),
    st.sampled_from(
        [
            {"on": START + timedelta(days=40)},
            {"on": START - timedelta(days=200)},
            {"side": Side.RIGHT},
            {"site": Site.HIP, "on": START + timedelta(days=15)},
        ]
    ),
    st.data(),
)
def test_what_was_put_right_and_what_is_history_do_not_depend_on_the_order(
    db: None, said: list, right: dict[str, object], data: st.DataObject
) -> None:
    first = told(PEOPLE[0], "first", day=5, site=Site.WRIST, side=Side.LEFT)
    readings = [
        told(PEOPLE[who], f"record {number}", day=day, site=site, side=side)
        for number, (who, day, site, side) in enumerate(said)
    ]
    shuffled = data.draw(st.permutations(readings))
    assert _found_with(first, right, [[each] for each in shuffled]) == _found_with(first, right, [readings])
