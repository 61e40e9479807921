"""QFracture-2012 and ClinRisk's BMI predictor. LGPL-3.0-or-later; see NOTICE. Show `DISCLAIMER` with every
score.

SPDX-License-Identifier: LGPL-3.0-or-later
"""

from openfls_qfracture.bmi import predict_bmi
from openfls_qfracture.checks import QFractureError
from openfls_qfracture.columns import FEMALE, MALE, ColumnScores, score_columns
from openfls_qfracture.inputs import FIELDS, FIELDS_OF_ONE_SEX, FLAGS, Inputs
from openfls_qfracture.model import ABOUT, DISCLAIMER
from openfls_qfracture.scalar import Score, score, shown_pct

__all__ = [
    "ABOUT",
    "DISCLAIMER",
    "FEMALE",
    "FIELDS",
    "FIELDS_OF_ONE_SEX",
    "FLAGS",
    "MALE",
    "ColumnScores",
    "Inputs",
    "QFractureError",
    "Score",
    "predict_bmi",
    "score",
    "score_columns",
    "shown_pct",
]
