"""Audit rows made anew: of older databases, after a stop, twice over, and by the command."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from typer.testing import CliRunner

import openfls.commands.all
import world
from openfls.record.reasons import Closing
from openfls.service.actions import closing
from openfls.service.actor import Actor
from openfls.service.models import AuditEvent, FlsdbRow, Service, Stuck
from openfls.service.nightly import nightly
from openfls.service.operation import one_by_one
from openfls.service.operation.kinds import KINDS
from openfls.service.operation.part_by_part import NotAllDone, each_of
from openfls.service.projection import VERSION
from openfls.service.quality import rebuilding
from openfls.service.quality.measures import measures_of
from openfls.service.quality.rebuilding import Rebuilt, doubt, pending, rebuild

AS_OF = world.TODAY


def rows() -> list[dict[str, object]]:
    """Every row without the marks of its making."""
    return [
        {name: value for name, value in row.items() if name not in ("stamp", "made_by")}
        for row in FlsdbRow.objects.order_by("pk").values()
    ]


def as_in_an_older_database(nurse: Actor) -> list[dict[str, object]]:
    """Four episodes whose rows are old, wrong, missing, and of somebody who is no case; what they should be."""
    made = [world.planned(nurse) for _ in range(3)]
    gone = world.confirmed(nurse)
    kept = FlsdbRow.objects.filter(episode=gone).values().get()
    closing.close(episode=gone, reason=Closing.NOT_A_CASE, by=nurse)
    right = rows()
    assert len(right) == 3
    FlsdbRow.objects.filter(episode=made[0]).update(made_by=0, bone_therapy=None, age=51)
    FlsdbRow.objects.filter(episode=made[1]).delete()
    FlsdbRow.objects.create(**kept)
    FlsdbRow.objects.filter(episode=made[2]).update(made_by=0)
    return right


def test_an_older_database_heals_and_pages_follow(nurse: Actor) -> None:
    right = as_in_an_older_database(nurse)
    before = {row.key: row.numerator for row in measures_of(nurse.service, AS_OF)}
    assert pending(nurse.service).count() == 4
    assert rebuild(nurse.service) == Rebuilt(4, 3)
    assert rows() == right
    assert set(FlsdbRow.objects.values_list("made_by", flat=True)) == {VERSION}
    after = {row.key: row.numerator for row in measures_of(nurse.service, AS_OF)}
    assert (before["kpi7"], after["kpi7"]) == (1, 3)
    logged = AuditEvent.objects.get(action="audit_rows.rebuild").detail
    assert (logged["rows"], logged["changed"]) == (4, 3)


def test_a_stop_is_gone_on_from_and_twice_is_as_once(nurse: Actor) -> None:
    right = as_in_an_older_database(nurse)
    assert rebuild(nurse.service, stopped=lambda: True).looked_at == 1
    assert pending(nurse.service).count() == 3
    assert rebuild(nurse.service).looked_at == 3
    stamps = list(FlsdbRow.objects.order_by("pk").values_list("stamp", flat=True))
    assert rebuild(nurse.service) == Rebuilt(0, 0)
    doubt(nurse.service)
    told: list[tuple[int, int]] = []
    assert rebuild(nurse.service, lambda done, total: told.append((done, total))) == Rebuilt(3, 0)
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert rows() == right
    assert list(FlsdbRow.objects.order_by("pk").values_list("stamp", flat=True)) == stamps, (
        "nothing to count anew"
    )


def test_the_command_says_what_it_did(nurse: Actor) -> None:
    as_in_an_older_database(nurse)
    said = {
        ("rebuild",): "4 rows made anew, 3 of them changed",
        ("rebuild", "--service", nurse.service.code): "0 rows made anew",
        ("rebuild", "--all"): "3 rows made anew, 0 of them changed",
    }
    for asked, words in said.items():
        done = CliRunner().invoke(openfls.commands.all.app, list(asked))
        assert done.exit_code == 0, done.output
        assert words in " ".join(done.output.split())


def test_one_bad_episode_stops_neither_the_rebuilding_nor_the_night(
    nurse: Actor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is passed over, counted, kept with the kind of its fault, and forgotten once it succeeds."""
    made = [world.planned(nurse) for _ in range(3)]
    bad, name = made[1], made[1].person.family_name
    doubt(nurse.service)
    right = rebuilding.refresh

    def broken(key: object) -> bool:
        if key == bad.pk:
            raise ValueError(f"of {name}")
        return right(key)

    with monkeypatch.context() as broken_for_now, caplog.at_level(logging.ERROR):
        broken_for_now.setattr(rebuilding, "refresh", broken)
        assert rebuild(nurse.service) == Rebuilt(3, 0, 1)
        broken_for_now.setattr("openfls.service.nightly.promise", lambda episode: broken(episode.pk))
        night = nightly(nurse.service)
    assert (night.looked_at, night.failed) == (3, 1)
    assert [(row.episode_id, row.work, row.fault) for row in one_by_one.stuck(nurse.service)] == [
        (bad.pk, "audit_row", "ValueError"),
        (bad.pk, "night", "ValueError"),
    ]
    assert str(bad.pk) in caplog.text
    assert name not in caplog.text
    assert AuditEvent.objects.filter(action="audit_rows.rebuild").latest("number").detail["failed"] == 1
    assert pending(nurse.service).get() == bad
    assert rebuild(nurse.service) == Rebuilt(1, 0)
    assert nightly(nurse.service).failed == 0
    assert not Stuck.objects.exists()


