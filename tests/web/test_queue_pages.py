"""The queue and the reader's pages, as somebody without script uses them."""

from __future__ import annotations

import re
from datetime import timedelta
from unittest import mock

import pytest

import world
from openfls.record.pathway import State
from openfls.record.sites import Site
from openfls.service.actions import finding
from openfls.service.models import AuditEvent, Episode, PassedOver
from openfls.service.roles import Role
from web.conftest import signed_in
from web.page import Page

pytestmark = pytest.mark.django_db
LIST = "/worklist/to-confirm/"


def put(by, name: str, days: int, site: Site = Site.WRIST) -> Episode:
    """A found fracture of somebody with a name."""
    person = world.demographics(family_name=name)
    return world.found(by.service, person=person, on=world.TODAY - timedelta(days=days), site=site)


@pytest.fixture
def three(nurse) -> list[Episode]:
    """Three people, the fewest days left first."""
    return [put(nurse, "First", 60), put(nurse, "Second", 40, Site.HIP), put(nurse, "Third", 20, Site.HIP)]


def names(answer) -> list[str]:
    """Who stands on the list, from its first to its last."""
    return re.findall(r">([A-Z]+, Ada)</a>", answer.content.decode())


def found(episode: Episode, query: str = "") -> str:
    """The address of a found fracture."""
    return f"/episodes/{episode.pk}/found/{query}"


def test_order_filter_and_counts_stand_in_the_address(client, three) -> None:
    assert names(client.get(LIST)) == ["FIRST, Ada", "SECOND, Ada", "THIRD, Ada"]
    answer = client.get(f"{LIST}?sort=risk")
    assert names(answer) == ["THIRD, Ada", "SECOND, Ada", "FIRST, Ada"]
    assert "Risk soon: hip, 20 days ago" in Page(answer.content).words
    part = client.get(f"{LIST}?site=hip&sort=name&triage=case&source=radiology")
    page = Page(part.content)
    assert "To confirm 2 of 3" in page.words
    assert (page.fields["site"], page.fields["sort"], page.fields["triage"]) == ("hip", "name", "case")
    assert (
        found(three[1], "?site=hip&amp;triage=case&amp;source=radiology&amp;sort=name")
        in part.content.decode()
    )
    assert "Nobody on this list fits." in Page(client.get(f"{LIST}?stream=incidental").content).words
    assert client.get(f"{LIST}?sort=x&site=y&triage=z").status_code == 200


def test_the_file_is_the_list_as_it_is_shown(client, three) -> None:
    rows = b"".join(client.get("/worklist/to-confirm.csv?site=hip&sort=risk")).decode().splitlines()
    assert [row.split(",")[0].strip('"') for row in rows[1:]] == ["THIRD", "SECOND"]


@pytest.mark.parametrize("answer", [{"confirm": "1"}, {"refute": "1", "reason": "known"}])
def test_the_next_one_in_the_same_order_is_there_at_once(answer: dict, client, three) -> None:
    first, second, third = three
    told = client.post(found(third, "?sort=risk"), answer)
    assert told.headers["Location"] == found(second, "?sort=risk")
    page = client.get(told.headers["Location"])
    assert "To confirm (1 of 2)" in Page(page.content).words
    assert f"/episodes/{third.pk}/undo/?sort=risk" in page.content.decode()
    # Undone, it is there again, in the same order.
    undone = client.post(f"/episodes/{third.pk}/undo/?sort=risk")
    assert undone.headers["Location"] == found(third, "?sort=risk")
    third.refresh_from_db()
    assert third.state == State.FOUND
    assert client.post(found(first, "?sort=risk"), answer).headers["Location"] == f"{LIST}?sort=risk"


def test_later_goes_to_the_next_and_at_the_end_to_the_list(client, three) -> None:
    page = client.get(found(three[0], "?site=wrist&sort=name")).content.decode()
    assert "Leave it for later: this is the last" in page
    page = client.get(found(three[1], "?site=hip")).content.decode()
    assert f'href="{found(three[2], "?site=hip")}" data-key="s"' in page


def test_every_reason_has_its_digit(client, three) -> None:
    page = client.get(found(three[0])).content.decode()
    assert re.findall(r'value="(\w+)" data-digit="(\d)"', page) == [
        ("no_fracture", "1"),
        ("high_energy", "2"),
        ("pathological", "3"),
        ("known", "4"),
        ("out_of_area", "5"),
        ("died", "6"),
        ("other", "7"),
    ]


def test_several_at_once(client, nurse, three) -> None:
    told = client.post(
        f"{LIST}not-for-us/?sort=name",
        {"pick": [str(three[0].pk), str(three[2].pk)], "reason": "high_energy"},
    )
    assert told.headers["Location"] == f"{LIST}?sort=name"
    page = client.get(told.headers["Location"])
    assert names(page) == ["SECOND, Ada"]
    shown = page.content.decode()
    for episode in (three[0], three[2]):
        assert f"Not for us: {episode.person.name}." in shown
        assert f"/episodes/{episode.pk}/undo/" in shown
        assert episode.statuses.last().reason == "High-energy injury"
    assert AuditEvent.objects.filter(action="episode.refute").count() == 2


