"""The reference program's own outputs: every vector within 1e-6, every refusal in its words."""

import csv
from pathlib import Path

import numpy as np
import pytest

from openfls_qfracture import FIELDS, Inputs, QFractureError, score, score_columns

DATA = Path(__file__).parents[3] / "shared" / "data"
VECTORS = DATA / "qfracture2012_vectors.csv"
pytestmark = pytest.mark.skipif(not VECTORS.is_file(), reason=f"{VECTORS} is not here")


def _rows():
    return list(csv.DictReader(VECTORS.read_text(encoding="utf-8").splitlines()))


def _inputs(row):
    return Inputs(**{name: row[name] if name == "sex" else float(row[name]) for name in FIELDS})


def test_one_person_at_a_time():
    rows = _rows()
    assert len(rows) > 300
    for row in rows:
        if row["reference_error"]:
            with pytest.raises(QFractureError) as refused:
                score(_inputs(row))
            assert str(refused.value) == row["reference_error"]
        else:
            found = score(_inputs(row))
            assert found.osteoporotic_fracture_pct == pytest.approx(
                float(row["osteoporotic_fracture_pct"]), rel=0, abs=1e-6
            )
            assert found.hip_fracture_pct == pytest.approx(float(row["hip_fracture_pct"]), rel=0, abs=1e-6)


@pytest.mark.parametrize("kind", ["float64", "int64", "uint8"])
def test_columns_of_any_kind(kind):
    rows = _rows()
    columns = {
        name: np.array([float(row[name]) for row in rows]).astype("float64" if name == "bmi" else kind)
        for name in FIELDS
        if name != "sex"
    }
    columns["sex"] = np.array([row["sex"] for row in rows])
    found = score_columns(columns)
    for index, row in enumerate(rows):
        assert found.errors.get(index, "") == row["reference_error"]
        if row["reference_error"]:
            assert np.isnan(found.osteoporotic_fracture_pct[index])
            assert np.isnan(found.hip_fracture_pct[index])
        else:
            for column in ("osteoporotic_fracture_pct", "hip_fracture_pct"):
                assert getattr(found, column)[index] == pytest.approx(float(row[column]), rel=0, abs=1e-6)


def test_coefficients_are_the_given_ones():
    import json

    from openfls_qfracture.model import EQUATIONS

    given = json.loads((DATA / "qfracture2012_coefficients.json").read_text(encoding="utf-8"))
    for (outcome, sex), equation in EQUATIONS.items():
        raw = given[f"{outcome}_{sex}"]
        assert list(equation.arguments) == raw["argument_order"]
        assert list(equation.survivor) == raw["survivor_by_year_0_18"]
        assert dict(equation.flags) == raw["flags"]
        terms = {(term.transform, term.centre, term.coef) for term in (*equation.age, *equation.bmi)}
        assert terms == {(one["transform"], one["centre"], one["coef"]) for one in raw["continuous"].values()}
