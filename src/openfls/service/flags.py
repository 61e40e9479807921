"""What the flags of people mean for the rest of the service: who is not contacted, and why."""

from __future__ import annotations

from openfls.service.feeds.contradictions import death_is_in_doubt
from openfls.service.models import Person, PersonFlag

Kind = PersonFlag.Kind


def why_no_contact(person: Person) -> str:
    """Why the person is not to be called or written to; empty where nothing speaks against it."""
    if person.deceased:
        return "the person has died"
    if any(flag.kind == Kind.NO_CONTACT for flag in person.standing_flags):
        return "the person does not want to be contacted"
    if death_is_in_doubt(person):
        return "a record says that the person has died, and somebody has to settle that first"
    return ""
