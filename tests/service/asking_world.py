"""Proposed changes of guidance and questionnaires of people, made through the doors of the app."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import world
from openfls.service import clock
from openfls.service.actions import asking, guiding
from openfls.service.actor import Actor, system_actor
from openfls.service.guidance import Guidance, guidance_of
from openfls.service.models import GuidelineChange, Questionnaire, Service
from openfls.service.moving import count_on
from openfls.service.roles import Role

NOGG = "NOGG@2024"
_number = count(1)


def lead(of: Service) -> Actor:
    """A lead clinician of a service, another one at every call."""
    return world.member(of, Role.CLINICIAN, f"lead {next(_number)}")


def by_nogg(service: Service, **columns: object) -> Guidance:
    """What is in force, with NOGG in the place of NG259."""
    return replace(guidance_of(service, clock.today()), guideline=NOGG, **columns)


def proposed(by: Actor, after: Guidance | None = None) -> GuidelineChange:
    """A change that somebody else, a lead clinician, has put forward; not counted yet."""
    proposer = lead(by.service)
    return guiding.propose(
        after=after or by_nogg(by.service), reason="The region", wanted_from=clock.today(), by=proposer
    )


def counted(by: Actor, after: Guidance | None = None) -> GuidelineChange:
    """The same, waiting for its second person."""
    return count_on(proposed(by, after), lead(by.service))


def waiting(by: Actor) -> GuidelineChange:
    """The open change of the service, made where there is none: there is one at a time."""
    return GuidelineChange.objects.filter(service=by.service, state="waiting").first() or counted(by)


def in_force(by: Actor, after: Guidance) -> GuidelineChange:
    """A change that two people have made."""
    return guiding.approve(change=counted(by, after), by=lead(by.service))


def asked(by: Actor, **columns: object) -> asking.Invitation:
    """A person invited to answer at home."""
    return asking.invite(episode=world.confirmed(by, **columns), by=by)


def open_one(by: Actor, **columns: object) -> Questionnaire:
    """The questionnaire alone."""
    return asked(by, **columns).questionnaire


def sent(by: Actor, **columns: object) -> Questionnaire:
    """A questionnaire that came back with three answers, one of them left open."""
    one, system = open_one(by, **columns), system_actor(by.service)
    given = {"falls_last_year": 2, "care_home": None, "words": "The stairs"}
    asking.answer(questionnaire=one, answers=given, by=system)
    return asking.send(questionnaire=one, by=system)


def looked_through(by: Actor) -> Questionnaire:
    """One of which every value has been decided about."""
    one, system = open_one(by), system_actor(by.service)
    asking.answer(questionnaire=one, answers={"words": "The stairs"}, by=system)
    return asking.send(questionnaire=one, by=system)
