"""Bloods and bone density scans as HL7 v2 results (ORU^R01), one file of each a month: coded, with units and statuses.

What an assessment has heard of bloods is what the laboratory has sent: the figures of the two are the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from openfls.fiction.calendar import monthly
from openfls.fiction.feeds.segments import batch, header, message, moment, person_segment, practice_segment
from openfls.fiction.tables import percent, stream
from openfls.fiction.values import Course, Event, FeedFile, FictionalPerson, Story, Year
from openfls.record.people import Sex
from openfls.record.picture import BoneDensity
from openfls.record.sites import Site

BLOODS = "Laboratory results"
SCANS = "Bone density scans"
_TESTED, _SENT_BY_FEED, _SCANNED_BEFORE = 70, 60, 22
_MACHINES = ("Hologic Horizon 4711", "Hologic Horizon 4711", "GE Lunar iDXA 230")
Result = tuple[str, str, str]


def laboratory_files(year: Year) -> Iterator[FeedFile]:
    """One batch a month. Every third sends a result again, corrected; every fourth one in a unit of nobody's."""
    people = {person.key: person for person in year.people}
    courses = {course.event: course for course in year.courses}
    tests = [
        (taken, event)
        for event in year.events
        if (taken := _taken(year.seed, event, people[event.person])) is not None
    ]
    for number, (month, delivered, found) in enumerate(monthly(tests, lambda each: each[0], year.end), 1):
        messages, planted = [], []
        for taken, event in found:
            results = _bloods(stream(year.seed, "bloods", event.key), event, people, courses.get(event.key))
            messages.append(_bloods_message(event, taken, people[event.person], results))
        taken, event = found[0]
        if number % 3 == 0:
            results = _bloods(stream(year.seed, "bloods", event.key), event, people, courses.get(event.key))
            messages.append(_bloods_message(event, taken, people[event.person], results, status="C"))
            planted.append(f"L{event.key} sent again as corrected")
        if number % 4 == 0:
            wrong = [("6768-6^Alkaline phosphatase^LN", "1.4", "ukat/L")]
            messages.append(_bloods_message(event, taken, people[event.person], wrong, order="X"))
            planted.append(f"L{event.key}X: a unit that is not converted")
        text = batch("LAB", messages, f"laboratory-{month}", moment(delivered, 370))
        yield FeedFile(f"laboratory-{month}.hl7", BLOODS, delivered, text.encode("utf-8"), tuple(planted))


def scan_files(year: Year) -> Iterator[FeedFile]:
    """One batch a month: scans that the service asked for, and earlier ones of people who broke a bone."""
    people = {person.key: person for person in year.people}
    events = {event.key: event for event in year.events}
    scans: list[tuple[date, str, FictionalPerson, BoneDensity]] = []
    for course in year.courses:
        chance = stream(year.seed, "scan by feed", course.event)
        if course.dxa and course.dxa.result and percent(chance, _SENT_BY_FEED):
            person = people[events[course.event].person]
            scans.append((course.dxa.result.on, course.event, person, course.dxa.result))
    for event in year.events:
        chance = stream(year.seed, "earlier scan", event.key)
        if event.story is Story.FRAGILITY and percent(chance, _SCANNED_BEFORE):
            on = event.on - timedelta(days=chance.randrange(400, 1200))
            scans.append((event.on, f"{event.key}B", people[event.person], _earlier(chance, on)))
    for month, delivered, found in monthly(scans, lambda each: each[0], year.end):
        messages = [_scan_message(key, person, scan, year.seed) for _, key, person, scan in found]
        text = batch("DXA", messages, f"dxa-{month}", moment(delivered, 380))
        yield FeedFile(f"dxa-{month}.hl7", SCANS, delivered, text.encode("utf-8"))


def _taken(seed: int, event: Event, person: FictionalPerson) -> date | None:
    """The day on which blood was taken; None where it was not, or nobody was alive to take it of."""
    chance = stream(seed, "laboratory", event.key)
    on = event.on + timedelta(days=chance.randrange(0, 8))
    if event.story is not Story.FRAGILITY or not percent(chance, _TESTED):
        return None
    return None if person.died_on and person.died_on < on else on


