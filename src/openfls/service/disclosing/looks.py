"""Who looked at a person or changed her record, for herself: when, in which role at that time, and what.

Who wrote into the record is named in it; who only looked is told by role (decision 044).
"""

from __future__ import annotations

import csv
import io
from bisect import bisect_right
from collections import defaultdict
from datetime import date, datetime

from django.db.models import Min
from django.utils import timezone

from openfls.record.cells import safe_cell
from openfls.service import clock
from openfls.service.auditing import reading
from openfls.service.models import AuditEvent, FeedRow, Membership, Person, Service
from openfls.service.roles import Role

COLUMNS = ("when", "by", "what was done", "with what", "in a list")
_FIRST = date(2000, 1, 1)


def who_looked(person: Person) -> bytes:
    """The rows as CSV, the newest first. Of a list of more people than the log names, ``perhaps``."""
    days, roles = reading.Days(_FIRST, clock.today()), RolesOfThen(person.service)
    told = reading.entries(reading.of_person(person, days), of=person)
    listed = {entry.event.pk: "yes" if entry.in_list else "" for entry in told}
    known_since = FeedRow.objects.filter(person=person).aggregate(at=Min("delivery__received_at"))["at"]
    long = reading.long_lists(person.service, days).exclude(pk__in=listed)
    if known_since is not None:
        long = long.filter(at__gte=known_since)
    for entry in reading.entries(long, of=person):
        told.append(entry)
        named = len(entry.event.detail["people"].split())
        listed[entry.event.pk] = f"perhaps: of {entry.people} people in it the log names {named}"
    told.sort(key=lambda entry: (entry.event.at, entry.event.pk), reverse=True)
    written = io.StringIO()
    lines = csv.writer(written)
    lines.writerow(COLUMNS)
    for entry in told:
        cells = (roles.words(entry.event.user, entry.event.at), entry.done, entry.what)
        when = timezone.localtime(entry.event.at).strftime("%Y-%m-%d %H:%M:%S")
        lines.writerow((when, *(safe_cell(each) for each in cells), listed[entry.event.pk]))
    return written.getvalue().encode()


class RolesOfThen:
    """The role that each user had in a service at a moment: the one of now, but for the changes that the log tells."""

    def __init__(self, service: Service) -> None:
        self._now: dict[str, str] = {}
        self._changes: dict[str, list[tuple[datetime, str, str]]] = defaultdict(list)
        users: dict[str, str] = {}
        for row in Membership.ever.filter(service=service).select_related("user"):
            users[f"user {row.user_id}"] = row.user.username
            self._now[row.user.username] = row.role
        changes = AuditEvent.objects.filter(service=service, action__in=("access.role", "access.join"))
        for event in changes.order_by("at", "pk"):
            if event.subject in users:
                was, role = event.detail.get("was", ""), event.detail["role"]
                self._changes[users[event.subject]].append((event.at, str(was), str(role)))

    def _elsewhere(self, username: str) -> str:
        """Somebody without a role in this service: of which one she is, as after an opening in an emergency."""
        rows = Membership.ever.filter(user__username=username).select_related("service")
        names = sorted({row.service.name for row in rows})
        return f"somebody of {' and '.join(names)}" if names else "somebody else"

    def words(self, username: str, at: datetime) -> str:
        """The role of who did something at ``at``, in words; for the system, and for another one, what it was."""
        if not username:
            return "the system itself"
        if username not in self._now:
            return "another system" if username.startswith("connection ") else self._elsewhere(username)
        changes = self._changes[username]
        # At the very moment of a change the new role holds: the log tells of it before anything is done in it.
        later = bisect_right(changes, at, key=lambda change: change[0])
        before = changes[later - 1][2] if later else ""
        after = changes[later][1] if later < len(changes) else self._now[username]
        return Role(before or after or self._now[username]).label
