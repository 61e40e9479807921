"""The addresses of information governance."""

from __future__ import annotations

from openfls.service.roles import May
from openfls.web.auditing import everything, log, odd
from openfls.web.guard import Route

AUDITING: tuple[Route, ...] = (
    Route("audit/", log.home, "audit", May.SEE_AUDIT),
    Route("audit/anchor.txt", log.anchor_file, "audit-anchor", May.SEE_AUDIT),
    Route("people/<uuid:pk>/who-saw/", log.who_saw, "who-saw", May.SEE_AUDIT),
    Route("people/<uuid:pk>/who-saw.csv", log.who_saw_csv, "who-saw-csv", May.SEE_AUDIT),
    Route(
        "people/<uuid:pk>/everything/",
        everything.everything,
        "everything",
        May.GIVE_EVERYTHING,
        ("GET", "POST"),
    ),
    Route("audit/users/<int:pk>/", log.of_one_user, "audit-user", May.SEE_AUDIT),
    Route("audit/users/<int:pk>.csv", log.of_one_user_csv, "audit-user-csv", May.SEE_AUDIT),
    Route("audit/stands-out/", odd.listed, "audit-odd", May.SEE_AUDIT),
    Route("audit/stands-out.csv", odd.download, "audit-odd-csv", May.SEE_AUDIT),
    Route(
        "audit/stands-out/<int:pk>/<slug:rule>/<slug:on>/",
        odd.one,
        "audit-odd-one",
        May.SEE_AUDIT,
        ("GET", "POST"),
    ),
)
