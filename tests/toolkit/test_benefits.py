"""The calculator as its users meet it: scenarios, the command, its files and its words."""

from __future__ import annotations

import csv
import json
import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from pypdf import PdfReader

from openfls.cli import main
from openfls.commands.benefits import benefits
from openfls.record.errors import BadInput
from openfls.toolkit.analysis import analyse, tables
from openfls.toolkit.charts import charts
from openfls.toolkit.evaluate import base_case, prepare, probabilistic
from openfls.toolkit.money import LINES, difference
from openfls.toolkit.parameters import CONFIDENCES, Distribution, Parameter, draw, packaged
from openfls.toolkit.reference import page
from openfls.toolkit.scenario import parse
from openfls.toolkit.sensitivity import (
    columns,
    net_benefit_at,
    net_cost,
    one_way,
    threshold,
    two_way,
    what_changed,
)
from openfls.toolkit.wording import against, number, percent, pounds, sentences
from toolkit.scenarios import EXAMPLE, prepared

ROOT = Path(__file__).resolve().parents[2]
UNCERTAIN = {"current__started": {"value": 0.2, "low": 0.1, "high": 0.3}}


@pytest.fixture(scope="module")
def example():
    text = (
        EXAMPLE.read_text(encoding="utf-8")
        .replace("draws = 10000", "draws = 600", 1)
        .replace("= 1000\n", "= 120\n", 1)
    )
    return text


@pytest.fixture(scope="module")
def folder(example, tmp_path_factory):
    place = tmp_path_factory.mktemp("benefits")
    (place / "scenario.toml").write_text(example, encoding="utf-8")
    benefits(place / "scenario.toml", place / "out")
    return place / "out"


def test_the_command_writes_everything(folder):
    assert {path.name for path in folder.iterdir()} == {
        "summary.json",
        "run-record.json",
        "outcomes-by-year.csv",
        "costs-by-year.csv",
        "parameters.csv",
        "cost-by-year.svg",
        "acceptability.svg",
        "plane.svg",
        "tornado.svg",
        "information.svg",
        "report.pdf",
    }


def test_the_report_is_tagged_and_says_what_is_not_known(folder):
    reader = PdfReader(folder / "report.pdf")
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.metadata.title.startswith("An area of 320,000 people")
    assert "What would make this case fail" in text
    assert "Years until the effect has waned: not found" in text
    assert "What is not known" in text


