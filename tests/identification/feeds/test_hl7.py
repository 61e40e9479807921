"""HL7 v2 as readings."""

from __future__ import annotations

import base64
from datetime import date
from pathlib import Path

import pytest

from openfls.identification.episodes import INVALID_NHS_NUMBER
from openfls.identification.feeds import read_bytes, read_feed
from openfls.record.feeds import Energy, Notice, Observation, Rejection, SourceKind
from openfls.record.people import NHS_NUMBER, Identifier, Sex
from openfls.record.sites import Side, Site

SAMPLES = Path(__file__).parents[4] / "shared" / "data" / "hl7v2"
PID = (
    "PID|1||9990000018^^^NHS^NH~A1^^^RXX^MR~999-11-2222^^^USA^SS||SMITH^JANE^A^^^^L||19500505|F"
    "|||1 High St^^Leeds^^LS1 1AA"
)
BROKEN_WRIST = "Comminuted fracture of the left distal radius."


def message(kind, *segments, sent="20240301120000", control="M1"):
    return "\r".join([f"MSH|^~\\&|RIS|RXX|FLS|RXX|{sent}||{kind}|{control}|P|2.4", *segments]) + "\r"


def readings(text, name="made.hl7"):
    return list(read_bytes(name, text if isinstance(text, bytes) else text.encode()))


def the_one(text, kind):
    found = [each for each in readings(text) if isinstance(each, kind)]
    assert len(found) == 1
    return found[0]


def oru(*obx, obr="OBR|1||F77|XRWRI^XR Wrist left^L|||202403011100|||||||||||||||||RAD|F"):
    return message("ORU^R01", PID, obr, *obx)


def test_the_person():
    notice = the_one(message("ADT^A08", PID, "PD1||||||^^GP"), Notice)
    assert notice.about == "demographics"
    assert notice.person.identifiers == (Identifier(NHS_NUMBER, "9990000018"), Identifier("RXX", "A1"))
    assert (notice.person.family_name, notice.person.given_name) == ("SMITH", "JANE A")
    assert (notice.person.birth_date, notice.person.sex) == (date(1950, 5, 5), Sex.FEMALE)
    assert notice.person.postcode == "LS1 1AA"


def test_a_wrong_nhs_number_is_kept_as_wrong():
    notice = the_one(message("ADT^A08", PID.replace("9990000018", "9990000019")), Notice)
    assert Identifier(INVALID_NHS_NUMBER, "9990000019") in notice.person.identifiers


def test_a_death():
    died = PID + "|" * 18 + "20240405|Y"
    notice = the_one(message("ADT^A08", died), Notice)
    assert (notice.about, notice.person.deceased_on) == ("death", date(2024, 4, 5))


def test_diagnoses_and_operations_of_a_stay():
    told = readings(
        message(
            "ADT^A03",
            PID,
            "PV1|1|E|||||||||||||||||V55|||||||||||||||||||||||||20240229",
            "DG1|1||S52.5^Fracture of lower end of radius^I10|Left wrist||F",
            "DG1|2||W01^Fall^I10||||F",
            "DG1|3||I10^Hypertension^I10|||F",
            "PR1|1||W20.1^^OPCS4||20240302",
        )
    )
    diagnosis, operation = (each for each in told if isinstance(each, Observation))
    assert (diagnosis.on, diagnosis.energy, diagnosis.source.kind) == (
        date(2024, 2, 29),
        Energy.LOW,
        SourceKind.EMERGENCY,
    )
    assert diagnosis.findings[0].side is Side.LEFT
    assert (operation.on, operation.source.kind) == (date(2024, 3, 2), SourceKind.THEATRE)


def test_a_diagnosis_sent_again_with_the_discharge_is_the_same_record():
    visit = "PV1|1|I|||||||||||||||||V55"
    diagnosis = "DG1|1||S72.0^^I10||20240229|F"
    first = the_one(message("ADT^A01", PID, visit, diagnosis, control="M1"), Observation)
    again = the_one(message("ADT^A03", PID, visit, diagnosis, control="M2", sent="20240309"), Observation)
    assert (first.source.feed, first.source.record) == (again.source.feed, again.source.record)
    assert first.source.version < again.source.version


@pytest.mark.parametrize(
    "obx",
    [
        [f"OBX|1|TX|R^Report||{BROKEN_WRIST}||||||F"],
        [f"OBX|1|FT|R^Report||Findings\\.br\\{BROKEN_WRIST}||||||F"],
        [
            "OBX|1|TX|R^Report||Comminuted fracture of the||||||F",
            "OBX|2|TX|R^Report||left distal radius.||||||F",
        ],
        [
            f"OBX|1|ED|R^Report||RIS^TEXT^plain^Base64^{base64.b64encode(BROKEN_WRIST.encode()).decode()}||||||F"
        ],
        [f"OBX|1|TX|R^Report||Findings\\X0A\\{BROKEN_WRIST}||||||F"],
        [f"OBX|1|TX|R^Report||Clinical: fall~{BROKEN_WRIST}||||||F"],
        [f"OBX|1|TX|R^Report||Clinical: fall\n{BROKEN_WRIST}||||||F"],  # a line break inside the field
    ],
)
def test_a_report_is_read_wherever_its_text_stands(obx):
    observation = the_one(oru(*obx), Observation)
    assert (observation.findings[0].site, observation.findings[0].side) == (Site.WRIST, Side.LEFT)
    assert observation.on == date(2024, 3, 1)
    assert observation.source.record == "report F77 XRWRI"


