"""What the code lists answer, and how codes are written."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openfls.identification.codes import CodeClass, energy, load_list, lookup, our_lists
from openfls.record.errors import BadInput
from openfls.record.feeds import Energy
from openfls.record.findings import Kind
from openfls.record.sites import Side, Site

INCLUDE, REVIEW, EXCLUDE = CodeClass.INCLUDE, CodeClass.REVIEW, CodeClass.EXCLUDE
SUPPORT, FLAG = CodeClass.SUPPORT, CodeClass.FLAG
CM = "http://hl7.org/fhir/sid/icd-10-cm"


@pytest.mark.parametrize(
    ("system", "code", "site", "side", "code_class"),
    [
        ("icd10", "S72.0", Site.HIP, "", INCLUDE),
        ("I10", "S720", Site.HIP, "", INCLUDE),
        ("ICD-10", "s72.01", Site.HIP, "", INCLUDE),  # a subdivision of the entry
        ("icd10", "S72.2", Site.HIP, "", INCLUDE),
        ("icd10", "S525", Site.WRIST, "", INCLUDE),
        ("icd10", "S72", Site.FEMUR, "", REVIEW),  # the part is not coded
        ("icd10", "S12.1", Site.VERTEBRA, "", REVIEW),
        ("icd10", "M49.5*", Site.VERTEBRA, "", REVIEW),
        ("icd10", "M80.02", Site.HUMERUS, "", INCLUDE),  # the fifth character names the bone
        ("icd10", "M80.08", Site.UNSPECIFIED, "", INCLUDE),
        ("icd10", "M80.04", Site.HAND, "", EXCLUDE),
        ("icd10", "S62.0", Site.HAND, "", EXCLUDE),
        ("icd10", "S62.8", Site.UNSPECIFIED, "", REVIEW),
        ("icd10", "T91.1", Site.VERTEBRA, "", EXCLUDE),
        ("icd10", "C90.0", None, "", FLAG),
        ("icd10", "C41.9", None, "", FLAG),
        (CM, "S72.001A", Site.HIP, "right", INCLUDE),
        (CM, "S72.002D", Site.HIP, "left", REVIEW),  # a follow-up visit
        (CM, "S72.001S", Site.HIP, "", EXCLUDE),  # a late effect
        (CM, "S22.31XA", Site.RIB, "right", INCLUDE),
        (CM, "S22.000A", Site.VERTEBRA, "", INCLUDE),
        (CM, "M80.051A", Site.FEMUR, "right", INCLUDE),
        (CM, "M80.08XA", Site.VERTEBRA, "", INCLUDE),
        ("icd10", "S52.501A", Site.WRIST, "right", INCLUDE),  # clinical modification under the plain name
        ("SCT", "359817006", Site.HIP, "", INCLUDE),
        ("http://snomed.info/sct", "58150001", Site.CLAVICLE, "", INCLUDE),
        ("http://snomed.info/sct/83821000000107", "263102004", Site.WRIST, "", INCLUDE),
        ("snomed", "443165006", Site.UNSPECIFIED, "", INCLUDE),
        ("snomed", "391093004", Site.HIP, "", EXCLUDE),
        ("OPCS4", "W19.1", Site.HIP, "", INCLUDE),
        ("opcs-4", "W371", Site.HIP, "", SUPPORT),
        ("opcs4", "W20.8", Site.UNSPECIFIED, "", INCLUDE),
    ],
)
def test_lookup(system, code, site, side, code_class):
    entry = lookup(system, code)
    assert entry is not None
    assert (entry.site, entry.code_class) == (site, code_class)
    if code_class is not EXCLUDE:
        assert entry.side == side


@pytest.mark.parametrize(
    ("system", "code"),
    [
        ("icd10", "XS72.0"),
        ("icd10", "AS7200"),
        ("icd10", "S73.0"),
        ("snomed", "3598170061"),  # a longer number that holds a shorter one
        ("snomed", "35981700"),
        ("opcs4", "W40.1"),
        ("icd9", "820.0"),
        ("opcs4", "S72.0"),  # the code of another system
        ("icd10", ""),
    ],
)
def test_codes_are_matched_whole(system, code):
    assert lookup(system, code) is None


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("W01", Energy.LOW),
        ("W01.0", Energy.LOW),
        ("W19", Energy.LOW),
        ("W10.2", Energy.REVIEW),
        ("W11", Energy.HIGH),
        ("V43.5", Energy.HIGH),
        ("Y09", Energy.HIGH),
        ("X80", Energy.HIGH),
        ("S72.0", None),
        ("Z01", None),
    ],
)
def test_external_causes(code, expected):
    assert energy("icd10", code) is expected


def test_an_opcs_operation_is_no_fall():
    # W19 is an operation in OPCS-4 and a fall in ICD-10.
    assert energy("opcs4", "W19") is None
    assert lookup("icd10", "W19") is None


def test_kinds_that_are_always_reviewed():
    kinds = {code: lookup("icd10", code).kind for code in ("M84.4", "M96.6", "M84.3")}
    assert kinds == {"M84.4": Kind.PATHOLOGICAL, "M96.6": Kind.PERIPROSTHETIC, "M84.3": Kind.STRESS}


def test_every_entry_says_where_it_is_from():
    for entry in our_lists().entries.values():
        assert entry.source
        assert entry.pack.id
        assert entry.title
        if entry.code_class in (REVIEW, EXCLUDE, FLAG, SUPPORT):
            assert entry.note, entry.code


def test_a_trust_lays_its_own_list_over_ours(tmp_path):
    own = tmp_path / "own.csv"
    own.write_text(
        "# id: rxx\nsystem,code,site,side,class\nsnomed,999,hip,left,include\nicd10,S72.0,hip,,review\n"
    )
    lists = load_list(own)
    assert lists.lookup("snomed", "999").side is Side.LEFT
    assert lists.lookup("icd10", "S72.0").code_class is REVIEW
    assert lookup("snomed", "999") is None


@pytest.mark.parametrize(
    ("row", "reason"),
    [("snomed,1,knee,include", "row 2"), ("read,1,hip,include", "none of"), ("snomed,1,hip,maybe", "maybe")],
)
def test_a_wrong_own_list_is_refused_with_its_row(tmp_path, row, reason):
    own = tmp_path / "own.csv"
    own.write_text(f"system,code,site,class\n{row}\n")
    with pytest.raises(BadInput, match=reason):
        load_list(own)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["icd10", "snomed", "opcs4", "icd10cm", "", "x"]), st.text(max_size=20))
def test_any_text_has_an_answer(system, code):
    entry = lookup(system, code)
    assert entry is None or entry.code
    energy(system, code)
