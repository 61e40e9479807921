"""Letters: written as drafts, then approved by a named person, which locks them."""

from __future__ import annotations

from openfls.information.letter import LetterKind, LetterNotAllowed, why_not_sendable
from openfls.record.pathway import NotPossible
from openfls.service import clock, letters
from openfls.service.actions.action import action, note
from openfls.service.actions.moves import locked
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
    episode = locked(episode)
    try:
        value = letters.written(episode, LetterKind(kind), by.user)
    except LetterNotAllowed as error:
        raise NotPossible(f"This letter cannot be written: {error.reason}.") from error
    # The draft keeps its address, so that a page that still shows the old one leads to the new one.
    letter, _ = Letter.objects.update_or_create(
        episode=episode,
        kind=kind,
        approved_at=None,
        defaults={
            "service": by.service,
            "person": episode.person,
            "content": letters.content_of(value),
            "written_at": clock.now(),
            "written_by": by.user,
        },
    )
    note(by, "letter.write", person=episode.person, subject=f"letter {letter.pk}", kind=kind)
    return letter


class DraftChanged(NotPossible):
    """The record says something else than the draft that was read. ``letter`` is the new draft."""

    letter: Letter

    def __init__(self) -> None:
        super().__init__("The record has changed since this draft; it is written anew, please read it.")


def approve(*, episode: Episode, letter: Letter, seen: str, by: Actor) -> Letter:
    """Sign off what was read: the letter whose `letters.fingerprint` is ``seen``.

    Raises:
        DraftChanged: the letter would say something else now; the new draft is kept in place of the old one.
        NotPossible: it is locked already, or must not go out.
    """
    try:
        return _approve(episode=episode, letter=letter, seen=seen, by=by)
    except DraftChanged as error:
        # Another transaction: the refusal has rolled back its own.
        error.letter = write(episode=episode, kind=letter.kind, by=by)
        raise


@action("letter.approve", May.SIGN_LETTERS)
def _approve(*, episode: Episode, letter: Letter, seen: str, by: Actor) -> Letter:
    """The letter is written afresh with the signature of who approves it, and locked."""
    episode = locked(episode)
    letter = Letter.objects.select_for_update().get(pk=letter.pk, episode=episode)
    if letter.approved_at:
        raise NotPossible("The letter is approved already.")
    try:
        value = letters.written(episode, LetterKind(letter.kind), by.user)
    except LetterNotAllowed as error:
        raise NotPossible(f"This letter cannot go out: {error.reason}.") from error
    if reason := why_not_sendable(value):
        raise NotPossible(f"This letter cannot go out: {reason}.")
    if letters.fingerprint(value) != seen:
        raise DraftChanged
    letter.content = letters.content_of(value)
    letter.approved_at = clock.now()
    letter.approved_by = by.user
    letter.save()
    note(by, "letter.approve", person=letter.person, subject=f"letter {letter.pk}", kind=letter.kind)
    return letter
