"""A source remembers how its files are read; a file waits for its user between upload and loading, and no longer."""

from __future__ import annotations

import gzip
import io
import zipfile
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

import world
from openfls.record.errors import BadInput
from openfls.record.feeds import Observation, Rejection
from openfls.service import clock
from openfls.service.actor import Actor, system_actor
from openfls.service.feeds import long_loading, sources, uploads
from openfls.service.feeds.loading import load_bytes, load_path
from openfls.service.models import Delivery, Episode, FeedSource, Person, UploadedFile
from service import waiting_world as ww

TITLED = b"Emergency extract,,,,,\nmade 1 June 2026,,,,,\n" + ww.CSV


def test_without_a_mapping_the_odd_columns_are_not_recognised(nurse: Actor) -> None:
    preview = uploads.preview(ww.upload(nurse))
    assert preview.observations == 0
    assert preview.layout is not None
    assert preview.layout.header == ("PAS Ref", "Family", "Given", "Born", "When", "ICD")


@pytest.mark.parametrize("data", [ww.CSV, TITLED], ids=["plain", "with a title above"])
def test_a_mapping_is_shown_saved_and_used_for_tomorrows_file(data: bytes, nurse: Actor) -> None:
    upload = ww.upload(nurse, data)
    uploads.choose(upload=upload, columns=ww.COLUMNS, source_name="ED", by=nurse)
    preview = uploads.preview(upload)
    assert (preview.observations, preview.left_out, preview.loadable) == (2, 1, True)
    assert preview.layout is not None
    assert preview.layout.columns["birth_date"] == ("Born",)
    (_, (first,)), (_, (second,)), (_, (third,)) = preview.rows
    assert isinstance(first, Observation)
    assert (first.person.family_name, first.on.isoformat()) == ("Archer", "2026-05-20")
    assert isinstance(second, Observation)
    assert isinstance(third, Rejection)
    assert "birth_date" in third.reason
    assert Delivery.objects.count() == Person.objects.count() == 0, "a preview writes nothing"

    done = long_loading.load(upload, by=nurse)

    assert (done.loaded.read, done.loaded.new, done.loaded.left_out, done.loaded.episodes) == (3, 2, 1, 2)
    assert not UploadedFile.objects.exists()
    assert (done.source.name, done.source.files, done.source.columns) == ("ED", "ed", ww.COLUMNS)
    tomorrow = data.replace(b"H100", b"H200")
    assert load_bytes("ed_2026-06-02.csv", tomorrow, by=nurse).new == 1
    assert load_bytes("other.csv", tomorrow, by=nurse).new == 0, (
        "a file of another name is not of this source"
    )


def test_the_command_reads_by_name_or_by_the_files_name(nurse: Actor, tmp_path) -> None:
    ww.source(nurse)
    by = system_actor(nurse.service)
    (tmp_path / "ed_1.csv").write_bytes(ww.CSV)
    (tmp_path / "weekly.csv").write_bytes(ww.CSV.replace(b"H10", b"W10"))
    assert next(load_path(tmp_path / "ed_1.csv", by=by)).new == 2
    assert next(load_path(tmp_path / "weekly.csv", by=by)).new == 0
    options = sources.options_from(nurse.service, sources.source_called(nurse.service, "ed"))
    assert next(load_path(tmp_path / "weekly.csv", by=by, options=options)).new == 2
    with pytest.raises(BadInput, match="no feed source 'nowhere'; there are: ed"):
        sources.source_called(nurse.service, "nowhere")


def test_a_source_is_the_services_own(nurse: Actor) -> None:
    ww.source(nurse)
    other = world.member(world.service("south"), username="other")
    assert sources.source_for(other.service, "ed_3.csv") is None
    assert load_bytes("ed_3.csv", ww.CSV, by=other).new == 0
    with pytest.raises(BadInput):
        sources.source_called(other.service, "ed")


def test_what_a_source_calls_its_numbers_meets_the_messages(nurse: Actor) -> None:
    sources.save_source(name="ed", file_name="ed.csv", columns=ww.COLUMNS, hospital_system="MAIN", by=nurse)
    load_bytes("ed.csv", ww.CSV, by=nurse)
    assert set(Person.objects.values_list("identifiers__system", flat=True)) == {"MAIN"}


def test_a_field_can_be_said_to_have_no_column(nurse: Actor) -> None:
    data = b"MRN,Surname,DOB,Exam Date,Diagnosis\nH1,Archer,01/03/1950,20/05/2026,S52.5\n"
    upload = ww.upload(nurse, data)
    assert uploads.preview(upload).rows[0][1][0].person.birth_date is not None
    uploads.choose(upload=upload, columns={"birth_date": ""}, source_name="x", by=nurse)
    assert uploads.preview(upload).rows[0][1][0].person.birth_date is None


def test_two_sources_do_not_share_the_name_of_their_files(nurse: Actor) -> None:
    ww.source(nurse)
    second = sources.save_source(name="second", file_name="ed_9.csv", columns={}, by=nurse)
    assert second.files == ""
    with pytest.raises(IntegrityError), transaction.atomic():
        FeedSource.objects.filter(pk=second.pk).update(files="ed")


@pytest.mark.parametrize(
    ("columns", "reason"),
    [({"birthday": "Born"}, "birthday: no such field"), ({"code": 3}, "one column for each field")],
)
def test_a_mapping_that_is_none_is_refused(columns, reason: str, nurse: Actor) -> None:
    with pytest.raises(BadInput, match=reason):
        sources.save_source(name="ed", columns=columns, by=nurse)
    assert not FeedSource.objects.exists()


