"""Safety alerts as rows: raised once for each cause, ended when the cause is gone, ranked and kept few.

A cause that gets worse by a step of its rule is raised anew, whatever was decided before; one that gets better, or
stays, is not. `look` is called within the action that changed something, and every night; twice is as once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date

from django.db.models import Q, QuerySet

from openfls.intervention import Feed, Raised, Severity, Situation, Unjudged, raised, unjudged
from openfls.intervention.alerts import rank
from openfls.intervention.worse import covers
from openfls.record.pathway import OPEN
from openfls.record.picture import Picture
from openfls.service import clock
from openfls.service.coverage import silent_feeds
from openfls.service.guidance import guidance_of
from openfls.service.models import Alert, Episode, Service
from openfls.service.situation import situation_of

FEW = 3
"""How many alerts a page shows at once; the others are counted and a link leads to them."""
DEATH = "DEATH"
BLOCKS_CLOSING = "DMAB-STOP-NOPLAN"
_asleep: ContextVar[bool] = ContextVar("asleep", default=False)


@contextmanager
def asleep() -> Iterator[None]:
    """Within this block nothing is looked at: for work on many episodes, which ends with a look at each."""
    token = _asleep.set(True)
    try:
        yield
    finally:
        _asleep.reset(token)


def look(key: object) -> None:
    """Bring the alerts of the episode ``key`` in line with the record as it is now."""
    if _asleep.get():
        return
    episode = Episode.objects.select_related("person", "service").filter(pk=key).first()
    if episode is None:
        return
    keep(episode, raised(situation_of(episode, clock.today()), limits_of(episode.service)))


def look_at_person(key: object) -> None:
    """The same for every episode of the person of the episode ``key`` that may have something to say."""
    look(key)
    rows = Episode.objects.filter(person__episodes=key).exclude(pk=key)
    for other in list(_with_something_to_say(rows).values_list("pk", flat=True)):
        look(other)


def keep(episode: Episode, found: tuple[Raised, ...]) -> None:
    """Write down what holds now, and end what no more does. Of somebody who has died nothing else is asked."""
    if episode.person.deceased:
        found = tuple(one for one in found if one.rule.id == DEATH)
    elsewhere = Alert.objects.filter(episode__person=episode.person_id, ended_at=None).exclude(
        episode=episode
    )
    of_others = [(row.rule, row.base_key, row.levels) for row in elsewhere]
    # What is about the person is asked once, not for each of their fractures.
    found = tuple(
        one
        for one in found
        if not any(
            (rule, base) == (one.rule.id, one.base) and covers(levels, one.levels)
            for rule, base, levels in of_others
        )
    )
    _in_line(Alert.objects.filter(episode=episode), found, service=episode.service, episode=episode)


def look_at_feeds(service: Service) -> None:
    """Bring the alerts about silent feeds in line."""
    today = clock.today()
    found = [
        one
        for silent in silent_feeds(service)
        for one in raised(
            Situation(Picture(on=today), feed=Feed(silent.feed, silent.days, silent.usual)),
            limits_of(service),
        )
    ]
    _in_line(Alert.objects.filter(service=service, episode=None), tuple(found), service=service, episode=None)


def _in_line(
    rows: QuerySet[Alert], found: tuple[Raised, ...], *, service: Service, episode: Episode | None
) -> None:
    kept = list(rows)
    holding = [(one, _known(kept, one)) for one in found]
    stand = {row.pk for _, row in holding if row is not None}
    for row in kept:
        if row.pk in stand and row.ended_at is not None:
            row.ended_at = None
            row.save(update_fields=["ended_at"])
        elif row.pk not in stand and row.ended_at is None:
            row.ended_at = clock.now()
            row.save(update_fields=["ended_at"])
    Alert.objects.bulk_create(_row(one, service, episode) for one, row in holding if row is None)


def _known(rows: list[Alert], one: Raised) -> Alert | None:
    """The row of this cause that was at least as bad as it is now; None where it is new, or worse than ever before.

    Of several the least bad, so that what was decided about it is what holds. A row of before there were steps is taken
    over where it rests on the very same values.
    """
    same = [row for row in rows if row.rule == one.rule.id and row.base_key == one.base]
    found = [row for row in same if covers(row.levels, one.levels)]
    if found:
        return min(found, key=lambda row: (sum(row.levels), row.pk))
    inputs = [list(pair) for pair in one.inputs]
    for row in rows:
        if row.rule == one.rule.id and not row.base_key and row.ended_at is None and row.inputs == inputs:
            row.base_key, row.levels, row.cause_key = one.base, list(one.levels), one.key
            row.save(update_fields=["base_key", "levels", "cause_key"])
            return row
    return None


def _row(one: Raised, service: Service, episode: Episode | None) -> Alert:
    return Alert(
        service=service,
        episode=episode,
        rule=one.rule.id,
        severity=one.rule.severity.value,
        title=one.rule.text,
        action=one.rule.action,
        source=one.rule.source,
        confidence=one.rule.confidence.value,
        cause=one.cause[:500],
        cause_key=one.key,
        base_key=one.base,
        levels=list(one.levels),
        pack=one.pack,
        inputs=[list(pair) for pair in one.inputs],
        raised_at=clock.now(),
    )


def waiting(rows: QuerySet[Alert]) -> list[Alert]:
    """Those that stand without a decision, the worst first."""
    return sorted(
        rows.filter(ended_at=None, decision=""), key=lambda row: (*rank(row.rule), row.raised_at, row.pk)
    )


def waiting_of(service: Service, severity: Severity | None = None) -> list[Alert]:
    """The same for a whole service."""
    rows = Alert.objects.filter(service=service).select_related("episode__person")
    return waiting(rows.filter(severity=severity.value) if severity else rows)


def first_waiting(service: Service, severity: Severity, few: int) -> tuple[list[Alert], int]:
    """The worst of them, and how many there are: only the worst are read whole."""
    rows = Alert.objects.filter(service=service, severity=severity.value, ended_at=None, decision="")
    found = list(rows.values_list("rule", "raised_at", "pk"))
    ranks = {rule: rank(rule) for rule in {rule for rule, _, _ in found}}
    ranked = sorted((ranks[rule], at, key) for rule, at, key in found)
    keys = [key for _, _, key in ranked[:few]]
    # Somebody may have decided one of them since they were counted: it waits no more.
    read = rows.select_related("episode__person").in_bulk(keys)
    return [read[key] for key in keys if key in read], len(ranked) - len(keys) + len(read)


def to_review(service: Service) -> QuerySet[Alert]:
    """Overrides that nobody has looked at since, the oldest first."""
    return (
        Alert.objects.filter(service=service, decision=Alert.Decision.OVERRIDDEN, reviewed_at=None)
        .select_related("episode__person", "decided_by")
        .order_by("decided_at", "pk")
    )


def before_signing(episode: Episode, situation: Situation) -> tuple[list[Raised], list[Unjudged]]:
    """The red alerts that a plan raises and nobody has decided, and those that cannot be judged."""
    own = limits_of(episode.service)
    of_person = Q(episode__person=episode.person_id, ended_at=None)  # asked once, with whichever fracture
    rows = list(Alert.objects.filter(Q(episode=episode) | of_person))
    red = [
        one
        for one in raised(situation, own)
        if one.rule.severity is Severity.RED and not ((row := _known(rows, one)) and row.decision)
    ]
    return red, list(unjudged(situation, own))


def blocks_closing(episode: Episode) -> bool:
    """Whether denosumab was stopped without a plan for what follows, and nobody has decided."""
    return Alert.objects.filter(
        episode__person=episode.person_id, rule=BLOCKS_CLOSING, ended_at=None, decision=""
    ).exists()


def to_look_at(service: Service, today: date) -> QuerySet[Episode]:
    """The episodes that a night looks at: open ones, and those of people with a course or an alert that stands."""
    return _with_something_to_say(Episode.objects.filter(service=service))


def _with_something_to_say(rows: QuerySet[Episode]) -> QuerySet[Episode]:
    return rows.filter(
        Q(state__in=sorted(OPEN))
        | Q(treatments__withdrawn=False)
        | Q(alerts__ended_at=None, alerts__isnull=False)
    ).distinct()


def limits_of(service: Service) -> Mapping[str, float]:
    """The limits of a service that differ from the pack's, as they hold today."""
    return guidance_of(service, clock.today()).limits
