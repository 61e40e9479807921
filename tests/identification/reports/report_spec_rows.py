"""The spec table as rows; ``\\n`` in its text stands for a new line."""

from __future__ import annotations

import csv
from pathlib import Path

ROWS = [
    {**row, "text": row["text"].replace("\\n", "\n")}
    for row in csv.DictReader((Path(__file__).parent / "spec.csv").read_text(encoding="utf-8").splitlines())
]
