"""What advises a service changes by two people, from a day on, and changes nothing that was advised before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db.utils import IntegrityError

import world
from openfls.investigation.change import who_would_move
from openfls.record.pathway import NotPossible
from openfls.record.questions import QuestionKind, by_field
from openfls.record.sites import Site
from openfls.service import clock, moving
from openfls.service.actions import assessing, guiding
from openfls.service.actor import Actor
from openfls.service.advice import advise, as_given, scored_picture
from openfls.service.guidance import differences, from_json, guidance_of
from openfls.service.models import Alert, AuditEvent, GuidelineChange, Service
from openfls.service.nightly import nightly
from openfls.service.picture import picture_of
from openfls.service.roles import Role
from service import asking_world as aw

pytestmark = pytest.mark.django_db
NG259 = "NG259@2026-07-29"


def _proposal(by: Actor, service: Service) -> GuidelineChange:
    change = guiding.propose(after=aw.by_nogg(service), reason="The region", wanted_from=clock.today(), by=by)
    return moving.count_on(change, by)


def test_nobody_approves_their_own_change(service: Service) -> None:
    proposer = aw.lead(service)
    change = _proposal(proposer, service)
    with pytest.raises(NotPossible, match="second person"):
        guiding.approve(change=change, by=proposer)
    assert guidance_of(service, world.TODAY).guideline == NG259
    # Nor by another role in the same service, nor past the code: the table itself refuses it.
    change.state, change.decided_by, change.effective_on = "approved", proposer.user, world.TODAY
    with pytest.raises(IntegrityError, match="nobody_approves_their_own_change"):
        change.save()


def test_one_of_the_two_is_the_lead_clinician(service: Service, nurse: Actor) -> None:
    change = _proposal(nurse, service)
    other = world.member(service, Role.CO_ORDINATOR, "other nurse")
    with pytest.raises(NotPossible, match="lead clinician"):
        guiding.approve(change=change, by=other)
    guiding.approve(change=change, by=aw.lead(service))
    assert guidance_of(service, world.TODAY).guideline == aw.NOGG


def test_it_holds_from_its_day_on_and_is_taken_back_by_two_people_too(service: Service, nurse: Actor) -> None:
    first, second = aw.lead(service), aw.lead(service)
    before = guidance_of(service, world.TODAY)
    day = world.TODAY + timedelta(days=10)
    change = guiding.propose(after=aw.by_nogg(service), reason="The region", wanted_from=day, by=first)
    guiding.approve(change=moving.count_on(change, first), by=second)
    assert guidance_of(service, day - timedelta(days=1)) == before
    assert guidance_of(service, day).guideline == aw.NOGG

    with pytest.raises(NotPossible, match="begins on"):
        guiding.propose(after=before, reason="Back", wanted_from=world.TODAY, by=second)
    back = guiding.propose(after=before, reason="Back", wanted_from=day, by=second)
    with pytest.raises(NotPossible, match="second person"):
        guiding.approve(change=moving.count_on(back, second), by=second)
    guiding.approve(change=back, by=first)
    assert guidance_of(service, day) == before
    events = AuditEvent.objects.filter(action="guideline.approve").order_by("pk")
    assert [(event.user, event.detail["proposed_by"]) for event in events] == [
        (second.name, first.name),
        (first.name, second.name),
    ]


def test_no_approval_on_a_list_that_is_old_unfinished_or_made_against_something_else(
    service: Service, nurse: Actor
) -> None:
    change = aw.proposed(nurse)
    approver = aw.lead(service)
    with pytest.raises(NotPossible, match="not yet counted"):
        guiding.approve(change=change, by=approver)
    moving.count_on(change, nurse)
    with clock.at(clock.now() + timedelta(days=8)), pytest.raises(NotPossible, match="older than a week"):
        guiding.approve(change=change, by=approver)
    held = GuidelineChange.objects.get(pk=change.pk)
    held.before = replace(from_json(held.before), falls="WFG@2022").as_json()
    held.save()
    with pytest.raises(NotPossible, match="count again"):
        guiding.approve(change=change, by=approver)
    moving.count_on(guiding.count_again(change=change, by=nurse), nurse)
    assert guiding.approve(change=change, by=approver).effective_on == world.TODAY


def test_a_proposal_says_why_changes_something_and_is_alone(service: Service, nurse: Actor) -> None:
    now = guidance_of(service, world.TODAY)
    for after, reason, day, why in (
        (now, "Why", world.TODAY, "Nothing would change"),
        (aw.by_nogg(service), " ", world.TODAY, "Say why"),
        (aw.by_nogg(service), "Why", world.TODAY - timedelta(days=1), "today or later"),
    ):
        with pytest.raises(NotPossible, match=why):
            guiding.propose(after=after, reason=reason, wanted_from=day, by=nurse)
    change = _proposal(nurse, service)
    with pytest.raises(NotPossible, match="Another change is open"):
        _proposal(nurse, service)
    with pytest.raises(NotPossible, match="Say why"):
        guiding.refuse(change=change, reason="", by=aw.lead(service))
    assert guiding.refuse(change=change, reason="A slip", by=nurse).state == "withdrawn"
    other = _proposal(nurse, service)
    assert guiding.refuse(change=other, reason="Not now", by=aw.lead(service)).state == "refused"
    assert guidance_of(service, world.TODAY) == now


def test_counting_in_slices_finds_the_same_people_as_all_at_once(
    service: Service, nurse: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    episodes = [world.confirmed(nurse) for _ in range(3)]
    world.found(service)  # not confirmed: nobody is advised yet
    assessing.answer(episode=episodes[0], answers={"falls_last_year": 2, "frail": True}, by=nurse)
    monkeypatch.setattr(moving, "_CHUNK", 1)
    change = aw.proposed(nurse)
    while change.state == "counting":
        before = change.counted
        change = moving.count_on(change, nurse, seconds=0)
        assert change.counted <= before + 1
    assert (change.state, change.counted, change.to_count) == ("waiting", 3, 3)
    before, after = from_json(change.before), from_json(change.after)
    pictures = [picture_of(episode, world.TODAY) for episode in episodes]
    expected = who_would_move(before.pack(before.guideline), after.pack(after.guideline), pictures)
    found = {move.episode_id: (tuple(move.gained), tuple(move.lost)) for move in change.moves.all()}
    assert found == {episodes[one.index].pk: (one.gained, one.lost) for one in expected}
    assert sum(one.lost for one in moving.tallies(change)) == sum(len(one.lost) for one in expected)
    (line, *_) = moving.lines(change, change.moves.all())
    assert any("NG259-" in text for text in line.no_longer)


def test_two_who_count_at_once_do_not_count_twice(service: Service, nurse: Actor) -> None:
    world.confirmed(nurse)
    change = aw.proposed(nurse)
    stale = GuidelineChange.objects.get(pk=change.pk)
    moving.count_on(change, nurse)
    with pytest.raises(NotPossible):
        moving.count_on(stale, nurse)


def test_advice_switched_off_is_shown_nowhere_and_says_so(service: Service, nurse: Actor) -> None:
    episode = world.confirmed(nurse)
    assert advise(episode, world.TODAY)["packs"]
    now = guidance_of(service, world.TODAY)
    change = aw.in_force(nurse, replace(now, is_on=False))
    assert change.moves.count() == 1
    off = advise(episode, world.TODAY)
    assert (off["is_on"], off["packs"], off["qfracture"]) == (False, [], {})
    assert [one.after for one in differences(now, guidance_of(service, world.TODAY))] == ["not shown"]


def test_an_assessment_is_replayed_under_the_packs_and_settings_of_its_day(
    service: Service, nurse: Actor
) -> None:
    own = replace(guidance_of(service, world.TODAY), settings={NG259: {"consider_dxa_major_pct": 12.0}})
    aw.in_force(nurse, own)
    assessment = world.assessed(nurse).assessment
    kept = dict(assessment.advice)
    with clock.at(clock.now() + timedelta(days=365)):
        aw.in_force(nurse, aw.by_nogg(service))
        aw.in_force(nurse, aw.by_nogg(service, settings={aw.NOGG: {"treat_t_score": -2.0}}, falls="WFG@2022"))
        (again,) = as_given(assessment)
        assert (again.same, again.hashed, again.unreadable) == (True, True, "")
        assert again.given == kept
        assert kept["packs"][0]["pack"] == NG259
        assert kept["packs"][0]["settings"]["consider_dxa_major_pct"] == 12.0
        today = advise(assessment.episode, clock.today())
        assert [shown["pack"] for shown in today["packs"]][:2] == [aw.NOGG, "WFG@2022"]


@pytest.mark.parametrize("what", ["text", "sha256", "picture", "pack"])
def test_kept_advice_that_was_altered_is_found_out(what: str, nurse: Actor) -> None:
    assessment = world.assessed(nurse).assessment
    shown = assessment.advice["packs"][0]
    if what == "text":
        shown["advice"][0]["text"] = "Do nothing."
    elif what == "sha256":
        shown["sha256"] = "0" * 64
    elif what == "pack":
        shown["pack"] = "CG146@2012"
    else:
        assessment.advice["picture"]["age"] = 30
    (again,) = as_given(assessment)
    assert not again.same
    assert bool(again.unreadable) is (what == "pack")


def test_who_would_move_by_the_score_alone_is_counted(service: Service, nurse: Actor) -> None:
    episode = world.confirmed(nurse, site=Site.ANKLE, on=world.TODAY - timedelta(days=30))
    known = {field: False for field, one in by_field().items() if one.kind is QuestionKind.YES_NO}
    known |= {"height_cm": 160, "weight_kg": 60, "smoking": "never", "alcohol_units_week": 0}
    known |= {"ethnic_group": "white or not recorded", "falls_last_year": 1, "fracture_history_taken": True}
    assessing.answer(episode=episode, answers=known, by=nurse)
    picture, scored = scored_picture(episode, world.TODAY)
    assert scored.result is not None
    assert picture.frax is None
    before = guidance_of(service, world.TODAY)
    after = replace(before, settings={NG259: {"consider_dxa_major_pct": 50.0}})
    change = guiding.propose(after=after, reason="A trial", wanted_from=world.TODAY, by=nurse)
    assert moving.count_on(change, nurse).moves.count() == 1


def test_limits_of_drugs_and_alerts_change_by_two_people_and_who_would_move_is_counted(nurse: Actor) -> None:
    episode = world.confirmed(nurse)
    assessing.answer(episode=episode, answers={"adjusted_calcium_mmol_l": 2.55}, by=nurse)
    now = guidance_of(nurse.service, world.TODAY)
    after = replace(now, limits={"calcium_high": 2.5})
    change = aw.counted(nurse, after)
    (move,) = change.moves.all()
    assert move.gained == [
        "Abaloparatide: contraindicated",
        "Alert: High calcium",
        "Teriparatide: contraindicated",
    ]
    (line,) = differences(now, after)
    assert (line.about.startswith("Drugs and alerts: "), line.before, line.after) == (
        True,
        "2.6 mmol/L",
        "2.5 mmol/L",
    )
    alerts = Alert.objects.filter(episode=episode, rule="CA-HIGH", ended_at=None)
    nightly(nurse.service)
    assert not alerts.exists(), "proposed is not in force"
    guiding.approve(change=change, by=aw.lead(nurse.service))
    nightly(nurse.service)
    assert alerts.exists()
    assert from_json(change.after).limits == {"calcium_high": 2.5}
