"""Who may do what: a table of roles and actions, asked of every action that there is."""

from __future__ import annotations

import pytest

import world
from openfls.service.actions.action import ACTIONS
from openfls.service.actor import Actor, NotAllowed, can
from openfls.service.models import AuditEvent, Service
from openfls.service.roles import ALLOWED, May, Role
from service.doings import DOINGS, Doing
from service.quality_world import OF_QUALITY
from service.snapshot import tables

WORKERS = {Role.CO_ORDINATOR, Role.CLINICIAN}
LOADERS = WORKERS | {Role.MANAGER}

OF_LOADERS = {
    *("feed.take_in", "feed.save_source", "feed.forget_source", "service.find_from"),
    *("upload.keep", "upload.choose", "upload.discard", "upload.load", "upload.stop", "upload.go_on"),
    *("codes.add_list", "codes.activate", "codes.deactivate"),
}
BY_THE_PERSON = {"questionnaire.knock", "questionnaire.answer", "questionnaire.send"}
"""What the system does for a person at home, as it does for a feed."""
OF_A_GUIDELINE = {f"guideline.{step}" for step in ("propose", "count", "count_again", "approve", "refuse")}
OF_WORDING = {"letterhead.save", "wording.save", "wording.standard"}
RULES = {doing.name: WORKERS for doing in DOINGS} | dict.fromkeys(
    OF_LOADERS | BY_THE_PERSON | OF_QUALITY | OF_WORDING, LOADERS
)
RULES["plan.sign"] = {Role.CLINICIAN}
"""Which roles may do what, said a second time and by hand: a new action must be added here to pass."""


def test_every_action_has_a_rule_and_every_rule_an_action() -> None:
    assert set(ACTIONS) == set(RULES) == {doing.name for doing in DOINGS}


def test_every_role_is_in_the_table() -> None:
    assert set(ALLOWED) == set(Role)
    assert set().union(*ALLOWED.values()) == set(May)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("doing", DOINGS, ids=lambda doing: doing.name)
def test_only_these_roles_may(doing: Doing, role: Role, nurse: Actor, service: Service) -> None:
    act = doing.ready(nurse)
    other = world.member(service, role, f"the {role}")
    before, events = tables(), AuditEvent.objects.count()
    if role in RULES[doing.name]:
        assert can(other, ACTIONS[doing.name])
        act(by=other)
        names = list(AuditEvent.objects.order_by("number").values_list("action", "user"))[events:]
        assert (doing.name, other.name) in names
        assert {name for name, _ in names} <= {doing.name, "episode.find"}
        assert len([name for name, _ in names if name == doing.name]) == 1
    else:
        with pytest.raises(NotAllowed, match=role.label.replace("(", r"\(").replace(")", r"\)")):
            act(by=other)
        assert (tables(), AuditEvent.objects.count()) == (before, events)


@pytest.mark.parametrize("doing", DOINGS, ids=lambda doing: doing.name)
def test_an_action_names_its_person_and_its_user(doing: Doing, nurse: Actor, service: Service) -> None:
    act = doing.ready(nurse)
    if not can(nurse, ACTIONS[doing.name]):
        nurse = world.member(service, Role.CLINICIAN, "prescriber")
    act(by=nurse)
    event = AuditEvent.objects.filter(service=service, action=doing.name).order_by("number").last()
    assert event is not None
    assert event.user == nurse.name
    of_nobody = OF_LOADERS | OF_A_GUIDELINE | OF_QUALITY | OF_WORDING | {"identity.leave_out", "letter.batch"}
    assert bool(event.person) is (doing.name not in of_nobody)
    assert event.subject


@pytest.mark.parametrize("doing", DOINGS, ids=lambda doing: doing.name)
def test_nobody_acts_on_what_is_another_services(doing: Doing, nurse: Actor) -> None:
    act = doing.ready(nurse)
    given = getattr(act, "keywords", {})
    if not any(hasattr(value, "service_id") for value in given.values()):
        assert doing.name in OF_LOADERS | OF_QUALITY | OF_WORDING | {
            "guideline.propose",
            "letter.batch",
        }  # nothing of a service's own is given
        return
    neighbour = world.member(world.service("south"), Role.CLINICIAN, "neighbour")
    before = tables()
    with pytest.raises(NotAllowed, match="another service"):
        act(by=neighbour)
    assert tables() == before
