"""A new installation gets a fictional service with its year behind it, and a small neighbour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time

from django.db import transaction

from openfls.fiction import generate
from openfls.fiction.values import StaffMember, Year
from openfls.service import clock, projection, watching
from openfls.service.actions import clinics
from openfls.service.actor import Actor, actor_of, can
from openfls.service.fictional import words
from openfls.service.fictional.living import live
from openfls.service.fictional.trained import train
from openfls.service.models import Membership, Service, User
from openfls.service.nightly import nightly
from openfls.service.roles import May

PASSWORD = "fictional-people-only"
"""The password of every fictional user. It opens nothing real: the installation holds fictional people alone."""


def fill(end: date, size: int, progress: Callable[[int, int], None] = lambda *_: None) -> Service:
    """Make the fictional service and live its year up to ``end``: it is there whole, or not at all."""
    with transaction.atomic(), projection.postponed(), watching.asleep():
        year = generate(end=end, size=size)
        service = Service.objects.create(
            code="brindlemouth",
            name=year.service,
            address="Outpatients 4\nBrindlemouth General Hospital\nBrindlemouth",
            telephone="01632 960 400",
            email="fls@brindlemouth.example",
            hospital_system="BGH",
            audit_one_in=10,
            expected_caseload=year.caseload,
            is_fictional=True,
        )
        staff = _staff(year, service)
        live(year, service, staff, progress)
        _clinic(next(one for one in staff.values() if can(one, May.WORK_THE_PATHWAY)), size, end)
        train(staff, _neighbour(), end)
    with transaction.atomic(), clock.at(datetime.combine(end, time(7), tzinfo=UTC)):
        nightly(service)
    return service


def _staff(year: Year, service: Service) -> dict[str, Actor]:
    return {member.username: _member(member, service) for member in year.staff}


def _member(member: StaffMember, service: Service) -> Actor:
    first, _, last = member.name.rpartition(" ")
    user = User.objects.create_user(member.username, password=PASSWORD, first_name=first, last_name=last)
    membership = Membership.objects.create(user=user, service=service, role=words.ROLES[member.role])
    return actor_of(membership)


def _clinic(by: Actor, size: int, end: date) -> None:
    """Places for two reviews and an assessment of everybody a year, on five days a week, and a few more."""
    a_day, an_assessment = max(1, -(-size * 2 // 230)), max(1, -(-size // 230))
    with clock.at(datetime.combine(end, time(7), tzinfo=UTC)):
        places = [a_day + 1, a_day, a_day + 1, a_day, a_day, 0, 0]
        starts = ["09:30", "", "09:30", "", "", "", ""]
        clinics.set_hours(
            wish=clinics.Wish(
                places=places, assess_places=[an_assessment] * 5 + [0, 0], starts=starts, minutes=20
            ),
            by=by,
        )


def _neighbour() -> Actor:
    """A second service with a user of its own: nothing of the first may be seen from there."""
    service = Service.objects.create(code="saltby", name="Saltby Fracture Liaison Service", is_fictional=True)
    user = User.objects.create_user("una.marlow", password=PASSWORD, first_name="Una", last_name="Marlow")
    made = Membership.objects.create(user=user, service=service, role=words.roles.Role.CO_ORDINATOR)
    return actor_of(made)
