"""One resource by its id, and a page of a search: of the client's own service alone."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from openfls.integration.fhir.outcome import Refusal, invalid, not_found, too_many
from openfls.integration.fhir.parts import Json
from openfls.integration.fhir.patient import patient
from openfls.integration.fhir.resources import resources
from openfls.integration.fhir.searching import Search, changed_within, matches
from openfls.integration.fhir.systems import NHS_NUMBER as NHS_SYSTEM
from openfls.record.people import NHS_NUMBER
from openfls.service.models import (
    Fracture,
    Letter,
    MergedPerson,
    Person,
    PersonIdentifier,
    Plan,
    Service,
    Task,
    Treatment,
)
from openfls.service.sharing.gathering import records_of
from openfls.service.sharing.people import changed_since, shared_people

AT_ONCE = 8
LOOKED_AT = 200
"""Of how many people at most one request gathers the record; what is left is on the next page."""
SECONDS = 5.0
"""After so long a page ends with the person at hand, however few are on it: risks take long to work out."""
_CURSOR = re.compile(r"([0-9a-f]{32})\.(\d{1,6})")
_HEX = r"[0-9a-f]{32}"
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_NUMBER = r"[1-9][0-9]{0,17}"
_KEYS = {
    "Patient": re.compile(f"({_UUID})"),
    "Condition": re.compile(f"({_UUID})"),
    "Observation": re.compile(f"({_HEX})-[0-9a-f]{{10}}"),
    "RiskAssessment": re.compile(f"({_UUID})-(?:frax|qfracture)"),
    "CarePlan": re.compile(f"plan-({_NUMBER})"),
    "ServiceRequest": re.compile(f"plan-({_NUMBER})-(?:dxa|falls|specialist)"),
    "MedicationStatement": re.compile(f"treatment-({_NUMBER})"),
    "Task": re.compile(f"task-({_NUMBER})"),
    "DocumentReference": re.compile(f"({_UUID})"),
}


@dataclass(slots=True)
class Page:
    """What a search found. ``following`` is the cursor of the next page, empty where there is none."""

    found: list[Json] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    included: list[Json] = field(default_factory=list)
    following: str = ""


def _with_numbers(rows: QuerySet[Person]) -> QuerySet[Person]:
    return rows.select_related("service").prefetch_related("identifiers")


def person_behind(service: Service, kind: str, key: str) -> Person:
    """Whom a resource is about.

    Raises:
        Refusal: there is none of that id in this service; or the person's record was put into another.
    """
    read = _key(kind, key)
    if not read:
        raise not_found()
    found = _with_numbers(shared_people(service)).filter(**_of(service, kind, read)).first()
    if found is None:
        moved = MergedPerson.objects.filter(service=service, split_at=None)
        into = moved.filter(pk=UUID(read)).first() if kind == "Patient" else None
        if into is not None:
            raise Refusal(410, "deleted", f"This record was put together with Patient/{into.into_id}.")
        raise not_found()
    return found


def _key(kind: str, written: str) -> str:
    """The key of a row that an id of this kind holds; empty where it is no id of ours."""
    read = _KEYS[kind].fullmatch(written)
    return read[1] if read else ""


def _of(service: Service, kind: str, key: str) -> dict[str, object]:
    if kind in ("Patient", "Observation"):
        return {"pk": UUID(key)}
    if kind == "RiskAssessment":
        return {"episodes": UUID(key)}
    table = {
        "Condition": (Fracture.objects, "person"),
        "CarePlan": (Plan.objects, "episode__person"),
        "ServiceRequest": (Plan.objects, "episode__person"),
        "MedicationStatement": (Treatment.objects, "episode__person"),
        "Task": (Task.objects, "episode__person"),
        "DocumentReference": (Letter.objects, "person"),
    }
    rows, person = table[kind]
    return {"pk__in": rows.filter(service=service, pk=key).values(person)}


def resource_of(service: Service, kind: str, key: str) -> tuple[Json, Person]:
    """A resource, and whom it is about.

    Raises:
        Refusal: there is none.
    """
    person = person_behind(service, kind, key)
    (record,) = records_of([person], kind)
    for each in resources(record, kind):
        if each["id"] == key:
            return each, person
    raise not_found()


def search_page(service: Service, search: Search) -> Page:
    """A page of what a search finds, people in the order of their keys.

    Raises:
        Refusal: the cursor is none of ours, or numbers name more people than stand on the one page that they have.
    """
    page = Page()
    enough = time.monotonic() + SECONDS
    first, skip = _cursor(search.cursor)
    people = _candidates(service, search)
    if first is not None:
        people = people.filter(pk__gte=first)
    if search.identifiers is not None:
        people = people.filter(pk__in=_on_one_page(people, search))
    for looked_at, (person, found) in enumerate(_found(people, search), start=1):
        mine = found[skip:] if person.pk == first else found
        room = search.count - len(page.found)
        done = len(found) - len(mine)
        if mine and room <= 0:
            page.following = f"{person.pk.hex}.{done}"
            return page
        if mine:
            _take(page, person, mine[:room], search)
        if len(mine) > room:
            page.following = f"{person.pk.hex}.{done + room}"
            return page
        if looked_at >= LOOKED_AT or time.monotonic() > enough:
            after = people.filter(pk__gt=person.pk).first()
            page.following = f"{after.pk.hex}.0" if after else ""
            return page
    return page


def _on_one_page(people: QuerySet[Person], search: Search) -> list[UUID]:
    """Whom numbers name. A number of a hospital can be of several people, so these can be more than the numbers."""
    found = list(people.values_list("pk", flat=True)[: search.count + 1])
    if len(found) > search.count:
        raise too_many(f"These numbers name more than {search.count} people: send fewer.", "identifier")
    return found


def _take(page: Page, person: Person, found: list[Json], search: Search) -> None:
    page.found += found
    page.people.append(person)
    if search.include_patient:
        (record,) = records_of([person], "Patient")
        page.included.append(patient(record))


def _found(people: QuerySet[Person], search: Search) -> Iterator[tuple[Person, list[Json]]]:
    """Person by person what is found, gathered for several at once."""
    last: UUID | None = None
    while chunk := list(people.filter(pk__gt=last)[:AT_ONCE] if last else people[:AT_ONCE]):
        for person, record in zip(chunk, records_of(chunk, search.kind), strict=True):
            inside = changed_within(search, record.changed_at)
            yield (
                person,
                [each for each in resources(record, search.kind) if inside and matches(search, each)],
            )
        last = chunk[-1].pk


def _candidates(service: Service, search: Search) -> QuerySet[Person]:
    """Those among whom it may be; the rest is compared with the resources themselves."""
    people = _with_numbers(shared_people(service)).order_by("pk")
    if search.patients is not None:
        people = people.filter(pk__in=_keys(search.patients))
    if search.ids is not None:
        people = people.filter(pk__in=_behind(service, search))
    if search.identifiers is not None:
        people = people.filter(pk__in=_numbered(service, search.identifiers))
    since = _not_before(search)
    return people if since is None else people.filter(pk__in=changed_since(service, since))


def _not_before(search: Search) -> datetime | None:
    starts = [each.start for each in search.updated if each.prefix in ("ge", "gt", "eq")]
    return max(starts) if starts else None


def _behind(service: Service, search: Search) -> set[UUID]:
    """Whom the resources of these ids are about."""
    read = [_key(search.kind, each) for each in search.ids or ()]
    found = [shared_people(service).filter(**_of(service, search.kind, key)) for key in read if key]
    return {key for people in found for key in people.values_list("pk", flat=True)}


def _keys(written: frozenset[str]) -> list[UUID]:
    """The keys among them that can be a person's; any other names nobody."""
    return [UUID(each) for each in written if re.fullmatch(_UUID, each)]


def _numbered(service: Service, tokens: tuple[str, ...]) -> QuerySet[PersonIdentifier]:
    """The people with one of these numbers, in whichever system; which system it is, is compared afterwards."""
    values = [each.rpartition("|")[2] for each in tokens]
    rows = PersonIdentifier.objects.filter(service=service, valid=True, value__in=values)
    if all(each.startswith(f"{NHS_SYSTEM}|") for each in tokens):
        rows = rows.filter(system=NHS_NUMBER)
    return rows.values("person")


def _cursor(written: str) -> tuple[UUID | None, int]:
    if not written:
        return None, 0
    read = _CURSOR.fullmatch(written)
    if read is None:
        raise invalid("_cursor is what stands in the link to the next page.", "_cursor")
    return UUID(read[1]), int(read[2])
