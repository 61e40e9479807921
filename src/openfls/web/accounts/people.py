"""A manager's pages: who has access, inviting, changing and ending roles, and the review of all of them."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from openfls.record.pathway import NotPossible
from openfls.service import audit
from openfls.service.access import addresses, inviting, members, rules
from openfls.service.access.explained import FOR, explained
from openfls.service.access.locked import locked_until
from openfls.service.models import Invitation, Membership
from openfls.service.roles import ALLOWED, May
from openfls.web.accounts.address import Address, by_mail, send_link
from openfls.web.accounts.people_forms import Invite, Leaving, NewRole, Rules
from openfls.web.accounts.sure import sure
from openfls.web.guard import Request, scoped
from openfls.web.said import problem, said

_log = logging.getLogger("openfls.web")
_MAIL = """{name},

{by} invites you to {service} on openfls.

Open this address to choose a user name and a password. It is good once, until {until}:

{link}

If you did not expect this, delete it; nothing happens then.
"""


_NOT_SENT = (
    " No link was sent now, for one went there a moment ago: they can ask for it on their own account."
)


def listed(request: Request) -> HttpResponse:
    """Everybody who has access."""
    service = request.actor.service
    audit.record(request.actor, "access.list")
    access = members.access_to(service)
    return render(
        request,
        "accounts/access.jinja",
        {
            "here": "access",
            "access": access,
            "due": sum(one.is_due for one in access),
            "invitations": members.open_invitations(service),
            "left": members.left(service),
            "asked": rules.asked_in(service),
        },
    )


def _link(request: Request, secret: str) -> str:
    path = reverse("invitation", args=[secret])
    return settings.OWN_URL + path if settings.OWN_URL else request.build_absolute_uri(path)


def _hand_over(request: Request, invitation: Invitation, secret: str) -> HttpResponse:
    """Send the link, or show it once to the manager, who hands it over."""
    link = _link(request, secret)
    if invitation.mailed:
        words = _MAIL.format(
            name=invitation.name,
            by=request.user.full_name,
            service=request.actor.service.name,
            until=f"{invitation.expires_at:%d %B %Y}",
            link=link,
        )
        try:
            EmailMessage("Your way into openfls", words, None, [invitation.email]).send()
        except OSError as error:  # every fault of the mail server, and of the way there
            _log.error("an invitation could not be mailed: %s", type(error).__name__)
            inviting.not_mailed(invitation=invitation, by=request.actor)
            problem(request, "The mail could not be sent. The link is below: hand it over yourself.")
        else:
            said(request, f"Sent to {invitation.email}.")
            return redirect("access")
    shown = {"here": "access", "invitation": invitation, "link": link, "mails": settings.MAILS}
    return render(request, "accounts/link.jinja", shown)


def _by_mail(email: str) -> bool:
    return bool(settings.MAILS and email)


@sure()
def invite(request: Request) -> HttpResponse:
    """Invite somebody."""
    form = Invite(request.POST if request.method == "POST" else None)
    if form.is_valid():
        wish = form.wish()
        try:
            return _hand_over(
                request, *inviting.invite(wish=wish, mailed=_by_mail(wish.email), by=request.actor)
            )
        except NotPossible as error:
            form.add_error(None, str(error))
    return render(
        request,
        "accounts/invite.jinja",
        {"here": "access", "form": form, "form_errors": form.errors, "roles": FOR},
        status=422 if form.errors else 200,
    )


@sure(Invitation.objects.all)
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Make an invitation void."""
    invitation = scoped(Invitation.objects.all(), request.actor, pk=pk)
    try:
        inviting.withdraw(invitation=invitation, by=request.actor)
        said(request, "The link is void.")
    except NotPossible as error:
        problem(request, str(error))
    return redirect("access")


