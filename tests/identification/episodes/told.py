"""Short ways to say what was told, for the tests of grouping."""

from __future__ import annotations

from datetime import date, timedelta

from openfls.record.feeds import Bearing, Energy, Observation, Source, SourceKind
from openfls.record.findings import Certainty, Finding, FractureAge, Kind
from openfls.record.people import Demographics, Identifier, Sex
from openfls.record.sites import Side, Site

START = date(2024, 3, 1)
JANE = Demographics(
    identifiers=(Identifier("RXX", "A1"),), family_name="Smith", birth_date=date(1950, 5, 5), sex=Sex.FEMALE
)


def told(
    site="wrist", day=0, side="", levels="", record="", kind="diagnosis", person=JANE, how="traumatic",
    age="new", certainty="present", energy="unknown", bearing="fracture", remark="", other_findings=(),
):  # fmt: skip
    """One observation; ``day`` counts from `START`, None is not known."""
    sure, old, kind_of = Certainty(certainty), FractureAge(age), Kind(how)
    findings = (
        () if site is None else (Finding(Site(site), Side(side), tuple(levels.split()), sure, old, kind_of),)
    )
    return Observation(
        source=Source("test", record or f"{site} {day} {side} {levels} {kind} {age}", SourceKind(kind)),
        person=person,
        on=None if day is None else START + timedelta(days=day),
        findings=(*findings, *other_findings),
        energy=Energy(energy),
        code="icd10|X",
        display="what was shown",
        bearing=Bearing(bearing),
        remark=remark,
    )


def seen(fractures):
    """Fractures as (site, side, day) for comparison."""
    return [(f.site.value, f.side.value, None if f.on is None else (f.on - START).days) for f in fractures]
