"""Advice for an episode by the active packs, as it is shown and kept, and kept advice given once more."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from openfls.investigation import Evaluation, Pack, build, evaluate
from openfls.investigation.codec import evaluation_to_json, picture_from_dict, picture_to_dict
from openfls.investigation.qfracture import Scored, qfracture, reason_in_words
from openfls.record.advice import Advice, Answer
from openfls.record.errors import BadInput
from openfls.record.picture import Picture
from openfls.service.claims import Known
from openfls.service.guidance import guidance_of
from openfls.service.investigation.scanning import scan_line
from openfls.service.known import known_of
from openfls.service.models import Assessment, Episode
from openfls.service.picture import picture_of
from openfls.service.remembering import reading
from openfls_qfracture import DISCLAIMER


@reading()
def advise(episode: Episode, on: date) -> dict[str, Any]:
    """What the active packs say on the day ``on``, with every rule's trace; nothing where decision support is off.

    ``sha256`` of a pack is the hash of the whole evaluation: picture, settings, advice and the trace of every rule.
    """
    guidance = guidance_of(episode.service, on)
    known = known_of(episode, on)
    picture, scored = scored_picture(episode, on, known)
    packs = [(chosen, evaluate(chosen, picture)) for chosen in guidance.packs()]
    return {
        "on": on.isoformat(),
        "is_on": guidance.is_on,
        "picture": picture_to_dict(picture),
        "qfracture": shown_score(scored, picture) if guidance.is_on else {},
        "scan": scan_line(episode, picture, known, packs) if guidance.is_on else {},
        "packs": [_shown(chosen, evaluation) for chosen, evaluation in packs],
    }


def scored_picture(
    episode: Episode, on: date, known: Mapping[str, Known] | None = None
) -> tuple[Picture, Scored]:
    """The picture of a day with its QFracture score, where there is one; the score with what it lacks."""
    picture = picture_of(episode, on, known)
    scored = qfracture(picture)
    return replace(picture, qfracture=scored.result), scored


def shown_score(scored: Scored, picture: Picture) -> dict[str, Any]:
    """The score with the disclaimer that its licence wants beside it, or why there is none."""
    result = scored.result
    if result is None:
        return {
            "missing": list(scored.missing),
            "errors": list(scored.errors),
            "reasons": [reason_in_words(error, picture) for error in scored.errors],
        }
    return {
        "version": result.version,
        "years": result.years,
        "major_osteoporotic_pct": result.major_osteoporotic_pct,
        "hip_pct": result.hip_pct,
        "disclaimer": DISCLAIMER,
    }


def _shown(chosen: Pack, evaluation: Evaluation) -> dict[str, Any]:
    lines: dict[str, dict[str, Any]] = {}
    for advice in evaluation.advice:
        lines.setdefault(advice.trace.rule, _line(advice))
    return {
        "pack": evaluation.pack,
        "settings": dict(evaluation.settings),
        "sha256": hashlib.sha256(evaluation_to_json(evaluation).encode()).hexdigest(),
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
        "confidence": advice.confidence.value,
        "inputs": [list(pair) for pair in advice.trace.inputs],
    }


@dataclass(frozen=True, slots=True)
class Replayed:
    """Kept advice beside what its pack makes of the same picture and settings today.

    ``same``: every pack gives what it gave then, and where a hash was kept, to the last byte. ``unreadable`` says why
    it could not be asked at all; ``hashed`` is False for advice from before hashes were kept.
    """

    given: dict[str, Any]
    same: bool
    hashed: bool
    unreadable: str = ""

    @property
    def on(self) -> date:
        """The day of the advice."""
        return date.fromisoformat(self.given["on"])


def replay(given: Mapping[str, Any]) -> Replayed:
    """Give kept advice again from what was kept with it. A difference is shown, never mended."""
    kept = {name: value for name, value in given.items() if name != "earlier"}
    hashed = all("sha256" in shown for shown in kept["packs"])
    try:
        picture = picture_from_dict(kept["picture"])
        again = [
            _shown(chosen, evaluate(chosen, picture))
            for chosen in (build(shown["pack"], shown.get("settings")) for shown in kept["packs"])
        ]
    except BadInput as error:
        return Replayed(kept, same=False, hashed=hashed, unreadable=str(error))
    same = all(
        {name: new.get(name) for name in old} == old for old, new in zip(kept["packs"], again, strict=True)
    )
    return Replayed(kept, same, hashed)


def as_given(assessment: Assessment) -> Iterator[Replayed]:
    """Every piece of advice that was kept with an assessment, given again, the newest first."""
    if not assessment.advice:
        return
    yield replay(assessment.advice)
    for earlier in reversed(assessment.advice.get("earlier", [])):
        yield replay(earlier)
