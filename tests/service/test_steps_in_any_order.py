"""Whatever sequence of steps, slips and corrections somebody tries, the record stays in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import world
from openfls.record.pathway import NotPossible
from openfls.record.reasons import Channel, Closing, ContactOutcome, DxaDecision, NotForUs, ReviewOutcome
from openfls.record.sites import Site
from openfls.service import clock
from openfls.service.actions import (
    assessing,
    closing,
    finding,
    planning,
    reviewing,
    treating,
    treating_back,
    undoing,
    writing,
)
from openfls.service.actor import Actor
from openfls.service.audit import verify
from openfls.service.feeds import merging
from openfls.service.models import Episode, Review, Status, TreatmentEntry
from service import invariants
from service.doings import TAKING, seen_of
from service.results_world import result
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
        episode=episode,
        treatment=row,
        on=clock.today(),
        reason="A rash",
        follow_on="zoledronate",
        follow_on_due=clock.today() + timedelta(days=14),
        by=by,
    )


def _take_back(episode: Episode, by: Actor) -> None:
    """The newest word about any course of the person, with a reason."""
    told = TreatmentEntry.objects.filter(treatment__episode__person=episode.person_id, taken_back_at=None)
    entry = told.order_by("-pk").first()
    if entry is None:
        raise NotPossible("Nothing was told.")
    treating_back.take_back(episode=episode, entry=entry, reason="A slip", by=by)


def _breaks_another(episode: Episode, by: Actor) -> None:
    world.deliver(
        by.service, world.report(episode.person.demographics(), on=clock.today(), site=Site.HIP, text="")
    )


def _result(episode: Episode, by: Actor) -> None:
    world.deliver(by.service, result(episode, "egfr", 50.0 + clock.now().hour))


def _dies(episode: Episode, by: Actor) -> None:
    """A laboratory tells of it first."""
    told = result(episode, "egfr", 20.0)
    world.deliver(by.service, replace(told, person=replace(told.person, deceased=True)))


def _merge(episode: Episode, by: Actor) -> None:
    """Somebody else, with a fracture of their own, turns out to be the same person."""
    other = world.found(by.service, on=clock.today() - timedelta(days=200), site=Site.HUMERUS, text="")
    merging.same_person(keep=episode.person, gone=other.person, words="The same", by=by)


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
    "take back": _take_back,
    "breaks another": _breaks_another,
    "result": _result,
    "dies": _dies,
    "merge": _merge,
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
        for each in Episode.objects.values_list("pk", flat=True):
            invariants.check(each)


@settings(
    max_examples=9,
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
