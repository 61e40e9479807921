"""What probes and monitoring are told, and that nothing of a person is in it or in the logs."""

from __future__ import annotations

import json
import logging
import re
import sys
from contextlib import nullcontext
from unittest import mock

import pytest
from django.db import connection
from django.db.utils import OperationalError
from django.http import HttpResponse
from django.test import Client

from openfls.service import clock
from openfls.service.actor import Actor
from openfls.service.models import Job
from openfls.service.operation import jobs, life, logs
from openfls.web.operation.middleware import Observed
from openfls.web.urls import ROUTES
from web.conftest import signed_in
from web.places import place_of

pytestmark = pytest.mark.django_db
PERSON = next(route for route in ROUTES if route.name == "person")


@pytest.fixture
def anyone() -> Client:
    """Whoever asks, from this machine and without a proxy."""
    return Client()


def test_alive_asks_the_database_nothing(anyone: Client, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        answer = anyone.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


def test_ready_where_everything_is_in_order(anyone: Client) -> None:
    with mock.patch("openfls.service.operation.readiness._migrated", return_value=True):
        answer = anyone.get("/health/ready")
    assert answer.status_code == 200
    assert set(answer.json().values()) == {"ready", True}


@pytest.mark.parametrize("what", ["database", "migrations", "workers", "disk"])
def test_not_ready_says_what_is_not_in_order_and_nothing_more(what: str, anyone: Client, settings) -> None:
    settings.BACKGROUND = "worker"
    if what != "workers":
        life.give("here:1", "worker", clock.now())
    away = OperationalError("password authentication failed for user openfls at db.hospital.example")
    faults = {
        "database": mock.patch.object(connection, "cursor", side_effect=away),
        "migrations": mock.patch("openfls.service.operation.readiness._migrated", return_value=False),
        "disk": mock.patch("openfls.service.operation.readiness.free_megabytes", return_value=3),
    }
    whole = mock.patch("openfls.service.operation.readiness._migrated", return_value=True)
    with whole, faults.get(what, nullcontext()):
        answer = anyone.get("/health/ready")
    told = answer.json()
    assert (answer.status_code, told.pop("status"), told[what]) == (503, "not ready", False)
    if what != "database":
        assert [name for name, good in told.items() if not good] == [what]
    assert "hospital" not in answer.content.decode()


def test_the_numbers_are_for_this_machine_or_whoever_has_the_token(anyone: Client, settings) -> None:
    assert anyone.get("/metrics").status_code == 200
    for by_proxy in ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded"):
        assert anyone.get("/metrics", headers={by_proxy: "127.0.0.1"}).status_code == 403
    far = {"REMOTE_ADDR": "192.0.2.7"}
    assert anyone.get("/metrics", **far).status_code == 403
    assert anyone.get("/metrics", headers={"Authorization": "Bearer "}, **far).status_code == 403
    settings.METRICS_TOKEN = "of-the-monitoring"
    assert anyone.get("/metrics", headers={"Authorization": "Bearer other"}, **far).status_code == 403
    assert (
        anyone.get("/metrics", headers={"Authorization": "Bearer of-the-monitoring"}, **far).status_code
        == 200
    )


def test_the_numbers_name_pages_and_jobs_and_nobody(nurse: Actor, anyone: Client) -> None:
    place = place_of(PERSON, nurse)
    jobs.post("loading", str(place.person.pk))
    life.give("here:1", "worker", clock.now())
    client = signed_in(nurse)
    assert client.get(place.path).status_code == 200
    client.get("/no/such/page/of/Quillfeather/")
    client.generic("MADEUP", place.path)
    told = anyone.get("/metrics").content.decode()
    assert 'openfls_requests_total{method="GET",page="person",status="200"}' in told
    assert 'openfls_request_seconds_bucket{le="0.3",method="GET",page="person"}' in told
    assert 'openfls_jobs{kind="loading",state="waiting"} 1.0' in told
    assert 'openfls_silent_seconds{role="worker"}' in told
    assert "openfls_database_up 1.0" in told
    assert "MADEUP" not in told
    for secret in (str(place.person.pk), place.person.family_name, nurse.user.username, "Quillfeather"):
        assert secret not in told
    for number in place.person.identifiers.values_list("value", flat=True):
        assert number not in told


def test_the_numbers_of_a_database_that_is_away(anyone: Client) -> None:
    with mock.patch.object(connection, "cursor", side_effect=OperationalError("gone")):
        told = anyone.get("/metrics").content.decode()
    assert "openfls_database_up 0.0" in told


def test_a_request_keeps_the_id_that_a_proxy_gave_it(anyone: Client) -> None:
    given = "3f2a-from-the-proxy"
    assert anyone.get("/about/", headers={"X-Request-ID": given}).headers["X-Request-ID"] == given


@pytest.mark.parametrize(
    "given", ["", "short", "9434765919", "943-476-5919", "a" * 65, "with space 1234", "<b>12345678"]
)
def test_an_id_that_could_be_something_else_is_not_taken(given: str, anyone: Client) -> None:
    told = anyone.get("/about/", headers={"X-Request-ID": given}).headers["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{32}", told)


def written(records: list[logging.LogRecord]) -> list[dict[str, object]]:
    """The lines as a collector gets them."""
    form = logs.configuration("json", "INFO")["formatters"]["json"]
    formatter = logs.Json(form["format"], rename_fields=form["rename_fields"])
    for record in records:
        logs.Discreet().filter(record)
    return [json.loads(formatter.format(record)) for record in records]


def test_a_request_is_one_line_of_json_without_its_address(nurse: Actor, caplog) -> None:
    place = place_of(PERSON, nurse)
    caplog.set_level(logging.INFO)
    signed_in(nurse).get(place.path, {"q": "Quillfeather"})
    lines = [line for line in written(caplog.records) if line["logger"] == "openfls.access"]
    assert [(line["method"], line["page"], line["status"]) for line in lines] == [("GET", "person", 200)]
    assert isinstance(lines[0]["ms"], int)
    for secret in (str(place.person.pk), place.person.family_name, "Quillfeather", nurse.user.username):
        assert secret not in json.dumps(lines)


def test_what_a_request_writes_and_leaves_to_a_worker_has_its_id(rf, caplog) -> None:
    def page(_: object) -> HttpResponse:
        logging.getLogger("any").warning("on the way")
        jobs.post("loading", "a")
        return HttpResponse()

    logging.getLogger("any").addFilter(discreet := logs.Discreet())
    try:
        Observed(page)(rf.get("/", headers={"X-Request-ID": "3f2a-from-the-proxy"}))
    finally:
        logging.getLogger("any").removeFilter(discreet)
    assert Job.objects.get().request_id == "3f2a-from-the-proxy"
    assert [one.request_id for one in caplog.records if one.name == "any"] == ["3f2a-from-the-proxy"]


def test_a_fault_is_written_with_its_places_and_never_with_its_words() -> None:
    try:
        raise ValueError("Mrs Quillfeather, 943 476 5919")
    except ValueError:
        record = logging.getLogger("any").makeRecord(
            "any", logging.ERROR, __file__, 1, "it failed", (), sys.exc_info()
        )
    as_json = json.dumps(written([record]))
    as_line = logs.Line().format(record)
    for line in (as_json, as_line):
        assert "ValueError at " in line
        assert "test_health.py" in line
        assert "Quillfeather" not in line


def test_a_line_of_the_web_server_loses_the_address(caplog) -> None:
    record = logging.LogRecord(
        "gunicorn.error",
        logging.ERROR,
        "f",
        1,
        "Error handling request %s",
        ("/people/?q=Quillfeather",),
        None,
    )
    assert written([record])[0]["message"] == "Error handling request"