def test_the_tables_agree_with_the_summary(folder):
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    with (folder / "outcomes-by-year.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["arm"] == "difference"]
    assert [row["year"] for row in rows] == ["1", "2", "3", "4", "5"]
    for name in ("fractures", "qalys", "bed_days"):
        total = sum(float(row[name]) for row in rows)
        assert total == pytest.approx(summary["budget"]["difference"][name])
    with (folder / "costs-by-year.csv").open(encoding="utf-8") as file:
        costs = [row for row in csv.DictReader(file) if row["arm"] == "difference"]
    assert len(costs) == 5 * len(LINES)
    nhs = sum(float(row["cost_gbp"]) for row in costs if row["releases"] != "outside the NHS")
    assert nhs == pytest.approx(summary["budget"]["cost_difference"])


def test_the_same_inputs_give_the_same_digits(folder, example, tmp_path):
    record = json.loads((folder / "run-record.json").read_text(encoding="utf-8"))
    (tmp_path / "again.toml").write_text(record["scenario"], encoding="utf-8")
    benefits(tmp_path / "again.toml", tmp_path / "again")
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes(), path.name
    (tmp_path / "other.toml").write_text(example.replace("seed = 20250101", "seed = 2"), encoding="utf-8")
    benefits(tmp_path / "other.toml", tmp_path / "other")
    other = json.loads((tmp_path / "other" / "run-record.json").read_text(encoding="utf-8"))
    assert other["inputs_sha256"] != record["inputs_sha256"]
    assert other["results_sha256"] != record["results_sha256"]


def test_charts_are_readable_without_seeing_them(folder):
    for path in folder.glob("*.svg"):
        tree = ET.fromstring(path.read_text(encoding="utf-8"))
        found = {child.tag.rsplit("}")[-1]: child.text for child in tree}
        assert found["title"], path.name
        assert len(found["desc"]) > 40, path.name
        assert "<script" not in path.read_text(encoding="utf-8")


def test_the_words_claim_a_probability_and_never_a_saving(folder):
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    said = " ".join(summary["sentences"] + summary["against"])
    assert "probability" in said
    assert not re.search(r"\bsav(e|es|ed|ing|ings)\b|guarantee|will cost less", said, re.IGNORECASE)
    assert "return on investment = (" in said


def test_a_certain_probability_is_not_claimed():
    assert (percent(0.0), percent(1.0), percent(0.5)) == ("under 1 %", "over 99 %", "50 %")
    assert (pounds(-123_456), number(-0.5612), number(12_345)) == ("−£123,000", "−0.561", "12,300")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("identified = 1.0", "identified = 1.2", "arms.current.identified: .*less than or equal to 1"),
        ("identified = 1.0\n", "", "arms.current.identified: is missing"),
        ("hips_per_year = 290", "hips_per_year = -1", "caseload.hips_per_year: .*greater than 0"),
        ("years = 5", "years = 5\nyeers = 5", "analysis.yeers: no such key"),
        (
            "drugs = { alendronate = 1.0 }",
            "drugs = { alendronate = 0.9 }",
            "arms.current: the shares .* sum to 0.9",
        ),
        ("drugs = { alendronate = 1.0 }", "drugs = { aspirin = 1.0 }", "arms.current.drugs"),
        (
            "drugs = { alendronate = 1.0 }",
            "drugs = { zoledronate = 1.0 }",
            "parameters.cost.drug.zoledronate: no figure was found",
        ),
        (
            "drugs = { alendronate = 1.0 }",
            "drugs = { risedronate = 1.0 }",
            "parameters.(cost.drug|efficacy).risedronate",
        ),
        ('"cost.drug.alendronate"', '"cost.drug.alendronat"', "cost.drug.alendronat: no such parameter"),
        ('use = "hips"', 'use = "own"', "caseload.use: the figures for 'own' are missing"),
        ("value = 0.172", "low = 0.3, high = 0.4, value = 0.172", "low, value and high must rise"),
        ("[prices]", "[prices", "not readable as TOML"),
        ("population_total = 320000", 'population_file = "nowhere.csv"', "nowhere.csv.*no such file"),
        ("draws = 10000", "draws = 3", "analysis.draws"),
        ("seed = 20250101", "seed = -4", "analysis.seed"),
        ("years = 5", "years = nan", "analysis.years"),
        ("value = 53.56", "value = -53.56", "parameters.cost.drug.alendronate: is below zero"),
        (
            "[parameters]",
            '[parameters]\n"efficacy.alendronate.hip" = 0.0',
            "efficacy.alendronate.hip: must be above zero",
        ),
        ("[parameters]", '[parameters]\n"persistence.12m" = 43.6', "persistence.12m: is a share and above 1"),
        ("[parameters]", '[parameters]\n"cost.hip" = "many"', "parameters.cost.hip: .*valid number"),
        ("started = 1.0", "started = { value = 2 }", "arms.target.started.value: .*less than or equal to 1"),
    ],
)
def test_a_bad_scenario_is_one_line_that_names_the_key(old, new, message, tmp_path):
    text = EXAMPLE.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(BadInput, match=message) as error:
        prepare(parse(text.replace(old, new, 1), "scenario.toml"), tmp_path)
    assert "\n" not in str(error.value)