def test_where_everything_fails_the_work_stops(nurse: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is no matter of single episodes."""
    for _ in range(3):
        world.confirmed(nurse)
    doubt(nurse.service)
    monkeypatch.setattr(one_by_one, "TOO_MANY", 2)
    monkeypatch.setattr(rebuilding, "refresh", lambda _: (_ for _ in ()).throw(OSError))
    with pytest.raises(OSError):
        rebuild(nurse.service)


def test_one_bad_part_of_a_night_stops_neither_the_others_nor_the_next_service(
    nurse: Actor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Each part by itself, counted and named; the command says so, and ends with 1."""
    other = Service.objects.create(code="zz", name="Another")
    done: list[tuple[str, str]] = []

    def part(name: str, breaks: bool = False) -> Callable[..., bool]:
        def act(service: Service, *_: object, **__: object) -> bool:
            done.append((service.code, name))
            if breaks and service == nurse.service:
                raise ValueError("Margaret Example")
            return False

        return act

    monkeypatch.setattr("openfls.service.watching.look_at_feeds", part("feeds", breaks=True))
    monkeypatch.setattr("openfls.service.nightly.settle_all", part("papers", breaks=True))
    monkeypatch.setattr("openfls.service.nightly.clear_old", part("rooms"))
    monkeypatch.setattr("openfls.service.nightly.anchor", part("anchor"))
    with caplog.at_level(logging.ERROR):
        night = CliRunner().invoke(openfls.commands.all.app, ["nightly"])
    code = nurse.service.code
    assert done == [(each, name) for each in (code, "zz") for name in ("feeds", "papers", "rooms", "anchor")]
    assert night.exit_code == 1
    assert f"{code}: not done, the log says why: silent feeds, papers" in night.output
    assert f"{other.code}: 0 episodes looked at" in night.output
    assert "Margaret" not in caplog.text + night.output
    with pytest.raises(NotAllDone, match="silent feeds, papers"):
        KINDS["night"](f"2026-01-01/{nurse.service.pk}", "worker", lambda: False)


def test_a_row_that_breaks_keeps_no_other_back() -> None:
    """A paper whose seal is broken, say: the others are closed all the same."""
    done: list[int] = []

    def act(row: Service) -> None:
        if row.pk == 2:
            raise ValueError
        done.append(row.pk)

    with pytest.raises(NotAllDone, match="Service 2"):
        each_of([Service(pk=key) for key in (1, 2, 3)], act)
    assert done == [1, 3]
