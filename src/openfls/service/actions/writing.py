"""Letters: written as drafts, then approved by a named person, which locks them."""

from __future__ import annotations

from openfls.information.letter import LetterKind, LetterNotAllowed, why_not_sendable
from openfls.record.pathway import NotPossible
from openfls.service import clock, letters
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.models import Episode, Letter
from openfls.service.roles import May


@action("letter.write", May.WORK_THE_PATHWAY)
def write(*, episode: Episode, kind: str, by: Actor) -> Letter:
    """Write a letter from what the record holds now; a draft of the same kind gives way to it.

    Raises:
        NotPossible: there is no such kind, or this letter must not be written, and why.
    """
    if kind not in set(LetterKind) or by.user is None:
        raise NotPossible("Choose which letter to write.")
    try:
        value = letters.written(episode, LetterKind(kind), by.user)
    except LetterNotAllowed as error:
        raise NotPossible(f"This letter cannot be written: {error.reason}.") from error
    Letter.objects.filter(episode=episode, kind=kind, approved_at=None).delete()
    letter = Letter.objects.create(
        service=by.service,
        person=episode.person,
        episode=episode,
        kind=kind,
        content=letters.content_of(value),
        written_at=clock.now(),
        written_by=by.user,
    )
    note(by, "letter.write", person=episode.person, subject=f"letter {letter.pk}", kind=kind)
    return letter


@action("letter.approve", May.SIGN_LETTERS)
def approve(*, episode: Episode, letter: Letter, by: Actor) -> Letter:
    """Sign the letter off: it is written afresh with the signature of who approves it, and locked.

    Raises:
        NotPossible: it is locked already, or must not go out.
    """
    letter = Letter.objects.select_for_update().get(pk=letter.pk, episode=episode)
    if letter.approved_at:
        raise NotPossible("The letter is approved already.")
    try:
        value = letters.written(episode, LetterKind(letter.kind), by.user)
    except LetterNotAllowed as error:
        raise NotPossible(f"This letter cannot go out: {error.reason}.") from error
    if reason := why_not_sendable(value):
        raise NotPossible(f"This letter cannot go out: {reason}.")
    letter.content = letters.content_of(value)
    letter.approved_at = clock.now()
    letter.approved_by = by.user
    letter.save()
    note(by, "letter.approve", person=letter.person, subject=f"letter {letter.pk}", kind=letter.kind)
    return letter
