"""Everything that is held about a person, in one file."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.db.models import ForeignObjectRel
from pypdf import PdfReader

import world
from openfls.record.sites import Side, Site
from openfls.service import audit, clock
from openfls.service.access import inviting
from openfls.service.access.members import give_role
from openfls.service.actor import system_actor
from openfls.service.auditing import chain, reading
from openfls.service.disclosing import giving
from openfls.service.disclosing.gathering import NOT_GIVEN, tables_of, what_is_held
from openfls.service.disclosing.looks import who_looked
from openfls.service.feeds import merging
from openfls.service.feeds.splitting import split
from openfls.service.models import (
    AuditEvent,
    Letter,
    Membership,
    MergedPerson,
    NotSamePerson,
    Person,
    PersonFlag,
    User,
)
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
    User.objects.filter(pk=nurse.user.pk).update(first_name="Nina", last_name="Hartley")
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
    assert {row["written_by"] for row in rows["letter"]} == {"Nina Hartley"}
    assert b'"nurse"' not in files["everything.json"], "a user name is half of what signs somebody in"

    words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(files["record.pdf"])).pages)
    assert person.name in words
    assert "31 nmol/L" in words
    assert (
        len([name for name in files if name.startswith("letters/")])
        == Letter.objects.filter(person=person).count()
    )
    looked = list(csv.DictReader(io.StringIO(files["who-looked.csv"].decode())))
    assert "FLS co-ordinator" in {row["by"] for row in looked}
    assert not [name for name in (b"nurse", b"Nina") if name in files["who-looked.csv"]]
    assert held["as_of"] == clock.now().isoformat()
    assert b"as it stood on 1 June 2026, 13:00" in files["read-me-first.txt"]

    event = AuditEvent.objects.get(action="person.disclose")
    assert (event.person, event.detail["asked"], event.detail["letters"]) == (str(person.pk), "herself", 1)
    assert event.detail["rows"] == sum(len(table.rows) for table in tables_of(person))


def test_every_table_that_leads_to_a_person_is_told_in_plain_words() -> None:
    """Along the keys of the models, as the rows are found."""
    found, ahead = {Person}, [Person]
    while ahead:
        for relation in ahead.pop()._meta.get_fields(include_hidden=True):
            if isinstance(relation, ForeignObjectRel) and not relation.many_to_many:
                model = relation.related_model
                ours = model._meta.app_label == "service" and not model._meta.auto_created
                if ours and model.__name__ not in NOT_GIVEN and model not in found:
                    found.add(model)
                    ahead.append(model)
    assert set(what_is_held()) == {model._meta.db_table for model in found}


def test_a_day_of_the_request_that_cannot_be_is_refused(nurse) -> None:
    person = world.found(nurse.service).person
    manager = signed_in(aw.manager(nurse.service))
    for day in ("2 6 2026", "1 1 1900", "30 5 2016"):
        answer = manager.post(f"/people/{person.pk}/everything/", {**SENT, "received_on": day})
        assert [field for field, _ in Page(answer.content).summary] == ["id_received_on"], day
    assert not AuditEvent.objects.filter(action="person.disclose").exists()


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


def test_who_looked_is_told_by_the_role_of_then_and_of_a_long_list_only_perhaps(nurse, monkeypatch) -> None:
    monkeypatch.setattr(chain, "MOST_PEOPLE", 1)
    monkeypatch.setattr(reading, "MOST_PEOPLE", 1)
    first, second = sorted((world.found(nurse.service).person for _ in range(2)), key=lambda one: one.pk.hex)
    earlier = world.found(nurse.service).person
    boss = aw.manager(nurse.service)
    member = Membership.objects.get(user=nurse.user)
    for hours, role in ((1, Role.VIEWER), (3, Role.CLINICIAN)):
        with clock.at(clock.now() + timedelta(hours=hours)):
            give_role(member=member, role=role, by=boss)
            member.refresh_from_db()
    for hours in (0, 2, 4):
        with clock.at(clock.now() + timedelta(hours=hours)):
            audit.record(nurse, "person.view", person=second)
    with clock.at(clock.now() + timedelta(hours=6)):  # she comes back by an invitation, to another role
        Membership.ever.filter(pk=member.pk).update(ends_at=clock.now() - timedelta(minutes=1))
        wish = aw.wish(email="back@trust.example", role=Role.MANAGER)
        inviting.join(
            invitation=inviting.invite(wish=wish, by=boss)[0],
            user=nurse.user,
            password=None,
            by=system_actor(nurse.service),
        )
    with clock.at(clock.now() + timedelta(hours=5)):
        audit.record(nurse, "worklist.download", **audit.shown([first.pk, second.pk]))
    with clock.at(clock.now() - timedelta(days=1)):
        audit.record(nurse, "worklist.download", **audit.shown([earlier.pk, uuid4()]))
    rows = list(csv.DictReader(io.StringIO(who_looked(second).decode())))
    looks = [(row["by"], row["in a list"]) for row in rows if row["by"] != "the system itself"]
    assert looks == [
        ("Lead clinician", "perhaps: of 2 people in it the log names 1"),
        ("Lead clinician", ""),
        ("Viewer (read only)", ""),
        ("FLS co-ordinator", ""),
    ]
    listed = [row["in a list"] for row in csv.DictReader(io.StringIO(who_looked(first).decode()))]
    assert listed.count("yes") == 1


def test_it_is_made_while_others_write_and_nobody_has_it_before_the_log_says_so(nurse, monkeypatch) -> None:
    person, boss = world.found(nurse.service).person, aw.manager(nurse.service)
    called: list[str] = []

    @contextmanager
    def moment():
        called.append("begins")
        yield
        called.append("ends")

    def refused(*_: object, **__: object) -> None:
        called.append("log")
        raise OperationalError("no room")

    monkeypatch.setattr(giving, "one_moment", moment)
    monkeypatch.setattr(giving, "note", refused)
    with pytest.raises(OperationalError):
        giving.give(person=person, asked=giving.Asked.HERSELF, received_on=world.TODAY, by=boss)
    assert called == ["begins", "ends", "log"]
