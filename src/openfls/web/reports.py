"""The two reports that leave a service as PDF. Both may be published, so no small number is in them; that for the board
is made for the service's own use too, with the exact numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from openfls.quality import charts
from openfls.quality.counting import Result
from openfls.quality.disclosure import RULE, SHORT_RULE, count_words
from openfls.quality.packs import MeasureSet
from openfls.quality.rating import percent_words
from openfls.quality.report import Part, Report, pdf, picture_of, table
from openfls.quality.windows import last_day
from openfls.service.models import Change, Service
from openfls.service.quality.leaving import Leaving, safe_steps
from openfls.service.quality.measures import MeasureRow, measures_of
from openfls.service.quality.standards import NOTHING_HOLDS, SOURCE, StandardRow, Verdict, standards_of
from openfls.service.quality.trends import stages
from openfls.service.spans import Span, complete_twelve_months


def _day(day: date | None) -> str:
    return "" if day is None else f"{day.day} {day:%B %Y}"


@dataclass(frozen=True, slots=True)
class _Told:
    """How figures are told in a report: as they may leave, or exact for the service's own use (``leaving`` None)."""

    chosen: MeasureSet
    leaving: Leaving | None
    today: date

    def share(self, row: MeasureRow, span: Span, result: MeasureRow | Result) -> tuple[str, str, str]:
        """Numerator, denominator and percent of a measure in a period."""
        if self.leaving is not None:
            shown = self.leaving.share(row.key, span)
            return shown.numerator_words, shown.denominator_words, shown.percent_words
        of = result.denominator
        percent = f"{percent_words(100 * result.numerator / of)} %" if of else "–"
        return f"{result.numerator:g}", f"{of:.4g}", percent

    def rating(self, row: MeasureRow, span: Span, exact: str) -> str:
        """The rating, or those between which the rounding leaves it; blank where there is none."""
        if self.leaving is None or not exact:
            return exact
        return " or ".join(self.leaving.share(row.key, span).ratings(self.chosen.measure(row.key).thresholds))


def _figures(rows: Sequence[MeasureRow], told: _Told, span: Span) -> list[tuple[str, ...]]:
    found = []
    for row in rows:
        rating = told.rating(row, span, row.rating)
        if row.estimate:
            rating = "the caseload is a guess"
        elif row.open_until is not None:
            rating = f"still open to {_day(row.open_until)}"
        found.append((row.title, *told.share(row, span, row), rating))
    return found


def _complete(rows: Sequence[MeasureRow], told: _Told) -> list[tuple[str, ...]]:
    """Of each measure that is still open, the newest twelve months that are final; to pass on whether anybody counted
    in them or not."""
    found = []
    for row in rows:
        final = row.complete
        if told.leaving is not None and row.open_until is not None:
            span = complete_twelve_months(told.today, last_day(told.chosen.measure(row.key)))
            rating = told.rating(row, span, "" if row.estimate else "any")
            found.append((row.title, span.words, *told.share(row, span, row), rating))
        elif final is not None:
            found.append(
                (row.title, final.span.words, *told.share(row, final.span, final.result), final.rating)
            )
    return found


_COMPLETE = "The newest twelve months that are final"
_OPEN = (
    "Who meets a measure counts at once, who does not only when the time for it is over: a figure that is still open "
    "looks better than it will be, and is not rated."
)
OWN_USE = (
    "These numbers are exact and can name somebody: for the service's own use only, not to be passed on."
)
TO_PASS_ON = f"{RULE} The service's own pages show the exact numbers."


def _way(service: Service, span: Span, today: date, under: str, *, exact: bool) -> Part:
    """Where people are lost."""
    if exact:
        way = stages(service, today, span)
        steps = [charts.Step(step.title, step.made, step.lost, step.still_open) for step in way]
        columns: tuple[str, ...] = ("Step", "Made it", "Lost before it", "Still open")
        lines = [(step.words, f"{step.made}", f"{step.lost}", f"{step.still_open}") for step in steps]
    else:
        safe = safe_steps(service, today, span)
        steps = [charts.Step(step.title, step.made, None, None, count_words(step.made)) for step in safe]
        under += f" {SHORT_RULE}"
        columns = ("Step", "Made it", "Not, or not yet")
        lines = [(step.title, count_words(step.made), step.not_made_words) for step in safe]
    drawn = charts.chain("way", _WAY, under, steps)
    return Part("Where people are lost", picture=picture_of(drawn, _WAY), rows=table(columns, lines))


