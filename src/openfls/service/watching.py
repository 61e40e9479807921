"""Safety alerts as rows: raised once for each cause, ended when the cause is gone, ranked and kept few.

`look` is called within the action that changed something, and every night; looking twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date

from django.db.models import Q, QuerySet

from openfls.intervention import Feed, Raised, Severity, Situation, Unjudged, raised, unjudged
from openfls.intervention.alerts import rank
from openfls.record.pathway import OPEN
from openfls.record.picture import Picture
from openfls.service import clock
from openfls.service.coverage import silent_feeds
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
    keep(episode, raised(situation_of(episode, clock.today())))


def keep(episode: Episode, found: tuple[Raised, ...]) -> None:
    """Write down what holds now, and end what no more does. Of somebody who has died nothing else is asked."""
    if episode.person.deceased:
        found = tuple(one for one in found if one.rule.id == DEATH)
    _in_line(Alert.objects.filter(episode=episode), found, service=episode.service, episode=episode)


def look_at_feeds(service: Service) -> None:
    """Bring the alerts about silent feeds in line."""
    today = clock.today()
    found = [
        one
        for silent in silent_feeds(service)
        for one in raised(Situation(Picture(on=today), feed=Feed(silent.feed, silent.days, silent.usual)))
    ]
    _in_line(Alert.objects.filter(service=service, episode=None), tuple(found), service=service, episode=None)


def _in_line(
    rows: QuerySet[Alert], found: tuple[Raised, ...], *, service: Service, episode: Episode | None
) -> None:
    kept = {(row.rule, row.cause_key): row for row in rows}
    holds = {(one.rule.id, one.key): one for one in found}
    for name, row in kept.items():
        if name in holds and row.ended_at is not None:
            row.ended_at = None
            row.save(update_fields=["ended_at"])
        elif name not in holds and row.ended_at is None:
            row.ended_at = clock.now()
            row.save(update_fields=["ended_at"])
    Alert.objects.bulk_create(_row(one, service, episode) for name, one in holds.items() if name not in kept)


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


def to_review(service: Service) -> QuerySet[Alert]:
    """Overrides that nobody has looked at since, the oldest first."""
    return (
        Alert.objects.filter(service=service, decision=Alert.Decision.OVERRIDDEN, reviewed_at=None)
        .select_related("episode__person", "decided_by")
        .order_by("decided_at", "pk")
    )


def before_signing(episode: Episode, situation: Situation) -> tuple[list[Raised], list[Unjudged]]:
    """The red alerts that a plan raises and nobody has decided, and those that cannot be judged."""
    decided = set(Alert.objects.filter(episode=episode).exclude(decision="").values_list("rule", "cause_key"))
    red = [
        one
        for one in raised(situation)
        if one.rule.severity is Severity.RED and (one.rule.id, one.key) not in decided
    ]
    return red, list(unjudged(situation))


def blocks_closing(episode: Episode) -> bool:
    """Whether denosumab was stopped without a plan for what follows, and nobody has decided."""
    return Alert.objects.filter(
        episode__person=episode.person_id, rule=BLOCKS_CLOSING, ended_at=None, decision=""
    ).exists()


def to_look_at(service: Service, today: date) -> QuerySet[Episode]:
    """The episodes that a night looks at: open ones, and those of people with a course or an alert that stands."""
    return (
        Episode.objects.filter(service=service)
        .filter(
            Q(state__in=sorted(OPEN))
            | Q(treatments__withdrawn=False)
            | Q(alerts__ended_at=None, alerts__isnull=False)
        )
        .distinct()
    )
