"""An action happens whole, with its event, or not at all."""

from __future__ import annotations

import pytest

import world
from openfls.service.actions import finding
from openfls.service.actions.action import ACTIONS, action, note
from openfls.service.actor import Actor
from openfls.service.models import AuditEvent, Person, Service
from openfls.service.roles import May
from service.snapshot import tables

NAME = "test.rename"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Actions made in a test are gone after it."""
    monkeypatch.setattr("openfls.service.actions.action.ACTIONS", dict(ACTIONS))


def test_without_an_event_it_is_rolled_back(nurse: Actor, service: Service, made: None) -> None:
    world.found(service)
    before = tables()

    @action(NAME, May.WORK_THE_PATHWAY)
    def rename(*, by: Actor) -> None:
        Person.objects.update(family_name="Nobody")

    with pytest.raises(RuntimeError, match="left no audit event"):
        rename(by=nurse)
    assert tables() == before


def test_what_fails_after_its_event_leaves_none(nurse: Actor, service: Service, made: None) -> None:
    world.found(service)
    before, events = tables(), AuditEvent.objects.count()

    @action(NAME, May.WORK_THE_PATHWAY)
    def rename(*, by: Actor) -> None:
        Person.objects.update(family_name="Nobody")
        note(by, NAME)
        raise ValueError("too late")

    with pytest.raises(ValueError, match="too late"):
        rename(by=nurse)
    assert (tables(), AuditEvent.objects.count()) == (before, events)


def test_an_event_of_an_action_within_does_not_count_for_the_outer_one(
    nurse: Actor, service: Service, made: None
) -> None:
    episode = world.found(service)
    before = tables()

    @action(NAME, May.WORK_THE_PATHWAY)
    def outer(*, by: Actor) -> None:
        finding.confirm(episode=episode, by=by)

    with pytest.raises(RuntimeError, match=NAME):
        outer(by=nurse)
    assert tables() == before


def test_an_action_takes_keywords_and_asks_by_whom(nurse: Actor, service: Service) -> None:
    episode = world.found(service)
    with pytest.raises(TypeError, match="by"):
        finding.confirm(episode=episode)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        finding.confirm(episode, by=nurse)  # type: ignore[misc]
