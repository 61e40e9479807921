"""What the writer of a letter chooses and adds by hand, kept apart from what the record says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from openfls.information.leaflet import Leaflet, leaflets, leaflets_for
from openfls.information.letter import TO_THE_PERSON, Addition, Letter, LetterKind, Paragraph, TextSize
from openfls.information.phrases import uk_date
from openfls.information.words import say
from openfls.record.pathway import NotPossible

NOTE_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class Own:
    """Size of print, a note with the name of who wrote it, and the keys of the leaflets that go with the letter."""

    text_size: TextSize = TextSize.NORMAL
    note: str = ""
    note_by: str = ""
    enclosed: tuple[str, ...] = ()

    @property
    def leaflets(self) -> tuple[Leaflet, ...]:
        """The leaflets themselves; one that is no longer published is left out."""
        every = leaflets()
        return tuple(every[key] for key in self.enclosed if key in every)

    @property
    def titles(self) -> tuple[str, ...]:
        """What the letter says is enclosed."""
        return tuple(leaflet.title for leaflet in self.leaflets)


NOTHING_OWN = Own()


def own_of(kept: dict[str, Any]) -> Own:
    """`Own` as it is kept in a letter's row."""
    return Own(
        TextSize(kept.get("text_size", TextSize.NORMAL)),
        kept.get("note", ""),
        kept.get("note_by", ""),
        tuple(kept.get("enclosed", ())),
    )


def own_to_keep(own: Own) -> dict[str, Any]:
    """`Own` for a letter's row."""
    return {
        "text_size": str(own.text_size),
        "note": own.note,
        "note_by": own.note_by if own.note else "",
        "enclosed": list(own.enclosed),
    }


def check_own(kind: LetterKind, own: Own) -> None:
    """Raise `NotPossible` where a letter of ``kind`` cannot have this, and why."""
    if own.text_size is not TextSize.NORMAL and kind not in TO_THE_PERSON:
        raise NotPossible("Large print and easy read are for letters to the person.")
    if own.enclosed and kind not in TO_THE_PERSON:
        raise NotPossible("Leaflets go with letters to the person.")
    if len(own.note) > NOTE_LENGTH:
        raise NotPossible(f"A note has {NOTE_LENGTH} characters or fewer; these are {len(own.note)}.")
    unknown = [key for key in own.enclosed if key not in leaflets()]
    if unknown:
        raise NotPossible(f"There is no leaflet “{unknown[0]}”.")


def offered(kind: LetterKind, drug: str) -> tuple[Leaflet, ...]:
    """The leaflets that may go with a letter of ``kind``: those of the drug of the plan first."""
    return leaflets_for(drug) if kind in TO_THE_PERSON else ()


def with_own(value: Letter, own: Own, replaced: date | None) -> Letter:
    """The letter with the line on what it replaces before it, and the note after all that was generated."""
    blocks = value.blocks
    if replaced:
        words = say("letter.takes_the_place", value.language, date=uk_date(replaced, value.language))
        blocks = (Paragraph(words), *blocks)
    note = paragraphs(own.note)
    if note:
        title = say("letter.note_from", value.language, name=own.note_by)
        blocks = (*blocks, Addition(title, note))
    return replace(value, blocks=blocks)


def paragraphs(note: str) -> tuple[str, ...]:
    """The paragraphs of a typed note: blank lines part them."""
    return tuple(_joined(part.splitlines()) for part in note.replace("\r", "").split("\n\n") if part.strip())


def _joined(lines: Iterable[str]) -> str:
    return "\n".join(line.strip() for line in lines if line.strip())
