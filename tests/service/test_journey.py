"""The whole way of one episode, action by action."""

from __future__ import annotations

from datetime import timedelta

import pytest

import world
from openfls.record.pathway import State
from openfls.record.reasons import Drug, ReviewOutcome
from openfls.service import clock
from openfls.service.actions import reviewing
from openfls.service.audit import verify
from openfls.service.models import Review

pytestmark = pytest.mark.django_db


def test_from_a_report_to_closed_at_52_weeks() -> None:
    service = world.service()
    nurse = world.member(service)
    with clock.at(world.at_noon(world.TODAY)):
        episode = world.planned(nurse)
        assert episode.state == State.REVIEW_16
    heard = reviewing.Heard(ReviewOutcome.ON_TREATMENT, drug=Drug.ALENDRONATE)
    for kind, weeks in ((Review.Kind.WEEK_16, 16), (Review.Kind.WEEK_52, 52)):
        day = episode.index_date + timedelta(weeks=weeks)
        with clock.at(world.at_noon(day)):
            reviewing.record(episode=episode, kind=kind, heard=heard, reviewed_on=day, by=nurse)
    episode.refresh_from_db()
    assert episode.state == State.CLOSED
    assert not episode.tasks.filter(done_at=None, cancelled_at=None).exists()
    count, faults = verify(service)
    assert (count > 6, faults) == (True, [])
