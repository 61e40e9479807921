"""What a supervisor sees: the team's competence matrix, one person of the team, and the rules of the papers."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from openfls.record.pathway import NotPossible
from openfls.service import audit, clock
from openfls.service.actions.attesting import Attested, attest
from openfls.service.actor import NotAllowed
from openfls.service.models import Certificate, Enrolment, Membership, SignOff
from openfls.service.quality.standards import EvidenceKind
from openfls.service.training import supervising
from openfls.service.training.issuing import revoke, standing
from openfls.service.training.library import topic_called
from openfls.service.training.portfolio import portfolio
from openfls.service.training.rules import LIMITS, Rules, own_rules, rules_of, save_rules
from openfls.service.training.team import STANDARD, evidence_words, holds_until, team
from openfls.training.courses import courses
from openfls.training.timing import EXTRA, RESTS
from openfls.web.forms.training import RulesForm, SignOffForm
from openfls.web.guard import Request, scoped
from openfls.web.said import problem, said

KINDS = ("competence", "cpd")


def show(request: Request) -> HttpResponse:
    """The matrix. A POST puts it forward as evidence for standard 9."""
    found = team(request.actor.service)
    kind = request.POST.get("evidence", "")
    if request.method == "POST" and kind in KINDS:
        attested = Attested(
            standard=STANDARD,
            kind=EvidenceKind(kind),
            words=evidence_words(found, kind),
            on=clock.today(),
            owner=request.user.full_name,
            holds_until=holds_until(found),
            where="Training, the team's competence",
        )
        attest(attested=attested, by=request.actor)
        said(request, "Kept as evidence for standard 9.")
        return redirect("training-team")
    audit.record(request.actor, "training.view", subject="team")
    return render(
        request,
        "training/team.jinja",
        {
            "here": "training",
            "team": found,
            "words": {kind: evidence_words(found, kind) for kind in KINDS},
            "until": holds_until(found),
            "standard": STANDARD,
        },
    )


def member(request: Request, pk: int) -> HttpResponse:
    """One person: progress, what was shared, what to sign, and arrangements. A POST is one decision."""
    row = scoped(Membership.objects.select_related("user", "service"), request.actor, pk=pk)
    form = SignOffForm()
    if request.method == "POST":
        if "sign" in request.POST:
            form = SignOffForm(request.POST)
        if not form.is_bound or form.is_valid():
            _decide(request, row, form)
            return redirect("training-member", pk)
    audit.record(request.actor, "training.view", subject=f"user {row.user_id}")
    found = portfolio(row.service, row.user, only_shared=True)
    return render(
        request,
        "training/member.jinja",
        {
            "here": "training",
            "row": row,
            "found": found,
            "form": form,
            "form_errors": form.errors,
            "standing": {one.pk: standing(one) for one in found.certificates},
            "why": Certificate.Why.choices,
            "extra": EXTRA,
            "rests": RESTS,
            "is_self": row.user_id == request.user.pk,
        },
        status=422 if form.errors else 200,
    )


def _decide(request: Request, row: Membership, form: SignOffForm) -> None:
    given, by = request.POST, request.actor
    enrolments = Enrolment.objects.filter(user=row.user)
    try:
        if form.is_bound:
            topic = topic_called(form.cleaned_data["topic"])
            if topic is not None:
                words, on = form.cleaned_data["words"], form.cleaned_data["on"]
                supervising.sign_off(member=row, topic=topic, words=words, on=on, by=by)
        elif given.get("withdraw", "").isdecimal():
            signed = scoped(SignOff.objects.filter(user=row.user), by, pk=given["withdraw"])
            supervising.withdraw_sign_off(signed=signed, by=by)
        elif given.get("arrange", "").isdecimal():
            supervising.arrange(
                enrolment=scoped(enrolments, by, pk=given["arrange"]),
                extra_percent=_whole(given.get("extra", "")),
                rest_minutes=_whole(given.get("rest", "")),
                by=by,
            )
        elif given.get("another", "").isdecimal():
            supervising.allow_another(enrolment=scoped(enrolments, by, pk=given["another"]), by=by)
        elif given.get("revoke", ""):
            rows = Certificate.objects.filter(user=row.user, code=given["revoke"])
            revoke(certificate=scoped(rows, by), why=given.get("why", ""), by=by)
        else:
            return
    except (NotPossible, NotAllowed) as error:
        problem(request, str(error))
    else:
        said(request, "Kept.")


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() else -1


def rules(request: Request) -> HttpResponse:
    """What the service sets of its papers; a POST sets one course."""
    forms = {}
    for key, course in courses().items():
        held = rules_of(request.actor.service, course)
        sent = request.method == "POST" and request.POST.get("course") == key
        forms[key] = RulesForm(
            request.POST if sent else None,
            prefix=key,
            initial={name: getattr(held, name) for name in LIMITS},
        )
        if sent and forms[key].is_valid():
            save_rules(course=key, rules=Rules(**forms[key].cleaned_data), by=request.actor)
            said(request, "The rules are kept. They count for papers that are begun from now on.")
            return redirect("training-rules")
    faulty = next((form for form in forms.values() if form.errors), None)
    shown = [(course, forms[key], own_rules(course)) for key, course in courses().items()]
    return render(
        request,
        "training/rules.jinja",
        {"here": "training", "forms": shown, "faulty": faulty, "form_errors": faulty},
        status=422 if faulty else 200,
    )
