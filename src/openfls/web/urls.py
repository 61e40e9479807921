"""Every address of the app. Each has its rule in the table; a page without one cannot be added."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import path

from openfls.service.roles import May
from openfls.web.guard import Route
from openfls.web.pages import (
    account,
    assessment,
    codelists,
    coverage,
    details,
    feeds,
    finding,
    letters,
    measures,
    passed_over,
    person,
    reader,
    steps,
    tasks,
    today,
    together,
    uploads,
    waiting,
    worklists,
)

FORM = ("GET", "POST")

ROUTES: tuple[Route, ...] = (
    Route("", today.show, "today", May.SEE_PEOPLE),
    Route("worklist/", worklists.first, "worklist", May.SEE_PEOPLE),
    Route("worklist/<slug:key>/", worklists.show, "worklist", May.SEE_PEOPLE),
    Route("worklist/<slug:key>.csv", worklists.download, "worklist-csv", May.SEE_PEOPLE),
    Route(
        "worklist/<slug:key>/not-for-us/", together.not_for_us, "not-for-us", May.WORK_THE_PATHWAY, ("POST",)
    ),
    Route("tasks/", tasks.show, "tasks", May.SEE_PEOPLE),
    Route("tasks/<int:pk>/end/", tasks.end_by_hand, "end-task", May.WORK_THE_PATHWAY, ("POST",)),
    Route("reader/", reader.show, "reader", May.SEE_PEOPLE),
    Route("reader/passed-over/", passed_over.show, "passed-over", May.SEE_PEOPLE),
    Route(
        "reader/passed-over/<int:pk>/",
        passed_over.judge,
        "passed-over-judge",
        May.WORK_THE_PATHWAY,
        ("POST",),
    ),
    Route("people/", person.search, "people", May.SEE_PEOPLE, FORM),
    Route("people/<uuid:pk>/", person.show, "person", May.SEE_PEOPLE),
    Route("people/<uuid:pk>/correct/", details.correct, "person-correct", May.WORK_THE_PATHWAY, FORM),
    Route("episodes/<uuid:pk>/found/", finding.show, "finding", May.WORK_THE_PATHWAY, FORM),
    Route(
        "episodes/<uuid:pk>/bring-back/", finding.bring_back, "bring-back", May.WORK_THE_PATHWAY, ("POST",)
    ),
    Route("episodes/<uuid:pk>/assessment/", assessment.show, "assessment", May.WORK_THE_PATHWAY, FORM),
    Route("episodes/<uuid:pk>/results/", assessment.results, "results", May.WORK_THE_PATHWAY, FORM),
    Route("episodes/<uuid:pk>/plan/", steps.plan, "plan", May.WORK_THE_PATHWAY, FORM),
    Route("episodes/<uuid:pk>/review/", steps.review, "review", May.WORK_THE_PATHWAY, FORM),
    Route("episodes/<uuid:pk>/contact/", steps.contact, "contact", May.WORK_THE_PATHWAY, FORM),
    Route("episodes/<uuid:pk>/close/", steps.close, "close", May.WORK_THE_PATHWAY, FORM),
    Route("episodes/<uuid:pk>/undo/", steps.undo, "undo", May.WORK_THE_PATHWAY, ("POST",)),
    Route("episodes/<uuid:pk>/correct/", steps.correct, "correct", May.WORK_THE_PATHWAY, FORM),
    Route("episodes/<uuid:pk>/letters/", letters.choose, "letters", May.WORK_THE_PATHWAY, FORM),
    Route("letters/<uuid:pk>/", letters.show, "letter", May.WORK_THE_PATHWAY, FORM),
    Route("letters/<uuid:pk>.pdf", letters.pdf, "letter-pdf", May.SEE_PEOPLE),
    Route("measures/", measures.show, "measures", May.SEE_MEASURES),
    Route("measures/<slug:key>/", measures.people, "measure", May.SEE_PEOPLE),
    Route("whom-do-we-miss/", coverage.show, "coverage", May.SEE_MEASURES),
    Route("feeds/", feeds.deliveries, "feeds", May.LOAD_FEEDS),
    Route("feeds/<int:pk>/", feeds.delivery, "delivery", May.LOAD_FEEDS),
    Route("feeds/load/", uploads.start, "upload", May.LOAD_FEEDS, FORM),
    Route("feeds/load/<uuid:pk>/", uploads.check, "upload-check", May.LOAD_FEEDS, FORM),
    Route("feeds/rows/<int:pk>/put-forward/", waiting.put_forward, "put-forward", May.WORK_THE_PATHWAY, FORM),
    Route("feeds/waiting/", waiting.listed, "waiting", May.WORK_THE_PATHWAY),
    Route("feeds/waiting/<int:pk>/", waiting.row, "waiting-row", May.WORK_THE_PATHWAY, FORM),
    Route("feeds/decisions/<int:pk>/undo/", waiting.undo, "decision-undo", May.WORK_THE_PATHWAY, ("POST",)),
    Route("people/<uuid:pk>/same-as/<uuid:other>/", waiting.pair, "same-person", May.WORK_THE_PATHWAY, FORM),
    Route("code-lists/", codelists.show_all, "code-lists", May.LOAD_FEEDS, FORM),
    Route("code-lists/<int:pk>/", codelists.show, "code-list", May.LOAD_FEEDS, FORM),
    Route("services/", account.services, "services", May.SEE_MEASURES, FORM),
)

PUBLIC = (
    path("sign-in/", account.SignIn.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("no-service/", account.no_service, name="no-service"),
    path("about/", account.about, name="about"),
)

urlpatterns = [*(route.pattern() for route in ROUTES), *PUBLIC]

handler403 = "openfls.web.errors.not_allowed"
handler404 = "openfls.web.errors.not_found"
handler500 = "openfls.web.errors.failed"
