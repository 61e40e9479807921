"""Whatever sequence of steps, slips and corrections somebody tries, the record stays in order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import world
from openfls.record.pathway import NotPossible
from openfls.record.reasons import Channel, Closing, ContactOutcome, DxaDecision, NotForUs, ReviewOutcome
from openfls.service import clock
from openfls.service.actions import (
    assessing,
    closing,
    finding,
    planning,
    reviewing,
    treating,
    undoing,
    writing,
)
from openfls.service.actor import Actor
from openfls.service.audit import verify
from openfls.service.models import Episode, Review, Status
from service import invariants
from service.doings import TAKING, seen_of
from service.snapshot import tables

pytestmark = pytest.mark.django_db

WITHOUT_DXA = planning.Agreed(
    **{field: getattr(world.AGREED, field) for field in world.AGREED.__slots__}
    | {"dxa": DxaDecision.NOT_NEEDED}
)


def _letter(episode: Episode, by: Actor) -> None:
    letter = writing.write(episode=episode, kind="gp", by=by)
    writing.approve(episode=episode, letter=letter, seen=seen_of(letter), by=by)


def _contact(outcome: ContactOutcome) -> Callable[[Episode, Actor], object]:
    return lambda episode, by: reviewing.contact(
        episode=episode, channel=Channel.TELEPHONE, outcome=outcome, on=clock.today(), by=by
    )


def _review(kind: Review.Kind, heard: reviewing.Heard) -> Callable[[Episode, Actor], object]:
    return lambda episode, by: reviewing.record(
        episode=episode, kind=kind, heard=heard, reviewed_on=clock.today(), by=by
    )


def _stop(episode: Episode, by: Actor) -> None:
    row = treating.running(episode).first()
    if row is None:
        raise NotPossible("Nothing is taken.")
    treating.stop(
        episode=episode, treatment=row, on=clock.today(), reason="A rash", follow_on="zoledronate", by=by
    )


STEPS: dict[str, Callable[[Episode, Actor], object]] = {
    "confirm": lambda episode, by: finding.confirm(episode=episode, by=by),
    "refute": lambda episode, by: finding.refute(episode=episode, reason=NotForUs.KNOWN, by=by),
    "bring back": lambda episode, by: finding.bring_back(episode=episode, by=by),
    "answer": lambda episode, by: assessing.answer(
        episode=episode,
        answers={"falls_last_year": clock.today().day, "bone_density.on": "2026-05-30"},
        by=by,
    ),
    "finish": lambda episode, by: assessing.finish(episode=episode, assessed_on=clock.today(), by=by),
    "plan": lambda episode, by: planning.agree(
        episode=episode, agreed=world.AGREED, agreed_on=clock.today(), by=by
    ),
    "plan without a scan": lambda episode, by: planning.agree(
        episode=episode, agreed=WITHOUT_DXA, agreed_on=clock.today(), by=by
    ),
    "review 16": _review(Review.Kind.WEEK_16, TAKING),
    "review 52": _review(Review.Kind.WEEK_52, reviewing.Heard(ReviewOutcome.STOPPED)),
    "no answer": _contact(ContactOutcome.NO_ANSWER),
    "reached": _contact(ContactOutcome.REACHED),
    "letter": _letter,
    "drug begins": lambda episode, by: treating.start(
        episode=episode, drug="denosumab", started_on=clock.today(), by=by
    ),
    "drug stops": _stop,
    "close": lambda episode, by: closing.close(episode=episode, reason=Closing.MOVED, by=by),
    "undo": lambda episode, by: undoing.undo(episode=episode, by=by),
    "correct": lambda episode, by: undoing.correct(episode=episode, reason="A slip", by=by),
}
FORWARD = ["confirm", "answer", "finish", "plan", "review 16", "review 52"]

# Most sequences go forward often enough to reach the far states; every other step falls in between.
sequences = st.lists(
    st.tuples(
        st.sampled_from(["next", "next", "undo", *STEPS]),
        st.sampled_from([0, 1, 30]).map(lambda h: timedelta(hours=h)),
    ),
    min_size=4,
    max_size=18,
)


def _next(episode: Episode) -> str:
    answered = hasattr(episode, "assessment")
    return {
        "found": "confirm",
        "to_assess": "finish" if answered else "answer",
        "to_plan": "plan",
        "review_16": "review 16",
        "review_52": "review 52",
        "closed": "correct",
        "not_for_us": "bring back",
    }[episode.state]


def _one(step: str, moment: datetime, key: object, by: Actor) -> None:
    before = tables()
    history = list(Status.objects.order_by("pk").values())
    episode = Episode.objects.select_related("person", "service").get(pk=key)
    with clock.at(moment):
        try:
            STEPS[_next(episode) if step == "next" else step](episode, by)
        except NotPossible:
            # A letter that is written and then may not go out is two actions; all else leaves nothing.
            assert step == "letter" or tables() == before
        else:
            assert step in ("answer", "letter") or tables() != before
        assert list(Status.objects.order_by("pk").values())[: len(history)] == history
        invariants.check(key)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking through a database takes minutes
)
@given(sequences)
def test_the_record_stays_in_order(db: None, sequence: list[tuple[str, timedelta]]) -> None:
    with transaction.atomic():
        service = world.service()
        nurse = world.member(service)
        moment = world.at_noon(world.TODAY)
        with clock.at(moment):
            key = world.found(service, on=world.TODAY - timedelta(days=340)).pk
        invariants.check(key)
        for step, later in sequence:
            moment += later
            _one(step, moment, key, nurse)
        assert verify(service)[1] == []
        transaction.set_rollback(True)
