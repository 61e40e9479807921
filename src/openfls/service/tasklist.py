"""The lists of promises outside the pathway's steps: calls, results to look for, letters to sign. None is cut short."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from openfls.record.reasons import TaskKind
from openfls.service.models import Letter, Service, Task


@dataclass(frozen=True, slots=True)
class TaskList:
    """One list: its name in an address, its title, and what is said when it is empty."""

    key: str
    title: str
    when_empty: str


LETTERS = "letters"
CHANGED = "changed"
RESULTS = "results"
ANSWERS = "answers"
TO_SIGN = "to-sign"
OF_ANSWERS = (TaskKind.FALLS_ANSWER, TaskKind.SPECIALIST_ANSWER, TaskKind.COME_BACK)
TASK_LISTS: tuple[TaskList, ...] = (
    TaskList("calls", "Call again", "No call is promised for today."),
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
    due = Q(due__lte=today)
    of_lists = {
        "calls": Q(kind=TaskKind.CALL_AGAIN) & due,
        RESULTS: Q(kind__in=(TaskKind.DXA_RESULT, TaskKind.DXA_BOOKING)) & due,
        CHANGED: Q(kind=TaskKind.EVIDENCE_CHANGED),
        ANSWERS: Q(kind__in=OF_ANSWERS) & due,
        TO_SIGN: Q(kind=TaskKind.SIGN_PLAN) & due,
        "reviews": Q(kind__in=(TaskKind.REVIEW_16, TaskKind.REVIEW_52)) & due,
    }
    return of_lists.get(key, Q(due__gt=today))


def letters_to_approve(service: Service) -> QuerySet[Letter]:
    """The drafts, the oldest first."""
    return (
        Letter.objects.filter(service=service, approved_at=None)
        .select_related("person")
        .prefetch_related("person__flags")
        .order_by("written_at", "pk")
    )


def task_counts(service: Service, today: date) -> dict[str, int]:
    """How many stand on each list: as many as `open_tasks` has, in one look at the open tasks.

    Who has died is asked for calls alone, so that no other task is joined with its person.
    """
    filters = {one.key: _of_kind(one.key, today) for one in TASK_LISTS if one.key != LETTERS}
    found = _counted(_all_open(service), filters)
    dead = _counted(_all_open(service).exclude(_NOT_A_CALL_TO_THE_DEAD), filters)
    numbers = {key: found[key] - dead[key] for key in filters}
    numbers[LETTERS] = Letter.objects.filter(service=service, approved_at=None).count()
    return {one.key: numbers[one.key] for one in TASK_LISTS}


def _counted(rows: QuerySet[Task], filters: dict[str, Q]) -> dict[str, int]:
    return rows.aggregate(**{key: Count("pk", filter=wanted) for key, wanted in filters.items()})
