"""The person's own questionnaire, for a phone and without an account: the door, a page of questions at a time, sent.

No page names the person. An address holds nothing but the random token of the link, and that only until the person has
shown who they are: from then on the session knows. What the person does is kept by the system for the service.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from openfls.information.questionnaire import Page, pages_for, texts
from openfls.record.pathway import NotPossible
from openfls.record.people import Sex
from openfls.record.questions import NotAnAnswer, Value
from openfls.record.written_dates import read_date
from openfls.service import clock
from openfls.service.actions import asking
from openfls.service.actor import system_actor
from openfls.service.checks import query_of
from openfls.service.models import Questionnaire
from openfls.service.questionnaires import (
    TRIES,
    answers_of,
    by_code,
    by_key,
    by_link,
    note_wrong_code,
    too_many_guesses,
    why_closed,
)
from openfls.web.pace import address_of

KEY = "own_answers"
_WRONG_DAY = "This is not the date of birth that we have. Please try again."
_NO_SUCH_CODE = "We do not know this code with this date of birth. Please look at your letter again."

View = Callable[..., HttpResponse]


def _own(view: View) -> View:
    """A page of the questionnaire: read and written only, never indexed, and no address of it goes anywhere else."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def run(request: HttpRequest, *args: Any, **keywords: Any) -> HttpResponse:
        response = view(request, *args, **keywords)
        # Only the name of this server is ever told, to anybody: the token in an address stays in it.
        response.headers["Referrer-Policy"] = "strict-origin"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return run


@_own
def by_letter(request: HttpRequest) -> HttpResponse:
    """The door for the code on a letter, with the date of birth."""
    error, typed = "", {"code": request.POST.get("code", ""), "born": request.POST.get("born", "")}
    if request.method == "POST":
        origin = address_of(request)
        if too_many_guesses(origin):
            return _said(
                request, "Please wait", ("Too many codes were wrong. Please try again in 15 minutes.",), 429
            )
        one = by_code(typed["code"])
        if one is None:
            note_wrong_code(origin)
            error = _NO_SUCH_CODE
        else:
            return _knock(request, one, typed, _NO_SUCH_CODE, asks_code=True)
    return _door(request, typed, error, asks_code=True)


@_own
def by_address(request: HttpRequest, token: str) -> HttpResponse:
    """The door behind a link: the date of birth is asked before anything else."""
    one = by_link(token)
    if one is None:
        return _closed(request)
    if why_closed(one):
        return _closed(request, one)
    typed = {"born": request.POST.get("born", "")}
    if request.method == "POST":
        return _knock(request, one, typed, _WRONG_DAY, asks_code=False)
    return _door(request, typed, "", asks_code=False)


def _knock(
    request: HttpRequest, one: Questionnaire, typed: dict[str, str], wrong: str, *, asks_code: bool
) -> HttpResponse:
    born = read_date(typed["born"], century=1900)
    if born is None and not asks_code:
        return _door(request, typed, "Write your date of birth, for example 27 3 1950", asks_code=asks_code)
    try:
        right = asking.knock(questionnaire=one, birth_date=born, by=system_actor(one.service))
    except NotPossible:
        # By a code alone nobody learns whether it was ever somebody's.
        return _door(request, typed, wrong, asks_code=True) if asks_code else _closed(request, one)
    if not right:
        one.refresh_from_db()
        return (
            _closed(request, one)
            if one.wrong_tries >= TRIES
            else _door(request, typed, wrong, asks_code=asks_code)
        )
    request.session.cycle_key()
    request.session[KEY] = str(one.pk)
    return redirect("own-page", pages_for(_sex(one), answers_of(one))[0].number)


def _door(request: HttpRequest, typed: dict[str, str], error: str, *, asks_code: bool) -> HttpResponse:
    context = {
        "typed": typed,
        "form_errors": error,
        "asks_code": asks_code,
        "why": texts("why"),
        "door": texts("door"),
    }
    return render(request, "own/door.jinja", context, status=422 if error else 200)


