"""Measures: one definition for dashboard, person and export.

`sql` and `people_sql` give the SQL of a measure set for a database; `measure_set` its words, sources and switches.
"""

from openfls.quality.engine import people_sql, sql, states_sql
from openfls.quality.guessed import without_guessed_ratings
from openfls.quality.needs import not_countable, without_uncounted
from openfls.quality.packs import SET_IDS, Basis, Measure, MeasureSet, measure_set
from openfls.quality.periods import PERIODS, Period
from openfls.quality.states import State
from openfls.quality.still_open import without_open_ratings

__all__ = [
    "PERIODS",
    "SET_IDS",
    "Basis",
    "Measure",
    "MeasureSet",
    "Period",
    "State",
    "measure_set",
    "not_countable",
    "people_sql",
    "sql",
    "states_sql",
    "without_guessed_ratings",
    "without_open_ratings",
    "without_uncounted",
]
