"""What is known of letters before they are put into a batch: sent, in a batch that waits, not to go out at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openfls.record.pathway import NotPossible
from openfls.service.models import Letter, LetterBatch, LetterInBatch, LetterSent
from openfls.service.posting import sending_of, why_not_out, why_not_to


@dataclass(frozen=True, slots=True)
class Known:
    """A letter that somebody has to be told something of first.

    ``not_out``: why it must not go out, whatever anybody says. ``sending``: that it is sent. ``waits_in``: the batches
    in which it stands, of a letter that is not sent: it may be in the post from there.
    """

    letter: Letter
    not_out: str
    sending: LetterSent | None
    waits_in: tuple[LetterBatch, ...]


class AskFirst(NotPossible):
    """Of ``known`` the one who asks must be told; ``free`` are the others, of which nothing is known."""

    def __init__(self, letters: Sequence[Letter], known: Sequence[Known]) -> None:
        super().__init__("Letters of these are sent already, stand in another batch, or must not go out.")
        self.known = tuple(known)
        asked = {one.letter.pk for one in known}
        self.free = tuple(letter for letter in letters if letter.pk not in asked)


def known_of(letters: Sequence[Letter]) -> list[Known]:
    """Those of ``letters`` of which something is known."""
    waits_in = batches_of(letters)
    rows = []
    for letter in letters:
        sending = sending_of(letter)
        not_out = why_not_out(letter) if letter.approved_at else why_not_to(letter)
        row = Known(letter, not_out, sending, () if sending else waits_in.get(letter.pk, ()))
        if row.not_out or row.sending or row.waits_in:
            rows.append(row)
    return rows


def batches_of(
    letters: Sequence[Letter], but: LetterBatch | None = None
) -> dict[object, tuple[LetterBatch, ...]]:
    """The batches in which letters stand, by the letter's key, without ``but``; the newest first."""
    found: dict[object, tuple[LetterBatch, ...]] = {}
    places = LetterInBatch.objects.filter(letter__in=[letter.pk for letter in letters]).order_by("-batch_id")
    for place in places.select_related("batch__made_by"):
        if but is None or place.batch_id != but.pk:
            found[place.letter_id] = (*found.get(place.letter_id, ()), place.batch)
    return found
