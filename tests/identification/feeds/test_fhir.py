"""FHIR R4 as readings."""

from __future__ import annotations

import base64
import io
import json
import tarfile
import zipfile
from datetime import date

import pytest

from identification.feeds.fhir_made import JANE_ID, bundle, concept, condition, patient, report
from openfls.identification.feeds import read_bytes, read_feed
from openfls.identification.feeds.fhir import stream
from openfls.record.feeds import Bearing, Energy, Notice, Observation, Rejection, SourceKind
from openfls.record.findings import Certainty
from openfls.record.people import NHS_NUMBER, Identifier, Sex
from openfls.record.sites import Side, Site

BROKEN_WRIST = "Comminuted fracture of the left distal radius with dorsal angulation."


def readings(data, name="made.json"):
    return list(read_bytes(name, data))


def observations(*resources):
    return [each for each in readings(bundle(*resources)) if isinstance(each, Observation)]


def rejections(*resources):
    return [each for each in readings(bundle(*resources)) if isinstance(each, Rejection)]


def test_a_patient_and_a_condition():
    told = readings(bundle(patient(), condition()))
    notice, observation = told
    assert isinstance(notice, Notice)
    assert isinstance(observation, Observation)
    person = observation.person
    assert Identifier(NHS_NUMBER, "9990000018") in person.identifiers
    assert not any(each.value == "999-11-2222" for each in person.identifiers)
    assert (person.family_name, person.sex, person.birth_date) == ("Smith", Sex.FEMALE, date(1950, 5, 5))
    assert (observation.on, observation.findings[0].site) == (date(2024, 3, 1), Site.WRIST)
    assert observation.code == "snomed|263102004"


def test_a_patient_may_come_after():
    assert observations(condition(), patient())[0].person.birth_date == date(1950, 5, 5)


def test_the_same_resource_again_is_the_same_record():
    first, second = (observations(patient(), condition())[0].source for _ in range(2))
    assert (first.feed, first.record) == (second.feed, second.record)


def test_other_resources_are_counted_by_type():
    told = readings(bundle(patient(), *({"resourceType": "Immunization", "id": str(n)} for n in range(3))))
    counted = [each for each in told if isinstance(each, Notice) and each.about == "other"]
    assert [(each.detail, each.count) for each in counted] == [("Immunization", 3)]


def test_an_encounter_and_a_procedure_tell_of_the_conditions_day():
    told = observations(
        patient(),
        condition(id="c1"),
        {
            "resourceType": "Encounter",
            "id": "e1",
            "class": {"code": "EMER"},
            "subject": {"reference": f"urn:uuid:{JANE_ID}"},
            "period": {"start": "2024-03-01T09:00:00Z"},
            "reasonCode": [concept("263102004")],
        },
        {
            "resourceType": "Procedure",
            "id": "p1",
            "status": "completed",
            "subject": {"reference": f"urn:uuid:{JANE_ID}"},
            "performedPeriod": {"start": "2024-09-30T09:00:00Z"},
            "code": concept("1234567", display="Physiotherapy after fracture"),
            "reasonReference": [{"reference": "urn:uuid:c1"}],
        },
    )
    assert [each.source.kind for each in told] == [
        SourceKind.DIAGNOSIS,
        SourceKind.EMERGENCY,
        SourceKind.THEATRE,
    ]
    assert {each.on for each in told} == {date(2024, 3, 1)}


@pytest.mark.parametrize(
    ("more", "on"),
    [
        ({"onsetDateTime": None, "onsetPeriod": {"start": "2024-02-02"}}, date(2024, 2, 2)),
        ({"onsetDateTime": "2024", "recordedDate": "2024-04-04"}, date(2024, 4, 4)),
        ({"onsetDateTime": "2024-13-45", "recordedDate": None}, None),
    ],
)
def test_the_day_of_a_condition(more, on):
    assert observations(patient(), condition(**more))[0].on == on


