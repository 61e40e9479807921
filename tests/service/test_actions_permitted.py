"""Who may do what: a table of roles and actions, asked of every action that there is."""

from __future__ import annotations

import re
from copy import deepcopy

import pytest
from django.db import transaction

import world
from openfls.service.actions.action import ACTIONS
from openfls.service.actor import Actor, NotAllowed, can
from openfls.service.models import AuditEvent, Service
from openfls.service.roles import ALLOWED, May, Role
from service.access_world import OF_EMERGENCIES, OF_GIVING_ACCESS, WITH_NOTHING_OF_A_SERVICE
from service.auditing_world import OF_GOVERNANCE
from service.doings import DOINGS, Doing
from service.quality_world import OF_QUALITY
from service.sharing.connected import OF_CONNECTIONS
from service.snapshot import tables
from service.training_world import OF_LEARNERS, OF_SUPERVISORS

WORKERS = {Role.CO_ORDINATOR, Role.CLINICIAN}
LOADERS = WORKERS | {Role.MANAGER}

OF_LOADERS = {
    *("feed.take_in", "feed.save_source", "feed.forget_source", "service.find_from", "service.figures"),
    *("upload.keep", "upload.choose", "upload.discard", "upload.load", "upload.stop", "upload.go_on"),
    *("codes.add_list", "codes.activate", "codes.deactivate"),
}
BY_THE_PERSON = {"questionnaire.knock", "questionnaire.answer", "questionnaire.send"}
"""What the system does for a person at home, as it does for a feed."""
OF_A_GUIDELINE = {f"guideline.{step}" for step in ("propose", "count", "count_again", "approve", "refuse")}
OF_A_CLINIC = {"clinic.hours", "clinic.absence", "calendar.make"}
OF_SETTING_IT = {"clinic.hours", "clinic.absence", "clinic.absence_over"}
OF_WORDING = {"letterhead.save", "wording.save", "wording.standard"}
RULES = {doing.name: WORKERS for doing in DOINGS} | dict.fromkeys(
    OF_LOADERS | BY_THE_PERSON | OF_QUALITY | OF_WORDING | OF_SETTING_IT, LOADERS
)
RULES["plan.sign"] = {Role.CLINICIAN}
OF_OWN_CODES = {"labcode.map", "labcode.end"}
RULES |= {name: {Role.CLINICIAN, Role.MANAGER} for name in OF_OWN_CODES}
RULES |= {name: set(Role) for name in OF_LEARNERS}
RULES |= {name: {Role.CLINICIAN, Role.MANAGER} for name in OF_SUPERVISORS}
RULES |= {name: {Role.MANAGER} for name in OF_CONNECTIONS | OF_GOVERNANCE | OF_GIVING_ACCESS}
"""Which roles may do what, said a second time and by hand: a new action must be added here to pass."""
OF_NOBODY = OF_LOADERS | OF_A_GUIDELINE | OF_QUALITY | OF_WORDING | {"identity.leave_out", "letter.batch"}
OF_NOBODY |= {"letter.run"}
OF_NOBODY |= OF_OWN_CODES | OF_A_CLINIC | {"calendar.revoke", "clinic.absence_over"}
OF_NOBODY |= (OF_GOVERNANCE - {"person.disclose"}) | OF_CONNECTIONS | OF_LEARNERS | OF_SUPERVISORS
OF_NOBODY |= (OF_GIVING_ACCESS - {"emergency.judge"}) | OF_EMERGENCIES
OF_TWO_PEOPLE = {"identity.not_same", "identity.split"}
GIVEN_NOTHING_OF_A_SERVICE = OF_LOADERS | OF_QUALITY | OF_WORDING | {"guideline.propose", "letter.batch"}
GIVEN_NOTHING_OF_A_SERVICE |= WITH_NOTHING_OF_A_SERVICE
GIVEN_NOTHING_OF_A_SERVICE |= OF_GOVERNANCE | (
    OF_A_CLINIC | {"labcode.map", "connection.make", "webhook.make", "training.rules"} | OF_LEARNERS
)


def test_every_action_has_a_rule_and_every_rule_an_action() -> None:
    assert set(ACTIONS) == set(RULES) == {doing.name for doing in DOINGS}


def test_every_role_is_in_the_table() -> None:
    assert set(ALLOWED) == set(Role)
    assert set().union(*ALLOWED.values()) == set(May)


@pytest.mark.parametrize("doing", DOINGS, ids=lambda doing: doing.name)
def test_who_may_do_it_and_what_is_written_of_it(doing: Doing, nurse: Actor, service: Service) -> None:
    ready = doing.ready(nurse)
    actors = {role: world.member(service, role, f"the {role}") for role in Role}
    of_them = Role.CLINICIAN if Role.CLINICIAN in RULES[doing.name] else Role.MANAGER
    neighbour = world.member(world.service("south"), of_them, "neighbour")
    before, events = tables(), AuditEvent.objects.count()
    own_events = AuditEvent.objects.filter(service=service).count()

    for role in set(Role) - RULES[doing.name]:
        with pytest.raises(NotAllowed, match=re.escape(role.label)):
            deepcopy(ready)(by=actors[role])
    given = getattr(ready, "keywords", {}).values()
    if any(hasattr(value, "service_id") for value in given):
        with pytest.raises(NotAllowed, match="another service"):
            deepcopy(ready)(by=neighbour)
    else:
        assert doing.name in GIVEN_NOTHING_OF_A_SERVICE
    assert (tables(), AuditEvent.objects.count()) == (before, events)

    for role in RULES[doing.name]:
        assert can(actors[role], ACTIONS[doing.name])
        with transaction.atomic():
            deepcopy(ready)(by=actors[role])
            check_written(doing, actors[role], own_events)
            transaction.set_rollback(True)


def check_written(doing: Doing, by: Actor, since: int) -> None:
    """The action is in the log once for each whom it is about, with its user and, where there is one, the person."""
    written = list(AuditEvent.objects.filter(service=by.service).order_by("pk"))[since:]
    assert {event.action for event in written} <= {doing.name, "episode.find"}
    own = [event for event in written if event.action == doing.name]
    assert len(own) == len({event.person for event in own}) == (2 if doing.name in OF_TWO_PEOPLE else 1)
    for event in own:
        assert event.user == by.name
        assert event.subject
        assert bool(event.person) is (doing.name not in OF_NOBODY)
