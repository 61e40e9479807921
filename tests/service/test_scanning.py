"""The list of everybody under care by how they stand with a scan, and the line in the advice of one person."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

import world
from openfls.investigation import build, evaluate
from openfls.service.actions import assessing
from openfls.service.actor import Actor
from openfls.service.advice import advise
from openfls.service.investigation.scanning import counted, scan_line, standings
from openfls.service.models import Episode
from openfls.service.picture import picture_of
from service import results_world as rw
from web.page import Page

TODAY = world.TODAY


def answered(by: Actor, **answers: object) -> Episode:
    episode = world.confirmed(by)
    given = {name.replace("__", "."): value for name, value in answers.items()}
    assessing.answer(episode=episode, answers=given, by=by)
    return episode


def test_everybody_under_care_stands_at_one_place(nurse: Actor, django_assert_num_queries) -> None:
    day = TODAY.isoformat()
    expected = {
        world.confirmed(nurse).pk: "nothing",
        answered(nurse, dxa__without="declined").pk: "declined",
        answered(nurse, dxa_possible=False).pk: "not_possible",
        answered(nurse, dxa_needed=False, dxa__without="frailty").pk: "frailty",
        answered(nurse, dxa__requested_on=day).pk: "asked",
        answered(nurse, dxa__requested_on=day, dxa__booked_for=day).pk: "booked",
        answered(nurse, dxa__without="declined", dxa__requested_on=day).pk: "asked",
    }
    scanned, long_ago, old = (world.confirmed(nurse) for _ in range(3))
    rw.scan(scanned, TODAY)
    rw.scan(old, TODAY - timedelta(days=300))
    assessing.add_scan(
        episode=long_ago,
        on=TODAY - timedelta(days=2000),
        values={"bone_density.total_hip_t": -1.0},
        by=nurse,
    )
    world.found(nurse.service)  # not under care yet
    expected |= {scanned.pk: "done", old.pk: "recent", long_ago.pk: "nothing"}
    with django_assert_num_queries(6):
        rows = standings(nurse.service, TODAY)
    assert {row.episode.pk: row.key for row in rows} == expected
    assert sum(counted(rows).values()) == len(expected)
    assert next(row.by for row in rows if row.key == "frailty") == "Nurse Example"
    # The list and the person's own line say the same of everybody who goes without, or is on the way.
    for row in rows:
        line = advise(row.episode, TODAY)["scan"]
        assert line["reason"] == ("" if row.key in ("nothing", "asked", "booked", "done") else row.key)
        assert (line["standing"] == "on its way") is (row.key in ("asked", "booked"))


def test_the_plan_can_say_it_too(nurse: Actor) -> None:
    from openfls.record.reasons import DxaDecision
    from openfls.service.actions import planning

    episode = world.assessed(nurse)
    planning.agree(
        episode=episode, agreed=replace(world.AGREED, dxa=DxaDecision.DECLINED), agreed_on=TODAY, by=nurse
    )
    (row,) = standings(nurse.service, TODAY)
    assert (row.key, row.by) == ("declined", "Nurse Example")
    assert advise(episode, TODAY)["scan"]["reason"] == "declined"


@pytest.mark.parametrize(("why", "asks"), [("cannot_lie", True), ("declined", False)])
def test_who_cannot_be_scanned_is_decided_about_without_it(nurse: Actor, why: str, asks: bool) -> None:
    episode = answered(nurse, dxa__without=why)
    assert picture_of(episode, TODAY).dxa_possible is (False if asks else None)
    lines = [line["rule"] for pack in advise(episode, TODAY)["packs"] for line in pack["advice"]]
    assert ("NG259-1.7.4" in lines) is asks


def test_nothing_is_advised_for_the_visit_of_a_scan_that_is_not_made(nurse: Actor, client: Client) -> None:
    episode = answered(nurse, dxa__without="frailty")
    assert advise(episode, TODAY)["scan"]["otherwise"] == ["NG259-1.4.1", "NG259-1.5.1"]
    assert nurse.user is not None
    client.force_login(nurse.user)
    words = Page(client.get(f"/episodes/{episode.pk}/advice/").content).words
    assert "Goes without a scan: lives with frailty" in words
    assert words.index("Goes without a scan") < words.index("Offer a DXA scan")


def test_a_rule_that_asks_for_a_scan_does_not_ask_once_more_for_one_that_is_done(
    nurse: Actor, client: Client
) -> None:
    episode = world.confirmed(nurse)
    assert nurse.user is not None
    client.force_login(nurse.user)
    done = {"bone_density.on": TODAY.isoformat(), "bone_density.femoral_neck_t": -2.4}
    assessing.answer(episode=episode, answers=done, by=nurse)
    assert advise(episode, TODAY)["scan"]["otherwise"] == ["NG259-1.4.1"]
    words = Page(client.get(f"/episodes/{episode.pk}/assessment/").content).words
    assert (
        words.count("Asked for by the rule, and done: Offer a DXA scan")
        == words.count("Offer a DXA scan")
        == 2
    )


def test_it_is_not_said_that_no_scan_is_asked_for_while_that_cannot_be_judged(nurse: Actor) -> None:
    episode = world.confirmed(nurse)
    picture = replace(picture_of(episode, TODAY), fractures=())
    pack = build("NG259@2026-07-29")
    line = scan_line(episode, picture, {}, [(pack, evaluate(pack, picture))])
    assert line["standing"] == "cannot be said yet"
    assert "Every earlier fracture has been asked about" in line["words"]
    assert "_" not in line["words"]