def test_energy_of_the_same_encounter():
    encounter = {"reference": "urn:uuid:e1"}
    told = observations(
        patient(),
        condition("S52.5", "http://hl7.org/fhir/sid/icd-10", encounter=encounter),
        condition("W11", "http://hl7.org/fhir/sid/icd-10", encounter=encounter),
    )
    assert [each.energy for each in told] == [Energy.HIGH]


@pytest.mark.parametrize("status", ["refuted", "entered-in-error"])
def test_a_withdrawn_diagnosis_is_rejected(status):
    assert status in rejections(patient(), condition(verificationStatus=concept(status)))[0].reason


def test_a_provisional_diagnosis_is_possible():
    told = observations(patient(), condition(verificationStatus=concept("provisional")))
    assert told[0].findings[0].certainty is Certainty.POSSIBLE


def test_the_side_stands_in_the_words():
    assert (
        observations(patient(), condition(bodySite=[{"text": "Left wrist"}]))[0].findings[0].side is Side.LEFT
    )


def test_hand_fractures_are_named_and_left_out():
    assert "outside a fracture liaison service" in rejections(patient(), condition("61653009"))[0].reason


def test_a_fracture_code_that_no_list_has_goes_to_review():
    told = observations(
        patient(), condition("99999999", display="Closed fracture of neck of femur (disorder)")
    )
    assert told[0].bearing is Bearing.REVIEW
    assert told[0].findings[0].site is Site.HIP
    assert "not in the code lists" in told[0].remark


def test_a_report_is_read_from_its_attachment():
    told = observations(patient(), report(BROKEN_WRIST))
    assert told[0].text == BROKEN_WRIST
    assert (told[0].findings[0].site, told[0].findings[0].side) == (Site.WRIST, Side.LEFT)
    assert told[0].source.kind is SourceKind.RADIOLOGY


@pytest.mark.parametrize(
    "more",
    [
        {"presentedForm": [], "conclusion": BROKEN_WRIST},
        {"presentedForm": [], "text": {"div": f"<div><p>Report</p><p>{BROKEN_WRIST}</p></div>"}},
        {"presentedForm": [{"contentType": "text/html", "data": base64.b64encode(
            f"<p>{BROKEN_WRIST}</p>".encode()).decode()}]},
        {"category": []},
        {"category": [{"text": "Radiology"}]},
        {"presentedForm": [], "conclusionCode": [concept("263199001")]},
    ],
)  # fmt: skip
def test_where_a_report_may_stand(more):
    assert observations(patient(), report(BROKEN_WRIST, **more))[0].findings[0].site is Site.WRIST


def test_a_report_without_a_fracture_is_named():
    assert rejections(patient(), report("No fracture."))[0].reason == "no fracture in the report"


def test_a_picture_of_a_report_is_named():
    pdf = [{"contentType": "application/pdf", "data": "JVBERi0="}]
    assert "application/pdf" in rejections(patient(), report("", presentedForm=pdf))[0].reason


def test_a_laboratory_report_is_only_counted():
    lab = report("A fracture of the glass", category=[{"coding": [{"code": "LAB"}]}])
    assert not observations(patient(), lab)
    assert not rejections(patient(), lab)


def test_a_fracture_of_nobody_is_rejected_by_name():
    reason = rejections(condition(subject=None))[0].reason
    assert reason.startswith("no person named")
    assert "wrist" in reason


def test_a_person_outside_the_delivery_keeps_its_reference():
    told = observations(
        condition(subject={"reference": "Patient/77", "identifier": {"system": "pas", "value": "A1"}})
    )
    assert [each.value for each in told[0].person.identifiers] == ["77", "A1"]


def test_lines_of_resources():
    lines = b"\n".join(json.dumps(each).encode() for each in (condition(), patient())) + b"\n{broken\n"
    kinds = [type(each) for each in readings(lines, "Condition.ndjson")]
    assert sorted(kind.__name__ for kind in kinds) == ["Notice", "Observation", "Rejection"]


