"""Intervention: drug options, safety alerts, supplements and the schedule of a treatment, computed from a `Situation`.

Pure and strictly typed: facts and packs in, values out. It advises; a clinician decides, and a prescriber signs.

>>> from openfls.intervention import grid, raised
>>> grid(situation, "NG259@2026-07-29").options
"""

from openfls.intervention.alerts import Raised, Unjudged, raised, unjudged
from openfls.intervention.options import Grid, Option, Verdict, grid
from openfls.intervention.packs import Severity
from openfls.intervention.schedule import Due, next_promise, promises
from openfls.intervention.situation import Course, Feed, Situation
from openfls.intervention.supplements import Proposal, proposals

__all__ = [
    "Course",
    "Due",
    "Feed",
    "Grid",
    "Option",
    "Proposal",
    "Raised",
    "Severity",
    "Situation",
    "Unjudged",
    "Verdict",
    "grid",
    "next_promise",
    "promises",
    "proposals",
    "raised",
    "unjudged",
]