def test_one_that_cannot_be_is_told_by_name_and_keeps_no_other_back(client, nurse, neighbour, three) -> None:
    finding.confirm(episode=three[0], by=nurse)
    elsewhere = put(neighbour, "Elsewhere", 5)
    picked = [str(each.pk) for each in (*three, elsewhere)] + ["nonsense"]
    told = client.post(f"{LIST}not-for-us/", {"pick": picked, "reason": "known"})
    words = Page(client.get(told.headers["Location"]).content).words
    assert "FIRST, Ada: “refute” is not possible: the episode is at “To assess”." in words
    assert "2 of those ticked could not be found." in words
    assert "ELSEWHERE" not in words
    assert [Episode.objects.get(pk=each.pk).state for each in three] == [
        "to_assess",
        "not_for_us",
        "not_for_us",
    ]
    elsewhere.refresh_from_db()
    assert elsewhere.state == State.FOUND


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ({"reason": "known"}, "Tick at least one person"),
        ({"reason": ""}, "Choose a reason"),
        ({"reason": "other"}, "Say what the reason is"),
    ],
)
def test_what_is_missing_is_said_and_the_ticks_stay(sent: dict, problem: str, client, three) -> None:
    ticked = [str(three[1].pk)] if problem != "Tick at least one person" else []
    answer = client.post(f"{LIST}not-for-us/", {**sent, "pick": ticked})
    page = Page(answer.content)
    assert answer.status_code == 422
    assert problem in [words for _, words in page.summary]
    assert page.checked == ({"pick": ticked[0]} if ticked else {})
    assert Episode.objects.filter(state=State.FOUND).count() == 3


def test_nobody_is_confirmed_without_being_read_and_only_found_ones_are_ticked(client, nurse, three) -> None:
    assert client.post("/worklist/to-assess/not-for-us/", {"pick": "x", "reason": "known"}).status_code == 404
    client.post(f"{LIST}not-for-us/", {"pick": str(three[0].pk), "confirm": "1"})
    assert Episode.objects.filter(state=State.FOUND).count() == 3
    viewer = signed_in(world.member(nurse.service, Role.VIEWER, "viewer"))
    assert b'name="pick"' not in viewer.get(LIST).content


def test_the_audit_of_the_reader(client, nurse) -> None:
    first, second = world.passed_over(nurse.service), world.passed_over(nurse.service)
    page = client.get("/reader/passed-over/")
    assert first.text.encode() in page.content
    assert "0 read, 2 waiting" in Page(page.content).words
    judge = f"/reader/passed-over/{first.pk}/"
    assert (client.post(judge, {}).status_code, client.post(judge, {"there_is": "yes"}).status_code) == (
        422,
        422,
    )
    told = client.post(judge, {"there_is": "yes", "site": "wrist", "side": "left"})
    assert told.headers["Location"] == "/reader/passed-over/"
    words = Page(client.get("/reader/passed-over/").content).words
    assert f"Found: {first.person.name}. The fracture waits to be confirmed." in words
    assert names(client.get(LIST)) == [first.person.name]
    client.post(f"/reader/passed-over/{second.pk}/", {"there_is": "no", "site": "hip"})
    second.refresh_from_db()
    assert (second.there_is, second.site) == (False, "")
    words = Page(client.get("/reader/passed-over/").content).words
    assert "No report waits to be read." in words
    assert "You last said no to a report" in words
    client.post(f"/reader/passed-over/{second.pk}/", {"take_back": "1"})
    assert PassedOver.objects.get(there_is=None) == second
    assert "Too few to say: 0 of the reports" in Page(client.get("/reader/").content).words
    with mock.patch("openfls.web.pages.passed_over.scoped", side_effect=lambda rows, *_, **__: second):
        PassedOver.objects.filter(pk=second.pk).delete()  # the night comes between looking and writing
        for said in ({"take_back": "1"}, {"there_is": "no"}):
            page = client.post(f"/reader/passed-over/{second.pk}/", said, follow=True)
            assert "This report is not kept any more" in Page(page.content).words


def test_every_look_is_written_down(client, nurse) -> None:
    passed = world.passed_over(nurse.service)
    before = AuditEvent.objects.count()
    client.get("/reader/")
    client.get("/reader/passed-over/")
    events = AuditEvent.objects.order_by("pk")[before:].values_list("action", "person", "user")
    assert list(events) == [
        ("reader.view", "", "nurse"),
        ("passed_over.view", str(passed.person_id), "nurse"),
    ]


def test_a_viewer_may_look_and_not_judge(nurse) -> None:
    world.passed_over(nurse.service)
    viewer = signed_in(world.member(nurse.service, Role.VIEWER, "viewer"))
    page = viewer.get("/reader/passed-over/").content
    assert b"Your role may look, not judge." in page
    assert b"there_is" not in page


def test_the_reader_page_has_its_figures(client, nurse) -> None:
    world.confirmed(nurse)
    finding.refute(episode=world.found(nurse.service), reason=finding.NotForUs.NO_FRACTURE, by=nurse)
    rows = Page(client.get("/reader/").content).cells
    assert rows[0] == ["All", "1", "2", "50 %", "9 % to 91 %"]