def test_the_files_of_an_export_belong_together(tmp_path):
    export = tmp_path / "export-2024-03-01"
    export.mkdir()
    (export / "Patient.ndjson").write_bytes(json.dumps(patient(id="7")).encode())
    (export / "Condition.ndjson").write_bytes(
        json.dumps(condition(subject={"reference": "Patient/7"})).encode()
    )
    apart = [each for name in ("Patient", "Condition") for each in read_feed(export / f"{name}.ndjson")]
    for told in (list(read_feed(export)), apart):
        numbers = [set(each.person.identifiers) for each in told]
        assert len(numbers) == 2
        assert numbers[0] & numbers[1]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Open reduction and internal fixation of fracture of left ankle", 1),
        ("Physiotherapy after fracture", 0),
    ],
)
def test_an_operation_is_read_from_its_words_and_aftercare_is_not(words, found):
    procedure = {
        "resourceType": "Procedure",
        "id": "p1",
        "status": "completed",
        "subject": {"reference": f"urn:uuid:{JANE_ID}"},
        "performedDateTime": "2024-03-01",
        "code": concept("1234567", display=words),
    }
    told = observations(patient(), procedure)
    assert len(told) == found
    assert all(each.bearing is Bearing.REVIEW for each in told)


def test_an_encounter_for_two_fractures():
    encounter = {
        "resourceType": "Encounter",
        "id": "e1",
        "subject": {"reference": f"urn:uuid:{JANE_ID}"},
        "period": {"start": "2024-03-01"},
        "reasonCode": [concept("359817006"), concept("444814009"), concept("263102004")],
    }
    told = observations(patient(), encounter)
    assert [each.findings[0].site for each in told] == [Site.HIP, Site.WRIST]
    assert len({each.source.record for each in told}) == 2


def test_a_large_bundle_is_read_entry_by_entry(monkeypatch):
    monkeypatch.setattr(stream, "WHOLE", 1000)
    monkeypatch.setattr(stream, "CHUNK", 100)
    told = json.dumps(
        json.loads(bundle(patient(), *(condition(on=f"20{n}-03-01") for n in range(10, 30)))), indent=1
    )
    found = [each for each in readings(told.encode()) if isinstance(each, Observation)]
    assert len(found) == 20
    cut = readings(told.encode()[:-2000])
    assert isinstance(cut[-1], Rejection)
    assert "cut off" in cut[-1].reason


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"{", "not readable as JSON"),
        (b"[]", "no FHIR resource"),
        (b'{"resourceType": "Bundle"}', "without entries"),
        (b"", "empty"),
        (b"<Patient/>", "XML"),
        (b"PK\x03\x04", "binary"),
    ],
)
def test_what_is_no_fhir_is_one_rejection_of_the_file(data, reason):
    told = readings(data)
    assert len(told) == 1
    assert reason in told[0].reason
    assert told[0].source.record == ""


def _tar(path, mode, files):
    with tarfile.open(path, mode) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))


@pytest.mark.parametrize("ending", ["tar", "tar.gz", "tar.xz", "zip", "folder"])
def test_archives_and_folders(tmp_path, ending):
    files = {"a/one.json": bundle(patient(), condition()), "a/two.txt": b"hello", "a/.hidden": b"x"}
    path = tmp_path / f"feed.{ending}"
    if ending == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in files.items():
                archive.writestr(name, data)
    elif ending == "folder":
        (path / "a").mkdir(parents=True)
        for name, data in files.items():
            (path / name).write_bytes(data)
    else:
        _tar(path, {"tar": "w", "tar.gz": "w:gz", "tar.xz": "w:xz"}[ending], files)
    told = list(read_feed(path))
    assert [type(each).__name__ for each in told] == ["Notice", "Observation", "Rejection"]


def test_a_cut_off_archive_ends_in_a_rejection(tmp_path):
    path = tmp_path / "feed.tar.gz"
    _tar(path, "w:gz", {f"{n}.json": bundle(patient(), condition()) for n in range(50)})
    path.write_bytes(path.read_bytes()[:400])
    told = list(read_feed(path))
    assert isinstance(told[-1], Rejection)
