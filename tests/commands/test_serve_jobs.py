"""Jobs: each is done by one worker, taken over from a dead one, tried again when it fails; each hour comes once."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection

import world
from openfls.service import clock
from openfls.service.actor import Actor
from openfls.service.feeds.loader import LOADER
from openfls.service.models import Job, Loading, SignOfLife
from openfls.service.operation import correlation, jobs, kinds, life, timetable, working
from service import waiting_world as ww

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
NIGHT = time(2, 15)


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


@pytest.fixture
def nurse() -> Actor:
    """A co-ordinator."""
    return world.member(world.service())


def test_posted_twice_it_is_one_job_and_one_worker_has_it() -> None:
    with correlation.within("of-the-click"):
        jobs.post("loading", "a")
    jobs.post("loading", "a")
    mine = jobs.claim("one")
    assert (mine.key, mine.attempts) == ("a", 1)
    assert jobs.claim("two") is None
    jobs.finish(mine)
    assert jobs.claim("two") is None


def test_posted_while_it_is_being_done_it_is_done_once_more() -> None:
    jobs.post("loading", "a")
    mine = jobs.claim("one")
    jobs.post("loading", "a")
    assert jobs.claim("two") is None, "not by two at once"
    jobs.finish(mine)
    again = jobs.claim("two")
    jobs.finish(again)
    assert jobs.claim("two") is None


def test_a_dead_workers_job_is_taken_over_and_the_dead_one_changes_nothing_any_more() -> None:
    jobs.post("loading", "a")
    dead = jobs.claim("dead")
    with clock.at(NOON + jobs.LEASE / 2):
        assert jobs.renew(dead)
        assert jobs.claim("next") is None
    with clock.at(NOON + 2 * jobs.LEASE):
        taken = jobs.claim("next")
        assert taken.pk == dead.pk
        assert not jobs.renew(dead)
        jobs.finish(dead)
        assert Job.objects.get().done_at is None
        jobs.finish(taken)
    assert Job.objects.get().done_at is not None


def test_a_failing_job_is_tried_again_with_longer_pauses_and_given_up_in_the_end(caplog) -> None:
    jobs.post("loading", "a")
    moment, tries = NOON, 0
    for _ in range(20):
        with clock.at(moment):
            job = jobs.claim("one")
            if job is None:
                moment += timedelta(minutes=1)
                continue
            tries += 1
            jobs.fail(job, ValueError("Mrs Quillfeather, 943 476 5919"))
        moment += max(jobs.PAUSES)
    job = Job.objects.get()
    assert (tries, job.given_up, job.fault) == (1 + len(jobs.PAUSES), True, "ValueError")
    assert "Quillfeather" not in caplog.text
    assert not jobs.is_open("loading", "a")
    assert jobs.is_open("loading", "a", or_given_up=True), "no clock begins it anew"
    jobs.post("loading", "a")
    with clock.at(moment):
        assert jobs.claim("one").attempts == 1, "a person does"


def test_a_worker_for_the_quick_kinds_leaves_the_night_alone() -> None:
    jobs.post("night", "2026-06-01/1")
    assert jobs.claim("quick", ("loading", "outbox")) is None
    jobs.post("outbox")
    assert jobs.claim("quick", ("loading", "outbox")).kind == "outbox"


def test_the_night_comes_once_a_day_with_two_schedulers_and_after_downtime(nurse: Actor) -> None:
    world.service("south")

    def nights() -> list[str]:
        return sorted(Job.objects.filter(kind="night").values_list("key", flat=True))

    with clock.at(datetime(2026, 6, 1, 1, 0, tzinfo=UTC)):  # 02:00 in London
        timetable.tick(NIGHT)
        assert nights() == []
    for hour in (2, 2, 9, 20):
        with clock.at(datetime(2026, 6, 1, hour, tzinfo=UTC)):
            timetable.tick(NIGHT)
            timetable.tick(NIGHT)
            assert len(nights()) == 2
            process = working.Process("worker")
            while process.work():
                pass
    assert Job.objects.filter(kind="night", done_at=None).count() == 0
    with clock.at(datetime(2026, 6, 4, 11, tzinfo=UTC)):  # down for two nights and a morning
        timetable.tick(NIGHT)
    assert [key.partition("/")[0] for key in nights()] == ["2026-06-01"] * 2 + ["2026-06-04"] * 2


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), None),  # 00:59, the night before summer time
        (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), "2026-03-29"),  # 02:30: 01:30 did not happen
        (datetime(2026, 10, 25, 0, 45, tzinfo=UTC), "2026-10-25"),  # 01:45, the first of two
        (datetime(2026, 10, 25, 1, 45, tzinfo=UTC), "2026-10-25"),  # 01:45 again: the same night
    ],
)
def test_a_night_at_half_past_one_comes_once_when_the_clocks_change(
    moment: datetime, day: str | None
) -> None:
    assert timetable.day_of_night(moment, time(1, 30)) == day


def test_what_comes_round_comes_after_its_pause(nurse: Actor) -> None:
    def waiting() -> int:
        return Job.objects.filter(kind="outbox", done_at=None).count()

    timetable.tick(NIGHT)
    job = jobs.claim("one", ("outbox",))
    jobs.finish(job)
    timetable.tick(NIGHT)
    assert waiting() == 0
    with clock.at(NOON + timedelta(minutes=2)):
        timetable.tick(NIGHT)
        timetable.tick(NIGHT)
    assert waiting() == 1


def test_a_file_is_handed_to_a_worker_that_loads_it_under_the_id_of_the_click(
    nurse: Actor, settings, caplog
) -> None:
    loading = ww.loading(nurse)
    settings.BACKGROUND = "worker"
    with correlation.within("of-the-click"):
        LOADER.wake()
    assert LOADER._thread is None, "the web server does not load it"
    process = working.Process("worker")
    caplog.set_level(logging.INFO)
    seen: list[str] = []
    done = kinds.KINDS["loading"]
    kinds.KINDS["loading"] = lambda *given: (seen.append(correlation.current()), done(*given))[1]
    try:
        assert process.work()
    finally:
        kinds.KINDS["loading"] = done
    loading.refresh_from_db()
    assert (loading.state, loading.rows) == (Loading.State.DONE, 3)
    assert seen == ["of-the-click"]
    assert not process.work()


def test_a_worker_that_is_told_to_stop_puts_the_rest_of_a_file_back(nurse: Actor, settings) -> None:
    loading = ww.loading(nurse)
    kinds.look_for_work()
    process = working.Process("worker")
    process.stop()
    assert process.work()
    loading.refresh_from_db()
    assert loading.state == Loading.State.WAITING
    job = Job.objects.get(kind="loading")
    assert (job.done_at, job.claimed_by, job.attempts) == (None, "", 0)
    process.stopping.clear()
    process.work()
    loading.refresh_from_db()
    assert (loading.state, loading.rows) == (Loading.State.DONE, 3)


def test_a_night_that_is_told_to_stop_is_put_back_and_done_by_the_next(nurse: Actor) -> None:
    world.confirmed(nurse)
    jobs.post_once("night", [f"2026-06-01/{nurse.service.pk}"])
    process = working.Process("worker")
    process.stop()
    assert process.work()
    assert Job.objects.get(kind="night").done_at is None
    process.stopping.clear()
    assert process.work()
    assert Job.objects.get(kind="night").done_at is not None


def test_work_that_a_killed_server_left_is_found_and_what_was_given_up_is_not_begun_by_a_clock(
    nurse: Actor,
) -> None:
    loading = ww.loading(nurse)
    timetable.tick(NIGHT)
    assert Job.objects.filter(kind="loading", key=str(loading.pk), done_at=None).exists()
    Job.objects.filter(kind="loading").update(done_at=NOON, given_up=True)
    timetable.tick(NIGHT)
    assert not Job.objects.filter(kind="loading", done_at=None).exists()


def test_old_jobs_and_dead_processes_are_forgotten_and_the_last_sign_of_life_is_told() -> None:
    assert life.seconds_since("worker") is None
    life.give("here:1", "worker", NOON)
    with clock.at(NOON + timedelta(seconds=30)):
        assert life.seconds_since("worker") == 30.0
    jobs.post("tidying")
    with clock.at(NOON + jobs.KEPT_FOR + timedelta(days=1)):
        working.Process("worker").work()
        assert not SignOfLife.objects.exists()
    with clock.at(NOON + 3 * jobs.KEPT_FOR):
        assert jobs.forget_old() == 1


@pytest.mark.django_db(transaction=True)
def test_many_workers_take_each_job_once() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one write at a time; PostgreSQL is asked")
    jobs.post_once("night", [str(number) for number in range(40)])
    taken: list[str] = []
    start = threading.Barrier(4)

    def take(name: str) -> None:
        try:
            start.wait()
            with clock.at(NOON):
                while (job := jobs.claim(name)) is not None:
                    taken.append(job.key)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(f"worker {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken, key=int) == [str(number) for number in range(40)]
