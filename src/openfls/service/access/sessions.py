"""Where somebody is signed in, and how that is ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from openfls.service.models import User


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One browser in which a user is signed in."""

    key: str
    began_at: datetime
    last_seen_at: datetime
    address: str
    browser: str


def of(user: User) -> list[SignedIn]:
    """The browsers in which she is signed in now, the newest first."""
    alive = {row.session_key: row for row in Session.objects.filter(expire_date__gt=timezone.now())}
    idle = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    rows = UserSession.objects.filter(user=user, session_key__in=alive).order_by("-created_at")
    return [
        SignedIn(
            row.session_key,
            row.created_at,
            max(row.created_at, alive[row.session_key].expire_date - idle),
            row.ip,
            _browser(row.user_agent),
        )
        for row in rows
    ]


def end(user: User, *, but: str = "") -> int:
    """Sign a user out everywhere, or everywhere but in the session with the key ``but``. How many were ended.

    Every session is looked at, whichever way it began: none is left because nobody had written it down.
    """
    ended = 0
    for row in Session.objects.filter(expire_date__gt=timezone.now()).exclude(session_key=but).iterator():
        if row.get_decoded().get(SESSION_KEY) == str(user.pk):
            row.delete()
            ended += 1
    UserSession.objects.filter(user=user).exclude(session_key=but).delete()
    return ended


def _browser(agent: str) -> str:
    """What a browser says it is, in two words; a guess for its owner's eye and nothing else."""
    names = {"Edg": "Edge", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
    systems = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac": "Mac"}
    name = next((words for part, words in names.items() if part in agent), "A browser")
    system = next((words for part, words in {**systems, "Linux": "Linux"}.items() if part in agent), "")
    return f"{name} on {system}" if system else name
