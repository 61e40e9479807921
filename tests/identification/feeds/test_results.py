"""Results out of HL7 v2, FHIR and CSV: in our unit, or left out with the reason; nothing is guessed."""

from __future__ import annotations

import json

import pytest

from openfls.identification.feeds import FeedOptions, read_bytes
from openfls.identification.results import Raw, our_catalogue
from openfls.identification.results.catalogue import check_own
from openfls.identification.results.interpret import CannotUse, interpret
from openfls.investigation.ranges import ranges
from openfls.record.errors import BadInput
from openfls.record.feeds import Measured, Notice, Reading, Rejection, ResultStatus, SourceKind
from openfls.record.questions import QuestionKind, by_field

OPTIONS = FeedOptions(measured=True)
PID = "PID|1||9990000018^^^NHS^NH||SMITH^JANE||19400101|F"


def oru(*obx: str, obr: str = "OBR|1|O1|F1|BONE^Bone|||20260103101500", pid: str = PID) -> list[Reading]:
    head = "MSH|^~\\&|WINPATH|RXX|FLS|RXX|20260105101010||ORU^R01|1|P|2.4"
    return list(read_bytes("lab.hl7", "\r".join([head, pid, obr, *obx]).encode(), OPTIONS))


def fhir(**columns: object) -> list[Reading]:
    patient = {
        "resourceType": "Patient",
        "id": "p1",
        "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}],
    }
    told = {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": "2026-01-03T10:15:00Z",
        **columns,
    }
    bundle = {"resourceType": "Bundle", "entry": [{"resource": patient}, {"resource": told}]}
    return list(read_bytes("lab.json", json.dumps(bundle).encode(), OPTIONS))[1:]


def loinc(code: str, text: str = "") -> dict[str, object]:
    return {"coding": [{"system": "http://loinc.org", "code": code}], "text": text}


def table(*rows: str, header: str = "nhs_number,surname,dob,code,system,value,unit,date") -> list[Reading]:
    return list(read_bytes("lab.csv", "\n".join([header, *rows]).encode(), OPTIONS))


UNITS = [
    ("2160-0", "79.123456789012345", "umol/L", "creatinine_umol_l", 79.123457),
    ("2160-0", "0.9", "mg/dL", "creatinine_umol_l", 79.56),
    ("14682-9", "80", "µmol/L", "creatinine_umol_l", 80),
    ("14682-9", "80", "μmol/l", "creatinine_umol_l", 80),  # the other of the two letters
    ("14682-9", "80", "micromol/L", "creatinine_umol_l", 80),
    ("1989-3", "20", "ng/mL", "vitamin_d_nmol_l", 49.92),
    ("14635-7", "50", "nmol/L", "vitamin_d_nmol_l", 50),
    ("17861-6", "9.5", "mg/dL", "total_calcium_mmol_l", 2.37),
    ("1751-7", "4.1", "g/dL", "albumin_g_l", 41),
    ("2731-8", "50", "pg/mL", "pth_pmol_l", 5.305),
    ("718-7", "12.4", "g/dL", "haemoglobin_g_l", 124),
    ("38267-1", "-2.6", "{SD}", "bone_density.lumbar_spine_t", -2.6),
    ("8302-2", "1.62", "m", "height_cm", 162),
    ("8461-6", "140", "mm[Hg]", "bp.lying_systolic", 140),
]


@pytest.mark.parametrize(("code", "value", "unit", "field", "ours"), UNITS)
def test_units_become_ours(code: str, value: str, unit: str, field: str, ours: float) -> None:
    found = interpret(Raw((("LN", code, ""),), value, unit), our_catalogue())
    assert found is not None
    assert (found.field, found.value) == (field, pytest.approx(ours))


