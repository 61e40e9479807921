"""What the assessment page works out beside the advice: kidney, blood pressure on standing, tests, scan, medicines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from openfls.investigation import Topic, evaluate
from openfls.investigation.bloods import CRCL_CONFIDENCE, CRCL_SOURCE, clearance
from openfls.investigation.dxa import Change
from openfls.investigation.falls_medicines import FallsMedicines, falls_medicines
from openfls.investigation.panel import Wanted, wanted
from openfls.investigation.posture import CONFIDENCE as POSTURE_CONFIDENCE
from openfls.investigation.posture import SOURCE as POSTURE_SOURCE
from openfls.investigation.posture import PosturalDrop, Pressure, postural_drop
from openfls.record.advice import Advice
from openfls.record.errors import BadInput
from openfls.record.picture import Picture
from openfls.record.questions import Value, by_field
from openfls.service.checks import contradictions
from openfls.service.claims import Known
from openfls.service.guidance import guidance_of
from openfls.service.investigation.scanning import way_in_words
from openfls.service.known import known_of
from openfls.service.models import Episode
from openfls.service.picture import picture_of
from openfls.service.remembering import reading
from openfls.service.scans import Scan, changes, scans_of

WFG = "WFG@2022"


@dataclass(frozen=True, slots=True)
class Line:
    """Something worked out: its words, what it was made of, and where the rule is from with its mark."""

    words: str
    made_of: str = ""
    source: str = ""
    confidence: str = ""


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """Everything that stands beside the questions, made of what counts on one day."""

    kidney: tuple[Line, ...]
    posture: Line | None
    tests: tuple[Wanted, ...]
    scans: tuple[Scan, ...]
    compared: tuple[Change, ...]
    about_scan: tuple[Advice, ...]
    scan_state: str
    medicines: FallsMedicines
    falls: tuple[Advice, ...]
    expired: tuple[str, ...]
    in_doubt: tuple[str, ...]
    against: tuple[str, ...]
    """What stands on record and cannot be together."""


@reading()
def worked_out(episode: Episode, on: date) -> WorkedOut:
    """What is worked out on a day."""
    known = known_of(episode, on)
    values = {field: one.value for field, one in known.items()}
    picture = picture_of(episode, on)
    scans = scans_of(episode, known, on)
    guidance = guidance_of(episode.service, on)
    guideline = guidance.pack(guidance.guideline)
    scan_advice = [
        advice
        for advice in (evaluate(guideline, picture).advice if guidance.is_on else ())
        if guideline.rule(advice.trace.rule).topic in (Topic.DXA, Topic.VFA)
    ]
    walking = evaluate(guidance.pack(WFG), picture).advice if guidance.is_on and guidance.falls != WFG else ()
    questions = by_field()
    return WorkedOut(
        kidney=tuple(_kidney(picture, known)),
        posture=_posture(values),
        tests=tuple(wanted(picture, guidance.pack(guidance.bloods), values)) if guidance.is_on else (),
        scans=tuple(scans),
        compared=tuple(changes(scans)),
        about_scan=tuple(dict.fromkeys(scan_advice)),
        scan_state=_scan_state(values, scans),
        medicines=falls_medicines(values),
        falls=tuple(walking),
        expired=tuple(questions[field].label for field, one in known.items() if one.expired),
        in_doubt=tuple(questions[field].label for field, one in known.items() if one.rivals),
        against=tuple(
            f"{questions[field].label}: {questions[field].words(values.get(field))}. {why}"
            for field, why in contradictions(values, on).items()
        ),
    )


def _kidney(picture: Picture, known: Mapping[str, Known]) -> list[Line]:
    questions = by_field()
    found = []
    egfr = known.get("egfr")
    if egfr is not None and egfr.counts is not None:
        found.append(Line(f"eGFR {egfr.counts.words(questions['egfr'])}", "as the laboratory gave it"))
    made = clearance(picture)
    if made.ml_min is None:
        lacking = ", ".join(
            questions[name].label.lower() if name in questions else name for name in made.missing
        )
        found.append(Line(f"Creatinine clearance cannot be worked out: {lacking} not known"))
        return found
    inputs = f"age {picture.age}, {picture.sex}, weight {picture.weight_kg:g} kg, creatinine "
    found.append(
        Line(
            f"Creatinine clearance {made.ml_min:.0f} mL/min",
            f"{inputs}{picture.creatinine_umol_l:g} µmol/L",
            CRCL_SOURCE,
            CRCL_CONFIDENCE,
        )
    )
    return found


def _posture(values: Mapping[str, Value]) -> Line | None:
    def pressure(when: str) -> Pressure | None:
        pair = [values.get(f"bp.{when}_{part}") for part in ("systolic", "diastolic")]
        numbers = [float(one) for one in pair if isinstance(one, int | float) and not isinstance(one, bool)]
        return Pressure(*numbers) if len(numbers) == 2 else None

    lying = pressure("lying")
    standing = [one for one in (pressure("standing_1"), pressure("standing_3")) if one is not None]
    if lying is None or not standing:
        return None
    symptoms = values.get("bp.symptoms")
    try:
        drop: PosturalDrop = postural_drop(lying, standing, symptoms if isinstance(symptoms, bool) else None)
    except BadInput as error:
        return Line(f"Blood pressure on standing cannot be judged: {error.reason}")
    says = {"yes": "Blood pressure drops on standing", "no": "No drop that counts on standing"}
    words = says.get(drop.answer, "Whether blood pressure drops on standing is not known yet")
    made = (
        f"{drop.reason}; systolic falls by {drop.systolic_drop:g}, diastolic by {drop.diastolic_drop:g} mmHg"
    )
    return Line(words, made, POSTURE_SOURCE, POSTURE_CONFIDENCE)


def _scan_state(values: Mapping[str, Value], scans: list[Scan]) -> str:
    """How far a scan has come: asked for, booked, its result awaited, or done."""
    done = scans[-1].on.isoformat() if scans else ""
    return way_in_words(values, done) or (f"Done on {_day(done)}." if done else "")


def _day(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%B %Y}"
