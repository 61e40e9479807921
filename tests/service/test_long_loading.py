"""A file is loaded piece by piece: stopped and gone on with, cut off and taken up, each row is counted once."""

from __future__ import annotations

import os
from datetime import timedelta
from unittest import mock

import pytest
from django.db import OperationalError

import world
from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actor import Actor
from openfls.service.feeds import long_loading, uploads
from openfls.service.feeds.loader import Loader
from openfls.service.feeds.loading import load_bytes
from openfls.service.models import Delivery, Episode, FeedSource, Loading, UploadedFile
from service import waiting_world as ww
from service.feed_world import accounted

pytestmark = pytest.mark.django_db
State = Loading.State


def _counts(loading: Loading) -> tuple[str, int, int, int | None]:
    return (loading.state, loading.done, loading.rows, loading.rows_total)


def test_stopped_it_keeps_what_is_taken_in_and_goes_on_where_it_stopped(nurse: Actor) -> None:
    loading = ww.stopped(nurse)
    assert _counts(loading) == (State.STOPPED, 1, 1, 3)
    assert Episode.objects.count() == 1
    assert loading.upload is not None
    long_loading.go_on(loading=loading, by=nurse)
    loading = long_loading.work_on(loading.pk)
    assert _counts(loading) == (State.DONE, 3, 3, 3)
    delivery = Delivery.objects.counted().get()
    assert (delivery.rows_read, delivery.rows_new, delivery.rows_known, delivery.rows_rejected) == (
        3,
        2,
        0,
        1,
    )
    assert accounted(delivery)
    assert delivery.finished_at is not None
    assert loading.episodes == Episode.objects.count() == 2
    assert not UploadedFile.objects.exists()
    with pytest.raises(NotPossible, match="cannot be gone on with"):
        long_loading.go_on(loading=loading, by=nurse)


def test_a_server_that_ends_leaves_it_waiting_and_the_next_takes_it_up(nurse: Actor) -> None:
    loading = ww.loading(nurse)
    with mock.patch.object(long_loading, "FIRST", 2):
        left = long_loading.work_on(loading.pk, "host:1", lambda: True)
    assert _counts(left) == (State.WAITING, 2, 2, 3)
    assert Loader()._next() == loading.pk
    assert _counts(long_loading.work_on(loading.pk)) == (State.DONE, 3, 3, 3)
    assert accounted(Delivery.objects.counted().get())


def test_killed_between_two_pieces_it_is_taken_up_by_whoever_finds_its_worker_dead(nurse: Actor) -> None:
    loading = ww.loading(nurse)
    loader = Loader()
    host = loader.worker.rpartition(":")[0]
    rows = Loading.objects.filter(pk=loading.pk)
    for worker, since, found in (
        (f"{host}:{os.getppid()}", 0, None),  # lives, and has just given a sign
        ("elsewhere:1", 0, None),
        ("elsewhere:1", 10, loading.pk),
        (f"{host}:99999999", 0, loading.pk),  # no such process
        (loader.worker, 0, loading.pk),  # this process has begun again
    ):
        rows.update(state=State.RUNNING, worker=worker, beat_at=clock.now() - timedelta(minutes=since))
        assert loader._next() == found, worker


def test_a_piece_that_fails_is_not_counted_and_can_be_tried_again(nurse: Actor) -> None:
    loading = ww.loading(nurse)
    with mock.patch.object(long_loading, "take_in", side_effect=RuntimeError("row of ARCHER")):
        failed = long_loading.work_on(loading.pk)
    assert (failed.state, failed.done) == (State.FAILED, 0)
    assert failed.reason == "stopped by a fault of the program (RuntimeError)"
    long_loading.go_on(loading=failed, by=nurse)
    assert long_loading.work_on(loading.pk).state == State.DONE
    assert accounted(Delivery.objects.counted().get())


def test_a_file_that_cannot_be_used_is_refused_before_anything_is_kept(nurse: Actor) -> None:
    sent = ww.upload(nurse, b"a,b\n1,2\n", "nothing.csv")
    failed = long_loading.work_on(long_loading.begin(upload=sent, by=nurse).pk)
    assert (failed.state, failed.delivery, bool(failed.reason)) == (State.FAILED, None, True)
    assert UploadedFile.objects.filter(pk=sent.pk).exists()


def test_one_file_at_a_time_in_a_service(nurse: Actor) -> None:
    first = ww.loading(nurse)
    second = ww.upload(nurse, name="radiology.csv")
    with pytest.raises(NotPossible, match=r"“ed_2026-06-01\.csv” is being loaded"):
        long_loading.begin(upload=second, by=nurse)
    other = world.member(world.service("south"), username="other")
    assert ww.loading(other).is_under_way
    long_loading.work_on(first.pk)
    assert long_loading.begin(upload=second, by=nurse).is_under_way


