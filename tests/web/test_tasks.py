"""The task lists: no promise is on no list, and nobody dead is called."""

from __future__ import annotations

from datetime import timedelta

import pytest

import world
from openfls.record.reasons import TaskKind
from openfls.service.actions.tasks import ensure_task
from openfls.service.models import AuditEvent, Task
from openfls.service.roles import Role
from web.conftest import signed_in
from web.page import Page
from web.places import letter

pytestmark = pytest.mark.django_db


def task(by, kind: TaskKind, family_name: str, due=world.TODAY) -> Task:
    """A promise about somebody of that name."""
    episode = world.confirmed(by, person=world.demographics(family_name=family_name))
    return ensure_task(episode, kind, due)


def shown(client, path: str) -> Page:
    """The page."""
    return Page(client.get(path).content)


@pytest.mark.parametrize(
    ("kind", "key", "title"),
    [
        (TaskKind.CALL_AGAIN, "calls", "Call again"),
        (TaskKind.DXA_RESULT, "results", "Bone density results to look for"),
    ],
)
def test_today_counts_all_and_the_list_shows_the_sixth(kind, key, title, nurse, client) -> None:
    names = [f"NUMBER{letter}" for letter in "ABCDEF"]
    for name in names:
        task(nurse, kind, name)
    today = shown(client, "/").words
    assert f"{title}: 6" in today
    assert "All 6" in today
    assert "NUMBERF" not in today
    assert f"/tasks/?kind={key}" in client.get("/").content.decode()
    listed = shown(client, f"/tasks/?kind={key}").words
    assert all(name in listed for name in names)


def test_the_sixth_letter_is_on_the_list(nurse, client) -> None:
    made = [letter(nurse, person=world.demographics(family_name=f"Number{name}")) for name in "ABCDEF"]
    assert "Letters to approve: 6" in shown(client, "/").words
    listed = client.get("/tasks/?kind=letters").content.decode()
    assert all(f"/letters/{each.pk}/" in listed and f"/people/{each.person_id}/" in listed for each in made)


def test_a_long_list_goes_on_on_the_next_page(nurse, client) -> None:
    world.confirmed(nurse)
    first = task(nurse, TaskKind.CALL_AGAIN, "First", world.TODAY - timedelta(days=1))
    with world.many():
        for number in range(25):
            task(nurse, TaskKind.CALL_AGAIN, f"Other{number}")
    assert "Page 1 of 2" in shown(client, "/tasks/").words
    assert first.episode.person.name in shown(client, "/tasks/?kind=calls").words
    assert len(shown(client, "/tasks/?kind=calls&page=2").cells) == 1


def test_each_promise_is_on_one_list(nurse, client) -> None:
    task(nurse, TaskKind.CALL_AGAIN, "Caller", world.TODAY + timedelta(days=1))
    task(nurse, TaskKind.REVIEW_16, "Reviewed")
    where = {
        name: [
            key
            for key in ("calls", "results", "letters", "reviews", "later")
            if name in shown(client, f"/tasks/?kind={key}").words
        ]
        for name in ("CALLER", "REVIEWED")
    }
    assert where == {"CALLER": ["later"], "REVIEWED": ["reviews"]}


def test_the_dead_are_not_called_and_are_marked_elsewhere(nurse, client) -> None:
    for kind in (TaskKind.CALL_AGAIN, TaskKind.DXA_RESULT):
        person = task(nurse, kind, f"Late{kind.name}").episode.person
        person.deceased = True
        person.save()
    for path in ("/", "/tasks/?kind=calls"):
        assert "LATECALL_AGAIN" not in shown(client, path).words
    for path in ("/", "/tasks/?kind=results"):
        assert "LATEDXA_RESULT, Ada – has died" in shown(client, path).words


def test_a_scan_that_did_not_take_place_is_waited_for_no_longer(nurse, client) -> None:
    waiting = task(nurse, TaskKind.DXA_RESULT, "Unscanned")
    answer = client.post(f"/tasks/{waiting.pk}/end/", follow=True)
    assert "The scan did not take place: UNSCANNED, Ada." in Page(answer.content).words
    assert Page(answer.content).cells == []
    waiting.refresh_from_db()
    assert waiting.cancelled_at is not None
    event = AuditEvent.objects.get(action="task.end")
    assert (event.user, event.person) == ("nurse", str(waiting.episode.person_id))
    again = client.post(f"/tasks/{waiting.pk}/end/", follow=True)
    assert "This task has ended already." in Page(again.content).words


def test_a_call_cannot_be_said_not_to_have_taken_place(nurse, client) -> None:
    call = task(nurse, TaskKind.CALL_AGAIN, "Caller")
    client.post(f"/tasks/{call.pk}/end/")
    call.refresh_from_db()
    assert call.cancelled_at is None


def test_a_viewer_is_offered_nothing_to_do(nurse) -> None:
    task(nurse, TaskKind.DXA_RESULT, "Unscanned")
    viewer = signed_in(world.member(nurse.service, Role.VIEWER, "viewer"))
    assert "did not take place" not in shown(viewer, "/tasks/?kind=results").words


def test_a_list_that_there_is_not(client) -> None:
    assert client.get("/tasks/?kind=nothing").status_code == 404


def test_changed_evidence_stands_on_a_list_until_somebody_has_seen_it(nurse, client) -> None:
    waiting = task(nurse, TaskKind.EVIDENCE_CHANGED, "Changed")
    assert "CHANGED, Ada" in shown(client, "/tasks/?kind=changed").words
    client.post(f"/tasks/{waiting.pk}/end/")
    waiting.refresh_from_db()
    assert waiting.done_at is not None
    assert shown(client, "/tasks/?kind=changed").cells == []
