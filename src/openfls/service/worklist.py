"""The lists of the day: whose turn it is, and why each person is on a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, Count, DateField, ExpressionWrapper, F, Q, QuerySet, When

from openfls.record.pathway import OPEN, PLACES, State
from openfls.service.models import Episode, Service
from openfls.service.put_away import put_away_counts


@dataclass(frozen=True, slots=True)
class Worklist:
    """One list: its address, its title, and what is said when it is empty."""

    key: str
    title: str
    when_empty: str


WORKLISTS: tuple[Worklist, ...] = (
    Worklist("to-confirm", "To confirm", "Every found fracture has been looked at."),
    Worklist("to-assess", "To assess", "Everybody confirmed has been assessed."),
    Worklist("to-plan", "To plan", "Everybody assessed has a plan."),
    Worklist("reviews-due", "Reviews due", "No review is due."),
    Worklist("overdue", "Overdue", "Nothing is overdue. Every promise so far was kept."),
    Worklist("waiting", "Waiting for a review", "Nobody is waiting for a review."),
    Worklist("closed", "Closed", "No episode is closed yet."),
    Worklist("not-for-us", "Not for us", "Nothing has been left out."),
    Worklist("history", "Earlier fractures", "No fracture is kept as history."),
)
BY_KEY = {worklist.key: worklist for worklist in WORKLISTS}
DAILY = ("to-confirm", "to-assess", "to-plan", "reviews-due", "overdue")

_REVIEWS = (State.REVIEW_16, State.REVIEW_52)
_ONE_STATE = {
    "to-confirm": State.FOUND,
    "to-assess": State.TO_ASSESS,
    "to-plan": State.TO_PLAN,
    "closed": State.CLOSED,
}


_DUE = Case(
    *(
        When(
            state=place.state,
            then=ExpressionWrapper(F("index_date") + timedelta(days=place.within), output_field=DateField()),
        )
        for place in PLACES.values()
    ),
    output_field=DateField(),
)
"""The last day of the promise of each episode's state."""


def _condition(key: str, today: date) -> Q:
    if key == "history":
        return Q(history=True)
    if key == "not-for-us":
        return Q(state=State.NOT_FOR_US, history=False)
    if key in _ONE_STATE:
        return Q(state=_ONE_STATE[key])
    if key == "overdue":
        return _any(
            Q(state=place.state, index_date__lt=today - timedelta(days=place.within))
            for place in PLACES.values()
            if place.is_open
        )
    due = _any(
        Q(state=state, index_date__lte=today - timedelta(days=PLACES[state].not_before)) for state in _REVIEWS
    )
    return due if key == "reviews-due" else Q(state__in=_REVIEWS) & ~due


def _any(conditions: Iterable[Q]) -> Q:
    found = Q(pk__in=[])
    for condition in conditions:
        found |= condition
    return found


def episodes_of(service: Service, key: str, today: date) -> QuerySet[Episode]:
    """The episodes of one list, the one whose day comes (or came) first at the top."""
    # Of one state the days come in the order of the fractures, which the index has at hand.
    of_one_state = key in _ONE_STATE or key == "not-for-us"
    return (
        Episode.objects.filter(_condition(key, today), service=service)
        .annotate(due=_DUE)
        .select_related("person")
        .prefetch_related("fractures", "person__identifiers", "person__flags")
        .order_by(*(() if of_one_state else ("due",)), "index_date", "pk")
    )


def laid_out(keys: Sequence[object], *prefetched: str) -> list[Episode]:
    """The episodes of these keys in their order, with their people and what else is wanted of them.

    A list is put in order by its keys alone: what the other lines hold is never read.
    """
    rows = Episode.objects.filter(pk__in=keys).select_related("person").prefetch_related(*prefetched)
    found = {row.pk: row for row in rows}
    return [found[key] for key in keys if key in found]


def first_of(service: Service, key: str, today: date, few: int) -> list[Episode]:
    """The top of one list."""
    return laid_out(list(episodes_of(service, key, today).values_list("pk", flat=True)[:few]))


def counts(service: Service, today: date) -> dict[str, int]:
    """How many stand on each list. A person can be on "overdue" and on the list of the step that is overdue.

    The lists of work are counted in one look at the index of the episodes under way, by a column that it has: to count
    keys the table itself would be read. Of what is put away see `put_away`.
    """
    rows = Episode.objects.filter(service=service)
    work = [one.key for one in WORKLISTS if one.key not in PUT_AWAY]
    number = rows.filter(state__in=OPEN).aggregate(
        **{key: Count("state", filter=_condition(key, today)) for key in work}
    )
    number |= put_away_counts(service)
    return {one.key: number[one.key] for one in WORKLISTS}


PUT_AWAY = ("closed", "not-for-us", "history")
"""The lists that hold no work, and only ever grow."""