def test_the_command_line_ends_with_two_and_one_line(tmp_path, monkeypatch, capsys):
    bad = tmp_path / "bad.toml"
    bad.write_text(
        EXAMPLE.read_text(encoding="utf-8").replace("identified = 1.0", "identified = 1.2"), encoding="utf-8"
    )
    monkeypatch.setattr(sys, "argv", ["openfls", "benefits", str(bad), "-o", str(tmp_path / "out")])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("openfls: ")
    assert said.count("\n") == 1
    assert "arms.current.identified" in said
    assert not (tmp_path / "out").exists()


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(BadInput, match="no such file"):
        benefits(tmp_path / "none.toml", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_population_file_is_read_by_single_year(tmp_path):
    file = tmp_path / "people.csv"
    file.write_text(
        "sex,age,people\n" + "".join(f"female,{age},100\nmale,{age},0\n" for age in range(40, 101))
    )
    case = prepared(caseload={"own": [], "population_file": str(file)})
    assert case.method == "population"
    assert case.strata.people[9:].sum() == 0
    file.write_text("sex,age,people\nfemale,60,many\n")
    with pytest.raises(BadInput, match="row 2"):
        prepared(caseload={"own": [], "population_file": str(file)})


def test_every_parameter_has_a_source_or_says_not_found():
    for parameter in packaged().values():
        assert parameter.confidence in CONFIDENCES, parameter.id
        assert (parameter.value is None) == (parameter.confidence == "not found"), parameter.id
        assert parameter.source or parameter.value is None, parameter.id
        assert (parameter.low is None) == (parameter.high is None), parameter.id
        if parameter.low is not None:
            assert parameter.low <= parameter.value <= parameter.high, parameter.id
        assert bool(parameter.price_year) == (
            parameter.id.startswith("cost.") and parameter.value is not None
        )


def test_the_reference_page_is_up_to_date():
    kept = (ROOT / "docs" / "reference" / "benefits-parameters.md").read_text(encoding="utf-8")
    assert kept == page(), "run `make docs`"


@pytest.mark.parametrize(
    ("distribution", "value", "low", "high"),
    [("beta", 0.4, 0.3, 0.5), ("gamma", 1000, 600, 1400), ("lognormal", 0.7, 0.5, 0.98), ("normal", 5, 3, 7)],
)
def test_draws_have_the_mean_and_interval_they_were_given(distribution, value, low, high):
    drawn = draw(Parameter("x", value, low, high, "", Distribution(distribution)), 40_000, 1, 0.25)
    assert np.median(drawn) == pytest.approx(value, rel=0.03)
    assert np.quantile(drawn, [0.025, 0.975]) == pytest.approx([low, high], rel=0.08)


def test_a_parameters_draws_do_not_depend_on_the_others():
    alone = probabilistic(prepared())[1]
    changed = probabilistic(prepared(**UNCERTAIN))[1]
    assert (alone["refracture.rr_1y"] == changed["refracture.rr_1y"]).all()
    assert changed["arms.current.started"].shape == (400,)


def test_money_is_brought_to_the_base_year_where_there_is_an_index():
    prices = {"base_year": "2024/25", "index": {"2012/13": 100.0, "2024/25": 140.0}}
    case = prepared(prices=prices)
    assert case.parameters["cost.hip"].value == pytest.approx(10_964 * 1.4)
    assert not any(line.startswith("cost.hip is in") for line in case.missing)
    assert any(line.startswith("cost.vertebral is in prices of 2005") for line in case.missing)


def test_a_missing_figure_is_asked_for_or_said():
    assert any(line.startswith("care_home.after_hip: not found") for line in prepared().missing)
    with pytest.raises(BadInput, match="waning_share"):
        prepared(parameters={"treatment.waning_years": 1.0})
    known = prepared(parameters={"care_home.after_hip": 0.1})
    assert (
        difference(*(base_case(known)[arm].years for arm in ("target", "current")))["care_home_entries"].sum()
        < 0
    )


def test_one_way_and_two_way_and_threshold_agree_with_single_runs():
    case = prepared(**UNCERTAIN)

    def alone(**values):
        return float(net_cost(case, base_case(case.changed(**values)))[0])

    swings = {swing.id: swing for swing in one_way(case, net_cost)}
    assert swings["arms.current.started"].at_low == pytest.approx(alone(arms__current__started=0.1))
    assert swings["cost.hip"].width > swings["cost.vertebral"].width > 0
    grid = two_way(case, net_cost, ("cost.hip", [0.0, 1e4]), ("arms.target.started", [0.2, 0.9]))
    assert grid[1, 0] == pytest.approx(alone(cost__hip=1e4, arms__target__started=0.2))
    turn = threshold(case, net_cost, "cost.hip", 0.0, 100_000.0)
    assert turn is not None
    assert alone(cost__hip=turn) == pytest.approx(0, abs=1.0)
    assert threshold(case, net_cost, "cost.hip", 0.0, 1.0) is None


def test_a_waterfall_adds_up():
    old = prepared()
    new = prepared(
        parameters={"cost.hip": 20_000.0, "bed_days.hip": 18.0},
        target__started=0.7,
        target__assessments_per_year=800,
    )
    steps = what_changed(old, new, net_benefit_at(20_000))
    answer = net_benefit_at(20_000)
    whole = answer(new, base_case(new))[0] - answer(old, base_case(old))[0]
    assert sum(step.effect for step in steps) == pytest.approx(whole)
    assert {step.id for step in steps} >= {"cost.hip", "arms.target.started", "everything else"}


def test_columns_hold_one_change_each():
    case = prepared()
    wide = columns(case, [{}, {"cost.hip": 1.0}])
    assert wide["cost.hip"].tolist() == [10_964.0, 1.0]


def test_an_analysis_without_any_uncertainty_still_runs():
    fixed = {name: p.value for name, p in packaged().items() if p.drawn}
    case = prepared(parameters=fixed)
    found = analyse(case)
    assert found["one_way"] == []
    assert found["value_of_information"]["evpi"] == 0
    assert sentences(found)
    assert against(found)
    assert charts(found)["tornado"].startswith("<svg")
    assert tables(case)["costs"]
