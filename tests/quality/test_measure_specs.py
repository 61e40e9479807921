"""The spec tables hold, and the reference that prints them is up to date."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from openfls.quality import SET_IDS, measure_set, people_sql
from openfls.quality.reference import reference
from openfls.quality.rules import RULES
from quality.databases import in_duckdb
from quality.oracle import flsdb_states
from quality.spec_tables import FOLDER, INDEX, cases

ROOT = Path(__file__).resolve().parents[2]
CASES = cases()


@cache
def _found(set_id, as_of):
    """State and reason of every case of a set with that day of the count: one query for all of them."""
    asked = [
        (number, case) for number, case in enumerate(CASES) if (case.set_id, case.as_of) == (set_id, as_of)
    ]
    rows = [case.row | {"record_id": str(number)} for number, case in asked]
    answers = in_duckdb(rows, people_sql(set_id, "duckdb", as_of=as_of))
    return {(record, measure): (state, reason) for record, measure, state, reason in answers}


@pytest.mark.parametrize(
    ("number", "case"), list(enumerate(CASES)), ids=lambda value: getattr(value, "name", str(value))
)
def test_spec(number, case):
    found = _found(case.set_id, case.as_of)
    assert found[str(number), case.measure] == (case.state, case.reason)


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.set_id == "flsdb"], ids=lambda case: case.name
)
def test_the_second_opinion_agrees_with_the_spec(case):
    assert flsdb_states(case.row, case.as_of)[case.measure] == case.state


def test_every_measure_of_every_set_has_a_spec_table():
    assert {f"{set_id}-{measure.id}" for set_id in SET_IDS for measure in measure_set(set_id).measures} == {
        path.stem for path in FOLDER.glob("*.csv")
    }


def test_every_window_is_tried_on_its_last_day_and_on_the_day_after():
    """Also of those shared between sets: a table that stops short of its window proves little."""
    days = {(case.set_id, case.measure): set() for case in CASES}
    for case in CASES:
        gaps = [value - INDEX for value in case.row.values() if isinstance(value, date)]
        days[case.set_id, case.measure] |= {(case.as_of - INDEX).days, *(gap.days for gap in gaps)}
        start = case.row["bone_therapy_started_date"]
        if start is not None and case.measure.startswith("standard7"):
            days[case.set_id, case.measure] |= {(case.as_of - start).days}
    for set_id in SET_IDS:
        for measure in measure_set(set_id).measures:
            if measure.days:
                assert {measure.days, measure.days + 1} <= days[set_id, measure.id], (set_id, measure.id)


@pytest.mark.parametrize("set_id", SET_IDS)
def test_packs_name_rules_that_exist_and_say_everything(set_id):
    pack = measure_set(set_id)
    assert pack.version
    assert len({measure.id for measure in pack.measures}) == len(pack.measures)
    for measure in pack.measures:
        assert measure.rule in RULES
        assert measure.numerator
        assert measure.denominator
        assert measure.missing
        assert measure.thresholds or set_id == "pathway", "a chain has no target"
        assert measure.source
    for switch in pack.switches:
        assert switch.default in switch.options


def test_the_reference_is_up_to_date():
    written = (ROOT / "docs" / "reference" / "measures.md").read_text(encoding="utf-8")
    assert written == reference(FOLDER), "run `make docs`"


def _later(case) -> bool:
    return (case.row["index_diagnosis_date"] or INDEX) > INDEX


def _has(*values: str):
    return lambda case: any(value in values for value in case.row.values())


# The named edges, and the rules whose tables must hold each. Where its field alone is asked for, others have none.
EDGES = {
    "death": (
        lambda case: case.row["deceased"] == "Yes" or case.row["death_date"] is not None,
        {measure.rule for set_id in SET_IDS for measure in measure_set(set_id).measures} - {"not_spine"},
    ),
    "decline": (
        _has("Informed decline"),
        {"therapy", "therapy_offered", "reviewed", "started", "adherent", "prescribed_52"}
        | {"path_recommended", "path_started", "path_on_16", "path_on_52"},
    ),
    "don't know": (
        _has("Don't know"),
        {"therapy", "therapy_offered", "reviewed", "started", "adherent", "prescribed_52", "complete"}
        | {"path_recommended", "path_started", "path_on_16", "path_on_52"},
    ),
    "a DXA before the fracture": (
        lambda case: (case.row["dxa_date"] or INDEX) < INDEX,
        {"scanned", "dxa_ordered"},
    ),
    "two sites": (
        lambda case: case.row["second_site"] is not None,
        {"spine", "not_spine", "exercise", "exercise_any"},
    ),
    "found again": (
        _later,
        {"identified", "spine", "not_spine", "assessed", "scanned", "falls", "therapy", "exercise"}
        | {"reviewed", "started", "adherent", "reviewed_at_a_year", "path_confirmed"},
    ),
}


@pytest.mark.parametrize("edge", EDGES)
def test_the_named_edges_stand_in_the_tables_of_every_rule_they_concern(edge):
    is_it, rules = EDGES[edge]
    tried = {measure_set(case.set_id).measure(case.measure).rule for case in CASES if is_it(case)}
    assert rules <= tried, rules - tried


def test_what_is_blank_is_tried_beside_what_is_not_known():
    """On the same day, so that the table says whether the two differ. To completeness it is an answer."""
    asked = [case for case in CASES if measure_set(case.set_id).measure(case.measure).rule != "complete"]
    for name in ("bone_therapy", "bone_therapy_16_weeks", "bone_therapy_52_weeks"):
        unknown = {
            (case.set_id, case.measure, case.as_of) for case in asked if case.row[name] == "Don't know"
        }
        blank = {(case.set_id, case.measure, case.as_of) for case in asked if case.row[name] is None}
        assert unknown
        missing = {each[:2] for each in unknown} - {each[:2] for each in unknown & blank}
        assert not missing, (name, missing)
