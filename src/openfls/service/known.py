"""All that is known for an episode: answers, results of feeds and what the person said, field by field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from openfls.investigation.bloods import CALCIUM_SOURCE, adjusted_calcium, expiry
from openfls.record.errors import BadInput
from openfls.record.questions import Earlier, Value, by_field
from openfls.service import clock, rows
from openfls.service.claims import COMPUTED, EARLIER, FEED, PERSON, TYPED, Claim, Known, moved_to, settle
from openfls.service.investigation import earlier_fractures
from openfls.service.models import Answer, Episode, ToldValue
from openfls.service.remembering import reading, remembered

SCANNED_ON = "bone_density.on"
OF_A_SCAN = ("bone_density.", "dxa.", "vfa.")
NOT_OF_A_SCAN = ("dxa.requested_on", "dxa.booked_for", "dxa.without")
NOT_FROM_BEFORE = ("bone_density.", "dxa.", "vfa.", "frax.", "bp.")
"""Fields of one day, which belong together: scans have a list of their own."""
_ADJUSTED, _TOTAL, _ALBUMIN = "adjusted_calcium_mmol_l", "total_calcium_mmol_l", "albumin_g_l"


def of_a_scan(field: str) -> bool:
    """Whether a field is read off a bone density scan, so that it belongs to the day of that scan."""
    return field.startswith(OF_A_SCAN) and field not in NOT_OF_A_SCAN


@reading()
def known_of(episode: Episode, on: date) -> dict[str, Known]:
    """What is known on the day ``on`` of every field of which anything was ever said."""
    if hasattr(episode, "brought"):
        return _known_of(episode, on)
    # A copy: what one caller does to it is nothing to the next.
    return dict(remembered(("known", episode.pk, on), lambda: _known_of(episode, on)))


def _known_of(episode: Episode, on: date) -> dict[str, Known]:
    answers = {
        row.field: claim_of_answer(row) for row in rows.answers_of(episode) if not of_a_scan(row.field)
    }
    told: dict[str, list[Claim]] = {}
    waiting: dict[str, list[Claim]] = {}
    for row in rows.told_of(episode):
        if row.taken_on > on:
            continue
        into = told if row.state == ToldValue.State.STANDING else waiting
        into.setdefault(row.field, []).append(claim_of_told(row))
    scan, told = _newest_scan(typed_scans(rows.answers_of(episode)), told)
    answers |= scan
    found: dict[str, Known] = {}
    for field in sorted({*answers, *told, *waiting}):
        known = settle(field, answers.get(field), told.get(field, []))
        found[field] = replace(known, waiting=tuple(waiting.get(field, [])))
    _from_before(found, answers, episode)
    earlier_fractures.fill_in(found, episode, emptied=answers)
    _adjust_calcium(found)
    return {field: _aged(known, on) for field, known in found.items()}


def values_of(episode: Episode, on: date | None = None) -> dict[str, Value]:
    """The value that counts for each field, without what is not known."""
    known = known_of(episode, on or clock.today())
    return {field: one.value for field, one in known.items() if one.value is not None}


def claim_of_answer(row: Answer) -> Claim:
    """What was written down by somebody of the service."""
    return Claim(
        kind=TYPED,
        value=row.value,
        on=row.known_on,
        at=row.at,
        source=row.source,
        key=f"answer-{row.pk}",
        by=row.by.full_name if row.by else "",
    )


def claim_of_told(row: ToldValue) -> Claim:
    """What a feed or the person told."""
    return Claim(
        kind=FEED if row.origin == ToldValue.Origin.FEED else PERSON,
        value=row.value,
        on=row.taken_on,
        at=row.recorded_at,
        source=row.source,
        key=f"told-{row.pk}",
        time=row.taken_at,
        comparator=row.comparator,
        as_sent=row.as_sent,
        preliminary=row.preliminary,
        corrected=row.corrected,
    )


def typed_scans(answers: Iterable[Answer]) -> dict[date | None, dict[str, Claim]]:
    """What was typed of scans, by the day of the scan and the field; None for figures whose day is not told yet."""
    found: dict[date | None, dict[str, Claim]] = {}
    for row in answers:
        if of_a_scan(row.field):
            found.setdefault(row.scan_on, {})[row.field] = claim_of_answer(row)
    return found


def _newest_scan(
    typed: Mapping[date | None, dict[str, Claim]], told: Mapping[str, list[Claim]]
) -> tuple[dict[str, Claim], dict[str, list[Claim]]]:
    """Of scans, only the newest: its figures are never mixed with those of another day."""
    rest = {field: claims for field, claims in told.items() if not of_a_scan(field)}
    told_days = {claim.on for field, claims in told.items() if of_a_scan(field) for claim in claims}
    typed_days = {
        day for day, claims in typed.items() if day and any(claim.value for claim in claims.values())
    }
    last = max(told_days | typed_days, default=None)
    if last is None:
        return dict(typed.get(None, {})), rest
    current = {
        field: on_that_day
        for field, claims in told.items()
        if of_a_scan(field) and (on_that_day := [claim for claim in claims if claim.on == last])
    }
    mine = dict(typed.get(last, {}))
    if current:
        arrived = min(claim.at for claims in current.values() for claim in claims)
        # Typed without a day after the scan had come: it stood before her eyes.
        late = {field: claim for field, claim in typed.get(None, {}).items() if claim.at > arrived}
        mine = {**late, **mine}
        if SCANNED_ON not in mine:
            day = Claim(FEED, last.isoformat(), last, arrived, _source_of(current))
            current[SCANNED_ON] = [day]
    return _on_day(mine, last), rest | current


def _from_before(found: dict[str, Known], answers: Mapping[str, Claim], episode: Episode) -> None:
    """Answers of the person's earlier episodes: what stays true counts, what may have changed is offered.

    Only where nothing is known now; what somebody emptied here stays empty.
    """
    questions = by_field()
    before = {
        row.field: row
        for row in rows.answers_elsewhere(episode)
        if row.assessment.episode.index_date < episode.index_date
    }
    for field, row in before.items():
        question, known = questions.get(field), found.get(field, Known(field))
        if question is None or row.value is None or field.startswith(NOT_FROM_BEFORE) or field in answers:
            continue
        if known.counts or known.rivals or question.earlier is Earlier.ANEW:
            continue
        if earlier_fractures.taken_over(row.source):
            continue  # the record speaks for itself, as it stands now
        claim = _earlier(row)
        if question.stays(row.value):
            found[field] = replace(known, counts=claim)
        elif not (question.earlier is Earlier.STAYS_IF_YES and field.startswith("previous_")):
            # A no to an earlier fracture is no longer true: the fracture of that episode came after it.
            found[field] = replace(known, offered=claim)


def _earlier(row: Answer) -> Claim:
    broke = row.assessment.episode.index_date
    source = f"the assessment after the fracture of {broke.day} {broke:%B %Y}"
    return replace(claim_of_answer(row), kind=EARLIER, source=source)


def _source_of(told: Mapping[str, list[Claim]]) -> str:
    return next(claim.source for field, claims in told.items() if of_a_scan(field) for claim in claims)


def _on_day(answers: dict[str, Claim], day: date) -> dict[str, Claim]:
    return {field: moved_to(claim, day) for field, claim in answers.items()}


def _adjust_calcium(found: dict[str, Known]) -> None:
    """The adjusted calcium where the laboratory gave only the total, of one day with its albumin."""
    stands = found.get(_ADJUSTED, Known(_ADJUSTED))
    total, albumin = (found[name].counts if name in found else None for name in (_TOTAL, _ALBUMIN))
    if stands.counts or stands.rivals or total is None or albumin is None or total.on != albumin.on:
        return
    try:
        value = round(adjusted_calcium(float(str(total.value)), float(str(albumin.value))), 2)
    except BadInput:
        return
    questions = by_field()
    inputs = ", ".join(
        f"{questions[name].label.lower()} {claim.words(questions[name])}"
        for name, claim in ((_TOTAL, total), (_ALBUMIN, albumin))
    )
    words = f"computed here from {inputs} ({CALCIUM_SOURCE})"
    found[_ADJUSTED] = replace(
        stands, counts=Claim(COMPUTED, value, total.on, max(total.at, albumin.at), words)
    )


def _aged(known: Known, on: date) -> Known:
    if known.counts is None:
        return known
    return replace(known, expiry=expiry(known.field, known.counts.on, on))
