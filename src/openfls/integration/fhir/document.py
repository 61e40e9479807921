"""Letters: DocumentReference, and the letter as a FHIR document: a Composition with its sections, and the PDF."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterable
from html import escape

from openfls.integration.fhir.parts import (
    Json,
    coding,
    concept,
    finished,
    instant,
    plain,
    reference,
    without_empty,
)
from openfls.integration.fhir.patient import patient
from openfls.integration.fhir.systems import OWN_LETTER, UUIDS
from openfls.integration.fhir.values import ApprovedLetter, PersonRecord, Section

FHIR_JSON = "application/fhir+json"
PDF = "application/pdf"


def document_reference(letter: ApprovedLetter, person: PersonRecord) -> Json:
    """A locked letter: where its PDF is, and where it is as a FHIR document."""
    approved = instant(letter.approved_at)
    related = [{"code": "replaces", "target": reference("DocumentReference", letter.replaces)}]
    return finished(
        {
            "resourceType": "DocumentReference",
            "id": letter.key,
            "status": "superseded" if letter.replaced else "current",
            "docStatus": "final",
            "type": _type(letter),
            "subject": reference("Patient", person.key),
            "date": approved,
            "author": [{"display": plain(letter.approved_by)}] if plain(letter.approved_by) else None,
            "custodian": {"type": "Organization", "display": plain(person.service)},
            "relatesTo": related if letter.replaces else None,
            "description": plain(letter.subject),
            "content": [
                {"attachment": _attachment(PDF, f"Binary/{letter.key}", letter, approved)},
                {"attachment": _attachment(FHIR_JSON, f"Bundle/{letter.key}", letter, approved)},
            ],
        },
        person.changed_at,
    )


def _type(letter: ApprovedLetter) -> Json:
    return concept(letter.label, coding(OWN_LETTER, letter.kind, letter.label))


def _attachment(kind: str, url: str, letter: ApprovedLetter, approved: str) -> Json:
    return {
        "contentType": kind,
        "language": "en-GB",
        "url": url,
        "title": plain(letter.subject) or letter.label,
        "creation": approved,
    }


def binary(letter: ApprovedLetter, pdf: bytes) -> Json:
    """The PDF as a resource, for those who ask for one."""
    return {
        "resourceType": "Binary",
        "id": letter.key,
        "contentType": PDF,
        "data": base64.b64encode(pdf).decode("ascii"),
    }


def document(letter: ApprovedLetter, person: PersonRecord, pdf: bytes) -> Json:
    """The letter as one bundle that needs nothing else: who wrote it, about whom, its words, and how it was printed.

    The same letter always makes the same bundle, for as long as the record of the person stays the same.
    """
    names = ("Composition", "Patient", "Practitioner", "Organization", "Binary")
    urls = {name: f"urn:uuid:{uuid.uuid5(uuid.UUID(letter.key), name)}" for name in names}
    resources = {
        "Composition": _composition(letter, person, urls),
        "Patient": patient(person),
        "Practitioner": _named("Practitioner", letter, letter.approved_by, person),
        "Organization": _named("Organization", letter, person.service, person),
        "Binary": binary(letter, pdf),
    }
    return finished(
        {
            "resourceType": "Bundle",
            "id": letter.key,
            "identifier": {"system": UUIDS, "value": f"urn:uuid:{letter.key}"},
            "type": "document",
            "timestamp": instant(letter.approved_at),
            "entry": [{"fullUrl": urls[name], "resource": resources[name]} for name in names],
        },
        letter.approved_at,
    )


def _named(kind: str, letter: ApprovedLetter, name: str, person: PersonRecord) -> Json:
    """The signer or the service, known here by name alone."""
    key = str(uuid.uuid5(uuid.UUID(letter.key), kind))
    words = plain(name) or "Name not known"
    named: object = [{"text": words}] if kind == "Practitioner" else words
    return finished({"resourceType": kind, "id": key, "name": named}, person.changed_at)


def _composition(letter: ApprovedLetter, person: PersonRecord, urls: dict[str, str]) -> Json:
    printed = {
        "title": "The letter as it was printed",
        "entry": [{"reference": urls["Binary"]}],
    }
    return finished(
        {
            "resourceType": "Composition",
            "id": letter.key,
            "identifier": {"system": UUIDS, "value": f"urn:uuid:{letter.key}"},
            "status": "final",
            "type": _type(letter),
            "subject": {"reference": urls["Patient"]},
            "date": instant(letter.approved_at),
            "author": [{"reference": urls["Practitioner"]}],
            "title": plain(letter.subject) or letter.label,
            "custodian": {"reference": urls["Organization"]},
            "relatesTo": [
                {
                    "code": "replaces",
                    "targetIdentifier": {"system": UUIDS, "value": f"urn:uuid:{letter.replaces}"},
                }
            ]
            if letter.replaces
            else None,
            "section": [*(_section(each) for each in letter.sections), printed],
        },
        letter.approved_at,
    )


def _section(section: Section) -> Json:
    body = "".join(_block(kind, parts) for kind, parts in section.blocks)
    div = f'<div xmlns="http://www.w3.org/1999/xhtml">{body or "<p>See the letter as it was printed.</p>"}</div>'
    return without_empty({"title": plain(section.title), "text": {"status": "additional", "div": div}})


def _block(kind: str, parts: Iterable[object]) -> str:
    if kind == "list":
        return "<ul>" + "".join(f"<li>{_text(part)}</li>" for part in parts) + "</ul>"
    if kind == "table":
        rows = "".join(
            f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in _cells(row))}</tr>" for row in parts
        )
        return f"<table><tbody>{rows}</tbody></table>"
    return "".join(f"<p>{_text(part)}</p>" for part in parts)


def _cells(row: object) -> tuple[object, ...]:
    return row if isinstance(row, tuple) else (row,)


def _text(part: object) -> str:
    return escape(plain(str(part))).replace("\n", "<br/>")
