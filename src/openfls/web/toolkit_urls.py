"""The addresses of the benefits calculator. They need no sign-in: a case is about an area, never about a person."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from openfls.web.pace import Pace, paced
from openfls.web.pages import toolkit, toolkit_files, toolkit_results

_READ = ("GET", "HEAD")
_FORM = ("GET", "HEAD", "POST")
_TABLE = (
    ("", toolkit.start, "toolkit", _FORM),
    ("rerun/", toolkit_files.rerun, "toolkit-rerun", _FORM),
    ("<slug:key>/", toolkit.case, "toolkit-case", _READ),
    ("<slug:key>/figures/<slug:group>/", toolkit.figures, "toolkit-figures", _FORM),
    ("<slug:key>/copy/", toolkit.copy, "toolkit-copy", ("POST",)),
    ("<slug:key>/results/", toolkit_results.results, "toolkit-results", _READ),
    ("<slug:key>/how-sure/", toolkit_results.uncertainty, "toolkit-uncertainty", _READ),
    ("<slug:key>/what-would-make-it-fail/", toolkit_results.sceptic, "toolkit-sceptic", _READ),
    ("<slug:key>/what-changed/", toolkit_results.changes, "toolkit-changes", _FORM),
    ("<slug:key>/charts/<slug:name>.svg", toolkit_results.chart, "toolkit-chart", _READ),
    ("<slug:key>/papers/<slug:name>/", toolkit_files.paper, "toolkit-paper", _FORM),
    ("<slug:key>/take-away/", toolkit_files.take_away, "toolkit-take-away", _FORM),
    ("<slug:key>/files/<str:name>", toolkit_files.download, "toolkit-file", _READ),
)

LOOKS = Pace("toolkit", 300)
"""Pages of one address that is not signed in, a minute; ours. A workshop behind one hospital's address stays below."""
WORK = Pace("toolkit-work", 30)
"""What keeps a processor busy for seconds: an analysis, a document."""
COSTLY = frozenset(
    {
        "toolkit-rerun",
        "toolkit-uncertainty",
        "toolkit-sceptic",
        "toolkit-changes",
        "toolkit-take-away",
        "toolkit-file",
    }
)

TOOLKIT: tuple[URLPattern, ...] = tuple(
    path(
        f"toolkit/{address}",
        require_http_methods(methods)(paced(view, WORK if name in COSTLY else LOOKS)),
        name=name,
    )
    for address, view, name, methods in _TABLE
)
