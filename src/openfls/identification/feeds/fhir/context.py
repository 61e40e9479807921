"""What the resources of one delivery say of each other: patients, conditions and encounters by reference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from openfls.identification.feeds.evidence import Coding, energy_among
from openfls.identification.feeds.fhir.patient import UUID, demographics, identifiers, patient_identifier
from openfls.identification.feeds.fhir.shape import Json, obj, objs, text
from openfls.identification.feeds.options import FeedOptions
from openfls.record.feeds import Energy, Source, SourceKind
from openfls.record.people import Demographics

_INDEXED = ("Patient", "Condition", "Encounter")


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource, the address it was delivered under, and where a human finds it."""

    resource: Json
    full_url: str
    position: str


@dataclass
class Context:
    """The resources that others refer to. It is empty where a delivery is too large to be held at once."""

    options: FeedOptions
    server: str
    by_reference: Mapping[str, Json] = field(default_factory=dict)
    energies: Mapping[str, Energy] = field(default_factory=dict)
    _people: dict[str, Demographics] = field(default_factory=dict)

    def resolve(self, reference: object) -> Json:
        """The resource that a Reference points to; empty where it was not delivered with it."""
        return self.by_reference.get(text(obj(reference).get("reference")), {})

    def person(self, reference: object) -> Demographics:
        """The person a ``subject`` means: in full where the Patient came along, else by its id and
        numbers."""
        address = text(obj(reference).get("reference"))
        if address in self._people:
            return self._people[address]
        patient = self.resolve(reference)
        if patient.get("resourceType") == "Patient":
            return self._people.setdefault(address, demographics(patient, self.server))
        known = identifiers(obj(reference).get("identifier"))
        resource_id = _id_in(address)
        if resource_id:
            known.insert(0, patient_identifier(resource_id, self.server))
        return Demographics(identifiers=tuple(known))

    def source(self, entry: Entry, kind: SourceKind) -> Source:
        """The record's key: type and id, which hold everywhere where the id is a UUID, else on its server."""
        resource = entry.resource
        resource_id = text(resource.get("id")) or _id_in(entry.full_url)
        everywhere = UUID.fullmatch(resource_id) is not None
        return Source(
            feed="fhir" if everywhere else f"fhir {self.server}",
            record=f"{text(resource.get('resourceType'))}/{resource_id or entry.position}",
            kind=kind,
            position=entry.position,
            version=text(obj(resource.get("meta")).get("lastUpdated")),
        )


def context_of(entries: Iterable[Entry], options: FeedOptions, server: str) -> Context:
    """The context of a bundle that is held whole."""
    by_reference: dict[str, Json] = {}
    causes: dict[str, list[Coding]] = {}
    for entry in entries:
        resource = entry.resource
        kind = text(resource.get("resourceType"))
        if kind not in _INDEXED:
            continue
        resource_id = text(resource.get("id"))
        for reference in (entry.full_url, f"{kind}/{resource_id}", f"urn:uuid:{resource_id}"):
            if reference:
                by_reference.setdefault(reference, resource)
        if kind == "Condition":
            encounter = text(obj(resource.get("encounter")).get("reference"))
            if encounter:
                causes.setdefault(encounter, []).extend(codings(resource.get("code")))
    energies = {reference: energy_among(found, options.lists) for reference, found in causes.items()}
    return Context(options, server, by_reference, energies)


def codings(concept: object) -> list[Coding]:
    """The codings of one CodeableConcept."""
    return [
        Coding(text(each.get("system")), text(each.get("code")), text(each.get("display")))
        for each in objs(obj(concept).get("coding"))
    ]


def _id_in(reference: str) -> str:
    for prefix in ("urn:uuid:", "urn:oid:"):
        if reference.startswith(prefix):
            return reference.removeprefix(prefix)
    parts = reference.split("/_history/", maxsplit=1)[0].rstrip("/").split("/")
    return parts[-1] if len(parts) >= 2 else ""
