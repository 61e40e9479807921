"""Whoever looks at a person leaves a line in the log."""

from __future__ import annotations

import pytest

from openfls.service.audit import verify
from openfls.service.auditing.terms import deciphered
from openfls.service.models import AuditEvent, LetterInBatch
from openfls.web.guard import Route
from openfls.web.urls import ROUTES
from web.conftest import one_who_may, signed_in
from web.places import has_record, place_of, route_id

pytestmark = pytest.mark.django_db
SHOWS_SEVERAL = ("waiting-row", "same-person")
"""Pages with a row beside a person, or two people: a line for each."""
OF_NOBODY = (
    *("change", "measured-file", "training-paper", "training-question", "training-result"),
    *("practice-notes", "practice-result"),
)
"""Pages that hold counts alone, or what is one's own; nobody of a practice is real."""
OF_A_BATCH = ("letter-batch", "letter-batch-pdf", "batch-back")
"""Pages with the letters of several people: a line for each."""


@pytest.mark.parametrize(
    "route", [route for route in ROUTES if "GET" in route.methods and has_record(route)], ids=route_id
)
def test_looking_at_a_record_is_written_down(route: Route, nurse) -> None:
    place = place_of(route, by=nurse)
    before = AuditEvent.objects.count()
    by = one_who_may(nurse, route.needs)
    signed_in(by).get(place.path)
    events = list(AuditEvent.objects.order_by("pk"))[before:]
    if route.name in OF_NOBODY:
        assert events == []
        return
    assert {event.user for event in events} == {by.name}
    assert all(event.action.endswith((".view", ".print", ".download")) for event in events)
    if route.name in SHOWS_SEVERAL:
        assert len({event.person for event in events}) == 2
        assert place.person is None or str(place.person.pk) in {event.person for event in events}
    elif route.name in OF_A_BATCH:
        shown = LetterInBatch.objects.values_list("letter__person", flat=True)
        assert [event.person for event in events] == [str(person) for person in shown]
    else:
        assert [event.person for event in events] == [str(place.person.pk) if place.person else ""]
    assert verify(nurse.service)[1] == []


@pytest.mark.parametrize("path", ["/worklist/to-confirm.csv", "/measures/kpi1/"])
def test_taking_a_list_away_is_written_down(path: str, client, nurse) -> None:
    client.get(path)
    event = AuditEvent.objects.get(service=nurse.service)
    assert (event.user, event.subject) in (("nurse", "to-confirm"), ("nurse", "kpi1"))


def test_a_search_is_written_down_without_its_words(client, nurse) -> None:
    client.post("/people/", {"q": "Example"})
    event = AuditEvent.objects.get(service=nurse.service)
    assert (event.action, event.detail["found"], event.detail["people"]) == ("people.search", 0, "")
    assert "Example" not in str(event.detail)
    assert deciphered(event.detail["terms"]) == "Example"