def _bloods(
    chance: Random, event: Event, people: dict[str, FictionalPerson], course: Course | None
) -> list[Result]:
    heard = dict(course.assessment.answers) if course and course.assessment else {}
    woman = people[event.person].demographics.sex is Sex.FEMALE
    egfr = heard.get("egfr") or float(int(chance.triangular(28, 95, 92 - (event.age - 50) * 0.7)))
    creatinine = heard.get("creatinine_umol_l") or float(round((5400 if woman else 6900) / egfr))
    adjusted = heard.get("adjusted_calcium_mmol_l") or round(chance.triangular(2.2, 2.58, 2.36), 2)
    albumin = int(chance.triangular(30, 46, 40))
    vitamin_d = heard.get("vitamin_d_nmol_l")
    if vitamin_d is None and percent(chance, 85):
        vitamin_d = float(int(chance.triangular(14, 110, 52)))
    found = [
        ("14682-9^Creatinine^LN", f"{creatinine:g}", "umol/L"),
        ("EGFR^eGFR (CKD-EPI)^L", f"{egfr:g}", "mL/min/1.73m2"),
        ("2000-8^Calcium^LN", f"{adjusted - 0.02 * (40 - albumin):.2f}", "mmol/L"),
        ("1751-7^Albumin^LN", f"{albumin}", "g/L"),
        ("29265-6^Adjusted calcium^LN", f"{adjusted:.2f}", "mmol/L"),
        ("14879-1^Phosphate^LN", f"{chance.triangular(0.7, 1.5, 1.1):.2f}", "mmol/L"),
        ("6768-6^Alkaline phosphatase^LN", f"{int(chance.triangular(45, 190, 85))}", "U/L"),
        ("HB^Haemoglobin^L", f"{int(chance.triangular(92, 158, 128))}", "g/L"),
        ("1988-5^C-reactive protein^LN", f"{int(chance.triangular(1, 60, 5))}", "mg/L"),
        ("3016-3^TSH^LN", f"{chance.triangular(0.3, 6, 1.9):.2f}", "mU/L"),
    ]
    if vitamin_d is not None:
        found.append(("VITD^25-OH Vitamin D^L", f"{vitamin_d:g}", "nmol/L"))
    if any(bone.site is Site.VERTEBRA for bone in event.bones):
        found.append(("SPEP^Serum protein electrophoresis^L", "No paraprotein band seen", ""))
    return found


def _bloods_message(
    event: Event,
    taken: date,
    person: FictionalPerson,
    results: list[Result],
    *,
    status: str = "F",
    order: str = "",
) -> str:
    when = moment(taken, 480 + int(event.key[1:]) % 240)
    sent = moment(taken, 960) if status == "F" else moment(taken, 1020)
    body = [
        f"OBX|{number}|{'ST' if not unit else 'NM'}|{code}||{value}|{unit}|||||{status}|||{when}"
        for number, (code, value, unit) in enumerate(results, 1)
    ]
    head = [
        header("LAB", "ORU^R01", f"L{event.key}{order}{status}", sent),
        person_segment(person),
        practice_segment(person),
        f"OBR|1|L{event.key}{order}|L{event.key}{order}|BONE^Bone profile|||{when}",
    ]
    return message([*head, *body])


def _earlier(chance: Random, on: date) -> BoneDensity:
    middle = chance.triangular(-3.6, 0.4, -1.9)
    spine, hip, neck = (round(middle + chance.triangular(-0.6, 0.6, 0), 1) for _ in range(3))
    return BoneDensity(
        on, lumbar_spine_t=spine, lumbar_spine_vertebrae=4, total_hip_t=hip, femoral_neck_t=neck
    )


def _scan_message(key: str, person: FictionalPerson, scan: BoneDensity, seed: int) -> str:
    chance = stream(seed, "machine", key)
    when = moment(scan.on, 600)
    results: list[Result] = [("MACHINE^DXA machine^L", chance.choice(_MACHINES), "")]
    sites = (
        ("lumbar_spine_t", "38267-1^L1-L4 T-score^LN", "24966-4^L1-L4 BMD^LN",
         "85394-5^L1-L4 Z-score^LN", 1.06, 0.11),
        ("total_hip_t", "38264-8^Total hip T-score^LN", "38261-4^Total hip BMD^LN",
         "80933-5^Total hip Z-score^LN", 0.95, 0.12),
        ("femoral_neck_t", "38264-8^Femoral neck T-score^LN", "38261-4^Femoral neck BMD^LN",
         "80933-5^Femoral neck Z-score^LN", 0.85, 0.11),
    )  # fmt: skip
    for field, t_code, bmd_code, z_code, young, per_sd in sites:
        score = getattr(scan, field)
        if score is None:
            continue
        results.append((t_code, f"{score:.1f}", "SD"))
        results.append((z_code, f"{score + chance.choice((1.2, 1.4, 1.6)):.1f}", "SD"))
        results.append((bmd_code, f"{young + per_sd * score:.3f}", "g/cm2"))
    if scan.lumbar_spine_vertebrae is not None:
        results.append(("VERT^Evaluable vertebrae^L", f"{scan.lumbar_spine_vertebrae}", ""))
    words = {"MACHINE": "ST"}
    # Two tests of one code are told apart by their sub-number.
    body = [
        f"OBX|{number}|{words.get(code.split('^')[0], 'NM')}|{code}|{number}|{value}|{unit}|||||F|||{when}"
        for number, (code, value, unit) in enumerate(results, 1)
    ]
    head = [
        header("DXA", "ORU^R01", f"D{key}", when),
        person_segment(person),
        practice_segment(person),
        f"OBR|1|D{key}|D{key}|DXA^Bone density|||{when}",
    ]
    return message([*head, *body])
