"""Everything that is held about a person, in one file."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest
from pypdf import PdfReader

import world
from openfls.record.sites import Side, Site
from openfls.service.disclosing.gathering import NOT_GIVEN, tables_of
from openfls.service.feeds import merging
from openfls.service.feeds.splitting import split
from openfls.service.models import AuditEvent, Letter, MergedPerson, NotSamePerson, PersonFlag, User
from openfls.service.roles import Role
from service import access_world as aw
from service import results_world as rw
from service import waiting_world as ww
from service.sharing import connected
from web.conftest import signed_in
from web.page import Page

pytestmark = pytest.mark.django_db
SENT = {"asked": "herself", "received_on": "30 5 2026", "checked": "yes", "own_password": world.PASSWORD}


def test_one_file_holds_every_row_about_the_person_and_nothing_about_another(nurse) -> None:
    episode = connected.everything(nurse)
    person = episode.person
    rw.bring(episode, vitamin_d_nmol_l=31)
    other = world.found(nurse.service, person=world.demographics(family_name="Quillfeather")).person
    NotSamePerson.objects.create(
        service=nurse.service, one=person, other=other, at=world.at_noon(world.TODAY)
    )
    manager = signed_in(aw.manager(nurse.service))
    signed_in(nurse).get(f"/people/{person.pk}/")
    path = f"/people/{person.pk}/everything/"

    empty = Page(manager.post(path, {"own_password": world.PASSWORD}).content)
    assert [field for field, _ in empty.summary] == ["id_asked", "id_received_on", "id_checked"]
    answer = manager.post(path, SENT)
    assert answer.headers["Content-Type"] == "application/zip"
    assert person.family_name.encode() not in str(answer.headers).encode()

    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    held = json.loads(files["everything.json"])
    rows = {name: table["rows"] for name, table in held["tables"].items()}
    assert rows["person"][0]["family_name"] == person.family_name
    assert [row["field"] for row in rows["told_value"]] == ["vitamin_d_nmol_l"]
    for name in (
        "episode",
        "fracture",
        "answer",
        "plan",
        "treatment",
        "letter",
        "source_record",
        "person_identifier",
    ):
        assert rows[name], name
    assert held["left_out"]["tables"] == NOT_GIVEN
    everything = b"".join(files.values())
    assert b"Quillfeather" not in everything
    assert str(other.pk).encode() not in everything
    assert all(row["written_by"] == "nurse" for row in rows["letter"])

    words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(files["record.pdf"])).pages)
    assert person.name in words
    assert "31 nmol/L" in words
    assert (
        len([name for name in files if name.startswith("letters/")])
        == Letter.objects.filter(person=person).count()
    )
    looked = list(csv.DictReader(io.StringIO(files["who-looked.csv"].decode())))
    assert "FLS co-ordinator" in {row["by"] for row in looked}
    assert b"nurse" not in files["who-looked.csv"]

    event = AuditEvent.objects.get(action="person.disclose")
    assert (event.person, event.detail["asked"], event.detail["letters"]) == (str(person.pk), "herself", 1)
    assert event.detail["rows"] == sum(len(table.rows) for table in tables_of(person))


def test_somebody_whose_record_was_put_in_by_mistake_is_not_in_it(nurse) -> None:
    kept, gone = ww.two_people(nurse, family_name="Quillfeather")
    world.deliver(nurse.service, world.report(kept), world.report(gone, site=Site.HIP, side=Side.RIGHT))
    keep, other = ww.person_of(nurse.service, kept), ww.person_of(nurse.service, gone)
    row = ww.merge_message(nurse, kept, gone)
    merging.same_person(keep=keep, gone=other, row=row, words="Looked alike", by=nurse)
    assert "Quillfeather" in str(tables_of(keep)), "as long as they count as one it is hers"
    split(merged=MergedPerson.objects.get(), belongs={}, words="Two passports", by=nurse)
    held = str(tables_of(keep))
    assert not [each for each in ("Quillfeather", gone.identifiers[0].value, str(other.pk)) if each in held]


def test_a_name_that_no_font_has_and_somebody_without_anything_cost_no_file(nurse) -> None:
    person = world.found(
        nurse.service, person=world.demographics(family_name="O\u2019\U0001f9b4\u0008")
    ).person
    PersonFlag.objects.create(
        service=nurse.service,
        person=person,
        kind=PersonFlag.Kind.SAFEGUARDING,
        words="=1+1",
        at=world.at_noon(world.TODAY),
    )
    boss = aw.manager(nurse.service)
    answer = signed_in(boss).post(f"/people/{person.pk}/everything/", SENT)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert PdfReader(io.BytesIO(archive.read("record.pdf"))).pages
    assert User.objects.get(pk=boss.user.pk).password.encode() not in answer.content


def test_who_may_not_see_the_log_may_not_make_it(nurse) -> None:
    person = world.found(nurse.service).person
    clinician = world.member(nurse.service, Role.CLINICIAN, "clinician")
    assert signed_in(clinician).post(f"/people/{person.pk}/everything/", SENT).status_code == 403
