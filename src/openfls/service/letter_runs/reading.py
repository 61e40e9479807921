"""How a batch stands with its runs, and whether a file that was made may still be handed out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openfls.service import clock
from openfls.service.letter_runs.already import batches_of
from openfls.service.letter_runs.batches import last_prints
from openfls.service.letter_runs.beginning import PRINTS, UNDER_WAY, recorded_by
from openfls.service.models import LetterBatch, LetterRun, LetterSent
from openfls.service.posting import Placed

SENT_ALREADY = "it is recorded as sent already"


@dataclass(frozen=True, slots=True)
class Standing:
    """The runs of a batch that a page tells of.

    ``under_way`` goes on now, ``dealt_with`` of its letters are done. ``failed`` is the last one, where it failed.
    ``print`` has the file that still is what would be printed now, ``printed`` is the last print, whatever became of
    its file. ``not_sent`` are the letters that the last recording passed by for a reason that holds, with the reason.
    ``recorded`` is what was recorded as sent with this batch. ``elsewhere`` are the letters that wait to be sent and
    stand in other batches too, with those batches and the last print of each.
    """

    under_way: LetterRun | None = None
    dealt_with: int = 0
    failed: LetterRun | None = None
    print: LetterRun | None = None
    printed: LetterRun | None = None
    not_sent: tuple[tuple[Placed, str], ...] = ()
    recorded: tuple[LetterSent, ...] = ()
    elsewhere: tuple[tuple[Placed, tuple[tuple[LetterBatch, LetterRun | None], ...]], ...] = ()


def standing(batch: LetterBatch, rows: Sequence[Placed]) -> Standing:
    """How ``batch``, whose letters are ``rows``, stands."""
    last = batch.runs.defer("file").select_related("asked_by").first()
    if last is not None and last.is_under_way:
        return Standing(under_way=last, dealt_with=last.letters.count())
    return Standing(
        failed=last if last is not None and last.state == LetterRun.State.FAILED else None,
        print=current_print(batch, rows),
        printed=last_prints([batch.pk]).get(batch.pk),
        not_sent=_not_sent(batch, rows),
        recorded=tuple(recorded_by(batch).values()),
        elsewhere=_elsewhere(batch, rows),
    )


def _not_sent(batch: LetterBatch, rows: Sequence[Placed]) -> tuple[tuple[Placed, str], ...]:
    """What the last recording could not record on its day; gone once the letter is sent, or must not go out."""
    run = batch.runs.defer("file").filter(kind__in=(LetterRun.Kind.SEND, LetterRun.Kind.UNSEND)).first()
    if run is None or run.on is None:
        return ()
    why = dict(run.letters.exclude(left_out="").values_list("letter_id", "left_out"))
    found = []
    for row in rows:
        approved, reason = row.letter.approved_at, why.get(row.letter.pk, "")
        # A draft of that hour was not meant to go with the others, whatever has become of it since.
        if reason and row.waits and approved and approved <= run.asked_at and clock.day_of(approved) > run.on:
            found.append((row, reason))
    return tuple(found)


def _elsewhere(
    batch: LetterBatch, rows: Sequence[Placed]
) -> tuple[tuple[Placed, tuple[tuple[LetterBatch, LetterRun | None], ...]], ...]:
    waiting = [row for row in rows if row.waits]
    others = batches_of([row.letter for row in waiting], but=batch)
    prints = last_prints({one.pk for found in others.values() for one in found})
    return tuple(
        (row, tuple((one, prints.get(one.pk)) for one in others[row.letter.pk]))
        for row in waiting
        if row.letter.pk in others
    )


def outgoing(run: LetterRun, rows: Sequence[Placed]) -> list[Placed]:
    """Those of ``rows`` that a print like ``run`` has now: only one that prints again has what is sent already."""
    again = run.kind == LetterRun.Kind.REPRINT
    return [row for row in rows if row.waits or (again and not row.left_out)]


def current_print(batch: LetterBatch, rows: Sequence[Placed]) -> LetterRun | None:
    """The newest print of a batch, without its file, if that has every letter that may go out now and no other."""
    made = batch.runs.filter(kind__in=PRINTS, state=LetterRun.State.DONE)
    made = made.filter(file_until__gt=clock.now()).exclude(file=None)
    run = made.defer("file").select_related("asked_by").first()
    if run is None:
        return None
    printed = list(run.letters.filter(left_out="").values_list("place", "letter_id"))
    return run if printed == [(row.place, row.letter.pk) for row in outgoing(run, rows)] else None


def file_of(run: LetterRun) -> bytes | None:
    """The file of a print, asked for now; None where it has been removed since the run was read."""
    file = LetterRun.objects.filter(pk=run.pk).values_list("file", flat=True).first()
    return None if file is None else bytes(file)


def open_runs() -> list[int]:
    """The runs that are not at their end, the oldest first."""
    return list(LetterRun.objects.filter(state__in=UNDER_WAY).order_by("pk").values_list("pk", flat=True))
