"""How people stand with a bone density scan: the line of one person, and the list of everybody under care.

The list reads what is on record and asks no guideline, so that it opens for thousands of people: whether a
scan is advised stands on each person's own page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, Q

from openfls.investigation import Evaluation, Pack
from openfls.investigation.fractures import months_before
from openfls.investigation.scan_standing import (
    ADVISED,
    AT_THE_SCAN,
    RECENT,
    RECENT_MONTHS,
    Standing,
    reason_of,
    reasons,
    scan_standing,
)
from openfls.record.pathway import UNDER_CARE
from openfls.record.picture import Picture
from openfls.service.claims import Known
from openfls.service.input_words import input_words
from openfls.service.models import Answer, Episode, Plan, Service, ToldValue

ASKED, BOOKED = "dxa.requested_on", "dxa.booked_for"
_FIELDS = ("dxa.without", "dxa_possible", "dxa_needed", ASKED, BOOKED)
STANDINGS = {
    "nothing": "Nothing is noted yet",
    "asked": "Asked for, not booked",
    "booked": "Booked, the result is awaited",
    "done": "Scanned since the fracture",
    **{key: f"Without: {one.words[0].lower()}{one.words[1:]}" for key, one in reasons().items()},
}
"""Every place of the list, by its key in an address."""
WITHOUT = "without"


def scan_line(
    episode: Episode,
    picture: Picture,
    known: Mapping[str, Known],
    packs: Iterable[tuple[Pack, Evaluation]],
) -> dict[str, Any]:
    """The line of one person, as it is shown and kept with the advice."""
    values = {field: known[field].value for field in _FIELDS if field in known}
    done = picture.bone_density.on.isoformat() if picture.bone_density else ""
    packs = list(packs)
    plan = Plan.objects.filter(episode=episode).order_by("pk").last()
    line = scan_standing(
        picture,
        [advice for _, evaluation in packs for advice in evaluation.advice],
        reason=reason_of(values, plan.dxa if plan else ""),
        on_its_way=way_in_words(values, done),
        needs=_needs(packs),
    )
    asks = {
        advice.trace.rule: None
        for _, evaluation in packs
        for advice in evaluation.advice
        if advice.action in ADVISED
        or (line.standing is Standing.WITHOUT and advice.trace.rule in AT_THE_SCAN)
    }
    return {
        "standing": line.standing.value,
        "words": line.words,
        "reason": line.reason,
        "rule": line.rule,
        "source": line.source,
        "confidence": line.confidence.value,
        "note": line.note,
        # What a rule says of a scan to somebody who goes without, or has had it: never a second voice beside that.
        "otherwise": list(asks) if line.standing in (Standing.WITHOUT, Standing.DONE) else [],
    }


def _needs(packs: Iterable[tuple[Pack, Evaluation]]) -> tuple[str, ...]:
    """What the rules that ask for a scan lack to be judged, in the words of the questions."""
    lacking = {
        name: None
        for pack, evaluation in packs
        for trace in evaluation.unknown
        if set(pack.rule(trace.rule).actions) & set(ADVISED)
        for name in trace.missing
    }
    return tuple(dict.fromkeys(input_words(name) for name in lacking))


def way_in_words(values: Mapping[str, Any], done: str) -> str:
    """How far a scan has come that is not done yet (``done``: ISO day of the last one); else empty."""
    asked, booked = (str(values.get(field) or "") for field in (ASKED, BOOKED))
    if booked and booked > done:
        return f"Booked for {_day(booked)}; its result is awaited."
    if asked and asked > done:
        return f"Asked for on {_day(asked)}; not booked yet."
    return ""


def _day(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%B %Y}"


@dataclass(frozen=True, slots=True)
class Stands:
    """One person of the list: where she stands, since when it is noted and by whom."""

    episode: Episode
    key: str
    on: date | None = None
    by: str = ""


def standings(service: Service, today: date) -> list[Stands]:
    """Everybody under care, the oldest fracture first."""
    episodes = list(
        Episode.objects.filter(service=service, state__in=UNDER_CARE)
        .select_related("person")
        .prefetch_related("fractures")
        .order_by("index_date", "pk")
    )
    return _stand(service, episodes, today)


def counted(rows: Sequence[Stands]) -> dict[str, int]:
    """How many stand at each place, places with nobody too."""
    found = Counter(row.key for row in rows)
    return {key: found[key] for key in STANDINGS}


def _stand(service: Service, episodes: Sequence[Episode], today: date) -> list[Stands]:
    care = Q(assessment__episode__service=service, assessment__episode__state__in=UNDER_CARE)
    answers: dict[Any, dict[str, Answer]] = {}
    for row in (
        Answer.objects.filter(care, field__in=_FIELDS).select_related("assessment", "by").order_by("pk")
    ):
        answers.setdefault(row.assessment.episode_id, {})[row.field] = row
    plans = {
        plan.episode_id: plan
        for plan in Plan.objects.filter(episode__service=service, episode__state__in=UNDER_CARE)
        .select_related("by")
        .order_by("pk")
    }
    scanned = _scanned(service, today)
    return [
        _place(
            episode, answers.get(episode.pk, {}), plans.get(episode.pk), scanned.get(episode.person_id), today
        )
        for episode in episodes
    ]


def _scanned(service: Service, today: date) -> dict[Any, date]:
    """The day of the last scan of each person, by feed or typed."""
    told = ToldValue.objects.filter(
        service=service,
        state=ToldValue.State.STANDING,
        field__startswith="bone_density.",
        taken_on__lte=today,
    )
    typed = Answer.objects.filter(assessment__service=service, scan_on__isnull=False, value__isnull=False)
    days = dict(told.values_list("person").annotate(last=Max("taken_on")))
    for person, day in typed.values_list("assessment__episode__person").annotate(last=Max("scan_on")):
        days[person] = max(day, days.get(person, day))
    return days


def _place(
    episode: Episode, answers: Mapping[str, Answer], plan: Plan | None, scanned: date | None, today: date
) -> Stands:
    values = {field: row.value for field, row in answers.items()}
    done = scanned.isoformat() if scanned else ""
    if scanned and scanned >= episode.index_date:
        return Stands(episode, "done", scanned)
    if way_in_words(values, done):
        key = BOOKED if str(values.get(BOOKED) or "") > done else ASKED
        return Stands(episode, "booked" if key == BOOKED else "asked", *_noted(answers[key]))
    if reason := reason_of(values, plan.dxa if plan else ""):
        said = [
            answers[field] for field in _FIELDS[:3] if field in answers and answers[field].value is not None
        ]
        if said:
            return Stands(episode, reason, *_noted(said[0]))
        return Stands(episode, reason, plan.agreed_on, plan.by.full_name) if plan else Stands(episode, reason)
    if scanned and scanned > months_before(today, RECENT_MONTHS):
        return Stands(episode, RECENT, scanned)
    return Stands(episode, "nothing")


def _noted(row: Answer) -> tuple[date, str]:
    return row.known_on, row.by.full_name if row.by else ""
