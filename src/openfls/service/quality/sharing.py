"""Results that leave a service: rounded before they are kept, and seen beside those of others."""

from __future__ import annotations

from dataclasses import dataclass

from openfls.quality import measure_set
from openfls.quality.disclosure import Shown
from openfls.quality.packs import Basis, Measure
from openfls.quality.suppressing import ONE_MEASURES_WAY
from openfls.quality.windows import is_open
from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.models import Service, SharedResult
from openfls.service.quality.leaving import Leaving
from openfls.service.quality.measures import measures_of
from openfls.service.roles import May
from openfls.service.spans import Span


@action("results.share", May.IMPROVE)
def share(*, set_id: str, span: Span, by: Actor) -> SharedResult:
    """Let other services see the results of a period, rounded. What was shared of it before is withdrawn.

    A measure in whose window somebody may still be is left out: others would read it as final.

    Raises:
        NotPossible: the period has no end, is not over, or everything of it is still open.
    """
    if span.since is None or span.until is None:
        raise NotPossible("Results are shared for a period with two ends.")
    if span.until >= clock.today():
        raise NotPossible("The period is not over yet.")
    if set_id == ONE_MEASURES_WAY:
        raise NotPossible(
            "The steps of the way are not compared: how many were lost at each stays with the service."
        )
    chosen = measure_set(set_id)
    rows = measures_of(by.service, clock.today(), set_id, span)
    results: dict[str, list[float | None]] = {}
    leaving = Leaving(by.service, set_id, clock.today())
    for row in rows:
        if row.open_until is None:
            shown = leaving.share(row.key, span)
            results[row.key] = [shown.numerator, shown.denominator]
    if not results:
        first = min(row.open_until for row in rows if row.open_until)
        raise NotPossible(
            f"Nothing of this period is final yet: the first measure is open to {first.day} {first:%B %Y}."
        )
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
    note(
        by,
        "results.share",
        subject=f"shared result {made.pk}",
        set=set_id,
        period=span.key,
        still_open=len(rows) - len(results),
    )
    return made


@action("results.withdraw", May.IMPROVE)
def withdraw(*, shared: SharedResult, by: Actor) -> SharedResult:
    """Take back what was shared: nobody sees it from now on.

    Raises:
        NotPossible: it was taken back before, or shared anew since.
    """
    if shared.withdrawn:
        raise NotPossible(
            "These results were taken back already, or shared anew since: look at what is shared now."
        )
    shared.withdrawn = True
    shared.save(update_fields=["withdrawn"])
    note(by, "results.withdraw", subject=f"shared result {shared.pk}")
    return shared


@dataclass(frozen=True, slots=True)
class Compared:
    """One service's shared numbers for one measure; nothing is shown of what was ``still_open`` when it was shared."""

    service: Service
    shown: Shown
    still_open: bool = False


def shared_for(set_id: str, span: Span) -> list[SharedResult]:
    """What services share of a set for a period, by name."""
    rows = SharedResult.objects.filter(
        measure_set=set_id, since=span.since, until=span.until, withdrawn=False
    ).select_related("service")
    return sorted(rows, key=lambda row: row.service.name)


def compared(rows: list[SharedResult], key: str) -> list[Compared]:
    """One measure of each of them."""
    return [_compared(row, key) for row in rows]


def _compared(row: SharedResult, key: str) -> Compared:
    measure = measure_set(row.measure_set).measure(key)
    # Looked at again: what older versions shared while it was open is not shown as final.
    if is_open(measure, row.until, clock.day_of(row.at)):
        return Compared(row.service, Shown(None, None), still_open=True)
    return Compared(row.service, _shown(measure, row.results.get(key, [None, None])))


def _shown(measure: Measure, kept: list[float | None]) -> Shown:
    """What is kept of a share. A percentage that an older version kept beside it, of the exact numbers, is not told."""
    numerator, denominator = kept[:2]
    if numerator is None or denominator is None:
        return Shown(None if numerator is None else int(numerator), None)
    if measure.basis is Basis.FIELDS:
        return Shown.of_fields(int(numerator), int(denominator))
    return Shown.against(int(numerator), denominator)
