"""RiskAssessment: FRAX as somebody recorded it, QFracture as the assessment was given it. UK Core has no profile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from openfls.integration.fhir.fields import shared_fields
from openfls.integration.fhir.observation import observation_key
from openfls.integration.fhir.parts import Json, coding, concept, finished, notes, reference
from openfls.integration.fhir.systems import OWN_SCORE
from openfls.integration.fhir.values import PersonRecord, Scores

_INPUTS = (
    *(name for name, field in shared_fields().items() if field.kind == "survey"),
    *("height_cm", "weight_kg", "bone_density.femoral_neck_t"),
)


def risk_assessments(scores: Scores, person: PersonRecord) -> Iterator[Json]:
    """The scores of an episode that there are."""
    if scores.frax is not None:
        frax = scores.frax
        bmd = "with" if frax.with_bmd else "without"
        yield _assessment(
            f"{scores.episode}-frax",
            ("frax", f"FRAX, model {frax.country_model}, {bmd} bone density"),
            frax.on,
            (frax.major_osteoporotic_pct, frax.hip_pct, 10),
            ("Calculated elsewhere and recorded here.",),
            person,
        )
    if scores.qfracture is not None:
        score = scores.qfracture
        yield _assessment(
            f"{scores.episode}-qfracture",
            ("qfracture", score.version),
            score.on,
            (score.major_osteoporotic_pct, score.hip_pct, score.years),
            (scores.disclaimer,),
            person,
        )


def _assessment(
    key: str,
    method: tuple[str, str],
    on: date,
    percents: tuple[float, float, int],
    said: tuple[str, ...],
    person: PersonRecord,
) -> Json:
    major, hip, years = percents
    known = {one.field for one in person.measured if one.value is not None}
    return finished(
        {
            "resourceType": "RiskAssessment",
            "id": key,
            "status": "final",
            "method": concept(method[1], coding(OWN_SCORE, method[0], method[1])),
            "code": concept("Risk of a fracture"),
            "subject": reference("Patient", person.key),
            "occurrenceDateTime": on.isoformat(),
            # What is on record now for the questions that the scores ask.
            "basis": [
                reference("Observation", observation_key(person.key, name))
                for name in _INPUTS
                if name in known
            ],
            "prediction": [
                _prediction("Major osteoporotic fracture", major, on, years),
                _prediction("Hip fracture", hip, on, years),
            ],
            "note": notes(*said),
        },
        person.changed_at,
    )


def _prediction(outcome: str, percent: float, on: date, years: int) -> Json:
    return {
        "outcome": concept(outcome),
        "probabilityDecimal": round(percent, 2),
        "whenPeriod": {"start": on.isoformat(), "end": _years_on(on, years).isoformat()},
    }


def _years_on(on: date, years: int) -> date:
    """The same day so many years on; 28 February where there is no 29th."""
    try:
        return on.replace(year=on.year + years)
    except ValueError:
        return on.replace(year=on.year + years, day=28)
