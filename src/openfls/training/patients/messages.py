"""The hospital's messages of a case: HL7 v2 text as a radiology system, a laboratory and a scanner send it."""

from __future__ import annotations

from datetime import date

from openfls.training.patients.values import Event, Somebody

HOSPITAL = "SGH"
_ESCAPES = {"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\"}
BLOODS: dict[str, tuple[str, str]] = {
    "creatinine_umol_l": ("14682-9^Creatinine^LN", "umol/L"),
    "egfr": ("EGFR^eGFR (CKD-EPI)^L", "mL/min/1.73m2"),
    "adjusted_calcium_mmol_l": ("29265-6^Adjusted calcium^LN", "mmol/L"),
    "phosphate_mmol_l": ("14879-1^Phosphate^LN", "mmol/L"),
    "alp_u_l": ("6768-6^Alkaline phosphatase^LN", "U/L"),
    "haemoglobin_g_l": ("HB^Haemoglobin^L", "g/L"),
    "crp_mg_l": ("1988-5^C-reactive protein^LN", "mg/L"),
    "tsh_mu_l": ("3016-3^TSH^LN", "mU/L"),
    "vitamin_d_nmol_l": ("VITD^25-OH Vitamin D^L", "nmol/L"),
    "electrophoresis": ("SPEP^Serum protein electrophoresis^L", ""),
}
"""What the laboratory of a case can send, by the field of the assessment that it fills: its code and unit."""
SCAN: dict[str, tuple[str, str]] = {
    "lumbar_spine_t": ("38267-1^L1-L4 T-score^LN", "SD"),
    "total_hip_t": ("38264-8^Total hip T-score^LN", "SD"),
    "femoral_neck_t": ("38264-8^Femoral neck T-score^LN", "SD"),
    "vertebrae": ("VERT^Evaluable vertebrae^L", ""),
}
"""What the scanner can send."""


def delivery(key: str, event: Event, person: Somebody, on: date) -> tuple[str, bytes]:
    """The file that an event brings: its name and its content. ``key`` tells the case's messages from others."""
    messages = []
    if event.report is not None:
        messages.append(_report(f"{key}-{event.id}-R", event, person, on))
    if event.bloods is not None:
        rows = [(*BLOODS[name], value) for name, value in event.bloods.items()]
        messages.append(_results(f"{key}-{event.id}-L", "LAB", "BONE^Bone profile", rows, person, on))
    if event.scan is not None:
        rows = [(*SCAN[name], value) for name, value in event.scan.items()]
        messages.append(_results(f"{key}-{event.id}-D", "DXA", "DXA^Bone density", rows, person, on))
    return f"{event.id}.hl7", "".join(messages).encode()


def escaped(text: str) -> str:
    """``text`` with the characters that HL7 keeps for itself escaped."""
    return "".join(_ESCAPES.get(character, character) for character in text)


def _report(control: str, event: Event, person: Somebody, on: date) -> str:
    assert event.report is not None
    exam, lines = escaped(event.report["exam"]), event.report["text"].strip().split("\n")
    taken = _moment(on, 8)
    body = [f"OBX|{number}|TX|REPORT^Report||{escaped(line)}||||||F" for number, line in enumerate(lines, 1)]
    order = f"OBR|1|{control}|{control}|{exam.upper().replace(' ', '')[:8]}^{exam}|||{taken}"
    order += f"|||||||||||||||{taken}|||F"
    sender = event.sets or "RIS"
    return _joined([*_opening(sender, control, person, taken), "PV1|1|E|ED^^^" + HOSPITAL, order, *body])


def _results(
    control: str, sender: str, order: str, rows: list[tuple[str, str, object]], person: Somebody, on: date
) -> str:
    taken = _moment(on, 8)
    body = [
        f"OBX|{number}|{_kind(value)}|{code}|{number}|{value}|{unit}|||||F|||{taken}"
        for number, (code, unit, value) in enumerate(rows, 1)
    ]
    asked = f"OBR|1|{control}|{control}|{order}|||{taken}"
    return _joined([*_opening(sender, control, person, taken), asked, *body])


def _kind(value: object) -> str:
    return "NM" if isinstance(value, int | float) else "ST"


def _opening(sender: str, control: str, person: Somebody, sent: str) -> list[str]:
    numbers = [f"{person.hospital_number}^^^{HOSPITAL}^MR"]
    if person.nhs_number:
        numbers.insert(0, f"{person.nhs_number}^^^NHS^NH")
    pid = [""] * 14
    pid[1], pid[3] = "1", "~".join(numbers)
    pid[5] = f"{escaped(person.family_name.upper())}^{escaped(person.given_name.upper())}"
    pid[7], pid[8] = f"{person.birth_date:%Y%m%d}", person.sex[:1].upper()
    pid[11] = f"{escaped(person.address)}^^Saltmarsh^^{person.postcode}"
    pid[13] = person.telephone
    return [
        f"MSH|^~\\&|{sender}|{HOSPITAL}|FLS|{HOSPITAL}|{sent}||ORU^R01|{control}|P|2.4|||||GBR|UNICODE UTF-8",
        "PID|" + "|".join(pid[1:]).rstrip("|"),
        f"PD1|||{escaped(person.practice or 'Harbour View Surgery')}^^P99001",
    ]


def _joined(segments: list[str]) -> str:
    return "".join(f"{segment}\r" for segment in segments)


def _moment(day: date, hour: int) -> str:
    return f"{day:%Y%m%d}{hour:02d}0000"
