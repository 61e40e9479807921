"""Rows that wait for a person, and files that wait to be loaded, made through the doors of the app."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from unittest import mock

import world
from openfls.record.feeds import Notice, Observation, Source, SourceKind
from openfls.record.people import Demographics, Identifier
from openfls.record.sites import Side, Site
from openfls.service import codelists
from openfls.service.actor import Actor
from openfls.service.feeds import correcting, long_loading, merging, sources, uploads
from openfls.service.feeds.deciding import this_person
from openfls.service.models import (
    CodeList,
    Episode,
    FeedRow,
    FeedSource,
    Loading,
    MergedPerson,
    Person,
    PersonCorrection,
    RowDecision,
    Service,
    UploadedFile,
)

HOSPITAL = "BGH"
CSV = (
    b"PAS Ref,Family,Given,Born,When,ICD\n"
    b"H100,Archer,Ada,01/03/1950,20/05/2026,S52.5\n"
    b"H101,Baker,Ben,02/04/1948,21/05/2026,S72.0\n"
    b"H102,Cooper,Cat,not a day,21/05/2026,S42.2\n"
)
COLUMNS = {
    "hospital_number": "PAS Ref",
    "family_name": "Family",
    "given_name": "Given",
    "birth_date": "Born",
    "on": "When",
    "code": "ICD",
}
LIST = b"# id: trust\n# date: 2026-05-01\nsystem,code,title,site,class\nicd10,T14.2,A broken limb,other,include\n"


def stranger_to(person: Demographics, **columns: object) -> Demographics:
    """Somebody with the same numbers, another name and another birth date."""
    return replace(person, **{"family_name": "Stranger", "birth_date": date(1939, 9, 9), **columns})


def doubtful(by: Actor, *, known: Demographics | None = None, **columns: object) -> FeedRow:
    """A row whose number belongs to a person with another name and birth date."""
    known = known or columns.pop("person", None) or world.demographics()
    first = world.report(known, **columns)
    world.deliver(by.service, first)
    record = f"doubt of {first.source.record}"
    world.deliver(by.service, world.report(stranger_to(known), site=Site.HIP, side=Side.RIGHT, record=record))
    return FeedRow.objects.get(service=by.service, record=record)


def owner_of(row: FeedRow) -> Person:
    """The person whose number a doubtful row carries."""
    number = row.waiting["person"]["identifiers"][0]["value"]
    return Person.objects.get(service=row.service, identifiers__value=number, identifiers__valid=True)


def hospital_number(value: str) -> Identifier:
    """A number of the hospital."""
    return Identifier(HOSPITAL, value)


def merge_message(by: Actor, kept: Demographics, gone: Demographics, record: str = "A40 1") -> FeedRow:
    """A message that says that two people are one."""
    notice = Notice(
        Source("adt.hl7", record, SourceKind.ENCOUNTER, "line 1"), kept, "merge", "ADT^A40", other=gone
    )
    world.deliver(by.service, notice)
    return FeedRow.objects.get(service=by.service, record=record)


def two_people(by: Actor, **other: object) -> tuple[Demographics, Demographics]:
    """Two found people whose records may be of one."""
    kept = world.demographics(identifiers=(hospital_number(f"K{world.nhs_number()}"),))
    gone = world.demographics(identifiers=(hospital_number(f"G{world.nhs_number()}"),), **other)
    return kept, gone


def put_together(by: Actor, *, person: Demographics | None = None, **columns: object) -> MergedPerson:
    """Two people whose records were put together, the second into the first."""
    kept, gone = two_people(by, family_name="Gone")
    kept = person or kept
    world.deliver(
        by.service, world.report(kept, **columns), world.report(gone, site=Site.HIP, side=Side.RIGHT)
    )
    into, other = person_of(by.service, kept), person_of(by.service, gone)
    merging.same_person(keep=into, gone=other, words="Looked alike", by=by)
    return MergedPerson.objects.select_related("into").get(pk=other.pk)


def person_of(service: Service, told: Demographics) -> Person:
    """The person with the first of these numbers."""
    return Person.objects.get(service=service, identifiers__value=told.identifiers[0].value)


def left_out(by: Actor, **columns: object) -> FeedRow:
    """A row that the rules leave out: a broken finger."""
    observation: Observation = world.report(**{**columns, "site": Site.HAND})  # type: ignore[arg-type]
    world.deliver(by.service, observation)
    return FeedRow.objects.get(service=by.service, record=observation.source.record)


def decision(by: Actor, **columns: object) -> RowDecision:
    """A doubtful row that was given to its owner."""
    row = doubtful(by, **columns)
    return this_person(row=row, person=owner_of(row), by=by)


def upload(by: Actor, data: bytes = CSV, name: str = "ed_2026-06-01.csv") -> UploadedFile:
    """A file that its user has sent."""
    return uploads.keep(name=name, data=data, by=by)


def loading(by: Actor, *, name: str = "ed_2026-06-01.csv") -> Loading:
    """A file that waits to be loaded by a thread, with a mapping that reads it."""
    sent = uploads.choose(upload=upload(by, name=name), columns=COLUMNS, source_name="ed", by=by)
    return long_loading.begin(upload=sent, by=by)


def stopped(by: Actor) -> Loading:
    """A file of which one row is taken in; then somebody stopped it."""
    begun = loading(by)
    long_loading.stop(loading=begun, by=by)
    with mock.patch.object(long_loading, "FIRST", 1):
        return long_loading.work_on(begun.pk)


def source(by: Actor, name: str = "ed", file_name: str = "ed_2026-06-01.csv") -> FeedSource:
    """A source with a mapping of its own."""
    return sources.save_source(name=name, file_name=file_name, columns=COLUMNS, by=by)


def code_list(by: Actor, data: bytes = LIST, title: str = "Ours") -> CodeList:
    """A list of the service's own, not yet in use."""
    return codelists.add_list(title=title, data=data, file_name="codes.csv", by=by)


def contradicted(by: Actor, *, person: Demographics | None = None, **columns: object) -> PersonCorrection:
    """A telephone number that was set right, and that a later record tells otherwise."""
    known = person or world.demographics()
    world.deliver(by.service, world.report(known, **columns))
    row = person_of(by.service, known)
    right = replace(correcting.corrected_of(row), telephone="01632 960999")
    correcting.correct_person(person=row, corrected=right, reason="She told us", by=by)
    notice = Notice(
        Source("adt.hl7", f"A08 {row.pk}", SourceKind.ENCOUNTER, "line 1"),
        replace(known, telephone="01632 960777"),
    )
    world.deliver(by.service, notice)
    return PersonCorrection.objects.get(person=row, told__isnull=False)


def states(service: Service) -> list[tuple[str, str]]:
    """Family name and state of every episode."""
    rows = Episode.objects.filter(service=service).values_list("person__family_name", "state")
    return sorted((str(name), str(state)) for name, state in rows)