def test_a_file_expires_by_time_but_not_while_it_is_loaded(nurse: Actor) -> None:
    loading = ww.loading(nurse)
    ww.upload(nurse, name="radiology.csv")
    with clock.at(clock.now() + uploads.KEPT_FOR):
        assert uploads.remove_expired() == 1
    assert UploadedFile.objects.get() == loading.upload


def test_loaded_again_the_delivery_says_what_was_left_out_then(nurse: Actor) -> None:
    ww.source(nurse)
    first = load_bytes("ed_1.csv", ww.CSV, by=nurse)
    again = load_bytes("ed_2.csv", ww.CSV, by=nurse)
    assert (again.known, again.left_out) == (3, 0)
    [told] = Delivery.objects.get(pk=again.key).left_out_before
    assert (told["delivery"], told["rows"]) == (first.key, 1)
    assert told["reason"] == "birth_date: 'not a day' is no date that we know"


def test_rows_that_two_workers_hold_are_counted_by_one_of_them(nurse: Actor) -> None:
    loading = ww.loading(nurse)

    def meanwhile(**_: object) -> int:
        Loading.objects.filter(pk=loading.pk).update(done=2)
        return 0

    with mock.patch.object(long_loading, "take_in", side_effect=meanwhile):
        left = long_loading.work_on(loading.pk)
    # What the one who came second had done is rolled back, and no row will be passed by unread.
    assert (left.state, left.done, left.rows) == (State.RUNNING, 0, 0)
    assert _counts(long_loading.work_on(loading.pk)) == (State.DONE, 3, 3, 3)


@pytest.mark.parametrize("ends", ["fault", "server", "stop"])
def test_a_worker_who_lost_the_file_ends_nothing_of_whoever_has_it(nurse: Actor, ends: str) -> None:
    loading = ww.loading(nurse)

    def taken_up() -> bool:
        """Another worker takes the file up: this one was silent for too long."""
        Loading.objects.filter(pk=loading.pk).update(worker="elsewhere:2", stop_asked=ends == "stop")
        return ends == "server"

    def fault(*_: object) -> None:
        raise RuntimeError(taken_up())

    with mock.patch.object(long_loading, "FIRST", 2):
        if ends == "fault":
            with mock.patch.object(long_loading, "_count", side_effect=fault):
                left = long_loading.work_on(loading.pk, "here:1")
        else:
            left = long_loading.work_on(loading.pk, "here:1", taken_up)
    assert (left.state, left.worker, left.ended_at) == (State.RUNNING, "elsewhere:2", None)


def test_a_worker_who_only_read_the_file_leaves_it_to_one_who_has_begun(nurse: Actor) -> None:
    loading = ww.loading(nurse)

    def meanwhile(held: Loading, _: object) -> None:
        held.rows_total = 3
        Loading.objects.filter(pk=loading.pk).update(done=2, rows=2, rows_total=3)

    with mock.patch.object(long_loading, "_count", side_effect=meanwhile):
        left = long_loading.work_on(loading.pk)
    assert (left.state, left.done, left.delivery) == (State.RUNNING, 2, None)
    assert not FeedSource.objects.exists()


def test_a_file_stands_where_it_stood_when_the_database_went_away(nurse: Actor) -> None:
    loading = ww.loading(nurse)
    away = mock.patch.object(long_loading, "take_in", side_effect=OperationalError("no room"))
    with away, pytest.raises(OperationalError):
        long_loading.work_on(loading.pk)
    assert Loading.objects.get().is_under_way, "whoever works tries again; nobody has to press a button"
    assert _counts(long_loading.work_on(loading.pk)) == (State.DONE, 3, 3, 3)
    assert Delivery.objects.count() == 1


def test_read_by_other_columns_a_stopped_file_begins_anew(nurse: Actor) -> None:
    loading = ww.stopped(nurse)
    upload = loading.upload
    assert upload is not None
    same = {"columns": upload.columns, "source_name": upload.source_name}
    uploads.choose(upload=upload, **same, hospital_system=upload.hospital_system, by=nurse)
    assert Loading.objects.get().can_go_on
    uploads.choose(upload=upload, **same, hospital_system="ANOTHER", by=nurse)
    assert not Loading.objects.get().can_go_on
    assert _counts(long_loading.work_on(long_loading.begin(upload=upload, by=nurse).pk))[0] == State.DONE