@_own
def page(request: HttpRequest, number: int) -> HttpResponse:
    """One page of questions. A POST keeps it and goes on; what cannot be an answer is named, and nothing is lost."""
    one = _inside(request)
    if one is None or why_closed(one):
        return _closed(request, one)
    answers = answers_of(one)
    shown = pages_for(_sex(one), answers)
    this = next((each for each in shown if each.number == number), shown[0])
    errors: dict[str, str] = {}
    given: dict[str, Value] = {}
    if request.method == "POST":
        given = _read(request, this, errors)
        if not errors:
            asking.answer(questionnaire=one, answers=given, by=system_actor(one.service))
            if "stop" in request.POST:
                return _stop(request)
            return _go_on(one, this, request)
    return render(
        request,
        "own/page.jinja",
        {
            "page": this,
            "typed": _typed(request, this, answers),
            "given": given,
            "errors": errors,
            "form_errors": errors,
            "at": [each.number for each in shown].index(this.number) + 1,
            "of": len(shown),
            "before": _before(shown, this),
            "from_check": request.GET.get("from") == "check",
            "urgent": texts("urgent"),
        },
        status=422 if errors else 200,
    )


def _read(request: HttpRequest, this: Page, errors: dict[str, str]) -> dict[str, Value]:
    given: dict[str, Value] = {}
    for ask in this.asks:
        try:
            given[ask.field] = ask.read(request.POST, clock.today())
        except NotAnAnswer as error:
            errors[ask.parts[0]] = str(error)
            continue
        try:
            odd = query_of(ask.field, given[ask.field])
        except NotAnAnswer:
            errors[ask.parts[0]] = "This cannot be right. Please check it, or leave it open"
            continue
        if odd and f"{ask.field}={given[ask.field]}" not in request.POST.getlist("sure"):
            errors[ask.parts[0]] = "Please check this. If it is right, press Save again"
    return given


def _typed(request: HttpRequest, this: Page, answers: dict[str, Value]) -> dict[str, str]:
    if request.method == "POST":
        return {part: request.POST.get(part, "") for ask in this.asks for part in ask.parts}
    typed: dict[str, str] = {}
    for ask in this.asks:
        if ask.field in answers:
            kept = ask.typed(answers[ask.field])
            typed |= kept or ({ask.field: "not_sure"} if ask.kind in ("yes_no", "choice") else {})
    return typed


def _before(shown: tuple[Page, ...], this: Page) -> int | None:
    earlier = [each.number for each in shown if each.number < this.number]
    return earlier[-1] if earlier else None


def _go_on(one: Questionnaire, this: Page, request: HttpRequest) -> HttpResponse:
    """The next page, which an answer just given may have brought; at the end, or from there, all answers together."""
    answers = answers_of(one)
    later = [each for each in pages_for(_sex(one), answers) if each.number > this.number]
    if request.GET.get("from") == "check":
        # A page that this answer has only now brought is still asked.
        later = [each for each in later if not any(ask.field in answers for ask in each.asks)]
        return redirect("own-page", later[0].number) if later else redirect("own-check")
    return redirect("own-page", later[0].number) if later else redirect("own-check")


@_own
def check(request: HttpRequest) -> HttpResponse:
    """All answers before they go; a POST sends them."""
    one = _inside(request)
    if one is None or why_closed(one):
        return _closed(request, one)
    if request.method == "POST":
        if "stop" in request.POST:
            return _stop(request)
        asking.send(questionnaire=one, by=system_actor(one.service))
        request.session.pop(KEY, None)
        return redirect("own-sent")
    answers = answers_of(one)
    shown = [
        (each, [(ask, ask.words(answers.get(ask.field))) for ask in each.asks])
        for each in pages_for(_sex(one), answers)
    ]
    return render(request, "own/check.jinja", {"pages": shown})


@_own
def sent(request: HttpRequest) -> HttpResponse:
    """It has gone."""
    return _said(request, "Thank you", texts("sent"))


def _stop(request: HttpRequest) -> HttpResponse:
    request.session.pop(KEY, None)
    return _said(request, "Saved", texts("stopped"))


def _inside(request: HttpRequest) -> Questionnaire | None:
    key = request.session.get(KEY)
    return by_key(key) if key else None


def _closed(request: HttpRequest, one: Questionnaire | None = None) -> HttpResponse:
    """One page for every door that does not open, so that nothing is learnt from it."""
    if one is None and KEY not in request.session and request.resolver_match.url_name != "own-link":
        return _said(request, "Please show us again who you are", texts("stopped")[1:], 403)
    locked = one is not None and one.wrong_tries >= TRIES
    return _said(request, "This page is closed", texts("locked" if locked else "closed"), 410)


def _said(request: HttpRequest, title: str, lines: tuple[str, ...], status: int = 200) -> HttpResponse:
    return render(request, "own/said.jinja", {"title": title, "lines": lines}, status=status)


def _sex(one: Questionnaire) -> Sex:
    return Sex(one.episode.person.sex)
