"""What was kept about a person since another's record was put into hers: to be placed when the two are taken apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Max

from openfls.record.pathway import State
from openfls.record.reasons import Channel, ContactOutcome
from openfls.service import clock
from openfls.service.feeds.contradictions import as_kept, standing
from openfls.service.feeds.values import observation_from
from openfls.service.models import (
    Answer,
    Contact,
    Episode,
    FeedRow,
    Letter,
    MergedPerson,
    RowDecision,
    SourceRecord,
)

STAYS, GOES = "stays", "goes"
"""Where something kept since belongs: to the record that it stands in now, or to the one that comes back."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something kept since the two were put together. ``suggested`` is where its numbers say it belongs, or `STAYS`."""

    key: str
    kind: str
    words: str
    detail: str = ""
    suggested: str = STAYS


@dataclass(frozen=True, slots=True)
class Since:
    """All that must be placed, and what goes back by itself."""

    items: tuple[Item, ...]
    back: Mapping[str, int] = field(default_factory=dict)


def since(merged: MergedPerson) -> Since:
    """What was kept since the merge, and how much goes back, by kind."""
    new = _New(merged)
    items = [
        *_details(merged),
        *(_of_episode(each) for each in new.rows(Episode, "episode") if not _is_untouched(each)),
        *(_of_answers(each, merged) for each in _answered_since(merged)),
        *(
            Item(
                f"letter {each.pk}", "Letter", each.content["subject"], f"written {each.written_at:%d %B %Y}"
            )
            for each in new.rows(Letter, "letter")
        ),
        *(
            Item(
                f"contact {each.pk}",
                "Contact",
                f"{Channel(each.channel).label}: {ContactOutcome(each.outcome).label}",
                f"{each.on:%d %B %Y}",
            )
            for each in new.rows(Contact, "contact")
        ),
        *(_of_row(each, merged) for each in new.rows(FeedRow, "feed_row") if not _is_the_merge(each)),
    ]
    back = {table: len(keys) for table, keys in merged.moved.items() if table in _TOLD_BACK}
    return Since(tuple(items), {_TOLD_BACK[table][number != 1]: number for table, number in back.items()})


_TOLD_BACK = {
    "person_identifier": ("number", "numbers"),
    "feed_row": ("row of a feed", "rows of feeds"),
    "episode": ("episode", "episodes"),
    "fracture": ("fracture", "fractures"),
    "letter": ("letter", "letters"),
    "contact": ("contact", "contacts"),
}


DETAILS = {
    "family_name": "Family name",
    "given_name": "Given name",
    "birth_date": "Date of birth",
    "sex": "Sex",
    "deceased": "Death",
    "deceased_on": "Date of death",
    "address": "Address",
    "postcode": "Postcode",
    "telephone": "Telephone",
    "general_practice": "General practice",
}


def _details(merged: MergedPerson) -> list[Item]:
    """What feeds have told since of who the person is, where she lives, that she has died: of which of the two?

    What neither of the two had then, and nobody put right by hand, came since.
    """
    was: Mapping[str, Any] = merged.before.get("keep_was", {})
    by_hand = standing(merged.into)
    found = []
    for name, label in DETAILS.items():
        now = getattr(merged.into, name)
        if not was or name in by_hand or as_kept(now) in (was.get(name), merged.was.get(name)):
            continue
        shown = f"{now:%d %B %Y}" if isinstance(now, date) else "has died" if now is True else str(now)
        found.append(Item(f"detail {name}", f"{label} told since", shown or "not known"))
    return found


class _New:
    """What the person holds now and neither of the two held when they were put together."""

    def __init__(self, merged: MergedPerson) -> None:
        self._merged = merged
        self._own: Mapping[str, list[str]] = merged.before.get("own", {})

    def rows(self, model: type[Any], table: str) -> list[Any]:
        if not self._own:
            return self._by_its_time(model, table)
        known = {*self._own.get(table, ()), *self._merged.moved.get(table, ())}
        rows = model.objects.filter(person=self._merged.into).order_by("pk")
        return [each for each in rows if str(each.pk) not in known]

    def _by_its_time(self, model: type[Any], table: str) -> list[Any]:
        """For those put together before it was kept what each held: what did not come from there and is younger.

        Whole days, so that nothing of the day itself is passed by; somebody places what is shown.
        """
        day = clock.day_of(self._merged.at)
        rows = model.objects.filter(person=self._merged.into, **{_SINCE[table]: day}).order_by("pk")
        return [each for each in rows if str(each.pk) not in self._merged.moved.get(table, ())]


_SINCE = {
    "episode": "found_on__gte",
    "letter": "written_at__date__gte",
    "contact": "on__gte",
    "feed_row": "delivery__received_at__date__gte",
}
"""When each was kept."""


def untouched_since(merged: MergedPerson) -> list[Episode]:
    """Found episodes that nobody has done anything with: they go where the rows go that tell of them."""
    return [each for each in _New(merged).rows(Episode, "episode") if _is_untouched(each)]


def _is_untouched(episode: Episode) -> bool:
    done = episode.contacts.exists() or episode.letters.exists()
    return episode.state in (State.FOUND, State.NOT_FOR_US) and not done and episode.statuses.count() == 1


def _of_episode(episode: Episode) -> Item:
    words = "; ".join(bone.words for bone in episode.fractures.all())
    return Item(
        f"episode {episode.pk}",
        "Episode with its assessment, plan and reviews",
        f"{words}, {episode.index_date:%d %B %Y}",
        episode.place.list_title,
    )


def _answered_since(merged: MergedPerson) -> list[Episode]:
    """Episodes that were there before and whose assessment was answered since."""
    own = merged.before.get("own")
    if own:
        known = {*own.get("episode", ()), *merged.moved.get("episode", ())}
    else:
        earlier = Episode.objects.filter(
            person=merged.into, found_on__lt=clock.day_of(merged.at)
        ).values_list("pk", flat=True)
        known = {*map(str, earlier), *merged.moved.get("episode", ())}
    answered = Answer.objects.filter(assessment__episode__person=merged.into, at__gt=merged.at)
    keys = answered.values_list("assessment__episode", flat=True).distinct()
    return [each for each in Episode.objects.filter(pk__in=keys) if str(each.pk) in known]


def _of_answers(episode: Episode, merged: MergedPerson) -> Item:
    answers = Answer.objects.filter(assessment__episode=episode, at__gt=merged.at)
    last = answers.aggregate(last=Max("at"))["last"]
    return Item(
        f"answers {episode.pk}",
        "Answers of an assessment",
        f"{answers.count()} answers about {episode.index_fracture.words}",
        f"last {last:%d %B %Y}",
        GOES if str(episode.pk) in merged.moved.get("episode", ()) else STAYS,
    )


def _is_the_merge(row: FeedRow) -> bool:
    return row.decisions.filter(kind=RowDecision.Kind.SAME_PERSON).exists()


def _of_row(row: FeedRow, merged: MergedPerson) -> Item:
    record = SourceRecord.objects.filter(row=row).first()
    numbers = {
        f"{each.system}|{each.value}"
        for each in (observation_from(record.observation).person.identifiers if record else ())
    }
    theirs, ours = (
        set(merged.moved.get("person_identifier", ())),
        set(merged.before.get("own", {}).get("person_identifier", ())),
    )
    goes = bool(numbers & (theirs - ours)) and not numbers & (ours - theirs)
    what = record.display or record.text[:80] if record else ""
    return Item(
        f"feed_row {row.pk}",
        "Row of a feed",
        f"{row.get_kind_display()}: {what}".strip(": "),
        row.position,
        GOES if goes else STAYS,
    )
