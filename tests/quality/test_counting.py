"""Counting in memory gives the numbers of the engine's own sums; charts' rules do as they say."""

from __future__ import annotations

import itertools
from datetime import date

import pytest

from openfls.quality import SET_IDS, Basis, sql, states_sql
from openfls.quality.counting import NOT_RECORDED, Judged
from openfls.quality.question import Question
from openfls.quality.run_chart import RunRule, middle, run_signals
from quality.databases import in_sqlite
from quality.made_rows import AS_OF, made_rows

ROWS = [row | {"service": "Alder"} for row in made_rows(seed=3, count=250)]
SPAN = (date(2023, 4, 1), date(2024, 3, 31))


def judged(set_id: str, **options) -> Judged:
    split = ("sex", "age_band")
    query = states_sql(set_id, "sqlite", as_of=AS_OF, split=split, gaps=("dxa_gap",))
    question = Question.ask(set_id, AS_OF, "month", split=split, **options)
    names = ["record_id", "index_day", "dxa_gap", "service", "year", "month", *split, "hip"]
    names += [f"{measure.id}_state" for measure in question.chosen]
    if question.counts_fields:
        # The flags stand behind the states, in the order of the fields.
        from openfls.quality.fields import due_fields

        seen: dict[str, None] = {}
        for item in due_fields():
            seen |= {f"due_{item.due}": None, f"empty_{item.column}": None}
        names += list(seen)
    return Judged.of(question, names, in_sqlite(ROWS, query))


@pytest.mark.parametrize("set_id", SET_IDS)
@pytest.mark.parametrize("caseload", [None, 480.0])
def test_memory_and_sql_count_the_same(set_id, caseload):
    rows = judged(set_id, caseload=caseload)
    for since, until in ((None, None), SPAN):
        query = sql(set_id, "sqlite", as_of=AS_OF, by="all", caseload=caseload, since=since, until=until)
        mine = rows.count(rows.between(since, until), 1.0)
        for _, measure, _, _, numerator, denominator, not_eligible, unknown, value, rating in in_sqlite(
            ROWS, query
        ):
            found = mine[measure]
            assert (found.numerator, found.denominator) == (numerator, pytest.approx(denominator)), measure
            assert (found.not_eligible, found.unknown) == (not_eligible, unknown), measure
            assert found.value == (None if value is None else pytest.approx(value))
            assert found.rating == (rating or "")


def test_groups_add_up_to_the_whole():
    rows = judged("flsdb")
    everyone = rows.count(rows.everything())
    for split in ("sex", "age_band"):
        parts = [rows.count(rows.in_group(split, value)) for value in rows.groups(split, rows.everything())]
        for measure in rows.question.chosen:
            if rows.question.basis(measure) is Basis.PEOPLE:
                assert sum(part[measure.id].numerator for part in parts) == everyone[measure.id].numerator
    assert rows.groups("age_band", rows.everything())[-1] == NOT_RECORDED


def test_a_chain_loses_people_only_where_it_says_so():
    """The numerator of a step is what the next begins with."""
    rows = judged("pathway")
    found = rows.count(rows.everything())
    steps = [found[key] for key in ("assessed", "recommended", "started", "on-16", "on-52")]
    for before, after in itertools.pairwise(steps):
        died = before.numerator - after.denominator - after.unknown
        assert died >= 0
        assert after is steps[-1] or died == 0


def test_half_a_year_has_half_the_caseload():
    query = sql(
        "flsdb",
        "sqlite",
        as_of=AS_OF,
        by="all",
        caseload=100,
        since=date(2023, 1, 1),
        until=date(2023, 6, 30),
        measures=["kpi2"],
    )
    ((*_, denominator, _, _, _, _),) = in_sqlite(ROWS, query)
    assert denominator == 50


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([50, 51, 49, 50, 52, 48, 50, 51, 49, 50], []),
        ([10, 10, 10, 10, 10, 40, 90, 90, 90, 90, 90, 90], [RunRule.SHIFT_DOWN, RunRule.SHIFT_UP]),
        ([5, 9, 4, 9, 1, 2, 3, 4, 5, 6, 5, 9], [RunRule.RISING]),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9], []),
    ],
    ids=["chance", "a shift", "a trend", "too few"],
)
def test_the_run_chart_tells_a_change_from_chance(values, expected):
    assert list(dict.fromkeys(signal.rule for signal in run_signals(values))) == expected
    assert (middle(values) is None) == (len(values) < 10)
