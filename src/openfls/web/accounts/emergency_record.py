"""A record of another service as it is read in an emergency: first what stands first on the person's own page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe

from openfls.information.as_html import render_html
from openfls.record.pathway import PLACES, State
from openfls.service import audit
from openfls.service.access import emergency
from openfls.service.access import emergency_reading as reading
from openfls.service.models import EmergencyAccess
from openfls.service.person.head import head_of
from openfls.service.posting import is_replaced
from openfls.service.timeline import timeline_of
from openfls.web.guard import Request


def record_page(request: Request, row: EmergencyAccess) -> HttpResponse:
    """The page of one that is open. The look stands in the other service's log, with what was shown."""
    person = row.person
    figures, answers = reading.answers_of(person)
    results = sorted([*reading.results_of(person), *figures], key=lambda one: one.on, reverse=True)
    letters = reading.letters_of(person)
    rows = person.episodes.prefetch_related("fractures", "statuses").order_by("-index_date")
    episodes = list(rows)
    audit.record(
        emergency.reader_of(row),
        "emergency.view",
        person=person,
        subject=f"emergency {row.pk}",
        results=len(results),
        letters=[str(letter.pk) for letter, _ in letters],
    )
    return render(
        request,
        "accounts/emergency_record.jinja",
        {
            "here": "people",
            "row": row,
            "person": person,
            "head": head_of(person, episodes),
            "decided": reading.decided_alerts_of(person),
            "courses": reading.courses_read(person),
            "plans": reading.plans_of(person),
            "episodes": [(one, PLACES[State(one.state)]) for one in episodes],
            "entries": timeline_of(person),
            "results": results,
            "answers": answers,
            "letters": [
                (letter, value.subject, mark_safe(render_html(value, heading_level=4)), is_replaced(letter))
                for letter, value in letters
            ],
        },
    )
