"""How a batch stands with its runs, and whether a file that was made may still be handed out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openfls.service import clock
from openfls.service.letter_runs.beginning import UNDER_WAY
from openfls.service.models import LetterBatch, LetterRun
from openfls.service.posting import Placed


@dataclass(frozen=True, slots=True)
class Standing:
    """The runs of a batch that a page tells of.

    ``under_way`` goes on now, ``dealt_with`` of its letters are done. ``failed`` is the last one, where it failed.
    ``print`` has the file that still is what would be printed now. ``not_sent`` are the reasons for which the last
    recording passed approved letters by.
    """

    under_way: LetterRun | None = None
    dealt_with: int = 0
    failed: LetterRun | None = None
    print: LetterRun | None = None
    not_sent: tuple[str, ...] = ()


def standing(batch: LetterBatch, rows: Sequence[Placed]) -> Standing:
    """How ``batch``, whose letters are ``rows``, stands."""
    last = batch.runs.defer("file").select_related("asked_by").first()
    if last is None:
        return Standing()
    if last.is_under_way:
        return Standing(under_way=last, dealt_with=last.letters.count())
    failed = last if last.state == LetterRun.State.FAILED else None
    told = ()
    if last.kind == LetterRun.Kind.SEND:
        passed_by = last.letters.exclude(left_out__in=("", "it is recorded as sent already"))
        of_approved = passed_by.exclude(letter__approved_at=None)
        told = tuple(of_approved.order_by().values_list("left_out", flat=True).distinct())
    return Standing(failed=failed, print=current_print(batch, rows), not_sent=told)


def current_print(batch: LetterBatch, rows: Sequence[Placed]) -> LetterRun | None:
    """The newest print of a batch, without its file, if that has every letter that may go out now and no other."""
    made = batch.runs.filter(kind=LetterRun.Kind.PRINT, state=LetterRun.State.DONE)
    made = made.filter(file_until__gt=clock.now()).exclude(file=None)
    run = made.defer("file").select_related("asked_by").first()
    if run is None:
        return None
    printed = list(run.letters.filter(left_out="").values_list("place", "letter_id"))
    return run if printed == [(row.place, row.letter.pk) for row in rows if not row.left_out] else None


def open_runs() -> list[int]:
    """The runs that are not at their end, the oldest first."""
    return list(LetterRun.objects.filter(state__in=UNDER_WAY).order_by("pk").values_list("pk", flat=True))
