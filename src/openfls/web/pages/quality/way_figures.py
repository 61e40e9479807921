"""What the chain of steps and the times to a step say: title, words under it, drawing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from openfls.quality import charts
from openfls.quality.disclosure import SHORT_RULE, count_words
from openfls.service.models import Service
from openfls.service.quality.leaving import SafeStep
from openfls.service.quality.trends import Days, Stage
from openfls.service.spans import Span


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


TO_PASS_ON = "From a fracture found to treatment at a year"


def _under(service: Service, span: Span, today: date) -> str:
    return f"{service.name}; index diagnosis in {span.words}; counted {_day(today)}. Definitions: the set pathway."


def to_pass_on(service: Service, steps: Sequence[SafeStep], span: Span, today: date) -> str:
    """The drawing of the chain as it may leave."""
    drawn = [charts.Step(step.title, step.made, None, None, count_words(step.made)) for step in steps]
    return charts.chain("way", TO_PASS_ON, f"{_under(service, span, today)} {SHORT_RULE}", drawn)


def pathway(service: Service, stages: Sequence[Stage], span: Span, today: date) -> tuple[str, str]:
    """The chain of steps: its drawing and its title."""
    under = _under(service, span, today)
    lost = max(stages[1:], key=lambda stage: stage.lost, default=None)
    waiting = sum(stage.still_open for stage in stages)
    so_far = f", and {waiting:,} still may be" if waiting else ""
    if not stages or stages[0].made == 0:
        title = "Nobody was found in this period"
    elif lost is None or lost.lost == 0:
        title = f"{stages[-1].made:,} of {stages[0].made:,} found are on treatment at a year{so_far}; nobody is lost"
    else:
        title = (
            f"{stages[-1].made:,} of {stages[0].made:,} found are on treatment at a year{so_far}; "
            f"most are lost before “{lost.title.lower()}” ({lost.lost:,})"
        )
    steps = [charts.Step(stage.title, stage.made, stage.lost, stage.still_open) for stage in stages]
    return charts.chain("way", title, under, steps), title


def days_to(service: Service, days: Days, span: Span, today: date) -> tuple[str, str]:
    """How long a step took: its drawing and its title."""
    words = days.step.words
    if days.median is None:
        title = f"Time to {words}: nobody yet"
    else:
        limit = "" if days.step.limit is None else f"; the limit is day {days.step.limit}"
        # The median is of those with a date alone: said first, or it reads as half of everybody.
        dated = f"Of the {days.made:,} of {days.made + days.not_made:,} with a date, "
        title = f"{dated}half had their {words} by day {days.median:.0f}{limit}"
    under = f"{service.name}; index diagnosis in {span.words}; counted {_day(today)}."
    limit = None if days.step.limit is None else days.step.limit / 7
    drawn = charts.distribution(
        f"days-{days.step.key.replace('_', '-')}",
        title,
        under,
        days.weeks,
        limit,
        "Whole weeks from the index diagnosis",
    )
    return drawn, title
