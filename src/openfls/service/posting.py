"""Which letters wait to be signed, printed or sent, which must not go out any more, and batches as one file."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Max, Prefetch, Q, QuerySet

from openfls.information.as_pdf import Sheet, render_bundle
from openfls.information.letter import TO_THE_PERSON, LetterKind, TextSize
from openfls.information.words import say
from openfls.service import clock
from openfls.service.flags import why_no_contact
from openfls.service.letter_own import own_of
from openfls.service.letters import is_as_locked, value_of
from openfls.service.models import Letter, LetterBatch, LetterSent, Service

BATCH_AT_MOST = 200
PAGE = 20
"""Letters of a batch that stand on one page, and so are signed at once."""


@dataclass(frozen=True, slots=True)
class PostList:
    """A list of letters: its key, its title, and what is said when it is empty."""

    key: str
    title: str
    when_empty: str


POST_LISTS = (
    PostList("to-approve", "To approve", "No letter waits to be approved."),
    PostList("to-send", "Approved, not sent", "Every approved letter has been sent."),
    PostList("sent", "Sent", "No letter has been recorded as sent yet."),
)
BY_KEY = {one.key: one for one in POST_LISTS}

NOT_REPLACED = Q(replaced_by=None) | Q(replaced_by__approved_at=None)
_STANDING = LetterSent.objects.filter(taken_back_at=None).select_related("by")


def letters_on(service: Service, key: str) -> QuerySet[Letter]:
    """The letters of a list; the oldest first, but the last sent first."""
    rows = (
        Letter.objects.filter(service=service)
        .filter(NOT_REPLACED)
        .select_related("person", "written_by", "approved_by")
        .prefetch_related(
            "person__flags", "batch_places", Prefetch("sendings", _STANDING, to_attr="standing")
        )
    )
    if key == "to-approve":
        return rows.filter(approved_at=None).order_by("written_at", "pk")
    sent = LetterSent.objects.filter(service=service, taken_back_at=None).values("letter")
    if key == "sent":
        return rows.filter(pk__in=sent).order_by("-approved_at", "pk")
    return rows.exclude(approved_at=None).exclude(pk__in=sent).order_by("approved_at", "pk")


def why_not_out(letter: Letter) -> str:
    """Why an approved letter must not be printed for the post or recorded as sent now; empty where it may.

    What was true when it was signed may be true no more: the person may have died or asked for no contact since.
    """
    if letter.approved_at is None:
        return "it is not approved"
    if not is_as_locked(letter):
        return "it is not what was locked; tell whoever runs the system"
    if is_replaced(letter):
        return "a newer letter has replaced it"
    return why_not_to(letter)


def why_not_to(letter: Letter) -> str:
    """Why this letter, draft or approved, must not go out for the sake of whom it is about; empty where it may."""
    reason = why_no_contact(letter.person)
    if not reason:
        return ""
    kind = LetterKind(letter.kind)
    if kind in TO_THE_PERSON or (letter.person.deceased and kind is not LetterKind.GP):
        return reason
    name = f"{letter.person.given_name} {letter.person.family_name}".strip()
    copied = name in value_of(letter).copies
    return f"{reason}, and this letter has a copy for them; issue it again" if copied else ""


def is_replaced(letter: Letter) -> bool:
    """Whether an approved letter stands in its place."""
    newer = getattr(letter, "replaced_by", None)
    return newer is not None and newer.approved_at is not None


def sending_of(letter: Letter) -> LetterSent | None:
    """The standing record that it was sent."""
    return next((row for row in letter.sendings.all() if row.taken_back_at is None), None)


@dataclass(frozen=True, slots=True)
class Placed:
    """A letter of a batch with its place, and why it does not go out (empty where it may)."""

    place: int
    letter: Letter
    left_out: str

    @property
    def waits(self) -> bool:
        """Whether it may go out and is not recorded as sent."""
        return not self.left_out and sending_of(self.letter) is None


def placed(batch: LetterBatch, *, behind: int = 0, at_most: int | None = None) -> list[Placed]:
    """The letters of a batch in their order: all, or ``at_most`` of those ``behind`` a place."""
    rows = batch.places.select_related(
        "letter__person__service", "letter__approved_by", "letter__episode", "letter__replaced_by"
    ).prefetch_related("letter__person__flags", "letter__sendings")
    rows = rows.filter(place__gt=behind)[:at_most]
    return [Placed(row.place, row.letter, why_not_out(row.letter)) for row in rows]


def batch_pdf(batch: LetterBatch, rows: list[Placed]) -> bytes:
    """The letters of ``rows`` that may go out, each with its mark and its leaflets, as one file for the printer."""
    sheets: list[Sheet] = []
    # Of the places of the whole batch: a mark stays the same whatever is left out of this print.
    of = batch.places.aggregate(last=Max("place"))["last"]
    for row in rows:
        value, own = value_of(row.letter), own_of(row.letter.own)
        mark = say("letter.mark", value.language, batch=batch.pk, number=row.place, of=of)
        sheets.append(Sheet(value, mark=mark))
        size = own.text_size if own.text_size in TextSize else TextSize.NORMAL
        sheets += [Sheet(leaflet, mark=mark, text_size=size) for leaflet in own.leaflets]
    title = f"{batch.service.name}: {batch.pk}"
    return render_bundle(sheets, title, batch.service.name, clock.day_of(batch.made_at))
