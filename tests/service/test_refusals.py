"""What an action refuses, and that nothing is left behind where it does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

import world
from openfls.information.letter import LetterKind
from openfls.record.pathway import NotPossible
from openfls.record.reasons import Channel, ContactOutcome, Drug, DrugDecision, ReviewOutcome
from openfls.service import clock
from openfls.service.actions import assessing, finding, planning, reviewing, writing
from openfls.service.actor import Actor, NotAllowed, system_actor
from openfls.service.models import Episode, Person, Review
from service.doings import TAKING, seen_of
from service.snapshot import tables

Act = Callable[[Episode, date, Actor], object]
BEFORE = world.TODAY - timedelta(days=11)
AFTER = world.TODAY + timedelta(days=1)


def _answered(by: Actor) -> Episode:
    episode = world.confirmed(by)
    assessing.answer(episode=episode, answers={"care_home": False}, by=by)
    return episode


DATED: dict[str, tuple[Callable[[Actor], Episode], Act]] = {
    "assessment": (_answered, lambda e, on, by: assessing.finish(episode=e, assessed_on=on, by=by)),
    "plan": (
        world.assessed,
        lambda e, on, by: planning.agree(episode=e, agreed=world.AGREED, agreed_on=on, by=by),
    ),
    "review": (
        world.planned,
        lambda e, on, by: reviewing.record(
            episode=e, kind=Review.Kind.WEEK_16, heard=TAKING, reviewed_on=on, by=by
        ),
    ),
    "contact": (
        world.confirmed,
        lambda e, on, by: reviewing.contact(
            episode=e, channel=Channel.CLINIC, outcome=ContactOutcome.REACHED, on=on, by=by
        ),
    ),
}


@pytest.mark.parametrize("day", [BEFORE, AFTER], ids=["before the fracture", "after today"])
@pytest.mark.parametrize("what", DATED)
def test_a_day_that_cannot_be(what: str, day: date, nurse: Actor) -> None:
    make, act = DATED[what]
    episode = make(nurse)
    before = tables()
    with pytest.raises(NotPossible, match="dated between the fracture and today"):
        act(episode, day, nurse)
    assert tables() == before


@pytest.mark.parametrize("day", [BEFORE + timedelta(days=1), world.TODAY])
@pytest.mark.parametrize(
    "what", sorted(set(DATED) - {"review"})
)  # a review has its window: test_actions_reviews
def test_the_first_and_the_last_day_can_be(what: str, day: date, nurse: Actor) -> None:
    make, act = DATED[what]
    episode = make(nurse)
    assert episode.index_date == BEFORE + timedelta(days=1)
    before = tables()
    act(episode, day, nurse)
    assert tables() != before


def test_a_fracture_of_the_future_is_not_confirmed(nurse: Actor) -> None:
    episode = world.found(nurse.service, on=AFTER)
    before = tables()
    with pytest.raises(NotPossible, match="lies in the future"):
        finding.confirm(episode=episode, by=nurse)
    assert tables() == before


def _agreed(**changes: object) -> planning.Agreed:
    values = {name: getattr(world.AGREED, name) for name in world.AGREED.__slots__}
    return planning.Agreed(**{**values, **changes})  # type: ignore[arg-type]


CONTRADICTIONS = [
    ({"drug": None}, "which drug"),
    ({"decision": DrugDecision.DECLINED, "decision_reason": "Rather not"}, "does not recommend one"),
    ({"decision": DrugDecision.REFER_GP}, "does not recommend one"),
    ({"decision": DrugDecision.DECLINED, "drug": None}, "why there is no drug"),
    ({"decision": DrugDecision.INAPPROPRIATE, "drug": None}, "why there is no drug"),
]


@pytest.mark.parametrize(("changes", "why"), CONTRADICTIONS)
def test_a_plan_that_contradicts_itself(changes: dict[str, object], why: str, nurse: Actor) -> None:
    episode = world.assessed(nurse)
    with pytest.raises(NotPossible, match=why):
        planning.agree(episode=episode, agreed=_agreed(**changes), agreed_on=world.TODAY, by=nurse)
    assert not episode.plans.exists()


@pytest.mark.parametrize("decision", DrugDecision)
def test_every_decision_can_be_a_plan(decision: DrugDecision) -> None:
    drug = Drug.DENOSUMAB if decision is DrugDecision.RECOMMENDED else None
    planning.check_agreed(_agreed(decision=decision, drug=drug, decision_reason="Talked through"))


@pytest.mark.parametrize("outcome", ReviewOutcome)
def test_a_drug_is_named_where_and_only_where_one_is_taken(outcome: ReviewOutcome) -> None:
    named, unnamed = (reviewing.Heard(outcome, drug=drug) for drug in (Drug.RISEDRONATE, None))
    good, bad = (named, unnamed) if outcome is ReviewOutcome.ON_TREATMENT else (unnamed, named)
    reviewing.check_heard(good)
    with pytest.raises(NotPossible):
        reviewing.check_heard(bad)


def test_a_review_out_of_its_turn(nurse: Actor) -> None:
    episode = world.planned(nurse)
    with pytest.raises(NotPossible, match="16-week review"):
        reviewing.record(
            episode=episode, kind=Review.Kind.WEEK_52, heard=TAKING, reviewed_on=world.TODAY, by=nurse
        )
    assert not episode.reviews.exists()


def test_nothing_is_answered_before_the_fracture_is_confirmed(nurse: Actor) -> None:
    episode = world.found(nurse.service)
    with pytest.raises(NotPossible, match="To confirm"):
        assessing.answer(episode=episode, answers={"care_home": True}, by=nurse)
    with pytest.raises(NotPossible, match="Nothing has been answered"):
        assessing.finish(
            episode=finding.confirm(episode=episode, by=nurse), assessed_on=world.TODAY, by=nurse
        )


def test_the_system_itself_agrees_nothing_and_reviews_nobody(nurse: Actor) -> None:
    episode = world.assessed(nurse)
    system = Actor(service=nurse.service, role=nurse.role)
    with pytest.raises(NotPossible, match="by a person"):
        planning.agree(episode=episode, agreed=world.AGREED, agreed_on=world.TODAY, by=system)
    with pytest.raises(NotAllowed, match="may not"):
        planning.agree(
            episode=episode, agreed=world.AGREED, agreed_on=world.TODAY, by=system_actor(nurse.service)
        )


def _died(episode: Episode) -> Episode:
    Person.objects.filter(pk=episode.person_id).update(deceased=True)
    return Episode.objects.select_related("person", "service").get(pk=episode.pk)


def test_nobody_contacts_a_person_who_has_died(nurse: Actor) -> None:
    known_before = world.planned(nurse)
    episode = _died(known_before)
    for each in (episode, known_before):  # one read before the death was told, too
        with pytest.raises(NotPossible, match="has died"):
            reviewing.contact(
                episode=each,
                channel=Channel.TELEPHONE,
                outcome=ContactOutcome.NO_ANSWER,
                on=clock.today(),
                by=nurse,
            )
    assert not episode.contacts.exists()


@pytest.mark.parametrize("kind", sorted(set(LetterKind) - {LetterKind.GP}))
def test_no_letter_goes_to_a_person_who_has_died(kind: LetterKind, nurse: Actor) -> None:
    episode = _died(world.planned(nurse))
    with pytest.raises(NotPossible, match="cannot be written"):
        writing.write(episode=episode, kind=kind, by=nurse)
    assert not episode.letters.exists()


def test_a_letter_drafted_before_the_death_does_not_go_out(nurse: Actor) -> None:
    episode = world.planned(nurse)
    letter = writing.write(episode=episode, kind="person", by=nurse)
    episode = _died(episode)
    with pytest.raises(NotPossible, match="cannot go out"):
        writing.approve(episode=episode, letter=letter, seen=seen_of(letter), by=nurse)
    letter.refresh_from_db()
    assert letter.approved_at is None


def test_a_letter_is_approved_once_and_of_its_own_episode(nurse: Actor) -> None:
    episode, other = world.planned(nurse), world.planned(nurse)
    letter = writing.write(episode=episode, kind="gp", by=nurse)
    with pytest.raises(type(letter).DoesNotExist):
        writing.approve(episode=other, letter=letter, seen=seen_of(letter), by=nurse)
    writing.approve(episode=episode, letter=letter, seen=seen_of(letter), by=nurse)
    with pytest.raises(NotPossible, match="approved already"):
        writing.approve(episode=episode, letter=letter, seen=seen_of(letter), by=nurse)


def test_a_call_that_failed_after_the_end_promises_no_other(nurse: Actor) -> None:
    episode = world.found(nurse.service)
    reviewing.contact(
        episode=episode, channel=Channel.TELEPHONE, outcome=ContactOutcome.MESSAGE, on=clock.today(), by=nurse
    )
    assert episode.tasks.filter(done_at=None, cancelled_at=None).count() == 1
    finding.refute(episode=episode, reason=finding.NotForUs.OUT_OF_AREA, by=nurse)
    reviewing.contact(
        episode=episode, channel=Channel.TELEPHONE, outcome=ContactOutcome.MESSAGE, on=clock.today(), by=nurse
    )
    assert not episode.tasks.filter(done_at=None, cancelled_at=None).exists()
