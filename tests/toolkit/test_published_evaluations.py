"""Published evaluations and cross-checks as scenarios: their own arithmetic must come out of our pipeline.

The size of the effect is not ours to reproduce (their inputs are not public): the rate of second fractures is
set so that as many are avoided as they report, and prices so that each sum is theirs. What is tested is all that
lies between: the funnel, the years on drugs, the budget lines, net cost, return, people treated per fracture
avoided.
"""

from __future__ import annotations

import numpy as np
import pytest

from openfls.toolkit.analysis import analyse
from openfls.toolkit.caseload import methods
from openfls.toolkit.evaluate import base_case, prepare
from openfls.toolkit.money import difference
from openfls.toolkit.parameters import packaged
from openfls.toolkit.scenario import Caseload, Scenario
from toolkit.anchors import shared_rows
from toolkit.scenarios import prepared, scenario_data

SITES = ("hip", "vertebral", "other")


def published(study, result):
    rows = shared_rows("econ_calculators.csv")
    return next(
        float(row["value"]) for row in rows if row["study"].startswith(study) and row["result"] == result
    )


def lifetime_change(case):
    both = base_case(case, lifetime=True)
    return {
        name: float(v.sum()) for name, v in difference(both["target"].years, both["current"].years).items()
    }


def tuned(data, avoided, drug_cost, fracture_cost):
    """The scenario with the rate of second fractures, the drug's price and a fracture's price set as reported."""
    parameters = {
        "cost.drug.alendronate": 1.0,
        "cost.social_care_hip": 0.0,
        **{f"cost.{site}": 1.0 for site in SITES},
    }
    level = 1.0
    for _ in range(14):
        levels = {f"refracture.calibration.{site}": level for site in SITES}
        case = prepare(Scenario.model_validate({**data, "parameters": {**parameters, **levels}}), None)
        change = lifetime_change(case)
        level *= avoided / -change["fractures"]
    parameters["cost.drug.alendronate"] = drug_cost / change["drug_years"]
    parameters |= {f"cost.{site}": fracture_cost / avoided for site in SITES}
    return prepare(Scenario.model_validate({**data, "parameters": {**parameters, **levels}}), None)


def glasgow():
    """McLellan 2011: 1,000 patients, 740 need treatment, 686 against 193 are treated."""
    treated, usual = published("McLellan", "treated in FLS"), published("McLellan", "treated in usual care")
    data = scenario_data(target__recommended=0.74, current__recommended=0.74, target__on_treatment_52wk=0.44)
    data["caseload"] = {
        "own": [
            {"site": site, "sex": "female", "age": 78, "per_year": n}
            for site, n in (("hip", 300), ("other", 700))
        ]
    }
    data["arms"]["target"] |= {
        "started": treated / 740,
        "service_cost_per_year": published("McLellan", "extra assessment cost"),
    }
    data["arms"]["current"]["started"] = usual / 740
    avoided = published("McLellan", "fractures prevented (of which hip 11)")
    drugs = published("McLellan", "extra drug cost")
    saved = (
        published("McLellan", "overall saving per 1,000")
        + drugs
        + data["arms"]["target"]["service_cost_per_year"]
    )
    assert saved == 311_142
    return tuned(data, avoided, drugs, saved), avoided


def test_mclellan_2011():
    case, avoided = glasgow()
    both = base_case(case, lifetime=True)
    assert both["target"].funnel.started == pytest.approx([686])
    assert both["current"].funnel.started == pytest.approx([193])
    change = lifetime_change(case)
    assert change["fractures"] == pytest.approx(-avoided, rel=1e-6)
    assert change["cost.drugs"] == pytest.approx(206_544, abs=0.5)
    assert change["cost.service"] == pytest.approx(83_598)
    assert change["cost.acute"] / change["fractures"] == pytest.approx(17_286, abs=1)
    net = change["cost.acute"] + change["cost.drugs"] + change["cost.service"]
    assert net == pytest.approx(-21_000, abs=1)
    assert change["started"] / -change["fractures"] == pytest.approx(27.4, abs=0.05)
    found = analyse(case)["lifetime"]
    assert found["cost_difference"] == pytest.approx(net)
    assert found["return_on_investment"] == pytest.approx(21_000 / (206_544 + 83_598), rel=1e-4)
    assert found["treated_per_fracture_avoided"] == pytest.approx(27.4, abs=0.05)


def test_dh_2009():
    saved = published("DH England", "NHS acute+community and LA social care costs saved")
    spent = published("DH England 2009", "additional revenue cost (year-1 service + 5 y drugs)")
    data = scenario_data(target__service_cost_per_year=spent / 2)
    data["caseload"] = {"own": [{"site": "other", "sex": "female", "age": 75, "per_year": 797}]}
    case = tuned(data, 20.0, spent / 2, saved)
    change = lifetime_change(case)
    assert change["cost.drugs"] + change["cost.service"] == pytest.approx(234_181)
    net = -(change["cost.acute"] + change["cost.drugs"] + change["cost.service"])
    assert net == pytest.approx(56_527, abs=1)
    assert net * 151 == pytest.approx(8.54e6, rel=0.001)
    # a small net: 20 % dearer drugs and service, and it is gone
    assert saved - 1.25 * spent < 0


def test_the_national_audits_funnel():
    data = scenario_data(
        caseload={"own": [], "hips_per_year": 347_770 / 5, "use": "hips"},
        target__identified=0.8,
        target__recommended=0.5,
        target__started=1.0,
        target__on_treatment_52wk=0.8,
    )
    case = prepare(Scenario.model_validate(data), None)
    people = base_case(case)["target"].funnel
    assert people.caseload == pytest.approx([347_770])
    assert people.on_treatment_52wk == pytest.approx([111_286], abs=1)
    assert people.on_treatment_52wk / (347_770 / 5) == pytest.approx([1.6])


def test_caseloads_side_by_side():
    found = methods(Caseload(population_total=320_000, hips_per_year=290), packaged())
    assert found["population"].total == pytest.approx(1_536, abs=1)
    assert found["population"].by_site()["hip"] == pytest.approx(290, abs=1)
    assert found["hips"].total == pytest.approx(1_450)
    assert (found["population"].people > 0).all()


def test_capacity_turns_people_away():
    case = prepared(target__assessments_per_year=500)
    people = base_case(case)["target"].funnel
    assert people.assessed == pytest.approx([500])
    assert people.turned_away == pytest.approx([490])
    assert people.started == pytest.approx([300])


def test_the_level_meets_two_published_risks_and_leaves_the_users_own():
    case = prepared(caseload={"own": [], "population_total": 320_000})
    report = {each["label"]: each for each in analyse(case)["calibration"]}
    assert report["second hip fracture within 2 years of a hip fracture"]["ours_pct"] == pytest.approx(4.2)
    assert report["any other fracture within 1 year of a hip fracture"]["ours_pct"] == pytest.approx(8.4)
    # the three that were not used agree too
    assert all(each["inside"] for each in report.values())
    own = prepared(parameters={"refracture.calibration.hip": 1.5})
    assert own.parameters["refracture.calibration.hip"].value == 1.5
    assert prepared(analysis={"calibrate": False}).parameters["refracture.calibration.other"].value == 1.0
    assert np.isfinite(own.parameters["refracture.calibration.other"].value)
