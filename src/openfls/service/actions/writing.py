"""Letters: written as drafts, added to by hand, approved by a named person, which locks them, and issued anew."""

from __future__ import annotations

from openfls.information.letter import Letter as LetterValue
from openfls.information.letter import LetterKind, LetterNotAllowed, why_not_sendable
from openfls.record.pathway import NotPossible
from openfls.service import clock, letters
from openfls.service.actions.action import action, note
from openfls.service.actions.moves import locked
from openfls.service.actor import Actor
from openfls.service.letter_own import Own, check_own, own_of, own_to_keep
from openfls.service.models import Episode, Letter
from openfls.service.posting import is_replaced
from openfls.service.roles import May


@action("letter.write", May.WORK_THE_PATHWAY)
def write(*, episode: Episode, kind: str, by: Actor) -> Letter:
    """Write a letter from what the record holds now; a draft of the same kind gives way to it.

    What was chosen and added by hand in that draft stays.

    Raises:
        NotPossible: there is no such kind, or this letter must not be written, and why.
    """
    if kind not in set(LetterKind) or by.user is None:
        raise NotPossible("Choose which letter to write.")
    episode = locked(episode)
    draft = _draft(episode, kind)
    letter = _kept(episode, kind, by, draft, own_of(draft.own) if draft else Own(), draft and draft.replaces)
    note(by, "letter.write", person=episode.person, subject=f"letter {letter.pk}", kind=kind)
    return letter


@action("letter.edit", May.WORK_THE_PATHWAY)
def edit(*, episode: Episode, letter: Letter, own: Own, by: Actor) -> Letter:
    """Keep what the writer chooses and adds to a draft; the rest is written afresh. An empty note takes it away.

    Raises:
        NotPossible: it is locked, or a letter of its kind cannot have this.
    """
    assert by.user is not None
    episode = locked(episode)
    letter = Letter.objects.select_for_update().get(pk=letter.pk, episode=episode)
    if letter.approved_at:
        raise NotPossible("The letter is locked. Issue it again to change it.")
    before = own_of(letter.own)
    # Who wrote the note stays its author for as long as nobody changes it.
    own = Own(
        own.text_size,
        own.note.strip(),
        before.note_by if own.note.strip() == before.note else by.user.full_name,
        own.enclosed,
    )
    check_own(LetterKind(letter.kind), own)
    letter = _kept(episode, letter.kind, by, letter, own, letter.replaces)
    note(
        by,
        "letter.edit",
        person=letter.person,
        subject=f"letter {letter.pk}",
        size=str(own.text_size),
        note=bool(own.note),
        enclosed=list(own.enclosed),
    )
    return letter


@action("letter.reissue", May.WORK_THE_PATHWAY)
def reissue(*, episode: Episode, letter: Letter, reason: str, by: Actor) -> Letter:
    """Write a locked letter again, as a draft that will replace it once it is approved. The old one stays as it was.

    Raises:
        NotPossible: it is not locked, has been replaced, gives no reason, or must not be written any more.
    """
    if not reason.strip():
        raise NotPossible("Say why the letter is issued again.")
    episode = locked(episode)
    letter = Letter.objects.select_for_update().get(pk=letter.pk, episode=episode)
    if letter.approved_at is None:
        raise NotPossible("It is a draft: change it as it is.")
    if is_replaced(letter):
        raise NotPossible("A newer letter has replaced this one. Issue that one again.")
    draft = _draft(episode, letter.kind)
    if draft is not None and draft.replaces_id not in (None, letter.pk):
        raise NotPossible("A draft of this kind waits already. Approve it or discard it first.")
    new = _kept(episode, letter.kind, by, draft, own_of((draft or letter).own), letter)
    new.replaces, new.reissue_reason = letter, reason.strip()[:300]
    new.save(update_fields=["replaces", "reissue_reason"])
    note(by, "letter.reissue", person=letter.person, subject=f"letter {letter.pk}", by_letter=str(new.pk))
    return new


@action("letter.discard", May.WORK_THE_PATHWAY)
def discard(*, episode: Episode, letter: Letter, by: Actor) -> None:
    """Throw a draft away; the log keeps that there was one. What is locked is never thrown away.

    Raises:
        NotPossible: it is locked.
    """
    episode = locked(episode)
    letter = Letter.objects.select_for_update().get(pk=letter.pk, episode=episode)
    if letter.approved_at:
        raise NotPossible("The letter is locked and stays in the record.")
    note(by, "letter.discard", person=letter.person, subject=f"letter {letter.pk}", kind=letter.kind)
    letter.delete()


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
    value = _written(episode, letter.kind, by, own_of(letter.own), letter.replaces, "cannot go out")
    if reason := why_not_sendable(value):
        raise NotPossible(f"This letter cannot go out: {reason}.")
    if letters.fingerprint(value) != seen:
        raise DraftChanged
    letter.content = letters.content_of(value)
    letter.fingerprint = letters.locked_as(letter)
    letter.approved_at = clock.now()
    letter.approved_by = by.user
    letter.save()
    note(by, "letter.approve", person=letter.person, subject=f"letter {letter.pk}", kind=letter.kind)
    return letter


def _draft(episode: Episode, kind: str) -> Letter | None:
    drafts = Letter.objects.select_related("replaces")
    return drafts.filter(episode=episode, kind=kind, approved_at=None).first()


def _kept(
    episode: Episode, kind: str, by: Actor, draft: Letter | None, own: Own, replaces: Letter | None
) -> Letter:
    """The draft with what the record says now. It keeps its address: a page that shows the old one leads to the new."""
    value = _written(episode, kind, by, own, replaces, "cannot be written")
    letter = draft or Letter(service=by.service, person=episode.person, episode=episode, kind=kind)
    letter.content, letter.own = letters.content_of(value), own_to_keep(own)
    letter.written_at, letter.written_by = clock.now(), by.user
    letter.save()
    return letter


def _written(
    episode: Episode, kind: str, by: Actor, own: Own, replaces: Letter | None, refusal: str
) -> LetterValue:
    try:
        return letters.written(episode, LetterKind(kind), by.user, own, replaces)
    except LetterNotAllowed as error:
        raise NotPossible(f"This letter {refusal}: {error.reason}.") from error
