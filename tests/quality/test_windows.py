"""A period is judged once everybody of it has reached the end of the window, and not a day earlier."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from openfls.quality import SET_IDS, State, measure_set, people_sql
from openfls.quality.charts import Point, over_time
from openfls.quality.windows import is_open, last_day, open_until
from quality.databases import in_duckdb
from quality.made_rows import AS_OF, made_rows

END = date(2024, 3, 31)


@pytest.mark.parametrize(
    ("key", "days"), [("flsdb.kpi2", 0), ("flsdb.kpi4", 90), ("flsdb.kpi9", 112), ("flsdb.kpi1", 392)]
)
def test_a_period_is_open_up_to_the_last_day_of_its_last_person(key, days):
    set_id, _, name = key.partition(".")
    measure = measure_set(set_id).measure(name)
    last = END + timedelta(days=days)
    assert (
        open_until(measure, END),
        is_open(measure, END, last),
        is_open(measure, END, last + timedelta(days=1)),
    ) == (
        last,
        True,
        False,
    )


@pytest.mark.parametrize("set_id", SET_IDS)
def test_nobody_changes_by_time_alone_once_a_period_is_closed(set_id):
    """The states of closed periods stay what they are on every later day, as long as nothing is recorded."""
    rows = [
        {name: None if isinstance(value, date) and value > AS_OF else value for name, value in each.items()}
        for each in made_rows(seed=8, count=150)
        if each["index_diagnosis_date"] and each["index_diagnosis_date"] <= AS_OF
    ]
    days = (AS_OF, AS_OF + timedelta(days=900))
    first, second = (
        {
            (key, name): state
            for key, name, state, _ in in_duckdb(rows, people_sql(set_id, "duckdb", as_of=day))
        }
        for day in days
    )
    index = {each["record_id"]: each["index_diagnosis_date"] for each in rows}
    starts = {each["record_id"]: each["bone_therapy_started_date"] for each in rows}
    for measure in measure_set(set_id).measures:
        for key, day in index.items():
            if (
                "standard7" in measure.id
                and starts[key]
                and (starts[key] - day).days > last_day(measure) - measure.days
            ):
                continue  # started later than anybody is expected to
            if not is_open(measure, day, days[0]):
                assert first[key, measure.id] == second[key, measure.id], (measure.id, key)
    assert State.UNKNOWN in first.values()


def test_what_is_open_is_drawn_hollow_and_said():
    points = [Point("Jan", 60.0), Point("Feb", 70.0, is_open=True), Point("Mar", None, words="suppressed")]
    drawn = over_time("time", "A measure", "under", points, [], [])
    assert "Feb 70 % (still open)" in drawn
    assert "Mar suppressed" in drawn
    assert drawn.count('r="4" fill="#ffffff"') == 2, "the point and its legend"
    assert 'stroke-dasharray="4 4"' in drawn
