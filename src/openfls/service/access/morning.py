"""What who gets in asks of a manager this morning."""

from __future__ import annotations

from openfls.service.access import emergency, members
from openfls.service.actor import Actor, can
from openfls.service.roles import May


def asks_of(actor: Actor) -> list[tuple[str, str]]:
    """Words and the name of a page for each thing that waits; nothing for who may not give access."""
    if not can(actor, May.GIVE_ACCESS):
        return []
    made = []
    if opened := len(emergency.to_judge(actor.service)):
        words = "record was" if opened == 1 else "records were"
        made.append((f"{opened} {words} opened in an emergency by another service: judge", "emergencies"))
    if due := members.due_in(actor.service):
        words = "role must" if due == 1 else "roles must"
        made.append((f"{due} {words} be looked at: who has access, and is it still needed?", "access-review"))
    return made
