"""The measures of the service over a named period; every number opens its people, each person the act that mends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render

from openfls.quality import SET_IDS, Measure, MeasureSet, State, measure_set
from openfls.quality.suppressing import ONE_MEASURES_WAY
from openfls.record.errors import BadInput
from openfls.service import audit, clock
from openfls.service.actor import can
from openfls.service.models import Episode, FlsdbRow
from openfls.service.operation.one_by_one import stuck
from openfls.service.quality.leaving import Leaving, reasons
from openfls.service.quality.measures import SET, MeasureRow, measures_of, people_of, states_of
from openfls.service.quality.splits import SPLIT_WORDS
from openfls.service.roles import May
from openfls.service.spans import Span, offered, span_of
from openfls.web.auditing.shown import shown
from openfls.web.guard import Request
from openfls.web.mending import mend_page
from openfls.web.pages.quality.people_files import streamed
from openfls.web.pages.quality.taking import OWN, csv_file, number, rounded_cells, share, taking
from openfls.web.pages.quality.working import not_judged_yet

PAGE = 50
STATES = {
    State.NOT_MET: "Not met",
    State.UNKNOWN: "Not yet known",
    State.MET: "Met",
    State.NOT_ELIGIBLE: "Not eligible",
}
RESULT_COLUMNS = (
    *("set", "version", "measure", "service", "since", "until", "as_of"),
    *("numerator", "denominator", "not_eligible", "unknown", "value", "rating", "open_until"),
)
SETS = [(set_id, measure_set(set_id).title) for set_id in SET_IDS]


@dataclass(frozen=True, slots=True)
class Choice:
    """The set and the period that an address names."""

    chosen: MeasureSet
    span: Span

    @property
    def query(self) -> dict[str, str]:
        """The same for another address."""
        return {"set": self.chosen.id, "period": self.span.key}

    @property
    def source(self) -> str:
        """Where the definitions come from."""
        source = self.chosen.source.removesuffix(".")
        return f"{source}. Definitions: {self.chosen.id}, version {self.chosen.version}."


def choice_of(request: Request) -> Choice:
    """What the address asks for; the audit's set and the last twelve closed months where it says nothing else.

    A set that there is not is not found, as a measure is: the figures of another would stand under its name.
    """
    set_id = request.GET.get("set") or SET
    if set_id not in SET_IDS:
        raise Http404("No such set of measures.")
    return Choice(
        measure_set(set_id),
        span_of(request.GET.get("period", ""), clock.today()),
    )


def measure_of(choice: Choice, key: str) -> Measure:
    """The measure of an address; not found where the set has none of the name."""
    try:
        return choice.chosen.measure(key)
    except BadInput as error:
        raise Http404 from error


def show(request: Request) -> HttpResponse:
    """All measures of the set."""
    service, today = request.actor.service, clock.today()
    choice = choice_of(request)
    if under_way := not_judged_yet(request, choice.chosen.id):
        return under_way
    return render(
        request,
        "measures.jinja",
        {
            "here": "measures",
            "choice": choice,
            "sets": SETS,
            "periods": offered(today),
            "rows": measures_of(service, today, choice.chosen.id, choice.span),
            "episodes": FlsdbRow.objects.filter(service=service.code).exists(),
            "caseload": service.expected_caseload,
            "stuck": stuck(service),
        },
    )


def results_csv(request: Request) -> HttpResponse:
    """The table as CSV, in the columns of `openfls measure`."""
    service, today = request.actor.service, clock.today()
    choice = choice_of(request)
    stem = f"{choice.chosen.id}-{choice.span.key}"
    taken = taking(request, f"{stem}.csv")
    leaving = None if taken.exact else Leaving(service, choice.chosen.id, today)
    lines = [
        (
            *(choice.chosen.id, choice.chosen.version, row.key, service.code),
            *(choice.span.since or "", choice.span.until or "", today),
            *_numbers(row, choice, leaving),
        )
        for row in measures_of(service, today, choice.chosen.id, choice.span)
    ]
    return csv_file(taken, stem, RESULT_COLUMNS, lines)


def _numbers(row: MeasureRow, choice: Choice, leaving: Leaving | None) -> tuple[str, ...]:
    still = "" if row.open_until is None else row.open_until.isoformat()
    if leaving is None:
        told = map(number, (row.numerator, row.denominator, row.not_eligible, row.unknown))
        # Divided as the command divides: a percentage taken back would differ in the last digit.
        value = None if row.value is None else row.numerator / row.denominator
        return (*told, share(value), row.rating, still)
    shown = leaving.share(row.key, choice.span)
    rating = shown.rating(choice.chosen.measure(row.key).thresholds) if row.rating else ""
    return (*rounded_cells(shown), rating, still)


def people(request: Request, key: str) -> HttpResponse:
    """The people of one measure in one of the four states, each with the reason and the act that mends it."""
    service, today = request.actor.service, clock.today()
    choice = choice_of(request)
    measure = measure_of(choice, key)
    group = _group(request)
    if under_way := not_judged_yet(request, choice.chosen.id):
        return under_way
    states = states_of(service, key, today, choice.chosen.id, choice.span, group)
    chosen = request.GET.get("state", "")
    if chosen not in list(State):
        chosen = State.NOT_MET
    page = Paginator(states[State(chosen)], PAGE).get_page(request.GET.get("page"))
    rows = list(_rows(request, choice, measure, page.object_list))
    audit.record(request.actor, "measure.view", subject=key, **shown(episode for episode, *_ in rows))
    return render(
        request,
        "measure.jinja",
        {
            "here": "measures",
            "measure": measure,
            "choice": choice,
            "states": [(state.value, words, len(states[state])) for state, words in STATES.items()],
            "chosen": chosen,
            "page": page,
            "rows": rows,
            "group": group,
            "split_words": SPLIT_WORDS,
            "may_leave": missed_by_reason(choice.chosen, measure),
        },
    )


def missed_by_reason(chosen: MeasureSet, measure: Measure) -> bool:
    """Whether why people were missed may leave: not of a step of the way, nor of what is no share of people."""
    return measure.basis == "people" and chosen.id != ONE_MEASURES_WAY


def _group(request: Request) -> tuple[str, str] | None:
    """A split and one of its values, where the address names them."""
    split, value = request.GET.get("split", ""), request.GET.get("value", "")
    return (split, value) if split in SPLIT_WORDS and value else None


def _rows(
    request: Request, choice: Choice, measure: Measure, keys: list[str]
) -> Iterator[tuple[Episode, str, tuple[str, str] | None]]:
    """Episode, reason, and the page that mends it for those who may."""
    found = Episode.objects.filter(service=request.actor.service, pk__in=keys)
    by_key = {str(row.pk): row for row in found.select_related("person").prefetch_related("fractures")}
    states = people_of(request.actor.service, measure.id, clock.today(), choice.chosen.id, record_ids=keys)
    reasons = {row.record_id: row for row in states}
    may = can(request.actor, May.WORK_THE_PATHWAY)
    for key in keys:
        if key in by_key and key in reasons:
            mends = may and reasons[key].state in (State.NOT_MET, State.UNKNOWN)
            yield by_key[key], reasons[key].reason, mend_page(by_key[key], measure) if mends else None


def people_csv(request: Request, key: str) -> HttpResponse:
    """Everybody in the measure's period with state and reason, for the service's own use. To pass on there is no list
    of people, only why how many were missed in each closed calendar year: the same file whatever the page shows, so
    that no two of it can be laid over each other."""
    service, today = request.actor.service, clock.today()
    choice = choice_of(request)
    measure = measure_of(choice, key)
    stem = f"{choice.chosen.id}-{key}"
    if request.GET.get("use") != OWN and not missed_by_reason(choice.chosen, measure):
        raise Http404
    taken = taking(request, f"{stem}-people.csv")
    if not taken.exact:
        told = [
            (key, row.year, row.reason, row.people) for row in reasons(service, choice.chosen.id, key, today)
        ]
        return csv_file(taken, f"{stem}-reasons", ("measure", "year", "reason", "people"), told)
    states = people_of(service, key, today, choice.chosen.id, choice.span)
    wanted, group = request.GET.get("state", ""), _group(request)
    states = [row for row in states if wanted in ("", row.state)]
    if group is not None:
        kept = states_of(service, key, today, choice.chosen.id, choice.span, group)
        inside = {record for records in kept.values() for record in records}
        states = [row for row in states if row.record_id in inside]
    keys = {row.record_id for row in states}
    people = Episode.objects.filter(service=service).values_list("pk", "person")
    seen = audit.shown(person for episode, person in people if str(episode) in keys)
    audit.record(request.actor, "measure.download", subject=key, rows=len(states), **seen)
    return streamed(service, measure, states, choice.span.words, f"{taken.name(stem)}-people.csv")
