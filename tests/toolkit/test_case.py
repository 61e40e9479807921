"""A case: what is asked, what is taken from a page, and the scenario that it makes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openfls.record.errors import BadInput
from openfls.toolkit.analysis import base
from openfls.toolkit.areas import KINDS, areas, matching
from openfls.toolkit.case.building import asks, place_of, prepared_of, scenario_of, title_of
from openfls.toolkit.case.editing import changed, typed_text
from openfls.toolkit.case.measured import Share, with_measured
from openfls.toolkit.case.questions import GROUPS, questions, standing, taken
from openfls.toolkit.case.state import Answer, Case
from openfls.toolkit.evaluate import prepare
from openfls.toolkit.parameters import CONFIDENCES, packaged
from openfls.toolkit.scenario import parse
from openfls.toolkit.scenario_text import text_of
from toolkit.cases import DRUG_PRICE, SERVICE_COST, full_case
from toolkit.scenarios import EXAMPLE, prepared

LEEDS = "E08000035"


def test_areas_have_a_code_a_name_and_a_kind():
    assert {area.kind for area in areas().values()} == set(KINDS)
    assert len(areas()) > 450
    assert areas()[LEEDS].name == "Leeds"
    assert all(area.within in areas() for area in areas().values() if area.kind == "sub-icb")


def test_an_area_is_found_by_any_part_of_its_name_or_code():
    assert matching("leeds")[0].code == LEEDS
    assert matching(LEEDS)[0].name == "Leeds"
    assert {area.kind for area in matching("west yorkshire")} >= {"icb", "sub-icb"}
    assert matching("  ") == []
    assert matching("atlantis") == []


def test_a_new_case_asks_for_what_nobody_can_know_and_for_nothing_else():
    found = asks(Case(area=LEEDS))
    assert [each.key for each in found] == ["caseload.hips_per_year", SERVICE_COST, DRUG_PRICE]
    assert [each.has_stand_in for each in found] == [False, True, True]
    with pytest.raises(BadInput):
        prepared_of(Case(area=LEEDS))


def test_the_uk_has_a_population_and_no_other_area_has():
    assert "caseload.hips_per_year" not in [each.key for each in asks(Case(area="K02000001"))]
    assert "caseload.hips_per_year" in [each.key for each in asks(Case(area="E92000001"))]


def test_every_question_has_a_page_and_every_start_its_source_and_mark():
    for question in questions().values():
        assert question.group in GROUPS
        assert question.label
        for known in (question.known, question.stand_in):
            assert known is None or (known.source and known.confidence in CONFIDENCES)
    assert set(packaged()) <= set(questions())


def test_a_full_case_is_the_example_scenario():
    """The pages and the example file of the command compute the same."""
    example = prepare(parse(EXAMPLE.read_text(encoding="utf-8"), "example"), EXAMPLE.parent)
    mine = prepared_of(full_case())
    assert base(mine)["budget"]["difference"] == base(example)["budget"]["difference"]


def test_what_is_left_as_shown_stays_what_it_was():
    case, group = full_case(), "current"
    shown = {
        question.key: typed_text(standing(question, case.figures).value, question.scale)
        for question in questions().values()
        if question.group == group
    }
    assert changed(case, group, shown) == (case, {})


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 1))
def test_a_share_survives_its_own_field(share):
    """What is shown in per cent and sent back untouched does not move."""
    answer = Answer(value=share)
    case = full_case()
    case = case.with_figures(answers={**case.figures.answers, "arms.target.identified": answer})
    text = typed_text(share, 100)
    made, errors = changed(case, "target", {"arms.target.identified": text})
    assert made.figures.answers["arms.target.identified"].value == share or errors


def test_a_figure_is_taken_marked_and_given_back():
    made, errors = changed(full_case(), "target", {"arms.target.recommended": "62.5 %"})
    assert not errors
    answer = made.figures.answers["arms.target.recommended"]
    assert (answer.value, answer.source, answer.kind) == (0.625, "your own figure", "own")
    back, errors = changed(made, "target", {"arms.target.recommended": ""})
    assert "arms.target.recommended" not in back.figures.answers
    assert not errors


def test_an_interval_a_source_and_an_assumption_are_kept():
    typed = {
        "cost.hip": "12,000",
        "cost.hip.low": "10000",
        "cost.hip.high": "15000",
        "cost.hip.source": "our trust, 2025",
        "cost.hip.year": "2024/25",
        "cost.hip.assumed": "1",
    }
    made, errors = changed(full_case(), "costs", typed)
    assert not errors
    parameter = prepared_of(made).parameters["cost.hip"]
    assert (parameter.value, parameter.low, parameter.high) == (12_000, 10_000, 15_000)
    assert (parameter.source, parameter.confidence) == ("our trust, 2025", "assumption")
    assert parameter.price_year == "2024/25"


@pytest.mark.parametrize(
    ("group", "typed", "key", "reason"),
    [
        ("target", {"arms.target.started": "many"}, "arms.target.started", "“many” is no number"),
        ("target", {"arms.target.started": "101"}, "arms.target.started", "between 0 and 100"),
        ("target", {"arms.target.started": "nan"}, "arms.target.started", "“nan” is no number"),
        ("target", {"arms.target.started": "inf"}, "arms.target.started", "too large"),
        ("target", {"arms.target.drugs.alendronate": "50"}, "arms.target.drugs.alendronate", "come to 50 %"),
        ("target", {"arms.target.falls.reach": "30"}, "arms.target.falls.rate_ratio", "all four figures"),
        ("costs", {"cost.hip": "-5"}, "cost.hip", "not below zero"),
        (
            "costs",
            {"cost.hip": "9", "cost.hip.low": "10", "cost.hip.high": "12"},
            "cost.hip",
            "does not hold the figure",
        ),
        (
            "costs",
            {"cost.hip": "9", "cost.hip.low": "", "cost.hip.high": "12"},
            "cost.hip",
            "both ends",
        ),
        ("effects", {"efficacy.alendronate.hip": "0"}, "efficacy.alendronate.hip", "above zero"),
        ("effects", {"persistence.12m": "43"}, "persistence.12m", "is a share and above 1"),
        ("settings", {"analysis.years": "30"}, "analysis.years", "between 1 and 20"),
        ("settings", {"analysis.perspective": "mine"}, "analysis.perspective", "choose one"),
        ("settings", {"analysis.willingness_to_pay": ""}, None, ""),
        ("costs", {"prices.index": "2012/13"}, "prices.index", "line 1: give a year"),
        ("caseload", {"own.hip.female.n": "200", "own.hip.female.age": ""}, "own.hip.female.n", "mean age"),
        ("caseload", {"caseload.hips_per_year": "0"}, "caseload.hips_per_year", "greater than 0"),
        (
            "caseload",
            {"caseload.hips_per_year": "99,999,999", "caseload.population_total": ""},
            "caseload.hips_per_year",
            "the whole UK",
        ),
        (
            "caseload",
            {"caseload.hips_per_year": "3000", "caseload.population_total": "320000"},
            "caseload.hips_per_year",
            "the 320,000 people of the area",
        ),
        (
            "caseload",
            {"caseload.hips_per_year": "70,000", "caseload.population_total": ""},
            None,
            "",
        ),
        (
            "caseload",
            {"own.hip.male.n": "900000", "own.hip.male.age": "80"},
            "own.hip.male.n",
            "could have if all were 50 or over",
        ),
    ],
)
def test_a_slip_changes_nothing_and_names_its_question(group, typed, key, reason):
    case = full_case()
    made, errors = changed(case, group, typed)
    if key is None:
        assert not errors
        return
    assert made == case
    assert list(errors) == [key]
    assert reason in errors[key]


def test_an_interval_that_no_share_can_have_is_told_at_once():
    typed = {
        "arms.target.started": "3",
        "arms.target.started.low": "0",
        "arms.target.started.high": "70",
    }
    _, errors = changed(full_case(), "target", typed)
    assert "too wide" in errors["arms.target.started"]


def test_a_drug_mix_asks_for_the_price_of_each_drug():
    typed = {"arms.target.drugs.alendronate": "60", "arms.target.drugs.zoledronate": "40"}
    made, errors = changed(full_case(), "target", typed)
    assert not errors
    assert [each.key for each in asks(made)] == ["cost.drug.zoledronate"]


def test_a_falls_programme_is_a_second_stream():
    typed = {
        f"arms.target.falls.{what}": value
        for what, value in (
            ("reach", "50"),
            ("rate_ratio", "0.8"),
            ("years", "1"),
            ("cost_per_person", "200"),
        )
    }
    made, errors = changed(full_case(), "target", typed)
    assert not errors
    with_falls, without = (base(prepared_of(each))["budget"]["difference"] for each in (made, full_case()))
    assert with_falls["fractures"] < without["fractures"]
    assert with_falls["cost.falls"] > 0


def test_the_service_as_it_is_can_be_read_from_its_measures():
    shares = [
        Share("kpi2", 700, 1000),
        Share("kpi4", 560, 700),
        Share("kpi7", 15, 19),
        Share("kpi10", 200, 300),
        Share("kpi11", 150, 300),
    ]
    made, left = with_measured(full_case(), shares, "North, June 2026")
    answers = made.figures.answers
    assert left[0] == "recommended: fewer than 20 people have been measured"
    assert "what your service costs today" in left[1]
    assert answers["arms.current.identified"].value == 0.7
    assert answers["arms.current.on_treatment_52wk"].value == 0.75, "of those who started"
    assert answers["arms.current.assessed"].source == "North, June 2026, KPI 4: 560 of 700"
    low, high = answers["arms.current.identified"].low, answers["arms.current.identified"].high
    assert (low, high) == pytest.approx((0.6709, 0.7276), abs=1e-3)  # Wilson
    assert prepared_of(made).parameters["arms.current.identified"].drawn


def test_a_share_of_all_is_held_fixed():
    made, _ = with_measured(full_case(), [Share("kpi4", 30, 30)], "North")
    assert made.figures.answers["arms.current.assessed"].low is None
    prepared_of(made)


def test_a_scenario_written_and_read_again_is_the_same():
    for scenario in (
        scenario_of(full_case()),
        parse(EXAMPLE.read_text(encoding="utf-8"), "example"),
        prepared(
            target__assessments_per_year=800, prices={"base_year": "2024", "index": {"2024": 1.25}}
        ).scenario,
    ):
        text = text_of(scenario)
        assert parse(text, "again") == scenario
        assert text_of(parse(text, "again")) == text


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_title_is_written_so_that_it_can_be_read(title):
    scenario = scenario_of(full_case()).model_copy(update={"title": title})
    assert parse(text_of(scenario), "again").title == title


def test_a_population_file_is_held_in_the_scenario_itself(tmp_path):
    (tmp_path / "people.csv").write_text("sex,age,people\nfemale,70,900\nmale,70,800\n")
    text = EXAMPLE.read_text(encoding="utf-8").replace(
        "population_total = 320000", 'population_file = "people.csv"'
    )
    made = prepare(parse(text, "example"), tmp_path)
    again = prepare(parse(text_of(made.scenario), "again"), Path("/nowhere"))
    assert made.scenario.caseload.population[0].people == 900
    assert base(again) == base(made)


def test_a_case_is_called_by_its_area_or_by_its_own_name():
    assert title_of(Case(area=LEEDS)) == "The case for a fracture liaison service in Leeds"
    assert (title_of(Case(title="Our valley")), place_of(Case(title="Our valley"))) == ("Our valley",) * 2


def test_a_stand_in_is_taken_with_its_mark():
    answer = taken(questions()[DRUG_PRICE])
    assert (answer.value, answer.price_year, answer.kind) == (53.56, "2008", "stand-in")
    with pytest.raises(KeyError):
        taken(questions()["cost.hip"])
