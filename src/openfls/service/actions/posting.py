"""Letters together: put into a batch, taken out of it, and recorded as sent. Approving stays one act a letter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from openfls.information.phrases import uk_date
from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.letter_runs.already import AskFirst, known_of
from openfls.service.models import Letter, LetterBatch, LetterInBatch, LetterRun, LetterSent
from openfls.service.posting import BATCH_AT_MOST, NOT_REPLACED, why_not_out
from openfls.service.roles import May


@action("letter.batch", May.WORK_THE_PATHWAY)
def make_batch(*, keys: Iterable[UUID], again: Iterable[UUID] = (), by: Actor) -> LetterBatch:
    """Put letters of the service together, in the order of their approval, then of their writing.

    Those of ``again`` are put together although they are sent, or stand in another batch that waits to be sent: whoever
    asks has been told so.

    Raises:
        AskFirst: others are sent or stand in a batch that waits, or one must not go out to anybody.
        NotPossible: there is none, or too many for one batch.
    """
    rows = list(
        # Locked: of two who put the same letter into a batch at once, the second is told of the first.
        Letter.objects.select_for_update(of=("self",))
        .filter(service=by.service, pk__in=set(keys))
        .filter(NOT_REPLACED)
        .select_related("person__service")
        .prefetch_related("person__flags", "sendings")
        .order_by("approved_at", "written_at", "pk")
    )
    if not rows or by.user is None:
        raise NotPossible("Tick the letters that go together.")
    if len(rows) > BATCH_AT_MOST:
        raise NotPossible(f"A batch has at most {BATCH_AT_MOST} letters; these are {len(rows)}.")
    known, told = known_of(rows), set(again)
    if any(one.not_out or one.letter.pk not in told for one in known):
        raise AskFirst(rows, known)
    batch = LetterBatch.objects.create(service=by.service, made_at=clock.now(), made_by=by.user)
    LetterInBatch.objects.bulk_create(
        LetterInBatch(batch=batch, letter=row, place=place) for place, row in enumerate(rows, start=1)
    )
    note(by, "letter.batch", subject=f"batch {batch.pk}", letters=len(rows), again=len(known))
    return batch


@action("letter.out_of_batch", May.WORK_THE_PATHWAY)
def take_out(*, batch: LetterBatch, letter: Letter, by: Actor) -> None:
    """Take a letter out of a batch; the letter itself stays as it is, and the others keep their places.

    Raises:
        NotPossible: it is not in it.
    """
    gone, _ = LetterInBatch.objects.filter(batch=batch, letter=letter).delete()
    if not gone:
        raise NotPossible("The letter is not in this batch.")
    note(by, "letter.out_of_batch", person=letter.person, subject=f"letter {letter.pk}", batch=batch.pk)


@action("letter.send", May.WORK_THE_PATHWAY)
def send(*, letter: Letter, on: date, way: str, run: LetterRun | None = None, by: Actor) -> LetterSent:
    """Record that an approved letter left; ``run`` is the recording of its batch. Told twice, the first record stands.

    Raises:
        NotPossible: it must not go out, the way is unknown, or the day is not between its approval and today.
    """
    if way not in LetterSent.Way.values:
        raise NotPossible("Say how the letter went.")
    letter = (
        Letter.objects.select_for_update(of=("self",)).select_related("person__service").get(pk=letter.pk)
    )
    standing = letter.sendings.filter(taken_back_at=None).first()
    if standing is None:
        if reason := why_not_out(letter):
            raise NotPossible(f"The letter does not go out: {reason}.")
        assert letter.approved_at is not None
        approved = clock.day_of(letter.approved_at)
        if not approved <= on <= clock.today():
            days = f"between the day of its approval, {uk_date(approved)}, and today"
            raise NotPossible(f"A letter is sent {days}: not on {uk_date(on)}.")
        standing = LetterSent.objects.create(
            service=by.service, letter=letter, run=run, on=on, way=way, at=clock.now(), by=by.user
        )
    note(by, "letter.send", person=letter.person, subject=f"letter {letter.pk}", way=standing.way)
    return standing


@action("letter.unsend", May.WORK_THE_PATHWAY)
def take_back_sent(*, letter: Letter, of: LetterBatch | None = None, by: Actor) -> None:
    """Take back the record that a letter left: it was a slip. The record stays, and counts no more.

    Given the batch ``of`` that is taken back, only what that batch recorded.

    Raises:
        NotPossible: it is not recorded as sent, or not by that batch.
    """
    standing = LetterSent.objects.select_for_update().filter(letter=letter, taken_back_at=None).first()
    if standing is None:
        raise NotPossible("The letter is not recorded as sent.")
    if of is not None and not of.runs.filter(pk=standing.run_id).exists():
        raise NotPossible("It was not this batch that recorded the letter as sent.")
    standing.taken_back_at, standing.taken_back_by = clock.now(), by.user
    standing.save(update_fields=["taken_back_at", "taken_back_by"])
    note(by, "letter.unsend", person=letter.person, subject=f"letter {letter.pk}")
