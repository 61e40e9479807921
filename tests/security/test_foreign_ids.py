"""Ids of another service inside what is sent: every field of every page, filled with what belongs to the neighbour."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Model

from openfls.service.models import AuditEvent, Service
from openfls.web.guard import Route
from openfls.web.urls import ROUTES
from web.page import Page
from web.places import WITHOUT_RECORD, route_id

pytestmark = pytest.mark.django_db
SENT = [route for route in WITHOUT_RECORD if "POST" in route.methods]
MOST = 900
"""Fields that a form may send, and some to spare."""
KEPT = "csrfmiddlewaretoken"


def owned(model: type[Model]) -> bool:
    """Whether its rows say of which service they are."""
    return any(field.name == "service" for field in model._meta.get_fields())


def keys_of(service: Service) -> dict[str, list[str]]:
    """The newest keys of everything that a service has, by kind of key."""
    found: dict[str, list[str]] = {"int": [], "uuid": []}
    for model in apps.get_app_config("service").get_models():
        if owned(model) and model not in (AuditEvent,):
            for key in model.objects.filter(service=service).values_list("pk", flat=True)[:2]:
                found["int" if str(key).isdecimal() else "uuid"].append(str(key))
    return found


def rows_of(service: Service) -> dict[str, list[tuple]]:
    """Everything that a service has."""
    read = {}
    with connection.cursor() as cursor:
        for model in apps.get_app_config("service").get_models():
            if owned(model):
                meta = model._meta
                of = meta.get_field("service").column
                question = f'SELECT * FROM "{meta.db_table}" WHERE "{of}" = %s ORDER BY "{meta.pk.column}"'
                cursor.execute(question, [service.pk])
                read[model.__name__] = cursor.fetchall()
    return read


def test_there_are_keys_to_try(standing) -> None:
    keys = keys_of(standing.nurse.service)
    assert len(keys["int"]) > 5
    assert len(keys["uuid"]) > 5
    assert len(SENT) > 20
    assert set(SENT) < set(ROUTES)


@pytest.mark.parametrize("route", SENT, ids=route_id)
def test_keys_of_another_service_in_a_form_change_and_show_nothing_of_it(route: Route, standing) -> None:
    """Each field of the page's own forms gets foreign keys of both kinds, and so do the buttons beside it."""
    ours, place = standing.nurse.service, standing.place(route)
    client = standing.stranger(route.needs_for("POST"))
    fields = []
    if "GET" in route.methods:
        fields = [name for name in Page(client.get(place.path).content).fields if name != KEPT]
    before = rows_of(ours)
    keys = keys_of(ours)
    names = {standing.somebody.name, standing.somebody.identifiers.get().value, "OVERTHERE"}

    for kind in ("int", "uuid"):
        guessed = (
            "pick",
            "keep",
            "source",
            "forget",
            "withdraw",
            "end",
            "episode",
            "person",
            "user",
            "to",
            "give_to",
        )
        names_sent = (*fields, *guessed)
        most = max(1, MOST // len(names_sent))
        sent = {name: [*keys[kind][at:], *keys[kind]][:most] for at, name in enumerate(names_sent)}
        answer = client.post(place.path, sent)

        assert answer.status_code in (200, 302, 403, 404, 422)
        shown = answer.content.decode("utf-8", "replace") if not answer.streaming else ""
        assert not [name for name in names if name in shown]
    assert rows_of(ours) == before