@sure(Membership.objects.all)
def member(request: Request, pk: int) -> HttpResponse:
    """One member. A POST does what its button says (``do``)."""
    row = scoped(Membership.objects.select_related("user", "service"), request.actor, pk=pk)
    others = list(
        Membership.objects.filter(service=row.service, ends_at=None).exclude(pk=pk).select_related("user")
    )
    do = request.POST.get("do", "") if request.method == "POST" else ""
    role = NewRole(request.POST if do == "role" else None, initial={"role": row.role})
    leaving = Leaving(request.POST if do == "end" else None, others=others)
    given = request.POST if do == "address" else None
    corrected = Address(given, initial=row.user.email, user=row.user, may_be_empty=True)
    try:
        answer = _do(request, row, do, role, leaving, corrected)
        if answer is not None:
            return answer
    except NotPossible as error:
        problem(request, str(error))
        return redirect("access-member", pk)
    if not do:
        audit.record(request.actor, "access.member.view", subject=f"user {row.user_id}")
    errors = {**role.errors, **leaving.errors, **corrected.errors}
    return render(
        request,
        "accounts/member.jinja",
        {
            "here": "access",
            "one": next(one for one in members.access_to(row.service) if one.member.pk == row.pk),
            "role_form": role,
            "leaving": leaving,
            "address_form": corrected,
            "confirmed": addresses.is_confirmed(row.user),
            "by_mail": by_mail(),
            "locked_until": locked_until(row.user),
            "open_work": members.open_work(row),
            "form_errors": errors,
        },
        status=422 if errors else 200,
    )


def _do(
    request: Request, row: Membership, do: str, role: NewRole, leaving: Leaving, corrected: Address
) -> HttpResponse | None:
    by, name = request.actor, row.user.full_name
    if do == "role" and role.is_valid():
        members.give_role(member=row, role=role.cleaned_data["role"], by=by)
        said(request, f"{name} is {role.cleaned_data['role'].label} from now on.")
    elif do == "end" and leaving.is_valid():
        day = leaving.cleaned_data["last_day"]
        members.end(member=row, last_day=day, hand_to=leaving.successor(), by=by)
        said(request, f"{name} has access until that day." if day else f"{name} has no access any more.")
        return redirect("access")
    elif do == "address" and corrected.is_valid():
        email = members.correct_address(member=row, email=corrected.cleaned_data["email"], by=by)
        sent = bool(email) and by_mail() and send_link(request, row.user, email)
        more = " A link to confirm it was sent there." if sent else _NOT_SENT if email and by_mail() else ""
        said(
            request,
            f"{name} has the address {email} from now on.{more}" if email else f"{name} has no address now.",
        )
    elif do == "keep":
        members.keep(member=row, by=by)
        said(request, f"Confirmed: {name} keeps this role.")
    elif do == "factors":
        members.take_factors(member=row, by=by)
        said(
            request,
            f"{name} has no second factor any more, and is signed out. A new one can be set up at the next sign-in.",
        )
    elif do == "password":
        return _hand_over(request, *inviting.new_password(member=row, mailed=_by_mail(row.user.email), by=by))
    else:
        return None
    return redirect("access-member", row.pk)


@sure()
def review(request: Request) -> HttpResponse:
    """All roles that must be looked at; a POST confirms the ones ticked."""
    access = members.access_to(request.actor.service)
    if request.method == "POST":
        ticked = set(request.POST.getlist("keep"))
        kept = [one.member for one in access if str(one.member.pk) in ticked]
        for row in kept:
            members.keep(member=row, by=request.actor)
        said(request, f"Confirmed: {len(kept)}.") if kept else problem(request, "Tick whose role is kept.")
        return redirect("access-review")
    audit.record(request.actor, "access.roles.view")
    return render(
        request,
        "accounts/review.jinja",
        {
            "here": "access",
            "due": [one for one in access if one.is_due],
            "next_due": min((one.due for one in access if one.due and not one.is_due), default=None),
            "days": members.REVIEWED_EVERY.days,
        },
    )


@sure()
def set_rules(request: Request) -> HttpResponse:
    """Of whom a second factor is asked."""
    asked = rules.asked_in(request.actor.service)
    form = Rules(request.POST if request.method == "POST" else None, initial={"second_factor": asked})
    if form.is_valid():
        rules.set_rules(second_factor=form.cleaned_data["second_factor"], by=request.actor)
        said(request, "It holds from now on.")
        return redirect("access")
    return render(
        request,
        "accounts/rules.jinja",
        {
            "here": "access",
            "form": form,
            "form_errors": form.errors,
            "days": settings.SECOND_FACTOR_DAYS,
            "idle": settings.SESSION_COOKIE_AGE // 60,
            "hours": settings.HARD_LIMIT_SECONDS // 3600,
        },
        status=422 if form.errors else 200,
    )


def roles(request: Request) -> HttpResponse:
    """What each role may do, made from the table by which every page and action asks."""
    return render(
        request,
        "accounts/roles.jinja",
        {"here": "roles", "roles": explained(), "own": request.actor.role, "all": May, "allowed": ALLOWED},
    )
