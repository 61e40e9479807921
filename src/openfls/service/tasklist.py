"""The lists of promises outside the pathway's steps: calls, results to look for, letters to sign. None is cut short."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from openfls.record.reasons import TaskKind
from openfls.service.models import Episode, Letter, Service, Task


@dataclass(frozen=True, slots=True)
class TaskList:
    """One list: its name in an address, its title, and what is said when it is empty."""

    key: str
    title: str
    when_empty: str


CALLS = "calls"
LETTERS = "letters"
CHANGED = "changed"
RESULTS = "results"
ANSWERS = "answers"
TO_SIGN = "to-sign"
OF_ANSWERS = (TaskKind.FALLS_ANSWER, TaskKind.SPECIALIST_ANSWER, TaskKind.COME_BACK)
TASK_LISTS: tuple[TaskList, ...] = (
    TaskList(CALLS, "Call again", "No call is promised for today."),
    TaskList(RESULTS, "Bone density results", "No bone density result is to be looked for today."),
    TaskList(CHANGED, "Evidence changed", "No record behind a fracture under care has changed."),
    TaskList(LETTERS, "Letters to approve", "No letter waits to be approved."),
    TaskList(
        ANSWERS, "Answers awaited", "No answer of a falls team or specialist is to be looked for today."
    ),
    TaskList(TO_SIGN, "Plans to sign", "No plan waits for a prescriber."),
    TaskList("reviews", "Reviews", "No promised review is due."),
    TaskList("later", "Promised for later", "Nothing is promised for a later day."),
)
TASK_LIST = {one.key: one for one in TASK_LISTS}
_WHEN_DUE: dict[str, tuple[TaskKind, ...]] = {
    CALLS: (TaskKind.CALL_AGAIN,),
    RESULTS: (TaskKind.DXA_RESULT, TaskKind.DXA_BOOKING),
    ANSWERS: OF_ANSWERS,
    TO_SIGN: (TaskKind.SIGN_PLAN,),
    "reviews": (TaskKind.REVIEW_16, TaskKind.REVIEW_52),
}
"""The kinds of task that stand on a list once they are due; until then each stands on the one of later days."""
_NOT_A_CALL_TO_THE_DEAD = ~Q(kind=TaskKind.CALL_AGAIN, episode__person__deceased=True)


def list_of(kind: TaskKind) -> str:
    """The list on which tasks of this kind stand when they are due."""
    special = {
        TaskKind.DXA_RESULT: RESULTS,
        TaskKind.DXA_BOOKING: RESULTS,
        TaskKind.EVIDENCE_CHANGED: CHANGED,
        **dict.fromkeys(OF_ANSWERS, ANSWERS),
        TaskKind.SIGN_PLAN: TO_SIGN,
    }
    return special.get(kind, TASK_LISTS[0].key)


def open_tasks(service: Service, key: str, today: date) -> QuerySet[Task]:
    """The open tasks of a list (any but `LETTERS`), the oldest promise first. Nobody dead is to be called."""
    return (
        _all_open(service)
        .filter(_of_kind(key, today), _NOT_A_CALL_TO_THE_DEAD)
        .select_related("episode__person")
        .prefetch_related("episode__person__flags")
        .order_by("due", "pk")
    )


def _all_open(service: Service) -> QuerySet[Task]:
    return Task.objects.filter(service=service, done_at=None, cancelled_at=None)


def _of_kind(key: str, today: date) -> Q:
    if key == CHANGED:
        return Q(kind=TaskKind.EVIDENCE_CHANGED)
    if key in _WHEN_DUE:
        return Q(kind__in=_WHEN_DUE[key], due__lte=today)
    return Q(due__gt=today)


def letters_to_approve(service: Service) -> QuerySet[Letter]:
    """The drafts, the oldest first."""
    return (
        Letter.objects.filter(service=service, approved_at=None)
        .select_related("person")
        .prefetch_related("person__flags")
        .order_by("written_at", "pk")
    )


def task_counts(service: Service, today: date) -> dict[str, int]:
    """How many stand on each list: as many as `open_tasks` has, in one look at the index of the open tasks.

    Who has died is asked for calls alone, so that no other task is joined with its person.
    """
    split = {"now": Count("due", filter=Q(due__lte=today)), "later": Count("due", filter=Q(due__gt=today))}
    of_kind = {row["kind"]: row for row in _all_open(service).order_by().values("kind").annotate(**split)}
    numbers = {
        key: sum(of_kind[kind]["now"] for kind in kinds if kind in of_kind)
        for key, kinds in _WHEN_DUE.items()
    }
    numbers["later"] = sum(row["later"] for row in of_kind.values())
    changed = of_kind.get(TaskKind.EVIDENCE_CHANGED, {"now": 0, "later": 0})
    numbers[CHANGED] = changed["now"] + changed["later"]
    # A question within the question is asked of the few open calls; a join would be made of everybody.
    died = Episode.objects.filter(pk=OuterRef("episode")).values("person__deceased")
    calls = _all_open(service).filter(kind=TaskKind.CALL_AGAIN).annotate(died=Subquery(died))
    of_the_dead = calls.filter(died=True).aggregate(**split)
    numbers[CALLS] -= of_the_dead["now"]
    numbers["later"] -= of_the_dead["later"]
    numbers[LETTERS] = Letter.objects.filter(service=service, approved_at=None).count()
    return {one.key: numbers[one.key] for one in TASK_LISTS}
