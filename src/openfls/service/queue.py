"""A list as somebody asked for it: filtered, in an order, and what comes after the one that she has just decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Case, Exists, F, Max, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Lower

from openfls.record.feeds import SourceKind
from openfls.record.findings import FractureAge, Triage
from openfls.record.imminent import RECENT_DAYS, SITES, Broken, Imminent, imminent
from openfls.record.sites import Site
from openfls.service.models import Episode, Fracture, SourceRecord


class Sort(StrEnum):
    """The order of a list."""

    DAYS = "days"
    RISK = "risk"
    NAME = "name"

    @property
    def label(self) -> str:
        """The words a page shows."""
        return {
            Sort.DAYS: "Fewest days left",
            Sort.RISK: "Hip or spine, latest first",
            Sort.NAME: "Name",
        }[self]


class Stream(StrEnum):
    """Part of the list by how a fracture came to light."""

    INCIDENTAL = "incidental"
    EXPECTED = "expected"

    @property
    def label(self) -> str:
        """The words a page shows."""
        return {
            Stream.INCIDENTAL: "Spine, found by chance",
            Stream.EXPECTED: "Looked for",
        }[self]


@dataclass(frozen=True, slots=True)
class Wish:
    """Which part of a list, in which order; an empty text asks for all."""

    site: str = ""
    triage: str = ""
    source: str = ""
    stream: str = ""
    sort: Sort = Sort.DAYS

    @classmethod
    def of(cls, told: Mapping[str, str]) -> Wish:
        """The wish in an address. What the address says wrongly counts as not said."""

        def one(name: str, kind: type[StrEnum]) -> str:
            value = told.get(name, "")
            return value if value in set(kind) else ""

        return cls(
            site=one("site", Site),
            triage=one("triage", Triage),
            source=one("source", SourceKind),
            stream=one("stream", Stream),
            sort=Sort(one("sort", Sort) or Sort.DAYS),
        )

    @property
    def query(self) -> dict[str, str]:
        """The wish for an address; what is usual is left out."""
        told = {field.name: str(getattr(self, field.name)) for field in fields(self)}
        return {name: value for name, value in told.items() if value and value != Sort.DAYS}

    @property
    def is_part(self) -> bool:
        """Whether it asks for less than the whole list."""
        return bool(self.site or self.triage or self.source or self.stream)


def chosen(rows: QuerySet[Episode], wish: Wish, today: date, *, put_away: bool = False) -> QuerySet[Episode]:
    """The part of ``rows`` that is wished for, in its order; no episode twice.

    Rows that are ``put_away`` hold no promise, so their order by it is the one in which they come.
    """
    if wish.site:
        rows = rows.filter(Exists(Fracture.objects.filter(episode=OuterRef("pk"), site=wish.site)))
    if wish.triage:
        rows = rows.filter(triage=wish.triage)
    if wish.source:
        told = SourceRecord.objects.filter(
            fractures__episode=OuterRef("pk"), kind=wish.source, superseded=False
        )
        rows = rows.filter(Exists(told))
    if wish.stream:
        rows = rows.filter(incidental="") if wish.stream == Stream.EXPECTED else rows.exclude(incidental="")
    if put_away and wish.sort is Sort.DAYS:
        return rows
    return _ordered(rows, wish.sort, today)


def _ordered(rows: QuerySet[Episode], sort: Sort, today: date) -> QuerySet[Episode]:
    if sort is Sort.NAME:
        return rows.order_by(Lower("person__family_name"), Lower("person__given_name"), "index_date", "pk")
    if sort is Sort.RISK:
        # The day that `record.imminent` finds, asked of the database; a test holds the two together.
        latest = Max(
            "fractures__on",
            filter=Q(
                fractures__site__in=SITES,
                fractures__age=FractureAge.NEW,
                fractures__on__range=(today - timedelta(days=RECENT_DAYS), today),
            ),
        )
        return rows.annotate(risk_on=latest).order_by(F("risk_on").desc(nulls_last=True), "index_date", "pk")
    # A day in the future is a slip of its sender's: how many days are left nobody knows, so it comes first.
    ahead = Case(When(index_date__gt=today, then=Value(0)), default=Value(1))
    return rows.order_by(ahead, "due", "index_date", "pk")


def risk_of(episode: Episode, today: date) -> Imminent | None:
    """Why a further fracture may be near; None where nothing recent says so."""
    return imminent(
        (Broken(Site(row.site), row.on, FractureAge(row.age)) for row in episode.fractures.all()),
        today,
    )


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where one episode stands in a list: its place from 1 (0 where it is not on it), how many there are, and the
    key of the next; None at the end."""

    place: int
    total: int
    following: object | None


def neighbours(rows: QuerySet[Episode], episode: Episode) -> Neighbours:
    """Where ``episode`` stands in ``rows``. From one that is not on the list the first is next."""
    keys = list(rows.values_list("pk", flat=True))
    place = keys.index(episode.pk) + 1 if episode.pk in keys else 0
    return Neighbours(place, len(keys), keys[place] if place < len(keys) else None)