def test_a_mapping_that_no_longer_fits_loads_nothing_and_says_which_column(nurse: Actor) -> None:
    ww.source(nurse)
    upload = ww.upload(nurse, ww.CSV.replace(b"Born", b"Birthdate"))
    preview = uploads.preview(upload)
    assert not preview.loadable
    assert preview.layout is not None
    assert "'Born' for birth_date is not in the file" in preview.layout.fault
    with pytest.raises(BadInput, match=r"ed_2026-06-01\.csv: the mapping's column 'Born' for birth_date"):
        long_loading.load(upload, by=nurse)
    assert UploadedFile.objects.exists()
    assert Delivery.objects.count() == 0


HL7 = (
    b"MSH|^~\\&|PAS|RXX|FLS|RXX|20260520||ADT^A04|1|P|2.4\r"
    b"PID|1||H1^^^BGH^MR||Archer^Ada||19500301|F\rPV1|1|E\rDG1|1||S52.5^Wrist^I10||20260520\r"
)


def test_messages_are_shown_and_loaded_too(nurse: Actor) -> None:
    upload = ww.upload(nurse, HL7, "monday.hl7")
    preview = uploads.preview(upload)
    assert (preview.kind, preview.layout, preview.observations) == ("hl7", None, 1)
    assert preview.rows
    assert long_loading.load(upload, by=nurse).loaded.episodes == 1


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.csv", b"", "the file is empty"),
        ("a.zip", b"PK\x03\x04rest", "an archive"),
        ("a.csv", b"PK\x03\x04a workbook under another name", "an archive"),
        ("a.csv.gz", gzip.compress(b"a,b\n" * 100, mtime=0), "an archive"),
        ("a.tar", b"anything", "an archive"),
        ("a.pdf", b"%PDF-1.7", "a binary file"),
        ("a.xml", b"<xml/>", "XML is not read"),
        ("a.bin", b"\x00\x01\x02\x03", "not recognised"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_name_and_reason(
    name: str, data: bytes, reason: str, nurse: Actor
) -> None:
    with pytest.raises(BadInput, match=f"{name}: .*{reason}"):
        uploads.keep(name=name, data=data, by=nurse)
    assert not UploadedFile.objects.exists()


def test_a_zip_bomb_is_never_opened(nurse: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.csv", b"0" * 30_000_000)
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_, **__: pytest.fail("opened"))
    for name in ("bomb.zip", "bomb.csv"):
        with pytest.raises(BadInput, match="an archive"):
            uploads.keep(name=name, data=packed.getvalue(), by=nurse)


@pytest.mark.parametrize(
    "data", [b'{"resourceType":"Bundle","entry":[{"resource":', b'{"a":' * 5000, b"MSH|^~\\&|", b"a,b\n"]
)
def test_a_broken_file_is_shown_as_broken_and_loads_nothing(data: bytes, nurse: Actor) -> None:
    upload = ww.upload(nurse, data, "broken.json" if data[:1] == b"{" else "broken.csv")
    preview = uploads.preview(upload)
    if not preview.loadable:
        with pytest.raises(BadInput):
            long_loading.load(upload, by=nurse)
        assert Delivery.objects.count() == 0
    else:
        assert preview.left_out, "every row is accounted for"


def test_a_long_file_is_counted_in_part_and_loaded_whole(nurse: Actor) -> None:
    data = b"MRN,Surname,DOB,Date,ICD10\n" + b"".join(
        b"H%d,Archer,01/03/19%d,20/05/2026,S52.5\n" % (n, n) for n in range(30, 40)
    )
    upload = ww.upload(nurse, data)
    part = uploads.preview(upload, most=2)
    assert (part.observations, part.whole) == (2, False)
    assert uploads.preview(upload, most=10).whole
    assert long_loading.load(upload, by=nurse).loaded.new == 10


def test_what_is_broken_behind_the_preview_loads_nothing(nurse: Actor) -> None:
    one = b'{"resourceType":"Patient","id":"p%d","name":[{"family":"Archer"}]}'
    cut = b'{"resourceType":"Bundle","type":"collection","entry":[' + b",".join(
        b'{"resource":' + one % n + b"}" for n in range(20)
    )
    upload = ww.upload(nurse, cut, "cut.json")
    shown = uploads.preview(upload, most=None)
    assert shown.faults
    with pytest.raises(BadInput, match=r"cut\.json"):
        long_loading.load(upload, by=nurse)
    assert Delivery.objects.count() == Person.objects.count() == 0


def test_a_file_is_gone_after_its_time(nurse: Actor) -> None:
    old = ww.upload(nurse)
    assert uploads.mine(nurse) == [old]
    with clock.at(clock.now() + uploads.KEPT_FOR + timedelta(seconds=1)):
        assert uploads.mine(nurse) == []
        new = ww.upload(nurse, name="new.csv")
        assert list(UploadedFile.objects.all()) == [new]


def test_a_file_is_its_users_alone(nurse: Actor) -> None:
    ww.upload(nurse)
    colleague = world.member(nurse.service, username="colleague")
    assert uploads.mine(colleague) == []


@pytest.mark.parametrize("name", ["../../etc/passwd.csv", "C:\\files\\ed.csv", "a\x00b\n.csv", "", "x" * 900])
def test_the_name_of_a_file_is_a_name_and_no_path(name: str, nurse: Actor) -> None:
    kept = ww.upload(nurse, name=name).name
    assert kept
    assert len(kept) <= 200
    assert not set(kept) & set("/\\\x00\n")


def test_a_source_that_is_forgotten_leaves_what_it_delivered(nurse: Actor) -> None:
    source = ww.source(nurse)
    load_bytes("ed.csv", ww.CSV, by=nurse)
    sources.forget_source(source=source, by=nurse)
    assert Episode.objects.count() == 2
    assert sources.source_for(nurse.service, "ed.csv") is None
