"""Whatever bytes come in, readings go out: never an exception, never silence."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identification.feeds.fhir_made import bundle, condition, patient, report
from openfls.identification.feeds import read_bytes
from openfls.record.feeds import Notice, Observation, Rejection

NAMES = st.sampled_from(["a.json", "a.ndjson", "a.hl7", "a.csv", "a", "a.txt"])
MESSAGE = (
    b"MSH|^~\\&|RIS|RXX|||20240301||ORU^R01|1|P|2.4\rPID|1||A1^^^RXX^MR||S^J||19500505|F\r"
    b"OBR|1||F7|XR^XR wrist|||20240301|||||||||||||||||RAD|F\r"
    b"OBX|1|TX|R||Fracture of the left wrist.||||||F\r"
)
TABLE = b'mrn,dob,date,code,report\nA1,05/05/1950,01/03/2024,S525,"Fracture of\nleft wrist"\n'
BUNDLE = bundle(patient(), condition(), report("Fracture of the left wrist."))


def sound(name, data):
    told = list(read_bytes(name, data))
    assert told
    for each in told:
        assert isinstance(each, Observation | Notice | Rejection)
        if isinstance(each, Rejection):
            assert each.reason


@settings(max_examples=150, deadline=None)
@given(NAMES, st.binary(max_size=300))
def test_any_bytes(name, data):
    sound(name, data)


@settings(max_examples=150, deadline=None)
@given(NAMES, st.text(alphabet='MSHPIDOBRXDG1|^~\\&\r\n,;"{}[]:0123456789 abcé\x00\x0b\x1c', max_size=300))
def test_any_text_of_their_alphabets(name, text):
    sound(name, text.encode())
    sound(name, b"MSH|^~\\&|" + text.encode())


@pytest.mark.parametrize(("name", "whole"), [("a.hl7", MESSAGE), ("a.csv", TABLE), ("a.json", BUNDLE)])
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_damaged_files(name, whole, data):
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 40)))
    sound(name, whole[:start] + data.draw(st.binary(max_size=6)) + whole[end:])
    sound(name, whole[:end])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
KEYS = [
    "id",
    "subject",
    "code",
    "onsetDateTime",
    "onsetPeriod",
    "verificationStatus",
    "bodySite",
    "category",
    "presentedForm",
    "conclusion",
    "conclusionCode",
    "text",
    "period",
    "reasonCode",
    "reasonReference",
    "class",
    "identifier",
    "name",
    "birthDate",
    "deceasedDateTime",
    "address",
    "telecom",
    "meta",
    "status",
    "encounter",
    "generalPractitioner",
    "effectivePeriod",
    "performedPeriod",
]


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["Patient", "Condition", "Encounter", "Procedure", "DiagnosticReport"]),
    st.dictionaries(st.sampled_from(KEYS), JSON, max_size=4),
)
def test_resources_of_any_shape(kind, odd):
    made = {
        "Patient": patient(),
        "Condition": condition(),
        "DiagnosticReport": report("Fracture of the left wrist."),
    }.get(kind, {"resourceType": kind, "id": "x", "reasonCode": [{"coding": [{"code": "263102004"}]}]})
    sound("a.json", bundle(patient(), made | odd))
    sound("a.ndjson", json.dumps(made | odd).encode() + b"\n" + json.dumps(odd).encode())