_WAY = "From a fracture found to treatment at a year"


def board(service: Service, chosen: MeasureSet, span: Span, today: date, *, exact: bool = False) -> bytes:
    """How the service does, for its board; ``exact`` for those within the service alone."""
    rows = measures_of(service, today, chosen.id, span)
    told = _Told(chosen, None if exact else Leaving(service, chosen.id, today), today)
    under = f"{service.name}; index diagnosis in {span.words}; counted {_day(today)}."
    changes = Change.objects.filter(service=service, withdrawn=False)[:10]
    parts = (
        Part(
            "The measures",
            rows=table(("Measure", "Met", "Of", "Percent", "Rating"), _figures(rows, told, span)),
            note=f"{chosen.source.removesuffix('.')}. Definitions: {chosen.id}, version {chosen.version}.",
        ),
        *_newest(rows, told),
        _way(service, span, today, under, exact=exact),
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
    rule = OWN_USE if exact else TO_PASS_ON
    return pdf(Report("How our fracture liaison service does", under, parts, (rule,)), today)


def _newest(rows: list[MeasureRow], told: _Told) -> list[Part]:
    """The part with what is final, where anything is still open."""
    if not any(row.open_until for row in rows):
        return []
    found = table(("Measure", "Diagnosed in", "Met", "Of", "Percent", "Rating"), _complete(rows, told))
    words = () if found else ("No measure has twelve months that are final yet.",)
    return [Part(_COMPLETE, words, rows=found, note=_OPEN)]


_UNSURE = "too few people to be rated outside of the service"


def _as_told(row: StandardRow, told: _Told, span: Span) -> StandardRow:
    """A standard judged by what the report shows: what is missing is told of its figures, not of the exact ones."""
    measured = [
        replace(
            figure,
            rating=told.rating(figure, span, figure.rating),
            complete=figure.complete
            and replace(
                figure.complete, rating=told.rating(figure, figure.complete.span, figure.complete.rating)
            ),
        )
        for figure in row.measured
    ]
    short = [
        figure.title
        if figure.estimate or figure.standing in ("amber", "red")
        else f"{figure.title}: {_UNSURE}"
        for figure in measured
        if figure.standing != "green"
    ]
    attested = tuple(gap for gap in row.missing if NOTHING_HOLDS in gap)
    return replace(row, measured=tuple(measured), missing=(*short, *attested))


def _verdict(row: StandardRow) -> str:
    """What stands behind a standard, where the figures of the report can say so."""
    if any(_UNSURE in gap for gap in row.missing) and row.verdict is not Verdict.PARTLY:
        return "Too few people to say here"
    return row.verdict.label


def commissioner(service: Service, chosen: MeasureSet, span: Span, today: date) -> bytes:
    """The ten standards for those who pay for the service: evidence, gaps, and who sees to them."""
    told = _Told(chosen, Leaving(service, chosen.id, today), today)
    found = [_as_told(row, told, span) for row in standards_of(service, today, span)]
    under = f"{service.name}; index diagnosis in {span.words}; evidence as it holds on {_day(today)}."
    summary = [
        (f"{row.standard.number}", row.standard.asks, _verdict(row), str(len(row.missing))) for row in found
    ]
    parts = [
        Part("The ten standards", rows=table(("No.", "What it asks", "Evidence", "Gaps"), summary), wide=1)
    ]
    for row in found:
        rows = [
            (*line[:4], f"figures, {line[4]}" if figure.open_until else "figures")
            for line, figure in zip(_figures(row.measured, told, span), row.measured, strict=True)
        ]
        rows += [
            (f"{title}: {final}", met, of, percent, f"figures, {rating}" if rating else "figures")
            for title, final, met, of, percent, rating in _complete(row.measured, told)
        ]
        rows += [
            (item.words, _day(item.on), _day(item.holds_until) or "no end", item.owner, "attested")
            for item in row.evidence
        ]
        words = [row.standard.asks, f"Limit: {row.standard.limit}"]
        words += [f"Not attested: {gap.partition(':')[0]}" for gap in row.missing if NOTHING_HOLDS in gap]
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
    return pdf(Report("The ten clinical standards", under, tuple(parts), (SOURCE, TO_PASS_ON)), today)
