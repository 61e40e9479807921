"""What the pages of the calculator share: the case behind an address, and its answer at the head of each page."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from openfls.record.errors import BadInput
from openfls.service import toolkit_cases
from openfls.service.models import ToolkitCase
from openfls.toolkit.case.building import Ask, asks, place_of, prepared_of, title_of
from openfls.toolkit.case.questions import GROUPS
from openfls.toolkit.case.state import Case
from openfls.toolkit.evaluate import Prepared
from openfls.toolkit.kit.forms import papers
from openfls.toolkit.wording import PAYER, number, pounds

UNPROCESSABLE = 422


class Opened:
    """A case that is open on a page."""

    def __init__(self, key: str) -> None:
        self.row = _row(key)
        self.case: Case = toolkit_cases.case_of(self.row)
        self.asks: list[Ask] = asks(self.case)
        self.problem = ""
        self.prepared: Prepared | None = None
        self.found: dict[str, Any] | None = None
        if not self.asks:
            try:
                self.prepared = prepared_of(self.case)
                self.found = toolkit_cases.results(self.row, self.prepared)
            except BadInput as error:  # the package changed since the case was saved
                self.problem = str(error)

    @property
    def complete(self) -> bool:
        """Whether every stage of the analysis has been computed."""
        return self.prepared is not None and not toolkit_cases.stages_left(self.row, self.prepared)


def _row(key: str) -> ToolkitCase:
    row: ToolkitCase | None = ToolkitCase.objects.filter(key=key).first()
    if row is None:
        raise Http404("no such case")
    return row


def case_or_404(key: str) -> None:
    """Raise `Http404` where no case has this key."""
    _row(key)


def shown(
    request: HttpRequest,
    template: str,
    opened: Opened,
    *,
    status: int = 200,
    **content: Any,
) -> HttpResponse:
    """A page of a case."""
    return render(
        request,
        f"toolkit/{template}",
        {
            "here": "toolkit",
            "key": opened.row.key,
            "case": opened.case,
            "title": title_of(opened.case),
            "place": place_of(opened.case),
            "asks": opened.asks,
            "problem": opened.problem,
            "headline": headline(opened.found),
            "groups": GROUPS,
            "papers": papers(),
            "saved": "saved" in request.GET,
            **content,
        },
        status=status,
    )


def headline(found: dict[str, Any] | None) -> list[tuple[str, str]]:
    """The answer in four numbers, base case."""
    if found is None:
        return []
    budget, years = found["budget"], found["years"]
    change = budget["difference"]
    amount, benefit = next(iter(budget["net_benefit"].items()))
    cost = budget["cost_difference"]
    payer = PAYER[found["perspective"]]
    return [
        (f"second fractures over {years} years", number(change["fractures"])),
        ("of these hip fractures", number(change["fractures.hip"])),
        (f"{'more' if cost >= 0 else 'less'} cost {payer} over {years} years", pounds(abs(cost))),
        (f"net benefit at £{float(amount):,.0f} a QALY", pounds(benefit)),
    ]
