"""Every number on the measures page is the number of people behind it."""

from __future__ import annotations

import pytest

from openfls.quality import State
from openfls.service.quality.measures import standing_set
from web.page import Page
from web.places import a_year_of_people

pytestmark = pytest.mark.django_db


@pytest.fixture
def table(client, nurse) -> dict[str, list[str]]:
    """The cells of the measures page by the measure's title."""
    a_year_of_people(nurse)
    page = Page(client.get("/measures/").content)
    titles = {measure.title: measure.id for measure in standing_set().measures}
    found = {}
    for cells in page.cells:
        title = next(title for title in sorted(titles, key=len, reverse=True) if cells[0].startswith(title))
        found[titles[title]] = cells[1:]
    return found


def test_each_number_opens_as_many_people(table, client) -> None:
    people = [measure.id for measure in standing_set().measures if measure.basis == "people"]
    assert people
    seen = set()
    for key in people:
        _, met, of, unknown, not_eligible, _ = table[key]
        numbers = {
            State.MET: int(met),
            State.NOT_MET: int(of) - int(met),
            State.UNKNOWN: int(unknown),
            State.NOT_ELIGIBLE: int(not_eligible),
        }
        for state, number in numbers.items():
            page = Page(client.get(f"/measures/{key}/", {"state": state.value}).content)
            assert len(page.cells) == number, (key, state)
            assert all(cells[2] for cells in page.cells), "everybody has a reason"
            seen |= {state} if number else set()
    assert seen == set(State), "the world has people in all four states"


def test_every_measure_of_the_set_is_shown(table) -> None:
    assert set(table) == {measure.id for measure in standing_set().measures}


def test_a_set_that_there_is_not_is_not_found(client) -> None:
    assert client.get("/measures/?set=").status_code == 200
    for path in ("/measures/", "/measures/results.csv", "/quality/other-services/"):
        answer = client.get(path, {"set": "zzz"})
        assert (answer.status_code, b"Page not found" in answer.content) == (404, True), path