def test_diagnoses_in_words_alone():
    words = ["DG1|1|||Fractured neck of femur|20240229", "DG1|2|||Colles fracture left|20240229"]
    told = [each for each in readings(message("ADT^A03", PID, "PV1|1|I|||||||||||||||||V55", *words))]
    observed = [each for each in told if isinstance(each, Observation)]
    assert [each.findings[0].site for each in observed] == [Site.HIP, Site.WRIST]
    assert len({each.source.record for each in observed}) == 2


def test_the_exam_fills_in_the_site_that_the_words_leave_open():
    told = the_one(oru("OBX|1|TX|R||Undisplaced fracture.||||||F"), Observation)
    assert (told.findings[0].site, told.findings[0].side) == (Site.WRIST, Side.LEFT)
    assert told.text == "Undisplaced fracture."


def test_escapes_are_resolved_by_the_messages_own_separators():
    told = the_one(
        oru("OBX|1|TX|R||Fall \\T\\ #NOF \\F\\ left hip fracture \\E\\ \\R\\ \\S\\ 5 cm||||||F"), Observation
    )
    assert told.text == "Fall & #NOF | left hip fracture \\ ~ ^ 5 cm"


@pytest.mark.parametrize(
    ("obx", "reason"),
    [
        ("OBX|1|TX|R||No fracture.||||||F", "no fracture in the report"),
        ("OBX|1|TX|R||Fracture of the wrist||||||W", "sent in error"),
        ("OBX|1|ED|R||RIS^APPLICATION^pdf^Base64^JVBERi0=||||||F", "application/pdf"),
    ],
)
def test_a_report_that_tells_nothing_is_named(obx, reason):
    assert reason in the_one(oru(obx), Rejection).reason


def test_blood_results_are_counted():
    told = readings(message("ORU^R01", PID, "OBR|1||L1|U^Urea|||20240301", "OBX|1|NM|U||5|mmol/L|||||F"))
    assert [each.about for each in told] == ["other"]


def test_a_document():
    told = the_one(
        message("MDM^T02", PID, "TXA|1|DI|TX|20240303||||||||DOC9", f"OBX|1|TX|||{BROKEN_WRIST}"), Observation
    )
    assert (told.source.record, told.on) == ("document DOC9", date(2024, 3, 3))


@pytest.mark.parametrize("event", ["A18", "A40"])
def test_a_merge_waits_for_a_person(event):
    notice = the_one(message(f"ADT^{event}", PID, "MRG|B2^^^RXX^MR"), Notice)
    assert notice.about == "merge"
    assert notice.other.identifiers == (Identifier("RXX", "B2"),)


@pytest.mark.parametrize("kind", ["SIU^S12", "ORM^O01", "RDE^O11", "ACK^A01", "ADT^A11", "ADT^A29", ""])
def test_what_is_not_used_says_so(kind):
    assert kind.replace("^", "") in the_one(message(kind, PID), Rejection).reason.replace("^", "")


def test_a_code_that_was_deleted():
    segment = "DG1|1||S72.0^^I10||20240229" + "|" * 16 + "D"
    told = readings(message("ADT^A08", PID, segment))
    assert any(isinstance(each, Rejection) and "deleted" in each.reason for each in told)


ENDINGS = {"cr": "\r", "lf": "\n", "crlf": "\r\n"}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("wrap", ["plain", "mllp", "batch", "mark"])
def test_framing(ending, wrap):
    one = message("ADT^A08", PID, control="M1").replace("\r", ENDINGS[ending])
    two = message("ADT^A08", PID, control="M2").replace("\r", ENDINGS[ending])
    end = ENDINGS[ending]
    text = {
        "plain": one + two,
        "mllp": f"\x0b{one}\x1c\r\x0b{two}\x1c\r",
        "batch": f"FHS|^~\\&|A{end}BHS|^~\\&|A{end}{one}{two}BTS|2{end}FTS|1{end}",
        "mark": "\ufeff" + one + two,
    }[wrap]
    assert [type(each) for each in readings(text)] == [Notice, Notice]


def test_a_broken_message_costs_only_itself():
    good = message("ADT^A08", PID)
    told = readings(good + "MSH\r" + "MSHX\r" + "EVN|A01\r" + message("ADT^A08", PID, control="M3"))
    assert [type(each).__name__ for each in told] == ["Notice", "Rejection", "Notice"]


@pytest.mark.parametrize("trailer", [b"BTS", b"BTS\r", b"FTS", b"BTS|x"])
def test_a_trailer_that_was_cut_off_harms_nothing(trailer):
    readings = list(read_bytes("cut.hl7", trailer))
    assert [type(reading).__name__ for reading in readings] == ["Rejection"]


def test_a_batch_that_lacks_a_message_says_so():
    told = readings("BHS|^~\\&|A\r" + message("ADT^A08", PID) + "BTS|2\r")
    assert told[-1].reason == "the batch says it holds 2 messages; it held 1"


def test_windows_text_and_names():
    raw = message("ADT^A08", PID.replace("SMITH", "MÜLLER")).encode("cp1252")
    assert the_one(raw, Notice).person.family_name == "MÜLLER"


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared HL7 samples are not here")
def test_every_sample_gives_readings_or_a_reason():
    files = sorted(SAMPLES.rglob("*.hl7"))
    assert len(files) == 163
    for file in files:
        told = list(read_feed(file))
        assert told, file.name
        assert all(each.reason for each in told if isinstance(each, Rejection)), file.name
        assert any(each.source.record for each in told), file.name
