"""A service's own figures: the fractures that it expects in a year, and the people who live in its area."""

from __future__ import annotations

from openfls.record.pathway import NotPossible
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.models import AuditEvent, Membership, Service
from openfls.service.roles import ALLOWED, May, Role

MOST_CASES = 100_000
MOST_PEOPLE = 100_000_000


@action("service.figures", May.IMPROVE)
def set_figures(*, caseload: int | None, population: int | None, source: str, by: Actor) -> Service:
    """Keep the service's own figures; None for one that it does not have. ``source`` says where they are from.

    Raises:
        NotPossible: one cannot be, nothing is different, or nobody says where they are from.
    """
    service = Service.objects.select_for_update().get(pk=by.service.pk)
    was = (service.expected_caseload, service.population)
    for value, most, words in (
        (caseload, MOST_CASES, "fractures a year"),
        (population, MOST_PEOPLE, "people"),
    ):
        if value is not None and not 0 < value <= most:
            raise NotPossible(f"Enter a number of {words} from 1 to {most:,}.")
    if (caseload, population) == was:
        raise NotPossible("Nothing is different from what stands there.")
    if not source.strip():
        raise NotPossible("Say where the figures are from.")
    service.expected_caseload, service.population = caseload, population
    service.save(update_fields=["expected_caseload", "population"])
    note(
        by,
        "service.figures",
        subject=f"service {service.code}",
        caseload=caseload,
        population=population,
        caseload_was=was[0],
        population_was=was[1],
        source=source.strip()[:300],
    )
    return service


def last_set(service: Service) -> AuditEvent | None:
    """When the figures were set last, by whom, and where they are from."""
    return AuditEvent.objects.filter(service=service, action="service.figures").order_by("-number").first()


def who_may(service: Service) -> list[str]:
    """The names of those who may set them, with their roles."""
    roles = [role for role in Role if May.IMPROVE in ALLOWED[role]]
    rows = Membership.objects.filter(service=service, role__in=roles).select_related("user")
    return [
        f"{row.user.full_name} ({Role(row.role).label})"
        for row in rows.order_by("user__last_name", "user__first_name")
        if row.user.is_active
    ]
