"""The fast way out for a whole column: which texts may hold a word for a fracture.

The reader's own prefilter (`reports/prefilter.py`) answers this exactly, text by text. Here the same words are searched
in all texts of a column in one pass, without making a Python string of any; the few texts that are left go to the
reader, which decides. So this may let through too much, never too little.
"""

from __future__ import annotations

import re
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from openfls.identification.reports.prefilter import DOUBTFUL, SURE

PATTERN: Final = "|".join(map(re.escape, (*SURE, *DOUBTFUL)))
"""An RE2 expression, to be used ignoring case."""


def may_mention(texts: pa.Array) -> pa.BooleanArray:
    """For each text whether the reader must look at it; null for null."""
    return pc.match_substring_regex(texts, PATTERN, ignore_case=True)
