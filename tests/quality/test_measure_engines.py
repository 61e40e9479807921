"""The engine agrees with a plain-Python second opinion, and every database with every other."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openfls.quality import SET_IDS, measure_set, people_sql, sql
from openfls.quality.rating import rating_of
from openfls.record.errors import BadInput
from quality.databases import in_duckdb, in_postgres, in_spark, in_sqlite
from quality.made_rows import AS_OF, made_rows
from quality.oracle import flsdb_states

ROWS = made_rows(seed=11, count=500)


def states(rows, switches=None) -> dict[tuple[str, str], str]:
    query = people_sql("flsdb", "duckdb", as_of=AS_OF, switches=switches)
    return {(record, measure): state for record, measure, state, _ in in_duckdb(rows, query)}


@settings(deadline=None, max_examples=6)
@given(
    seed=st.integers(0, 10_000),
    spine=st.sampled_from(["expected", "records"]),
    referred=st.sampled_from(["yes", "no"]),
    exercise_age=st.sampled_from(["over_75", "from_75", "any"]),
    denominator=st.sampled_from(["recommended", "recommended_or_referred", "all"]),
)
def test_every_state_is_the_one_that_plain_python_finds(seed, **switches):
    rows = made_rows(seed, 150)
    found = states(rows, switches)
    expected = {
        (row["record_id"], measure): state
        for row in rows
        for measure, state in flsdb_states(row, AS_OF, switches).items()
    }
    assert found == expected


def test_the_made_rows_reach_every_state_of_every_windowed_measure():
    reached = Counter((measure, state) for (_, measure), state in states(ROWS).items())
    for number in range(4, 12):
        for state in ("met", "not_met", "not_eligible", "not_yet_known"):
            assert reached[f"kpi{number}", state] > 0, (number, state)


@pytest.mark.parametrize("set_id", SET_IDS)
@pytest.mark.parametrize("other", [in_sqlite, in_postgres])
def test_databases_agree_to_the_row(set_id, other):
    dialect = {in_sqlite: "sqlite", in_postgres: "postgres"}[other]
    for options in (
        {},
        {"by": "month", "caseload": {"Alder": 123.0, "Cedar's": 77}},
        {"by": "year", "split": ["sex"], "caseload": {"Alder": 500}},
        {"by": "all"},
    ):
        mine = in_duckdb(ROWS, sql(set_id, "duckdb", as_of=AS_OF, **options))
        theirs = other(ROWS, sql(set_id, dialect, as_of=AS_OF, **options))
        assert sorted(map(str, mine)) == sorted(map(str, theirs))
    mine = in_duckdb(ROWS, people_sql(set_id, "duckdb", as_of=AS_OF))
    assert sorted(mine) == sorted(other(ROWS, people_sql(set_id, dialect, as_of=AS_OF)))


def test_spark_agrees_to_the_row():
    for make in (sql, people_sql):
        theirs = in_spark(ROWS, make("flsdb", "pyspark", as_of=AS_OF))
        assert sorted(map(str, theirs)) == sorted(
            map(str, in_duckdb(ROWS, make("flsdb", "duckdb", as_of=AS_OF)))
        )


def test_a_person_can_be_asked_for_alone():
    everyone = in_sqlite(ROWS, people_sql("flsdb", "sqlite", as_of=AS_OF))
    one = in_sqlite(ROWS, people_sql("flsdb", "sqlite", as_of=AS_OF, record_id="r000007"))
    assert sorted(one) == sorted(row for row in everyone if row[0] == "r000007")
    assert len(one) == 11


@pytest.mark.parametrize("set_id", SET_IDS)
def test_the_summary_is_the_sum_of_the_people(set_id):
    """A figure and the list of people behind it never disagree."""
    by_id = {row["record_id"]: row for row in ROWS}
    people = Counter()
    for record, measure, state, reason in in_duckdb(ROWS, people_sql(set_id, "duckdb", as_of=AS_OF)):
        assert reason
        index = by_id[record]["index_diagnosis_date"]
        period = f"{index.year}-Q{(index.month + 2) // 3}" if index else "undated"
        people[measure, by_id[record]["service"], period, state] += 1
    for row in in_duckdb(ROWS, sql(set_id, "duckdb", as_of=AS_OF)):
        _, measure, service, period, numerator, denominator, not_eligible, unknown, value, rating = row
        pack = measure_set(set_id).measure(measure)
        key = (measure, service, period)
        assert not_eligible == people[*key, "not_eligible"]
        assert unknown == people[*key, "not_yet_known"]
        if pack.basis == "people":
            assert denominator == people[*key, "met"] + people[*key, "not_met"]
        if pack.basis != "fields":
            assert numerator == people[*key, "met"]
        assert value == (numerator / denominator if denominator else None)
        assert rating == rating_of(pack.thresholds, numerator, denominator)


def test_completeness_counts_fields_that_miss_in_more_than_a_fifth():
    whole = next(row for row in ROWS if flsdb_states(row, AS_OF)["kpi1"] == "met" and row["age"])
    rows = [whole | {"record_id": str(number), "age": None if number < 2 else 70} for number in range(10)]
    query = sql("flsdb", "duckdb", as_of=AS_OF, by="all", measures=["kpi1"])
    (good,) = in_duckdb(rows, query)
    assert good[4] == good[5], "two of ten missing is 20 %, and that is still good"
    rows[2]["age"] = None
    (worse,) = in_duckdb(rows, query)
    assert worse[4] == good[4] - 1
    assert worse[5] == good[5]


def test_caseload_of_a_running_quarter_is_cut_at_the_day_of_the_count():
    row = ROWS[0] | {"service": "Alder", "age": 70}
    rows = [row | {"record_id": "a", "index_diagnosis_date": AS_OF.replace(month=3)}]
    rows.append(row | {"record_id": "b", "index_diagnosis_date": AS_OF.replace(month=4, day=1)})
    day = AS_OF.replace(month=4, day=13)
    found = in_duckdb(
        rows, sql("flsdb", "duckdb", as_of=day, caseload={"Alder": 364}, measures=["kpi2", "kpi3"])
    )
    denominators = {(row[1], row[3]): row[5] for row in found}
    assert denominators["kpi2", "2024-Q1"] == pytest.approx(91)
    assert denominators["kpi2", "2024-Q2"] == pytest.approx(91 * 13 / 91)
    assert denominators["kpi3", "2024-Q1"] == pytest.approx(91 / 5)


def test_without_a_caseload_five_times_the_hips_stand_in():
    row = ROWS[0] | {"service": "Alder", "age": 70, "index_diagnosis_date": AS_OF}
    rows = [row | {"record_id": str(n), "index_site": site} for n, site in enumerate(["Hip", "Hip", "Wrist"])]
    (found,) = in_duckdb(rows, sql("flsdb", "duckdb", as_of=AS_OF, measures=["kpi2"]))
    assert found[4:6] == (3, 10.0)
    unknown = [row | {"record_id": "x", "index_site": None}]
    for engine, dialect in ((in_duckdb, "duckdb"), (in_sqlite, "sqlite")):
        (found,) = engine(unknown, sql("flsdb", dialect, as_of=AS_OF, measures=["kpi2"]))
        assert found[4:6] == (1, 0.0), "a site that nobody knows is no hip, and nought is not blank"


@pytest.mark.parametrize(
    "wrong",
    [
        {"set_id": "nonsense"},
        {"by": "week"},
        {"switches": {"spine": "perhaps"}},
        {"switches": {"nonsense": "yes"}},
        {"measures": ["kpi12"]},
        {"split": ["shoe size"]},
    ],
)
def test_a_wrong_question_is_refused(wrong):
    question = {"set_id": "flsdb", "dialect": "duckdb", "as_of": AS_OF} | wrong
    with pytest.raises(BadInput):
        sql(**question)


def test_a_service_name_is_never_read_as_sql():
    hostile = "x' OR '1'='1"
    rows = [ROWS[0] | {"service": hostile, "age": 70, "index_diagnosis_date": AS_OF}]
    found = in_sqlite(rows, sql("flsdb", "sqlite", as_of=AS_OF, caseload={hostile: 365}, measures=["kpi2"]))
    assert [row[2] for row in found] == [hostile]
    alone = people_sql("flsdb", "sqlite", as_of=AS_OF, record_id=hostile)
    assert in_sqlite(rows, alone) == []
