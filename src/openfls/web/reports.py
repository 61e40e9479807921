"""The two reports that leave a service as PDF. Both may be published, so no small number is in them."""

from __future__ import annotations

from datetime import date

from openfls.quality import charts
from openfls.quality.disclosure import HIDDEN, RULE, SHORT_RULE, Shown
from openfls.quality.packs import MeasureSet
from openfls.quality.report import Part, Report, pdf, picture_of, table
from openfls.service.models import Change, Service
from openfls.service.quality.leaving import safe, safe_steps
from openfls.service.quality.measures import MeasureRow, measures_of
from openfls.service.quality.standards import SOURCE, standards_of
from openfls.service.quality.trends import Stage, stages
from openfls.service.spans import Span


def _day(day: date | None) -> str:
    return "" if day is None else f"{day.day} {day:%B %Y}"


def _share(shown: Shown) -> tuple[str, str, str]:
    """Numerator, denominator, percent in words."""
    if shown.numerator is None or shown.denominator is None:
        return HIDDEN, HIDDEN, "not shown"
    value = shown.value
    return f"{shown.numerator}", f"{shown.denominator}", "–" if value is None else f"{value:.0f} %"


def _figures(rows: list[MeasureRow], chosen: MeasureSet) -> list[tuple[str, ...]]:
    found = []
    for row in rows:
        shown = safe(chosen.measure(row.key), row, guessed=row.estimate).shown
        numerator, denominator, percent = _share(shown)
        rating = "" if shown.is_hidden else row.rating
        if row.estimate:
            rating = "the caseload is a guess"
        elif row.open_until is not None:
            rating = f"still open to {_day(row.open_until)}"
        found.append((row.title, numerator, denominator, percent, rating))
    return found


def _complete(rows: list[MeasureRow], chosen: MeasureSet) -> list[tuple[str, ...]]:
    """Of each measure that is still open, the newest twelve months that are final."""
    found = []
    for row in rows:
        if row.complete is None:
            continue
        shown = safe(chosen.measure(row.key), row.complete.result, guessed=row.estimate).shown
        rating = "" if shown.is_hidden else row.complete.rating
        found.append((row.title, row.complete.span.words, *_share(shown), rating))
    return found


_COMPLETE = "The newest twelve months that are final"
_OPEN = (
    "Who meets a measure counts at once, who does not only when the time for it is over: a figure that is still open "
    "looks better than it will be, and is not rated."
)


def _safe_stages(found: list[Stage]) -> list[charts.Step]:
    """The chain as it may leave."""
    return [
        charts.Step(stage.title, step.made, step.lost, step.still_open)
        for stage, step in zip(found, safe_steps(found), strict=True)
    ]


def board(service: Service, chosen: MeasureSet, span: Span, today: date) -> bytes:
    """How the service does, for its board."""
    rows = measures_of(service, today, chosen.id, span)
    under = f"{service.name}; index diagnosis in {span.words}; counted {_day(today)}."
    way = stages(service, today, span)
    steps = _safe_stages(way)
    drawn = charts.chain(
        "way", "From a fracture found to treatment at a year", f"{under} {SHORT_RULE}", steps
    )
    changes = Change.objects.filter(service=service)[:10]
    parts = (
        Part(
            "The measures",
            rows=table(("Measure", "Met", "Of", "Percent", "Rating"), _figures(rows, chosen)),
            note=f"{chosen.source.removesuffix('.')}. Definitions: {chosen.id}, version {chosen.version}. "
            "Percentages and ratings are of the exact numbers, which are rounded here.",
        ),
        *_newest(rows, chosen),
        Part(
            "Where people are lost",
            picture=picture_of(drawn, "From a fracture found to treatment at a year"),
            rows=table(
                ("Step", "Made it", "Lost before it", "Still open"),
                [(step.words, *map(_number, (step.made, step.lost, step.still_open))) for step in steps],
            ),
        ),
        Part(
            "Changes tried",
            words=() if changes else ("None is kept.",),
            rows=table(
                ("Change", "From", "To", "What came of it"),
                [(row.title, _day(row.began_on), _day(row.ended_on), row.studied or "–") for row in changes],
            ),
            wide=3,
        ),
    )
    return pdf(Report("How our fracture liaison service does", under, parts, (RULE,)), today)


def _newest(rows: list[MeasureRow], chosen: MeasureSet) -> list[Part]:
    """The part with what is final, where anything is still open."""
    if not any(row.open_until for row in rows):
        return []
    found = table(("Measure", "Diagnosed in", "Met", "Of", "Percent", "Rating"), _complete(rows, chosen))
    words = () if found else ("No measure has twelve months that are final yet.",)
    return [Part(_COMPLETE, words, rows=found, note=_OPEN)]


def _number(count: int | None) -> str:
    return HIDDEN if count is None else f"{count}"


def commissioner(service: Service, chosen: MeasureSet, span: Span, today: date) -> bytes:
    """The ten standards for those who pay for the service: evidence, gaps, and who sees to them."""
    found = standards_of(service, today, span)
    under = f"{service.name}; index diagnosis in {span.words}; evidence as it holds on {_day(today)}."
    summary = [
        (f"{row.standard.number}", row.standard.asks, row.verdict.label, str(len(row.missing)))
        for row in found
    ]
    parts = [
        Part("The ten standards", rows=table(("No.", "What it asks", "Evidence", "Gaps"), summary), wide=1)
    ]
    for row in found:
        rows = [
            (*line[:4], f"figures, {line[4]}" if figure.open_until else "figures")
            for line, figure in zip(_figures(list(row.measured), chosen), row.measured, strict=True)
        ]
        rows += [
            (f"{title}: {span}", met, of, percent, f"figures, {rating}" if rating else "figures")
            for title, span, met, of, percent, rating in _complete(list(row.measured), chosen)
        ]
        rows += [
            (item.words, _day(item.on), _day(item.holds_until) or "no end", item.owner, "attested")
            for item in row.evidence
        ]
        words = [row.standard.asks, f"Limit: {row.standard.limit}"]
        words += [
            f"Not attested: {gap.partition(':')[0]}" for gap in row.missing if "nothing that holds" in gap
        ]
        words += [
            f"To do: {step.words} ({step.owner}, by {_day(step.due)})"
            for step in row.actions
            if not step.done_on
        ]
        parts.append(
            Part(
                f"Standard {row.standard.number}: {row.standard.area}",
                tuple(words),
                rows=table(("Evidence", "Met, or of", "Of, or until", "Percent, or owner", "Kind"), rows),
            )
        )
    return pdf(Report("The ten clinical standards", under, tuple(parts), (SOURCE, RULE)), today)
