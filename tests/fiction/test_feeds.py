"""The deliveries: well formed where they should be, broken where it says so, and complete."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from datetime import date
from importlib import import_module

import hl7
import pytest

from openfls.fiction.feeds.csv_extract import HEADER
from openfls.fiction.feeds.laboratory import BLOODS, SCANS
from openfls.fiction.people import HOSPITAL
from openfls.fiction.values import Story, Teller
from openfls.record.feeds import Observation

PATIENT = 3


def of(files, name):
    return [file for file in files if file.name.startswith(name)]


def messages(file):
    """The messages of an HL7 file, each as its segments; batch segments left out."""
    lines = [line for line in file.content.decode("utf-8").split("\r") if line]
    found = []
    for line in lines:
        if line.startswith("MSH"):
            found.append([])
        if line[:3] not in ("FHS", "BHS", "BTS", "FTS"):
            found[-1].append(line)
    return found


def test_names_are_unique_and_nothing_comes_after_the_end(year, files):
    assert len({file.name for file in files}) == len(files)
    assert [file.delivered_on for file in files] == sorted(file.delivered_on for file in files)
    assert all(year.start < file.delivered_on <= year.end for file in files)
    assert {file.source for file in files} == {
        "Emergency department extract", "Radiology reports", "Ward movements", "Theatre system",
        "Laboratory results", "Bone density scans",
    }  # fmt: skip


def test_no_record_is_younger_than_its_delivery(files):
    for file in of(files, "ed-extract"):
        for row in csv.DictReader(io.StringIO(file.content.decode())):
            day, month, year = map(int, row["Arrival Date"].split("/"))
            assert date(year, month, day) <= file.delivered_on
    for file in [*of(files, "radiology"), *of(files, "ward")]:
        assert all(
            segments[0].split("|")[6][:8] <= f"{file.delivered_on:%Y%m%d}" for segments in messages(file)
        )


def test_every_fault_is_planted_once_at_least(files):
    words = " ".join(fault for file in files for fault in file.planted)
    for fault in ("twice", "no such date", "ends after", "local code", "no person", "breaks off", "subject"):
        assert fault in words


def test_the_extract_tells_of_every_emergency_event_exactly_once_but_for_the_planted(year, files):
    rows = [
        row
        for file in of(files, "ed-extract")
        for row in csv.reader(io.StringIO(file.content.decode("utf-8")))
        if tuple(row) != HEADER
    ]
    told = Counter(row[0] for row in rows)
    wanted = {
        f"ED{event.key[1:]}-{number}"
        for event in year.events
        if Teller.EMERGENCY in event.told_by
        for number in range(1, max(len(event.bones), 1) + 1)
    }
    planted = {key for key in told if key.endswith(("-X", "-Y", "TORN"))}
    assert set(told) - planted == wanted
    twice = {key for key, count in told.items() if count > 1} - planted
    assert twice == {
        fault.split()[0] for file in of(files, "ed-extract") for fault in file.planted if "twice" in fault
    }
    assert {len(row) for row in rows} == {len(HEADER), 4}


def test_hl7_files_hold_carriage_returns_only_and_parse(files):
    for file in [*of(files, "radiology"), *of(files, "ward")]:
        assert b"\n" not in file.content
        for segments in messages(file):
            parsed = hl7.parse("\r".join(segments) + "\r")
            assert str(parsed.segment("MSH")[9]) in ("ORU^R01", "ADT^A01", "ADT^A03", "ADT^A08")


def test_every_report_is_sent_with_its_text_whole(year, files):
    sent = {}
    for file in of(files, "radiology"):
        for segments in messages(file):
            parts = [segment.split("|")[5] for segment in segments if segment.startswith("OBX")]
            sent[segments[0].split("|")[9]] = "\n".join(parts).replace("\\.br\\", "\n")
    for report in year.reports:
        escaped = report.text.replace("&", "\\T\\")
        assert sent[report.key] == escaped
    assert {key for key in sent if key.endswith("X")}


def test_both_ways_of_sending_a_text_are_used(files):
    kinds = {
        segment.split("|")[2]
        for file in of(files, "radiology")
        for segments in messages(file)
        for segment in segments
        if segment.startswith("OBX")
    }
    assert kinds == {"TX", "FT"}


def test_a_discharge_is_coded_with_the_bone_and_the_cause(year, files):
    coded = {}
    for file in of(files, "ward"):
        for segments in messages(file):
            if segments[0].split("|")[8] == "ADT^A03":
                codes = [
                    segment.split("|")[3].split("^")[0] for segment in segments if segment.startswith("DG1")
                ]
                coded[segments[0].split("|")[9].removeprefix("A03")] = codes
    hips = [
        event
        for event in year.events
        if event.bones and event.bones[0].icd10.startswith("S72") and event.story is Story.FRAGILITY
    ]
    found = [event for event in hips if event.key in coded]
    assert len(found) > 0.8 * len(hips)
    for event in found:
        cause = [event.mechanism.icd10] if event.mechanism.icd10 else []
        assert coded[event.key] == [*(bone.icd10 for bone in event.bones), *cause]


def test_every_death_is_told_of_once_unless_it_is_too_recent(year, files):
    dead = Counter()
    for file in of(files, "ward"):
        for segments in messages(file):
            person = next((segment for segment in segments if segment.startswith("PID")), "").split("|")
            if len(person) > 30 and person[30] == "Y":
                number = next(part for part in person[PATIENT].split("~") if "^MR" in part).split("^")[0]
                dead[number] += 1
    wanted = {person.hospital_number: person.died_on for person in year.people if person.died_on}
    assert set(dead) <= set(wanted)
    untold = [number for number in wanted if number not in dead]
    assert all((year.end - wanted[number]).days < 15 for number in untold)


def test_bundles_are_fhir_json_whose_references_hold_but_for_the_planted(files):
    for file in of(files, "theatre"):
        bundle = json.loads(file.content)
        resources = [entry["resource"] for entry in bundle["entry"]]
        patients = {f"Patient/{each['id']}" for each in resources if each["resourceType"] == "Patient"}
        lost = [
            each["id"]
            for each in resources
            if each["resourceType"] == "Procedure" and each["subject"]["reference"] not in patients
        ]
        assert lost == [fault.split(":")[0] for fault in file.planted if "subject" in fault]


def test_one_hip_fracture_is_told_by_four_systems(year, files):
    event = next(event for event in year.events if len(event.told_by) == 4)
    person = next(person for person in year.people if person.key == event.person)
    tellers = {file.source for file in files if person.hospital_number.encode() in file.content}
    assert len(tellers - {BLOODS, SCANS}) == 4


def test_the_feed_readers_find_the_fracture_of_every_course(year, files):
    try:
        read_bytes = import_module("openfls.identification.feeds.door").read_bytes
        options = import_module("openfls.identification.feeds.options").FeedOptions(hospital_system=HOSPITAL)
    except ImportError as reason:
        pytest.skip(f"the feed readers are not there: {reason}")
    readings = [reading for file in files for reading in read_bytes(file.name, file.content, options)]
    told = {
        (number.value, finding.site, reading.on)
        for reading in readings
        if isinstance(reading, Observation)
        for number in reading.person.identifiers
        for finding in reading.findings
    }
    lost = [
        course
        for course in year.courses
        if (course.hospital_number, course.site, course.fracture_on) not in told
    ]
    # A ward alone may tell of a fracture only at a discharge after the end of the year.
    assert len(lost) <= 0.01 * len(year.courses)


def test_the_laboratory_sends_what_the_assessment_heard(year, files):
    sent = {}
    for file in of(files, "laboratory"):
        for segments in messages(file):
            for segment in segments:
                fields = segment.split("|")
                if fields[0] == "OBX" and fields[3].startswith("14682-9"):
                    sent.setdefault(segments[0].split("|")[9][1:7], fields[5])
    heard = {
        course.event: course.assessment.answers.get("creatinine_umol_l")
        for course in year.courses
        if course.assessment
    }
    both = {key for key in sent if heard.get(key)}
    assert len(both) > 100
    assert all(float(sent[key]) == heard[key] for key in both)


def test_results_are_planted_that_are_corrected_and_that_cannot_be_used(files):
    planted = " ".join(fault for file in of(files, "laboratory") for fault in file.planted)
    assert "corrected" in planted
    assert "a unit that is not converted" in planted
