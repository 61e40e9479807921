"""Flags of a person: does not want contact, a safeguarding note."""

from __future__ import annotations

from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.models import Person, PersonFlag
from openfls.service.roles import May

Kind = PersonFlag.Kind
NEEDS_WORDS = {
    Kind.NO_CONTACT: "Say who told so, and how.",
    Kind.SAFEGUARDING: "Say what must be known before anybody makes contact.",
}


@action("person.flag", May.WORK_THE_PATHWAY)
def set_flag(*, person: Person, kind: PersonFlag.Kind, words: str = "", by: Actor) -> PersonFlag:
    """Set a flag. The log keeps that it was set, never its words.

    Raises:
        NotPossible: it stands already, or the words are missing that this kind needs.
    """
    kind, words = Kind(kind), words.strip()
    if kind in NEEDS_WORDS and not words:
        raise NotPossible(NEEDS_WORDS[kind])
    person = Person.objects.select_for_update(of=("self",)).select_related("service").get(pk=person.pk)
    if PersonFlag.objects.filter(person=person, kind=kind, ended_at=None).exists():
        raise NotPossible(f"“{kind.label}” stands already.")
    flag = PersonFlag.objects.create(
        service=by.service, person=person, kind=kind, words=words[:300], at=clock.now(), by=by.user
    )
    note(by, "person.flag", person=person, subject=f"flag {flag.pk}", kind=str(kind))
    return flag


@action("person.unflag", May.WORK_THE_PATHWAY)
def end_flag(*, flag: PersonFlag, words: str, by: Actor) -> PersonFlag:
    """End a flag, with a reason that stays in the record.

    Raises:
        NotPossible: it has ended already, or there is no reason.
    """
    if not words.strip():
        raise NotPossible("Say why it ends.")
    flag = PersonFlag.objects.select_for_update(of=("self",)).select_related("person").get(pk=flag.pk)
    if flag.ended_at is not None:
        raise NotPossible("It has ended already.")
    flag.ended_at, flag.ended_by, flag.ended_words = clock.now(), by.user, words.strip()[:300]
    flag.save(update_fields=["ended_at", "ended_by", "ended_words"])
    note(by, "person.unflag", person=flag.person, subject=f"flag {flag.pk}", kind=flag.kind)
    return flag
