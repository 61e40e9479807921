"""What who gets in asks of somebody this morning: what a manager must judge, and a record that stands open."""

from __future__ import annotations

from django.utils import timezone

from openfls.service.access import emergency, emergency_judging, members
from openfls.service.actor import Actor, can
from openfls.service.roles import May


def asks_of(actor: Actor) -> list[tuple[str, str]]:
    """Words and the name of a page for each thing that waits; no word names anybody."""
    return _open_in_emergency(actor) + _of_a_manager(actor)


def _open_in_emergency(actor: Actor) -> list[tuple[str, str]]:
    if not can(actor, May.OPEN_IN_EMERGENCY) or not (rows := emergency.open_people(actor)):
        return []
    records = "1 record" if len(rows) == 1 else f"{len(rows)} records"
    until = timezone.localtime(min(row.ends_at for row in rows))
    return [(f"You have {records} of another service open in an emergency, until {until:%H:%M}", "emergency")]


def _of_a_manager(actor: Actor) -> list[tuple[str, str]]:
    if not can(actor, May.GIVE_ACCESS):
        return []
    made = []
    if opened := emergency_judging.to_judge(actor.service):
        made.append((emergency_judging.asked_in_words(opened), "emergencies"))
    if due := members.due_in(actor.service):
        words = "role must" if due == 1 else "roles must"
        made.append((f"{due} {words} be looked at: who has access, and is it still needed?", "access-review"))
    return made
