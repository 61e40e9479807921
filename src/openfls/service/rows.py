"""The rows behind what is known of an episode's person: asked for one episode, or brought for many in a few.

A picture of one person takes five questions to the database, which is nothing once and minutes for twenty thousand
people. `bring` lays the rows of many episodes ready on them; a page that makes several pictures of one episode
remembers its rows (`remembering`). Whoever asks here cannot tell the difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from openfls.service.models import Answer, Assessment, Episode, Fracture, ToldValue
from openfls.service.remembering import is_remembering, remembered

_STATES = (ToldValue.State.STANDING, ToldValue.State.WAITING)


@dataclass(frozen=True, slots=True)
class _Brought:
    """The answers of an episode, of the person's other ones, and what is told of the person, in the tables' order."""

    answers: Sequence[Answer]
    elsewhere: Sequence[Answer]
    told: Sequence[ToldValue]
    fractures: Sequence[Fracture]


def answers_of(episode: Episode) -> Iterable[Answer]:
    """The answers of the episode's assessment, the oldest first."""
    brought = _brought(episode)
    if brought is None:
        return Answer.objects.filter(assessment__episode=episode).select_related("by")
    return brought.answers


def answers_elsewhere(episode: Episode) -> Iterable[Answer]:
    """The answers of the person's other assessments, the oldest first."""
    brought = _brought(episode)
    if brought is None:
        rows = Answer.objects.filter(assessment__episode__person=episode.person_id)
        rows = rows.select_related("assessment__episode", "by")
        return rows.exclude(assessment__episode=episode).order_by("pk")
    return brought.elsewhere


def told_of(episode: Episode) -> Iterable[ToldValue]:
    """What was told of the person and stands or waits, by day, time and arrival."""
    brought = _brought(episode)
    if brought is None:
        return ToldValue.objects.filter(person=episode.person_id, state__in=_STATES)
    return brought.told


def fractures_of(episode: Episode) -> Iterable[Fracture]:
    """The person's fractures that count for the episode: of the same event, or not later than its day."""
    brought = _brought(episode)
    if brought is None:
        # Another bone of the same event may have been told of some days later.
        mine = Q(on__lte=episode.index_date) | Q(episode=episode)
        return _counting().filter(mine, person=episode.person_id)
    return (row for row in brought.fractures if row.on <= episode.index_date or row.episode_id == episode.pk)


def _counting() -> QuerySet[Fracture]:
    return (
        Fracture.objects.exclude(episode__state="not_for_us", episode__history=False)
        .exclude(fragility=False)  # a person found that it was no fragility fracture
        .order_by("on", "rank")
    )


def bring(episodes: Sequence[Episode]) -> Sequence[Episode]:
    """Lay the rows of ``episodes`` ready on them. They are as they are now: use the episodes at once."""
    people = {episode.person_id for episode in episodes}
    assessments = Assessment.objects.filter(episode__person__in=people)
    keys = list(assessments.values_list("pk", "episode_id", "episode__person_id"))
    answers = (
        Answer.objects.filter(assessment__in=[key for key, _, _ in keys])
        .select_related("assessment__episode")
        .prefetch_related("by")
    )
    by_assessment = _grouped((row.assessment_id, row) for row in answers.order_by("pk"))
    told = ToldValue.objects.filter(person__in=people, state__in=_STATES)
    told_of_person = _grouped((row.person_id, row) for row in told)
    fractures = _grouped((row.person_id, row) for row in _counting().filter(person__in=people))
    of_person = _grouped((person, (key, of)) for key, of, person in keys)
    for episode in episodes:
        own, elsewhere = [], []
        for key, of in of_person[episode.person_id]:
            (own if of == episode.pk else elsewhere).extend(by_assessment[key])
        elsewhere.sort(key=lambda row: row.pk)
        episode.brought = _Brought(
            own, elsewhere, told_of_person[episode.person_id], fractures[episode.person_id]
        )
    return episodes


def _grouped(pairs: Iterable[tuple[Any, Any]]) -> defaultdict[Any, list[Any]]:
    groups: defaultdict[Any, list[Any]] = defaultdict(list)
    for key, row in pairs:
        groups[key].append(row)
    return groups


def _brought(episode: Episode) -> _Brought | None:
    laid: _Brought | None = getattr(episode, "brought", None)
    if laid is None and is_remembering():
        return remembered(("rows", episode.pk), lambda: _brought_of(episode))
    return laid


def _brought_of(episode: Episode) -> _Brought:
    """The rows of one episode in three questions."""
    of_person = Answer.objects.filter(assessment__episode__person=episode.person_id)
    answers = list(of_person.select_related("assessment__episode", "by").order_by("pk"))
    own = [row for row in answers if row.assessment.episode_id == episode.pk]
    elsewhere = [row for row in answers if row.assessment.episode_id != episode.pk]
    told = ToldValue.objects.filter(person=episode.person_id, state__in=_STATES)
    return _Brought(own, elsewhere, list(told), list(_counting().filter(person=episode.person_id)))
