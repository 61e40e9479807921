"""A trust's own code list: dated versions, refused rows named, one in use, and feeds are read by it."""

from __future__ import annotations

from datetime import date

import pytest

import world
from openfls.record.errors import BadInput
from openfls.record.pathway import NotPossible
from openfls.service import codelists
from openfls.service.actor import Actor
from openfls.service.feeds.loading import load_bytes, options_of
from openfls.service.models import AuditEvent, CodeList, Episode
from service import waiting_world as ww

FEED = b"MRN,Surname,DOB,Date,ICD10\nH1,Archer,01/03/1950,20/05/2026,R29.8\n"
OWN = b"""# id: trust
# date: 2026-05-01
# source: coding department
system,code,title,site,class
icd10,R29.8,A broken limb,other,include
icd10,S72.0,Hip,hip,perhaps
snomed,not digits,Hip,hip,include
icd10,S99,Nowhere,nose,include
local,1,Ours,hip,include
icd10,R29.8,Twice,hip,include
"""


def test_a_version_is_kept_with_its_refused_rows_named(nurse: Actor) -> None:
    kept = ww.code_list(nurse, OWN)
    assert (kept.number, kept.on, kept.entries, kept.refused) == (1, date(2026, 5, 1), 1, 5)
    assert (kept.source, kept.active, kept.uploaded_by) == ("coding department", False, nurse.user)
    refused = {bad.row: (bad.field, bad.reason) for bad in codelists.read_list(kept.content).refused}
    assert {row: field for row, (field, _) in refused.items()} == {
        6: "class", 7: "code", 8: "site", 9: "system", 10: "code"
    }  # fmt: skip
    assert "row 5 already" in refused[10][1]


def test_feeds_are_read_by_the_version_in_use(nurse: Actor) -> None:
    kept = ww.code_list(nurse, OWN)
    assert options_of(nurse).lists.lookup("icd10", "R29.8") is None
    codelists.activate(code_list=kept, by=nurse)
    assert options_of(nurse).lists.lookup("icd10", "R29.8").title == "A broken limb"
    assert options_of(nurse).lists.lookup("icd10", "S72.0").site == "hip", "ours still stand below"
    assert load_bytes("ed.csv", FEED, by=nurse).episodes == 1
    assert Episode.objects.get().index_fracture.site == "other"
    other = world.member(world.service("south"), username="other")
    assert load_bytes("ed.csv", FEED, by=other).episodes == 0, "a list is the service's own"


def test_versions_are_numbered_kept_and_replaced_by_one_another(nurse: Actor) -> None:
    first = codelists.activate(code_list=ww.code_list(nurse, OWN), by=nurse)
    second = ww.code_list(nurse, OWN.replace(b",include", b",review", 1))
    assert second.number == 2
    codelists.activate(code_list=second, by=nurse)
    first.refresh_from_db()
    assert (first.active, first.activated_by) == (False, nurse.user)
    assert options_of(nurse).lists.lookup("icd10", "R29.8").code_class == "review"
    codelists.activate(code_list=first, by=nurse)
    assert options_of(nurse).lists.lookup("icd10", "R29.8").code_class == "include"
    with pytest.raises(NotPossible, match="already"):
        codelists.activate(code_list=first, by=nurse)
    codelists.deactivate(code_list=first, by=nurse)
    assert options_of(nurse).lists.lookup("icd10", "R29.8") is None
    assert CodeList.objects.count() == 2
    told = list(
        AuditEvent.objects.filter(action__startswith="codes.").values_list("action", "subject", "user")
    )
    assert ("codes.activate", "code list 2", "nurse") in told
    assert len(told) == 6


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no code"),
        (b"code,site\n", "no code in the list"),
        (b"what,else\n1,2\n", "no column code"),
        (b"# date: yesterday\ncode,site\nS72,hip\n", "the date in the header"),
        (b"system,code,site,class\nicd10,S72.0,hip,perhaps\n", "row 2, class: .*perhaps"),
        (b"\xff\xfe\x00", "not text"),
        (b"code\x00,site\n", "zero bytes"),
        (b"PK\x03\x04\x14\x00", "."),
        (b'system,code,site\nicd10,"' + b"x" * 200_000, "."),
    ],
)
def test_what_is_no_list_is_refused_with_the_reason(data: bytes, reason: str, nurse: Actor) -> None:
    with pytest.raises(BadInput, match=f"codes.csv.*{reason}"):
        ww.code_list(nurse, data)
    assert not CodeList.objects.exists()


def test_the_same_list_twice_is_one_version(nurse: Actor) -> None:
    ww.code_list(nurse, OWN)
    with pytest.raises(BadInput, match="kept already, as version 1"):
        ww.code_list(nurse, OWN)


def test_a_list_that_is_too_large_is_refused(nurse: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codelists, "MOST_BYTES", 100)
    with pytest.raises(BadInput, match="larger than"):
        ww.code_list(nurse, OWN)
