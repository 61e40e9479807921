"""Loading a file through the page: what is shown, what is refused, and that nothing is loaded by half."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import world
from openfls.record.people import Sex
from openfls.service import clock
from openfls.service.feeds import long_loading, uploads
from openfls.service.feeds.loading import load_bytes
from openfls.service.models import (
    AuditEvent,
    CodeList,
    Delivery,
    Episode,
    FeedRow,
    FeedSource,
    Person,
    UploadedFile,
)
from openfls.service.roles import Role
from service import waiting_world as ww
from web.conftest import signed_in
from web.page import Page

pytestmark = pytest.mark.django_db
MAPPED = {f"column.{field}": f"={column}" for field, column in ww.COLUMNS.items()}


def send(
    client: Client, data: bytes = ww.CSV, name: str = "ed_1.csv", to: str = "/feeds/load/", **fields: str
):
    """One upload."""
    return client.post(to, {"file": SimpleUploadedFile(name, data), **fields})


def test_a_file_with_odd_columns_is_mapped_shown_and_loaded(client: Client, nurse) -> None:
    answer = send(client)
    where = answer.headers["Location"]
    assert where == f"/feeds/load/{UploadedFile.objects.get().pk}/", (
        "nothing but an opaque key in the address"
    )
    first = Page(client.get(where).content)
    assert "Nothing" not in first.words
    assert "Save the mapping and load" not in first.words, "nothing is recognised yet"
    assert client.post(where, {**MAPPED, "source_name": "ED", "show": "1"}).headers["Location"] == where
    shown = Page(client.get(where).content)
    assert shown.fields["column.birth_date"] == "=Born"
    assert "ARCHER, Ada, born 1 March 1950" in shown.words
    assert "birth_date: 'not a day' is no date" in shown.words
    assert not Delivery.objects.exists()

    answer = client.post(where, {**MAPPED, "source_name": "ED", "load": "1"})

    delivery = Delivery.objects.get()
    assert answer.headers["Location"] == f"/feeds/{delivery.pk}/"
    assert (
        "Loaded: 3 rows read, 2 new; 2 fractures are put forward."
        in Page(client.get(f"/feeds/{delivery.pk}/").content).words
    )
    assert (FeedSource.objects.get().columns, delivery.received_by) == (ww.COLUMNS, nurse.user)
    assert not UploadedFile.objects.exists()
    assert client.get(where).status_code == 404
    again = client.get(send(client, name="ed_2.csv").headers["Location"])
    assert Page(again.content).fields["column.birth_date"] == "=Born", "tomorrow’s file finds the mapping"


def test_what_is_typed_into_the_form_is_checked(client: Client) -> None:
    where = send(client).headers["Location"]
    client.post(where, {**MAPPED, "column.code": "=No such column", "show": "1"})
    page = Page(client.get(where).content)
    assert "'No such column' for code is not in the file" in page.words
    assert "Save the mapping and load" not in page.words
    client.post(where, {"column.code": "=No such column", "load": "1"})
    assert not Delivery.objects.exists()
    assert not FeedSource.objects.exists()
    assert UploadedFile.objects.exists()


def test_a_formula_is_text_on_the_page_and_stays_text_in_a_download(client: Client) -> None:
    data = b"MRN,Surname,DOB,Date,ICD10\nH1,=cmd|' /C calc'!A0,01/03/1950,20/05/2026,S52.5\n"
    where = send(client, data + b"H2,<script>x</script>,01/03/1950,20/05/2026,S72.0\n").headers["Location"]
    body = client.get(where).content.decode()
    assert "<script>x" not in body.lower()
    assert "=CMD|" in body
    client.post(where, {"load": "1"})
    table = b"".join(client.get("/worklist/to-confirm.csv").streaming_content).decode()
    assert "'=CMD" in table
    assert not any(
        cell.startswith("=") for line in table.splitlines() for cell in line.replace('"', "").split(",")
    )


def test_a_file_that_is_too_large_is_refused_and_not_kept(client: Client, settings) -> None:
    settings.UPLOAD_BYTES = 1024 * 1024
    answer = send(client, b"MRN,ICD10\n" + b"x" * (3 * 1024 * 1024))
    assert answer.status_code == 422
    assert Page(answer.content).summary == [("file", answer_words := Page(answer.content).summary[0][1])]
    assert "larger than 1 MB" in answer_words
    assert not UploadedFile.objects.exists()
    assert send(client, b"MRN,ICD10\nH1,S52.5\n").status_code == 302


def test_a_zip_bomb_is_refused_unopened(client: Client) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.csv", b"0" * 50_000_000)
    for name in ("bomb.zip", "harmless.csv"):
        answer = send(client, packed.getvalue(), name)
        assert (answer.status_code, b"an archive is not taken" in answer.content) == (422, True)
    assert not UploadedFile.objects.exists()


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("empty.csv", b"", "is empty"),
        ("scan.pdf", b"%PDF-1.7", "a binary file"),
        ("x.xml", b"<a/>", "XML is not read"),
        ("book.xlsx", b"PK\x03\x04...", "save the sheet as CSV"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_reason(
    name: str, data: bytes, reason: str, client: Client
) -> None:
    answer = send(client, data, name)
    assert answer.status_code == 422
    ((_, words),) = Page(answer.content).summary
    assert name in words or not data
    assert reason in words


def test_no_file_at_all(client: Client) -> None:
    answer = client.post("/feeds/load/", {})
    assert (answer.status_code, Page(answer.content).summary) == (422, [("file", "Choose a file")])


def test_the_file_of_a_colleague_or_of_another_service_is_not_found(client: Client, nurse, neighbour) -> None:
    where = send(client).headers["Location"]
    colleague = world.member(nurse.service, Role.CLINICIAN, "colleague")
    for other in (colleague, neighbour):
        theirs = signed_in(other)
        assert theirs.get(where).status_code == 404
        assert theirs.post(where, {"load": "1"}).status_code == 404
        assert b"ed_1.csv" not in theirs.get("/feeds/load/").content
    assert b"ed_1.csv" in client.get("/feeds/load/").content
    assert not Delivery.objects.exists()


def test_the_source_of_another_service_is_not_found(client: Client, neighbour) -> None:
    source = ww.source(neighbour, name="Southern")
    assert send(client, source=str(source.pk)).status_code == 404
    assert client.post("/feeds/load/", {"forget": str(source.pk)}).status_code == 404
    assert FeedSource.objects.exists()
    assert b"Southern" not in client.get("/feeds/load/").content


def test_a_file_put_aside_or_expired_is_gone(client: Client) -> None:
    where = send(client).headers["Location"]
    assert client.post(where, {"discard": "1"}).headers["Location"] == "/feeds/load/"
    assert not UploadedFile.objects.exists()
    where = send(client).headers["Location"]
    with clock.at(clock.now() + uploads.KEPT_FOR + timedelta(seconds=1)):
        assert client.get(where).status_code == 404


def test_every_look_at_people_is_recorded(client: Client) -> None:
    where = send(client).headers["Location"]
    client.get(where)
    assert list(AuditEvent.objects.order_by("pk").values_list("action", flat=True)) == [
        "upload.keep",
        "upload.view",
    ]


def test_a_code_list_is_shown_with_its_refused_rows_and_put_in_use(client: Client) -> None:
    data = b"system,code,title,site,class\nicd10,R29.8,=1+1,hip,include\nicd10,S72.0,Hip,hip,perhaps\n"
    where = send(client, data, "codes.csv", "/code-lists/", title="Our list").headers["Location"]
    page = Page(client.get(where).content)
    assert [
        "3",
        "S72.0",
        "class",
        "'perhaps' is none of include, review, exclude, support, flag",
    ] in page.cells
    assert client.post(where, {"activate": "1"}).status_code == 302
    assert CodeList.objects.get().active
    assert "In use" in Page(client.get("/code-lists/").content).words
    again = send(client, data, "codes.csv", "/code-lists/")
    assert (again.status_code, b"kept already" in again.content) == (422, True)
    client.post(where, {"deactivate": "1"})
    assert not CodeList.objects.get().active


# Rows that wait, by the page.


def test_the_decisions_are_taken_on_the_page(client: Client, nurse) -> None:
    row = ww.doubtful(nurse)
    owner = ww.owner_of(row)
    listed = Page(client.get("/feeds/waiting/").content)
    assert "STRANGER" in listed.words
    where = f"/feeds/waiting/{row.pk}/"
    assert "It is EXAMPLE, Ada" in Page(client.get(where).content).words
    assert client.post(where, {"leave_out": "1", "words": ""}).status_code == 422
    assert client.post(where, {"person": str(world.found(nurse.service).person.pk)}).status_code == 422
    assert client.post(where, {"person": str(owner.pk)}).headers["Location"] == "/feeds/waiting/"
    assert FeedRow.objects.get(pk=row.pk).person == owner
    done = Page(client.get("/feeds/waiting/").content)
    assert "It is this person: EXAMPLE, Ada" in done.words
    decision = row.decisions.get()
    assert client.post(f"/feeds/decisions/{decision.pk}/undo/").headers["Location"] == where
    assert client.post(where, {"somebody_else": "1"}).status_code == 302
    assert Person.objects.filter(family_name="Stranger").exists()
    assert client.get(where).headers["Location"] == "/feeds/waiting/"


def test_two_records_become_one_and_the_old_address_leads_on(client: Client, nurse) -> None:
    kept, gone = ww.two_people(
        nurse, sex=Sex.MALE, birth_date=date(1951, 1, 2), postcode="BM1 1AA", deceased=True
    )
    kept = replace(kept, postcode="BM9 9ZZ")
    world.deliver(nurse.service, world.report(kept), world.report(gone))
    one, other = ww.person_of(nurse.service, kept), ww.person_of(nurse.service, gone)
    where = f"/people/{one.pk}/same-as/{other.pk}/"
    words = Page(client.get(where).content).words
    assert "EXAMPLE, Ada has died, of the other no death is known" in words
    assert "The sex differs: female and male" in words
    assert "The dates of birth differ: 1 March 1950 and 2 January 1951" in words
    assert "The addresses differ" in words
    assert client.post(where, {"not_same": "1", "words": ""}).status_code == 422
    assert "how you know" in Page(client.post(where, {"keep": str(one.pk), "words": ""}).content).words
    answer = client.post(where, {"keep": str(one.pk), "words": "One passport"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/people/{one.pk}/"
    assert f'<a href="/people/{other.pk}/take-apart/">Undo</a>' in answer.content.decode()
    assert client.get(f"/people/{other.pk}/").headers["Location"] == f"/people/{one.pk}/"
    assert client.get(where).status_code == 404


def test_a_pair_of_two_services_is_not_found(client: Client, nurse, neighbour) -> None:
    mine, theirs = world.found(nurse.service).person, world.found(neighbour.service).person
    for one, other in ((mine, theirs), (theirs, mine)):
        assert client.get(f"/people/{one.pk}/same-as/{other.pk}/").status_code == 404
        assert client.post(f"/people/{one.pk}/same-as/{other.pk}/", {"keep": str(mine.pk)}).status_code == 404
    assert Person.objects.count() == 2


def test_a_row_left_out_is_put_forward_from_its_delivery(client: Client, nurse) -> None:
    row = ww.left_out(nurse)
    where = f"/feeds/rows/{row.pk}/put-forward/"
    assert where in client.get(f"/feeds/{row.delivery_id}/").content.decode()
    assert "hand: outside a fracture liaison service" in Page(client.get(where).content).words
    assert client.post(where, {"reason": " "}).status_code == 422
    answer = client.post(where, {"reason": "The wrist is meant"})
    episode = Episode.objects.get()
    assert answer.headers["Location"] == f"/episodes/{episode.pk}/found/"
    assert where not in client.get(f"/feeds/{row.delivery_id}/").content.decode()


def test_a_manager_loads_and_does_not_decide_who_is_who(nurse) -> None:
    row = ww.doubtful(nurse)
    manager = signed_in(world.member(nurse.service, Role.MANAGER, "manager"))
    page = manager.get("/feeds/")
    assert b"1 row waits for a person" in page.content
    assert b"/feeds/waiting/" not in page.content
    assert manager.get(f"/feeds/waiting/{row.pk}/").status_code == 403


def test_a_long_file_shows_how_far_it_is_stops_and_goes_on(client: Client, nurse) -> None:
    loading = ww.loading(nurse)
    where = f"/feeds/loading/{loading.pk}/"
    answer = client.get(where)
    assert answer.headers["Refresh"] == "3"
    assert "Refresh" not in client.get(where + "?still=1").headers
    assert "is being loaded" in Page(client.get("/feeds/load/").content).words
    assert client.get(f"/feeds/load/{loading.upload_id}/").headers["Location"] == where
    with mock.patch.object(long_loading, "FIRST", 1):
        client.post(where, {"stop": "1"})
        long_loading.work_on(loading.pk)
    answer = client.get(where)
    assert "Refresh" not in answer.headers
    assert "Stopped At row 1 of 3 (33 %)." in Page(answer.content).words
    assert "row 1 of 3" in Page(client.get("/feeds/").content).words
    done = client.post(where, {"go_on": "1"}, follow=True)
    assert "Loaded: 3 rows read, 2 new; 2 fractures are put forward." in Page(done.content).words


def test_rows_left_out_before_are_named_with_their_delivery(client: Client, nurse) -> None:
    ww.source(nurse)
    first = load_bytes("ed_1.csv", ww.CSV, by=nurse)
    again = load_bytes("ed_2.csv", ww.CSV, by=nurse)
    page = client.get(f"/feeds/{again.key}/").content
    assert "3 rows known already: of these 1 was left out then, because" in Page(page).words
    assert f'href="/feeds/{first.key}/"' in page.decode()


def test_the_day_from_which_fractures_are_found_keeps_older_ones_as_history(client: Client, nurse) -> None:
    ww.source(nurse)
    client.post("/feeds/start-date/", {"day": "21 5 2026"})
    loaded = load_bytes("ed_1.csv", ww.CSV, by=nurse)
    assert (
        "Older than your start date (21 May 2026): 1 kept as history"
        in Page(client.get(f"/feeds/{loaded.key}/").content).words
    )
    assert "ARCHER" in Page(client.get("/worklist/history/").content).words
    assert (
        "It is that day already"
        in Page(client.post("/feeds/start-date/", {"day": "21 5 2026"}).content).words
    )
    client.post("/feeds/start-date/", {"day": ""})
    assert "ARCHER" in Page(client.get("/worklist/to-confirm/").content).words