REFUSED = [
    ("14682-9", "", "80", "", "no unit was sent"),
    ("14682-9", "", "80", "furlong", "not one that we convert"),
    ("14682-9", "", "80", "mg/L", "not one that we convert"),
    ("14682-9", "", "", "umol/L", "no value"),
    ("14682-9", "", "haemolysed", "umol/L", "not a number"),
    ("14682-9", "", "<18", "umol/L", "a limit was sent"),
    ("38264-8", "DXA hip", "-2.1", "SD", "which part of the hip"),
    ("14682-9", "", "1,250", "umol/L", "thousands"),
    ("", "VFA T12", "4", "", "Genant"),
    ("", "Evaluable vertebrae", "3.5", "", "whole number"),
]


@pytest.mark.parametrize(("code", "name", "value", "unit", "why"), REFUSED)
def test_what_leaves_something_open_is_refused(code: str, name: str, value: str, unit: str, why: str) -> None:
    with pytest.raises(CannotUse, match=why):
        interpret(Raw((("LN", code, name),), value, unit), our_catalogue())


def test_every_field_of_the_list_is_a_question_with_limits_where_it_is_a_number() -> None:
    for field, quantity in our_catalogue().quantities.items():
        if field == "vfa":
            continue
        assert field in by_field()
        assert (by_field()[field].kind is QuestionKind.TEXT) is quantity.words
        assert quantity.words or field in ranges(), field


def test_an_hl7_result_has_its_day_time_status_and_teller() -> None:
    (told,) = oru("OBX|1|NM|14682-9^Creatinine^LN||82|umol/L|||||P|||20260103111500")
    assert isinstance(told, Measured)
    assert (told.on.isoformat(), told.at, told.status) == ("2026-01-03", "11:15", ResultStatus.PRELIMINARY)
    assert (told.teller, told.as_sent, told.source.kind) == ("WINPATH RXX", "82 umol/L", SourceKind.RESULT)


def test_what_was_measured_in_urine_is_no_result_of_blood() -> None:
    calcium = "OBX|1|NM|CA^Calcium^L||2.4|mmol/L|||||F"
    obr = "OBR|1|O1|F1|{}|||20260103101500||||||||{}"
    for order, specimen, spm in (
        ("UCAL^Urine calcium", "", ()),
        ("BIO^Chemistry", "UR^Urine", ()),
        ("BIO^Chemistry", "", ("SPM|1|||UR^Urine",)),
    ):
        (told,) = oru(*spm, calcium, obr=obr.format(order, specimen))
        assert isinstance(told, Rejection)
        assert "not measured in blood" in told.reason
    (told,) = fhir(
        code={"text": "Calcium"},
        valueQuantity={"value": 2.4, "code": "mmol/L"},
        specimen={"display": "24 hour urine"},
    )
    assert isinstance(told, Rejection)
    (blood,) = oru(calcium, obr=obr.format("BIO^Chemistry", "SER^Serum"))
    assert isinstance(blood, Measured)


def test_a_correction_has_the_key_of_the_first() -> None:
    first, second = (
        oru(f"OBX|1|NM|14682-9^Creatinine^LN||{value}|umol/L|||||{status}")[0]
        for value, status in (("82", "F"), ("28", "C"))
    )
    assert first.source.record == second.source.record
    assert isinstance(second, Measured)
    assert second.status is ResultStatus.CORRECTED


@pytest.mark.parametrize(("status", "why"), [("X", "not obtained"), ("W", "sent in error"), ("D", "deleted")])
def test_a_result_taken_back_is_a_rejection(status: str, why: str) -> None:
    (told,) = oru(f"OBX|1|NM|14682-9^Creatinine^LN||82|umol/L|||||{status}")
    assert isinstance(told, Rejection)
    assert why in told.reason
    assert "82" not in told.reason


@pytest.mark.parametrize(
    ("obx", "value", "sign"),
    [
        ("OBX|1|SN|VITD^25-OH Vitamin D^L||<^10|nmol/L|||||F", 10, "<"),
        ("OBX|1|ST|VITD^25-OH Vitamin D^L||<10|nmol/L|||||F", 10, "<"),
        ("OBX|1|SN|E^eGFR^L||>^90|mL/min/1.73m2|||||F", 90, ">"),
        ("OBX|1|NM|L1^Creatinine^L^14682-9^Creat^LN||82|umol/L|||||F", 82, ""),
    ],
)
def test_limits_and_second_codes(obx: str, value: float, sign: str) -> None:
    (told,) = oru(obx)
    assert isinstance(told, Measured)
    assert (told.value, told.comparator) == (value, sign)


