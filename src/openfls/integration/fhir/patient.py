"""Patient: who somebody is, with the NHS number as present but not traced."""

from __future__ import annotations

import re

from openfls.integration.fhir.parts import (
    Json,
    absent_extension,
    coding,
    concept,
    day,
    finished,
    plain,
    without_empty,
)
from openfls.integration.fhir.systems import (
    NHS_NUMBER,
    NHS_NUMBER_STATUS,
    NHS_NUMBER_STATUS_CODES,
    OWN_NUMBER,
)
from openfls.integration.fhir.values import PersonRecord
from openfls.record.people import NHS_NUMBER as OUR_NHS_NUMBER
from openfls.record.people import Identifier

_ADDRESS = re.compile(r"(https?://|urn:)\S+")


def patient(person: PersonRecord) -> Json:
    """The person. Nothing says that somebody is alive: without a death on record ``deceased`` is left out."""
    told = person.demographics
    given = [part for part in plain(told.given_name).split() if part]
    name = without_empty({"use": "official", "family": plain(told.family_name), "given": given})
    lines = [plain(line) for line in told.address.splitlines() if plain(line)]
    resource: Json = {
        "resourceType": "Patient",
        "id": person.key,
        "identifier": [_identifier(number) for number in person.numbers],
        "name": [name if len(name) > 1 else absent_extension()],
        "telecom": [{"system": "phone", "value": plain(told.telephone)}] if plain(told.telephone) else None,
        "gender": told.sex.value,
        "birthDate": day(told.birth_date),
        "_birthDate": None if told.birth_date else absent_extension(),
        "address": [without_empty({"line": lines, "postalCode": plain(told.postcode)})]
        if lines or plain(told.postcode)
        else None,
        "generalPractitioner": [{"type": "Organization", "display": plain(told.general_practice)}]
        if plain(told.general_practice)
        else None,
        "managingOrganization": {"type": "Organization", "display": plain(person.service)},
    }
    if told.deceased_on:
        resource["deceasedDateTime"] = day(told.deceased_on)
    elif told.deceased:
        resource["deceasedBoolean"] = True
    return finished(resource, person.changed_at)


def _identifier(number: Identifier) -> Json:
    """A number with its system; the name that a hospital gives to its numbers becomes an address of ours."""
    if number.system != OUR_NHS_NUMBER:
        is_address = _ADDRESS.fullmatch(number.system)
        slug = re.sub(r"[^a-z0-9]+", "-", number.system.lower()).strip("-") or "unnamed"
        return {
            "system": number.system if is_address else f"{OWN_NUMBER}:{slug}",
            "value": plain(number.value),
        } | ({} if is_address else {"type": {"text": plain(number.system)}})
    # Its check digit holds; nobody here asks the national register.
    status = concept(
        "Number present but not traced",
        coding(NHS_NUMBER_STATUS_CODES, "02", "Number present but not traced"),
    )
    return {
        "extension": [{"url": NHS_NUMBER_STATUS, "valueCodeableConcept": status}],
        "system": NHS_NUMBER,
        "value": number.value,
    }
