"""The first pages of a day ask the database as often for many people as for few, and what they say of many is true."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import world
from openfls.intervention import Severity
from openfls.intervention.alerts import rank
from openfls.service import clock, put_away, remembering, watching
from openfls.service.actions import treating
from openfls.service.calls import first_of_longer, longer
from openfls.service.guidance import guidance_of
from openfls.service.known import known_of
from openfls.service.models import Alert, Answer, Dose, Episode, PersonFlag, Treatment
from openfls.service.quality import prepared
from openfls.service.quality.prepared import run_for
from openfls.service.worklist import counts
from openfls.web.pages import today as page_of_today
from web.page import Page

pytestmark = pytest.mark.django_db


def _made_more(nurse, number: int) -> None:
    """People with an overdue step, an alert, a flag, and a treatment whose dose is late."""
    for _ in range(number):
        episode = world.planned(nurse)
        treating.start(
            episode=episode, drug="denosumab", started_on=world.TODAY - timedelta(days=300), by=nurse
        )
        Episode.objects.filter(pk=episode.pk).update(index_date=world.TODAY - timedelta(days=400))
        PersonFlag.objects.create(
            service=nurse.service,
            person=episode.person,
            kind="no_contact",
            words="",
            at=clock.now(),
            by=nurse.user,
        )


def test_more_people_need_no_more_queries_and_the_counts_are_the_lists(nurse, client, monkeypatch) -> None:
    _made_more(nurse, 2)
    pages = ("/", "/worklist/overdue/")
    for path in pages:
        client.get(path)
    few, many = {}, {}
    for path in pages:
        with CaptureQueriesContext(connection) as few[path]:
            client.get(path)
    _made_more(nurse, 3)
    for path in pages:
        with CaptureQueriesContext(connection) as many[path]:
            client.get(path)
    assert {path: len(many[path]) for path in pages} == {path: len(few[path]) for path in pages}

    service, on = nurse.service, clock.today()
    every = longer(service, on, timedelta(0))
    assert len(every) >= 5
    first, is_all = first_of_longer(service, on, 3)
    assert [(one.treatment.pk, one.what) for one in first[:3]] == [
        (one.treatment.pk, one.what) for one in every[:3]
    ]
    assert (is_all, first_of_longer(service, on, len(every) + 1)) == (False, (every, True))
    assert f"Treatments, promised by today: {len(every)}" in Page(client.get("/").content).words
    monkeypatch.setattr(page_of_today, "WORKED_OUT", 3)
    words = Page(client.get("/").content).words
    assert "Treatments, promised by today: 3 or more" in words
    # The days that these courses keep came before their promises do: others are worked out in their place.
    courses = Treatment.objects.filter(service=service).order_by("next_due", "pk")
    early = list(courses.values_list("pk", flat=True)[:3])
    Treatment.objects.filter(pk__in=early).update(started_on=on)
    Dose.objects.filter(treatment__in=early).update(on=on)
    left = longer(service, on, timedelta(0))
    assert first_of_longer(service, on, 3) == (left, True)
    assert f"Treatments, promised by today: {len(left)}" in Page(client.get("/").content).words

    waiting = watching.waiting_of(service, Severity.RED)
    assert len(waiting) >= 5
    assert watching.first_waiting(service, Severity.RED, 3) == (waiting[:3], len(waiting))

    def ranked_while_somebody_decides(rule: str) -> tuple[int, int]:
        Alert.objects.filter(pk=waiting[0].pk).update(decision=Alert.Decision.OVERRIDDEN)
        return rank(rule)

    monkeypatch.setattr(watching, "rank", ranked_while_somebody_decides)
    assert watching.first_waiting(service, Severity.RED, 3) == (waiting[1:3], len(waiting) - 1)


def test_what_is_put_away_is_counted_once_a_minute_only_where_there_is_much(
    nurse, client, monkeypatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(put_away.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(put_away, "_kept", {})
    episode = world.confirmed(nurse)
    Episode.objects.filter(pk=episode.pk).update(state="closed")
    assert counts(nurse.service, world.TODAY)["closed"] == 1
    Episode.objects.filter(pk=episode.pk).update(state="to_assess")
    assert counts(nurse.service, world.TODAY)["closed"] == 0, "little is counted anew each time"
    monkeypatch.setattr(put_away, "MANY", 1)
    Episode.objects.filter(pk=episode.pk).update(state="closed")
    assert counts(nurse.service, world.TODAY)["closed"] == 1
    Episode.objects.filter(pk=episode.pk).update(state="to_assess")
    found = counts(nurse.service, world.TODAY)
    assert (found["closed"], found["to-assess"]) == (1, 1), "work is counted as it is"
    words = Page(client.get("/worklist/closed/").content).words
    assert "Counted" in words
    assert "Nobody stands on this page any more" in words
    now[0] += put_away.SECONDS
    assert counts(nurse.service, world.TODAY)["closed"] == 0


def test_what_is_remembered_is_asked_once_and_forgotten_by_what_changes_it(nurse) -> None:
    episode = world.assessed(nurse)
    today = clock.today()
    with remembering.remembering():
        first = known_of(episode, today)
        guidance_of(nurse.service, today)
        with CaptureQueriesContext(connection) as again:
            assert known_of(episode, today) == first
            guidance_of(nurse.service, today)
        assert not again.captured_queries
        first.clear()
        assert known_of(episode, today), "what a caller does to its answer is its own"
        with remembering.writing():
            Answer.objects.filter(assessment__episode=episode).delete()
            assert not known_of(episode, today)
        assert not known_of(episode, today), "what was there before is forgotten"


@pytest.mark.django_db(transaction=True)
def test_a_prepared_question_answers_as_a_plain_one() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL keeps statements ready")

    def asked(keys) -> str:
        given = ", ".join(f"'{key}'" for key in keys)
        return f"SELECT k, k LIKE 'a%' AS a FROM (VALUES ('a1'), ('b'), ('c')) AS t(k) WHERE k IN ({given})"

    for keys in (["a1", "c"], ["b"], ["none"]):
        with connection.cursor() as cursor:
            cursor.execute(asked(keys))
            rows = cursor.fetchall()
        assert run_for(keys, asked) == (("k", "a"), rows)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        assert cursor.fetchone() == (1,)
        # A pool tells of another process than the one that answers: what it prepared may be another client's.
        prepared._own.clear()
        with mock.patch.object(psycopg.ConnectionInfo, "backend_pid", 0):
            assert run_for(["b"], lambda keys: asked(keys).replace("'a%'", "'b%'")) == (
                ("k", "a"),
                [("b", True)],
            )
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        assert cursor.fetchone() == (1,)
    prepared._own.clear()
