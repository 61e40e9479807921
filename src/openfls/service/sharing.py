"""Results that leave a service: suppressed before they are kept, and seen beside those of others."""

from __future__ import annotations

from dataclasses import dataclass

from openfls.quality import MeasureSet, measure_set
from openfls.quality.disclosure import Shown, safe_share
from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.measures import MeasureRow, measures_of
from openfls.service.models import Service, SharedResult
from openfls.service.roles import May
from openfls.service.spans import Span


def safe(row: MeasureRow, chosen: MeasureSet) -> Shown:
    """A measure as it may leave. One that counts fields names nobody and stays as it is."""
    basis = chosen.measure(row.key).basis
    if basis == "fields":
        return Shown(int(row.numerator), int(row.denominator))
    return safe_share(row.numerator, row.denominator, of_people=basis == "people")


@action("results.share", May.IMPROVE)
def share(*, set_id: str, span: Span, by: Actor) -> SharedResult:
    """Let other services see the results of a period, suppressed. What was shared of it before is withdrawn."""
    if span.since is None or span.until is None:
        raise NotPossible("Results are shared for a period with two ends.")
    if span.until >= clock.today():
        raise NotPossible("The period is not over yet.")
    chosen = measure_set(set_id)
    rows = measures_of(by.service, clock.today(), set_id, span)
    results = {row.key: [shown.numerator, shown.denominator] for row in rows for shown in [safe(row, chosen)]}
    same = SharedResult.objects.filter(
        service=by.service, measure_set=set_id, since=span.since, until=span.until
    )
    same.update(withdrawn=True)
    made = SharedResult.objects.create(
        service=by.service,
        measure_set=set_id,
        version=chosen.version,
        since=span.since,
        until=span.until,
        results=results,
        at=clock.now(),
        by=by.user,
    )
    note(by, "results.share", subject=f"shared result {made.pk}", set=set_id, period=span.key)
    return made


@action("results.withdraw", May.IMPROVE)
def withdraw(*, shared: SharedResult, by: Actor) -> SharedResult:
    """Take back what was shared: nobody sees it from now on."""
    shared.withdrawn = True
    shared.save(update_fields=["withdrawn"])
    note(by, "results.withdraw", subject=f"shared result {shared.pk}")
    return shared


@dataclass(frozen=True, slots=True)
class Compared:
    """One service's shared numbers for one measure."""

    service: Service
    shown: Shown


def shared_for(set_id: str, span: Span) -> list[SharedResult]:
    """What services share of a set for a period, by name."""
    rows = SharedResult.objects.filter(
        measure_set=set_id, since=span.since, until=span.until, withdrawn=False
    ).select_related("service")
    return sorted(rows, key=lambda row: row.service.name)


def compared(rows: list[SharedResult], key: str) -> list[Compared]:
    """One measure of each of them."""
    return [Compared(row.service, Shown(*row.results.get(key, [None, None]))) for row in rows]
