"""Advice for an episode by the service's guideline and the falls guideline, as it is shown and kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from openfls.investigation import Evaluation, evaluate, pack
from openfls.investigation.codec import picture_to_dict
from openfls.investigation.qfracture import Scored, qfracture
from openfls.record.advice import Advice, Answer
from openfls.service.models import Episode
from openfls.service.picture import picture_of
from openfls_qfracture import DISCLAIMER

FALLS = "NG249@2025-04-29"


def advise(episode: Episode, on: date) -> dict[str, Any]:
    """What the active guideline and the falls guideline say on the day ``on``, with every rule's trace."""
    picture = picture_of(episode, on)
    scored = qfracture(picture)
    picture = replace(picture, qfracture=scored.result)
    keys = (episode.service.guideline, FALLS)
    return {
        "on": on.isoformat(),
        "picture": picture_to_dict(picture),
        "qfracture": _score(scored),
        "packs": [_shown(key, evaluate(pack(key), picture)) for key in keys],
    }


def _score(scored: Scored) -> dict[str, Any]:
    """The score with the disclaimer that its licence wants beside it, or why there is none."""
    result = scored.result
    if result is None:
        return {"missing": list(scored.missing), "errors": list(scored.errors)}
    return {
        "version": result.version,
        "years": result.years,
        "major_osteoporotic_pct": result.major_osteoporotic_pct,
        "hip_pct": result.hip_pct,
        "disclaimer": DISCLAIMER,
    }


def _shown(key: str, evaluation: Evaluation) -> dict[str, Any]:
    chosen = pack(key)
    lines: dict[str, dict[str, Any]] = {}
    for advice in evaluation.advice:
        lines.setdefault(advice.trace.rule, _line(advice))
    return {
        "pack": evaluation.pack,
        "title": chosen.title,
        "source": chosen.source,
        "advice": list(lines.values()),
        "undecided": [
            {"rule": trace.rule, "text": chosen.rule(trace.rule).text, "missing": list(trace.missing)}
            for trace in evaluation.unknown
        ],
        "not_met": [trace.rule for trace in evaluation.traces if trace.answer is Answer.NO],
    }


def _line(advice: Advice) -> dict[str, Any]:
    return {
        "rule": advice.trace.rule,
        "text": advice.text,
        "strength": advice.strength,
        "source": advice.source,
        "confidence": advice.confidence,
        "inputs": [list(pair) for pair in advice.trace.inputs],
    }
