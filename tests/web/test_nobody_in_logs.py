"""The technical logs of one person's whole way through the service: nothing that tells who she is stands in them."""

from __future__ import annotations

import json
import logging
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import world
from openfls.record.people import NHS_NUMBER, Identifier
from openfls.service.actor import Actor
from openfls.service.letter_runs import running
from openfls.service.letter_runs.beginning import begin
from openfls.service.models import Job, Letter, LetterBatch, Loading, UploadedFile
from openfls.service.operation import jobs, logs
from openfls.service.operation.kinds import KINDS
from openfls.service.operation.working import Process
from openfls.web.pages import details
from web.conftest import signed_in
from web.test_health import written

pytestmark = pytest.mark.django_db
NUMBER = world.nhs_number()
HERS = {
    "family_name": "Quillfeather",
    "given_name": "Philomena",
    "birth_date": date(1941, 7, 23),
    "address": "7 Gannet Steps",
    "postcode": "QF9 7ZZ",
    "telephone": "01632 960987",
    "identifiers": (Identifier(NHS_NUMBER, NUMBER),),
}
WORDS = (
    "quillfeather",
    "philomena",
    "1941-07-23",
    "23/07/1941",
    "19410723",
    "23 7 1941",
    "gannet",
    "qf9",
    "960987",
)
WORDS = (*WORDS, NUMBER, f"{NUMBER[:3]} {NUMBER[3:6]} {NUMBER[6:]}")
FILE = (
    "NHS Number,Family Name,Given Name,Date of Birth,Sex,Attendance Date,Diagnosis\n"
    f"{NUMBER},Quillfeather,Philomena,23/07/1941,F,01/05/2026,S52.5\n"
    f"{NUMBER},Quillfeather,Philomena,23/07/1941,F,some day,S52.5\n"
)


def _asked_for(nurse: Actor, client: Client) -> None:
    """Found, searched for, confirmed, assessed, with mistakes on the way; addresses that lead nowhere."""
    other = {**HERS, "identifiers": (Identifier(NHS_NUMBER, world.nhs_number()),)}
    episode = world.found(nurse.service, person=world.demographics(**other))
    for term in ("Quillfeather", NUMBER, "23/07/1941", "QF9 7ZZ"):
        client.post("/people/", {"q": term})
        client.get("/people/", {"q": term})
        client.get(f"/nowhere/{term}")
    at = f"/episodes/{episode.pk}"
    client.post(f"{at}/found/", {"confirm": "1"})
    client.post(f"{at}/assessment/", {"falls_last_year": "Quillfeather fell twice"})
    client.post(
        f"/people/{episode.person_id}/correct/", {"family_name": "Quillfeather", "birth_date": "23 7 1941?"}
    )
    Client().post("/sign-in/", {"login": "Quillfeather", "password": "Philomena"})


def _written_to(nurse: Actor, client: Client) -> None:
    """A plan, a letter that is approved, printed and sent."""
    episode = world.planned(nurse, person=world.demographics(**HERS))
    client.post(f"/episodes/{episode.pk}/letters/", {"kind": "person"})
    letter = Letter.objects.get(episode=episode)
    client.get(f"/letters/{letter.pk}/")
    client.post("/letters/batches/", {"pick": str(letter.pk)})
    path = f"/letters/batches/{LetterBatch.objects.get().pk}/"
    client.get(path)
    client.post(path, {"do": "send", "on": "1 6 2026", "way": "post"})


def _sent(client: Client) -> None:
    """A file whose name and rows are hers, loaded as far as it can be read."""
    client.post("/feeds/load/", {"file": SimpleUploadedFile("Quillfeather.pdf", b"%PDF Quillfeather")})
    client.post("/feeds/load/", {"file": SimpleUploadedFile("Quillfeather Philomena.csv", FILE.encode())})
    client.post(f"/feeds/load/{UploadedFile.objects.get().pk}/", {"load": "1"})
    assert Loading.objects.get().rows == 2


def _broken(nurse: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Faults whose own words quote her: in a page, in a job, in a run of letters."""

    def fault(*_: object, **__: object) -> None:
        raise ValueError(f"Quillfeather, Philomena, {NUMBER}, 23/07/1941, 7 Gannet Steps")

    person = Letter.objects.get().person_id
    monkeypatch.setattr(details, "render", fault)
    client = signed_in(nurse, raise_request_exception=False)
    assert client.get(f"/people/{person}/correct/").status_code == 500
    monkeypatch.setitem(KINDS, "tidying", fault)
    jobs.post("tidying")
    Process("worker").work()
    assert Job.objects.get(kind="tidying").fault == "ValueError"
    monkeypatch.setattr(running, "placed", fault)
    failed = running.work_on(begin(batch=LetterBatch.objects.get(), kind="print", by=nurse).pk)
    assert failed.state == "failed"
    assert "ValueError" in failed.reason


def _is_written(record: logging.LogRecord) -> bool:
    """Whether a server writes it at all: the logs of Django and of the web server say less than they could."""
    loggers = logs.configuration("json", "INFO")["loggers"]
    of = next((each for each in loggers if f"{record.name}.".startswith(f"{each}.")), "")
    return not of or record.levelno >= logging.getLevelNamesMapping()[loggers[of]["level"]]


def test_nothing_that_tells_who_she_is_stands_in_a_log(
    nurse: Actor, client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO)
    _asked_for(nurse, client)
    _written_to(nurse, client)
    _sent(client)
    _broken(nurse, monkeypatch)
    lines = written([record for record in caplog.records if _is_written(record)])
    assert len(lines) > 25
    assert {"openfls.access", "openfls.web", "openfls.service.operation.jobs"} <= {
        line["logger"] for line in lines
    }
    told = json.dumps(lines, ensure_ascii=False).lower()
    assert [word for word in WORDS if word in told] == []