def test_a_report_beside_results_is_still_read_and_its_text_makes_no_result() -> None:
    told = oru(
        "OBX|1|TX|R^Report||Fracture of the distal radius. T-score -2.9.||||||F",
        "OBX|2|NM|38267-1^LS^LN||-2.9|SD|||||F",
        "OBX|3|NM|ZZ^Something else^L||5|x|||||F",
    )
    assert [each.field for each in told if isinstance(each, Measured)] == ["bone_density.lumbar_spine_t"]
    assert len(told) == 2


def test_a_result_without_day_or_number_is_left_out() -> None:
    obx = "OBX|1|NM|14682-9^Creatinine^LN||82|umol/L|||||F"
    (no_day,) = oru(obx, obr="OBR|1|O1|F1|BONE^Bone")
    (no_number,) = oru(obx, pid="PID|1||||SMITH^JANE||19400101|F")
    assert isinstance(no_day, Rejection)
    assert "no day" in no_day.reason
    assert isinstance(no_number, Rejection)
    assert "no number by which" in no_number.reason


def test_results_are_read_only_where_they_are_asked_for() -> None:
    text = "MSH|^~\\&|L|R|F|R|20260105||ORU^R01|1|P|2.4\r" + PID
    text += "\rOBR|1|O1|F1|B^B|||20260103\rOBX|1|NM|14682-9^Creatinine^LN||82|umol/L|||||F"
    (told,) = read_bytes("lab.hl7", text.encode())
    assert isinstance(told, Notice)


def test_fhir_with_components_in_a_position() -> None:
    quantity = {"value": 142, "unit": "mmHg", "code": "mm[Hg]"}
    told = fhir(
        code={"coding": [{"system": "http://snomed.info/sct", "code": "163033001"}]},
        component=[
            {"code": loinc("8480-6"), "valueQuantity": quantity},
            {"code": loinc("8462-4"), "valueQuantity": {**quantity, "value": 80}},
        ],
    )
    assert [(each.field, each.value) for each in told if isinstance(each, Measured)] == [
        ("bp.lying_systolic", 142.0),
        ("bp.lying_diastolic", 80.0),
    ]
    assert len({each.source.record for each in told}) == 2


@pytest.mark.parametrize(
    ("status", "kind"),
    [("final", Measured), ("amended", Measured), ("entered-in-error", Rejection), ("cancelled", Rejection)],
)
def test_fhir_statuses(status: str, kind: type) -> None:
    quantity = {"value": 48.5, "unit": "nmol/L", "comparator": "<"}
    (told,) = fhir(status=status, code=loinc("14635-7"), valueQuantity=quantity)
    assert isinstance(told, kind)


def test_csv_rows_and_their_keys() -> None:
    row = "9990000018,Smith,1/1/1940,14682-9,LOINC,{},umol/L,3/1/2026"
    one, again, other = (table(row.format(value))[0] for value in ("82", "82", "83"))
    assert isinstance(one, Measured)
    assert one.source.record == again.source.record != other.source.record
    (refused,) = table("9990000018,Smith,1/1/1940,Weight,,60,stone,3/1/2026")
    assert isinstance(refused, Rejection)


def test_a_site_names_its_own_codes() -> None:
    own = check_own({"CREA7": "creatinine_umol_l"}, "site.toml")
    found = interpret(Raw((("L", "CREA7", "Kreat"),), "80", "umol/L", own), our_catalogue())
    assert found is not None
    with pytest.raises(BadInput, match="no field that a result fills"):
        check_own({"CREA7": "smoking"}, "site.toml")
