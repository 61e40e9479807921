"""Cases as they are played through the real actions, and the room that each has to itself."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

import openfls
import world
from openfls.commands.database import service_called
from openfls.record.errors import BadInput
from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions import finding
from openfls.service.actor import Actor, NotAllowed, can
from openfls.service.audit import verify
from openfls.service.models import AuditEvent, Episode, Membership, Practice, Service
from openfls.service.nightly import nightly
from openfls.service.roles import ALLOWED, IN_PRACTICE, May, Role
from openfls.service.training.sandbox import clearing, rooms
from openfls.service.training.sandbox.library import cases
from openfls.service.training.sandbox.simulated import living_in
from openfls.service.training.sandbox.standing import practised
from openfls.training.patients.values import Case
from service.practice_world import begun, play, written

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.key)
def test_the_expert_s_way_is_worth_everything(case: Case, nurse: Actor) -> None:
    row = play(rooms.begin(case=case, by=nurse), case.paths["expert"], nurse)
    missed = [one["title"] for one in row.result["decisions"] if not one["met"]]
    assert (missed, row.result["left_open"], row.result["dangers"]) == ([], [], [])
    assert (row.percent, row.well) == (100, True)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.key)
def test_a_careless_way_is_worth_little_and_its_danger_is_told(case: Case, nurse: Actor) -> None:
    row = play(rooms.begin(case=case, by=nurse), case.paths["careless"], nurse)
    assert row.percent < 50
    assert row.result["dangers"]
    assert not row.well


def test_a_room_is_in_no_list_of_services(nurse: Actor) -> None:
    room = begun(nurse).room
    assert room not in Service.real.all()
    assert list(Service.real.all()) == [nurse.service]
    assert service_called(None) == nurse.service  # the only one: what every command is about
    with pytest.raises(BadInput):
        service_called(room.code)
    assert not Membership.objects.filter(service=room).exists()


def test_whatever_lists_services_leaves_the_rooms_out() -> None:
    one_by_key = re.compile(
        r"Service\.objects(\.select_for_update\((no_key=True)?\))?(\.only\(\"pk\"\))?\.(get\(pk=|create\()"
    )
    package = Path(openfls.__file__).parent
    lists = {
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        for line in path.read_text().splitlines()
        if "Service.objects." in line and not one_by_key.search(line)
    }
    of_everything = {"commands/audit.py", "commands/safekeeping/restore.py", "service/safekeeping/moving.py"}
    assert lists <= of_everything, (
        "a list of services asks Service.real, unless it verifies or moves everything"
    )


def test_in_a_room_everybody_works_and_nobody_does_more(nurse: Actor) -> None:
    viewer = world.member(nurse.service, Role.VIEWER, "looks on")
    inside = rooms.actor_in(begun(viewer))
    assert {what for what in May if can(inside, what)} == IN_PRACTICE
    assert {what for what in May if can(viewer, what)} == ALLOWED[Role.VIEWER], (
        "elsewhere nothing has changed"
    )


def test_nothing_of_a_room_can_be_done_from_outside_it(nurse: Actor) -> None:
    practice = begun(nurse)
    episode = Episode.objects.get(service=practice.room)
    with pytest.raises(NotAllowed, match="another service"):
        finding.confirm(episode=episode, by=nurse)
    real = world.found(nurse.service)
    with pytest.raises(NotAllowed, match="another service"):
        finding.confirm(episode=real, by=rooms.actor_in(practice))


def test_a_practice_is_its_trainee_s_own_and_ends_once(nurse: Actor) -> None:
    practice = begun(nurse)
    colleague = world.member(nurse.service, Role.CLINICIAN, "colleague")
    for act in (rooms.go_on, rooms.finish, rooms.give_up):
        with pytest.raises(NotAllowed):
            act(practice=practice, by=colleague)
    rooms.finish(practice=practice, by=nurse)
    for act in (rooms.go_on, rooms.finish, rooms.give_up):
        with pytest.raises(NotPossible, match="over"):
            act(practice=practice, by=nurse)


def test_the_room_lives_on_its_own_day_and_the_real_log_on_the_real_one(nurse: Actor) -> None:
    practice = begun(nurse)
    now, today = clock.now(), clock.today()
    with living_in(practice):
        assert clock.today() == cases()[0].starts
    found = AuditEvent.objects.filter(service=practice.room).latest("number")
    assert clock.day_of(found.at) == cases()[0].starts
    kept = AuditEvent.objects.filter(service=nurse.service).latest("number")
    assert (kept.action, clock.day_of(kept.at), kept.at <= now) == ("practice.begin", today, True)


def test_what_was_asked_for_late_comes_later_and_what_was_not_never(nurse: Actor) -> None:
    case = next(one for one in cases() if one.key == "prednisolone")
    practice = rooms.begin(case=case, by=nurse)
    assert rooms.next_day(practice, case) is None, "she has not been taken on: no bloods, no scan"
    with living_in(practice):
        finding.confirm(episode=Episode.objects.get(service=practice.room), by=rooms.actor_in(practice))
    practice = rooms.go_on(practice=practice, by=nurse)
    assert (practice.day, rooms.next_day(practice, case)) == (4, None)


def test_how_somebody_stands_with_the_cases(nurse: Actor) -> None:
    for percent, dangers in ((95, 1), (85, 0), (60, 0)):
        well = percent >= 80 and not dangers
        written(nurse, "declined", finished_at=clock.now(), percent=percent, dangers=dangers, well=well)
    begun(nurse)
    again = begun(nurse)
    colleague = world.member(nurse.service, Role.VIEWER, "colleague")
    found = practised(nurse.service, [nurse.user, colleague.user])
    mine = {one.case.key: one for one in found[nurse.user.pk]}
    assert (mine["declined"].best.percent, mine["declined"].tries, mine["declined"].label) == (
        85,
        3,
        "Done well",
    )
    assert (mine["chest-ct"].open, mine["chest-ct"].best, mine["chest-ct"].label) == (
        again,
        None,
        "Under way",
    )
    assert {one.label for one in found[colleague.user.pk]} == {"Not begun"}
    assert Practice.objects.filter(user=nurse.user, given_up_at=None, finished_at=None).count() == 1


def test_a_cleared_room_keeps_its_log_and_the_practice_what_was_judged(nurse: Actor) -> None:
    practice, real = begun(nurse), world.found(nurse.service)
    with living_in(practice):
        finding.confirm(episode=Episode.objects.get(service=practice.room), by=rooms.actor_in(practice))
    rooms.finish(practice=practice, by=nurse)
    practice.refresh_from_db()
    told = dict(practice.result)
    clearing.clear(practice=practice, by=nurse)
    practice.refresh_from_db()
    assert (practice.result, practice.finished_at is not None, practice.cleared_at) == (
        told,
        True,
        clock.now(),
    )
    left = [
        model.__name__
        for model, path in clearing._within()
        if model._base_manager.filter(**{path: practice.room}).exists()
    ]
    assert left == []
    assert verify(practice.room) == (AuditEvent.objects.filter(service=practice.room).count(), [])
    assert Episode.objects.filter(pk=real.pk, person__service=nurse.service).exists(), (
        "another service's stay"
    )
    with pytest.raises(NotPossible, match="cleared already"):
        clearing.clear(practice=practice, by=nurse)


def test_every_table_that_belongs_to_a_service_is_cleared_or_said_to_stay() -> None:
    gone = {model for model, _ in clearing._within()}
    of_no_service = {"User", "Counted", "Installation", "Job", "SignOfLife", "WrongCode", "ToolkitCase"}
    stays = {model.__name__ for model in apps.get_app_config("service").get_models() if model not in gone}
    assert stays <= of_no_service | {model.__name__ for model in clearing.STAYS}


def test_only_rooms_are_emptied_and_only_by_whom_they_were_made_for(nurse: Actor) -> None:
    with pytest.raises(NotAllowed, match="room of a practice"):
        clearing.empty(nurse.service)
    colleague = world.member(nurse.service, Role.CLINICIAN, "colleague")
    with pytest.raises(NotAllowed):
        clearing.clear(practice=written(nurse), by=colleague)


def test_the_night_clears_what_nobody_has_touched_for_so_long(nurse: Actor, settings: Any) -> None:
    settings.PRACTICE_DAYS = 30
    now = clock.now()
    old, young = now - timedelta(days=31), now - timedelta(days=29)
    kept = [
        written(nurse, day_since=old, touched_at=young),
        written(nurse, day_since=old, finished_at=young),
        written(nurse, day_since=young),
    ]
    gone = [written(nurse, day_since=old), written(nurse, day_since=old, touched_at=old, finished_at=old)]
    nightly(nurse.service)
    assert set(Practice.objects.exclude(cleared_at=None)) == set(gone)
    assert set(Practice.objects.filter(cleared_at=None)) == set(kept)
    assert not Practice.objects.get(pk=gone[0].pk).is_open, "an open one is given up with its room"
    events = AuditEvent.objects.filter(service=nurse.service, action="practice.clear")
    assert {(event.user, event.subject) for event in events} == {("", f"practice {row.pk}") for row in gone}


def test_a_trainee_clears_her_earlier_tries_of_a_case(nurse: Actor) -> None:
    rows = [written(nurse), written(nurse, finished_at=clock.now()), written(nurse, "declined")]
    assert clearing.clear_case("metastasis", nurse) == 2
    assert list(Practice.objects.filter(cleared_at=None)) == [rows[2]]
