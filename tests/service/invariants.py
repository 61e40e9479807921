"""What holds of every episode at every moment, whatever was done before."""

from __future__ import annotations

from collections import Counter

from django.forms.models import model_to_dict

from openfls.intervention.standing import Where
from openfls.record.flsdb import BY_NAME
from openfls.record.pathway import OPEN, PLACES, State
from openfls.service.actions.moves import standing
from openfls.service.models import Episode, FlsdbRow, Review
from openfls.service.people_standing import standing_of
from openfls.service.projection import row_of

NOT_IN_AUDIT = (State.FOUND, State.NOT_FOR_US)
REVIEW_STEPS = {"review_at_16_weeks": Review.Kind.WEEK_16, "review_at_52_weeks": Review.Kind.WEEK_52}


def check(key: object) -> None:
    """Raise where the episode with that key breaks a rule."""
    episode = Episode.objects.select_related("person", "service").get(pk=key)
    newest = episode.statuses.order_by("-pk").first()
    assert newest is not None
    assert episode.state == newest.state == standing(episode)[-1].state
    place = PLACES[State(episode.state)]
    assert bool(place.next_step) is (episode.state in OPEN)
    assert episode.fractures.exists()
    _tasks(episode)
    _reviews_and_plans(episode)
    _audit_row(episode)
    _where_the_person_stands(episode)


def _tasks(episode: Episode) -> None:
    open_tasks = Counter(episode.tasks.filter(done_at=None, cancelled_at=None).values_list("kind", flat=True))
    assert all(number == 1 for number in open_tasks.values())
    assert not episode.tasks.exclude(done_at=None).exclude(cancelled_at=None).exists()
    if episode.state not in OPEN:
        assert not open_tasks, "a promise on an episode that has ended"
    reviews = {"review_16", "review_52"} & set(open_tasks)
    expected = {
        State.REVIEW_16: {"review_16", "review_52"},
        State.REVIEW_52: {"review_52"},
    }.get(State(episode.state), set())
    assert reviews == expected


def _reviews_and_plans(episode: Episode) -> None:
    steps = [status.step for status in standing(episode)]
    expected = sorted(REVIEW_STEPS[step] for step in steps if step in REVIEW_STEPS)
    kept = sorted(episode.reviews.filter(withdrawn=False).values_list("kind", flat=True))
    assert kept == expected, "a review is lost or doubled"
    assert episode.plans.filter(withdrawn=False).count() == steps.count("agree_plan")
    taken = set(episode.statuses.exclude(undoes=None).values_list("undoes__step", "undoes_id"))
    assert episode.reviews.filter(withdrawn=True).count() == sum(step in REVIEW_STEPS for step, _ in taken)


def _audit_row(episode: Episode) -> None:
    kept = FlsdbRow.objects.filter(episode=episode).first()
    if episode.state in NOT_IN_AUDIT or not episode.fractures.exclude(fragility=False).exists():
        assert kept is None
        return
    assert kept is not None
    values = {name: value for name, value in model_to_dict(kept).items() if name in BY_NAME}
    told = row_of(episode)
    assert values == {name: FlsdbRow._meta.get_field(name).to_python(told.get(name)) for name in values}


def _where_the_person_stands(episode: Episode) -> None:
    stands = standing_of(episode.person)
    assert bool(stands.next_step) is (stands.due is not None) is not bool(stands.why_none)
    if episode.state in OPEN and not episode.person.deceased:
        assert stands.where is Where.UNDER_CARE
    for row in episode.treatments.filter(withdrawn=False, stopped_on=None):
        assert row.next_due is not None, "a treatment that goes on is forgotten"
