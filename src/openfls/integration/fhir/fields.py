"""Which fields of the record leave as Observations, with the codes and units that are certain."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from openfls.integration.fhir.parts import Json, coding
from openfls.integration.fhir.systems import LOINC, OWN_FIELD, SNOMED
from openfls.record.questions import by_field

CATEGORIES = {
    "lab": ("laboratory", "Laboratory"),
    "vital": ("vital-signs", "Vital Signs"),
    "score": ("imaging", "Imaging"),
    "exam": ("exam", "Exam"),
    "survey": ("survey", "Survey"),
}
PRESSURES = {
    "bp.lying": "Blood pressure, lying",
    "bp.standing_1": "Blood pressure, standing for 1 minute",
    "bp.standing_3": "Blood pressure, standing for 3 minutes",
}
"""Blood pressure is one Observation of two fields each: ``_systolic`` and ``_diastolic``."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field; ``loinc`` and ``snomed`` are (code, name) where the code was checked."""

    name: str
    kind: str
    loinc: tuple[str, str]
    snomed: tuple[str, str]
    unit_code: str
    unit: str
    source: str

    @property
    def codings(self) -> list[Json]:
        """SNOMED CT and LOINC where they are certain, and always our own code."""
        found = [coding(SNOMED, *self.snomed)] if self.snomed[0] else []
        found += [coding(LOINC, *self.loinc)] if self.loinc[0] else []
        return [*found, coding(OWN_FIELD, self.name, by_field()[self.name].label)]


def _rows() -> Iterator[Field]:
    text = files("openfls.integration.fhir").joinpath("data", "observations.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(line for line in text.splitlines() if not line.startswith("#")):
        yield Field(
            name=row["field"],
            kind=row["kind"],
            loinc=(row["loinc"], row["loinc_name"]),
            snomed=(row["snomed"], row["snomed_name"]),
            unit_code=row["unit_code"],
            unit=row["unit"],
            source=row["source"],
        )


@cache
def shared_fields() -> Mapping[str, Field]:
    """The fields that leave one by one, by name."""
    return {field.name: field for field in _rows()}


@cache
def all_fields() -> frozenset[str]:
    """Every field of the record that leaves, those of blood pressure among them."""
    pairs = {f"{name}_{part}" for name in PRESSURES for part in ("systolic", "diastolic")}
    return frozenset(shared_fields()) | pairs
