"""The addresses of the training room: those with a rule, and those that anybody may ask."""

from __future__ import annotations

from django.urls import URLPattern, path

from openfls.service.roles import May
from openfls.web.guard import Route
from openfls.web.pages import practice
from openfls.web.pages.training import courses, papers, portfolio, public, questions, team, topics

_FORM = ("GET", "POST")

PRACTICE: tuple[Route, ...] = (
    Route("training/practice/", practice.listed, "practice", May.PRACTISE, real_time=True),
    Route(
        "training/practice/cases/<slug:key>/",
        practice.door,
        "practice-case",
        May.PRACTISE,
        _FORM,
        real_time=True,
    ),
    Route(
        "training/practice/<uuid:pk>/", practice.notes, "practice-notes", May.PRACTISE, _FORM, real_time=True
    ),
    Route(
        "training/practice/<uuid:pk>/result/",
        practice.result,
        "practice-result",
        May.PRACTISE,
        real_time=True,
    ),
)

TRAINING: tuple[Route, ...] = (
    Route("training/", courses.home, "training", May.TRAIN),
    Route("training/courses/<slug:key>/", courses.course, "training-course", May.TRAIN, _FORM),
    Route("training/topics/<slug:key>/", topics.show, "training-topic", May.TRAIN, _FORM),
    Route("training/topics/<slug:key>.pdf", topics.pdf, "training-topic-pdf", May.TRAIN),
    Route("training/topics/<slug:key>/check/", topics.check, "training-check", May.TRAIN, _FORM),
    Route("training/papers/<uuid:pk>/", papers.show, "training-paper", May.TRAIN, _FORM),
    Route("training/papers/<uuid:pk>/question/", papers.question, "training-question", May.TRAIN, _FORM),
    Route("training/papers/<uuid:pk>/result/", papers.result, "training-result", May.TRAIN),
    Route("training/portfolio/", portfolio.show, "training-portfolio", May.TRAIN, _FORM),
    Route("training/portfolio/points.pdf", portfolio.statement, "training-points", May.TRAIN),
    Route("training/certificates/<uuid:pk>.pdf", portfolio.certificate, "training-certificate", May.TRAIN),
    Route("training/certificates/<uuid:pk>.jwt", portfolio.badge, "training-badge", May.TRAIN),
    Route("training/team/", team.show, "training-team", May.SUPERVISE, _FORM),
    Route("training/team/<int:pk>/", team.member, "training-member", May.SUPERVISE, _FORM),
    Route("training/rules/", team.rules, "training-rules", May.SUPERVISE, _FORM),
    Route("training/questions/", questions.show, "training-questions", May.SUPERVISE),
    *PRACTICE,
)

CERTIFICATES: tuple[URLPattern, ...] = (
    path("certificates/", public.door, name="certificates"),
    path("certificates/issuer.json", public.issuer, name="badge-issuer"),
    path("certificates/issuer/keys.json", public.keys, name="badge-keys"),
    path("certificates/issuer/status.jwt", public.revoked, name="badge-status"),
    path("certificates/achievements/<slug:key>.json", public.achieved, name="badge-achievement"),
    path("certificates/<slug:code>/", public.certificate, name="certificate"),
)
