"""What its sender took back or corrected no longer stands behind a fracture: real messages, through the readers."""

from __future__ import annotations

import json
from typing import Any

import pytest

import world
from openfls.record.pathway import State
from openfls.record.reasons import TaskKind
from openfls.service.actions import finding
from openfls.service.actor import Actor, system_actor
from openfls.service.feeds.loading import load_bytes
from openfls.service.models import Episode, Person, Service, SourceRecord, Task
from service import invariants

PID = "PID|1||9990000018^^^NHS^NH||SMITH^JANE||19500505|F"
OTHER = "PID|1||9990000026^^^NHS^NH||BROWN^MARY||19400101|F"
BROKEN = "Comminuted fracture of the left distal radius."
WHOLE = "No fracture seen."


def oru(words: str, sent: str = "20260301120000", pid: str = PID, status: str = "F") -> bytes:
    """A radiology report as HL7, always with the same accession number."""
    segments = [
        f"MSH|^~\\&|RIS|RXX|FLS|RXX|{sent}||ORU^R01|M{sent}|P|2.4",
        pid,
        "OBR|1||F77|XRWRI^XR Wrist left^L|||202603011100|||||||||||||||||RAD|F",
        f"OBX|1|TX|R^Report||{words}||||||{status}",
    ]
    return ("\r".join(segments) + "\r").encode()


def condition(status: str, updated: str, code: str = "263102004") -> bytes:
    """A diagnosis as a FHIR bundle with its patient."""
    patient: dict[str, Any] = {
        "resourceType": "Patient",
        "id": "p1",
        "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}],
        "name": [{"family": "Smith", "given": ["Jane"]}],
        "gender": "female",
        "birthDate": "1950-05-05",
    }
    told = {
        "resourceType": "Condition",
        "id": "c1",
        "meta": {"lastUpdated": updated},
        "verificationStatus": {"coding": [{"code": status}]},
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": code}]},
        "subject": {"reference": "Patient/p1"},
        "onsetDateTime": "2026-03-01",
    }
    entries = [{"fullUrl": f"Patient/{each['id']}", "resource": each} for each in (patient, told)]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def send(service: Service, *contents: bytes) -> None:
    for content in contents:
        name = "made.json" if content.startswith(b"{") else "made.hl7"
        load_bytes(name, content, by=system_actor(service))


def state() -> str:
    return Episode.objects.get().state


@pytest.mark.parametrize(
    ("told", "taken_back"),
    [
        (oru(BROKEN), oru(WHOLE, "20260302120000")),
        (oru(BROKEN), oru("", "20260302120000", status="W")),
        (
            condition("confirmed", "2026-03-01T12:00:00Z"),
            condition("entered-in-error", "2026-03-02T12:00:00Z"),
        ),
        (
            condition("confirmed", "2026-03-01T12:00:00Z"),
            condition("confirmed", "2026-03-02T12:00:00Z", code="38341003"),
        ),
    ],
    ids=["corrected report", "report sent in error", "diagnosis entered in error", "diagnosis coded anew"],
)
def test_what_its_sender_took_back_is_off_the_list(told: bytes, taken_back: bytes, service: Service) -> None:
    send(service, told)
    assert state() == State.FOUND
    send(service, taken_back)
    assert state() == State.NOT_FOR_US
    assert SourceRecord.objects.get().superseded
    last = Episode.objects.get().statuses.last()
    assert last.reason == "The record that told of it was withdrawn or corrected by its sender"


@pytest.mark.parametrize(
    ("words", "marked"),
    [(WHOLE, True), (f"{BROKEN} Reported by another.", False), (BROKEN.replace("left", "right"), True)],
)
def test_under_care_a_changed_record_is_marked_and_closes_nothing(
    words: str, marked: bool, service: Service, nurse: Actor
) -> None:
    send(service, oru(BROKEN))
    episode = finding.confirm(episode=Episode.objects.get(), by=nurse)
    send(service, oru(words, "20260302120000"))
    assert state() == State.TO_ASSESS
    tasks = list(Task.objects.values_list("kind", "due"))
    assert tasks == ([(TaskKind.EVIDENCE_CHANGED, world.TODAY)] if marked else [])
    invariants.check(episode.pk)


def test_every_kind_of_task_has_words_for_the_page() -> None:
    assert all(Task(kind=kind).words for kind in TaskKind)
    assert Task(kind=TaskKind.CALL_AGAIN).words == "call again"


def test_taken_back_before_it_was_told_it_is_on_no_list(service: Service) -> None:
    send(service, oru(WHOLE, "20260302120000"), oru(BROKEN))
    assert not Episode.objects.filter(state=State.FOUND).exists()
    assert SourceRecord.objects.get().superseded


def test_told_and_taken_back_in_one_file(service: Service) -> None:
    send(service, oru(BROKEN) + oru(WHOLE, "20260302120000"))
    assert not Episode.objects.filter(state=State.FOUND).exists()


def test_an_older_version_takes_nothing_back(service: Service) -> None:
    send(service, oru(BROKEN, "20260302120000"), oru(WHOLE, "20260301120000"))
    assert state() == State.FOUND


def test_what_is_told_once_more_after_it_was_taken_back_counts_again(service: Service) -> None:
    send(service, oru(BROKEN), oru(WHOLE, "20260302120000"), oru(BROKEN, "20260303120000"))
    assert Episode.objects.filter(state=State.FOUND).count() == 1
    assert not SourceRecord.objects.get().superseded


def test_a_version_that_cannot_be_read_takes_nothing_back(service: Service) -> None:
    unread = oru(BROKEN, "20260302120000").replace(
        f"OBX|1|TX|R^Report||{BROKEN}".encode(), b"OBX|1|ED|R^Report||^application^pdf^Base64^JVBERg=="
    )
    send(service, oru(BROKEN), unread)
    assert state() == State.FOUND


def test_a_report_issued_again_for_the_right_patient_takes_the_wrong_one_off(service: Service) -> None:
    send(service, oru(BROKEN), oru(BROKEN, "20260302120000", pid=OTHER))
    wrong, right = (Person.objects.get(family_name__iexact=name) for name in ("Smith", "Brown"))
    assert wrong.episodes.get().state == State.NOT_FOR_US
    assert right.episodes.get().state == State.FOUND


def test_a_diagnosis_coded_anew_marks_what_is_under_care_and_an_older_version_does_not(
    service: Service, nurse: Actor
) -> None:
    send(service, condition("confirmed", "2026-03-02T12:00:00Z"))
    episode = finding.confirm(episode=Episode.objects.get(), by=nurse)
    send(service, condition("confirmed", "2026-03-01T12:00:00Z", code="38341003"))
    changed = Task.objects.filter(episode=episode, kind=TaskKind.EVIDENCE_CHANGED)
    assert not changed.exists(), "an older version says nothing new"
    send(service, condition("confirmed", "2026-03-03T12:00:00Z", code="38341003"))
    assert changed.exists()
    assert state() == State.TO_ASSESS
    invariants.check(episode.pk)
