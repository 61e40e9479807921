"""A laboratory's own codes: what came under them, what they mean, and what a meaning would make of it.

The reader tells of such a result as it was sent (`record.feeds.Unread`) and knows no mapping, so that a file sent again
is known again whatever has been said of its codes. Here the meaning is laid over it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from openfls.identification.feeds.measured import as_mapped
from openfls.identification.results import our_catalogue
from openfls.identification.results.catalogue import unit_key
from openfls.investigation.ranges import Verdict, check_value, ranges
from openfls.record.feeds import Measured, Rejection
from openfls.record.questions import Question, by_field
from openfls.service.feeds.values import reading_from, to_json
from openfls.service.models import FeedRow, HeldResult, LabCode, Service

Key = tuple[str, str, str]
LOOKED_AT = 1_000
NO_USE = "of no use here, as your service has said"


@dataclass(frozen=True, slots=True)
class Group:
    """What waits under one code and unit of one sender. All but ``number`` is told of the newest `LOOKED_AT`."""

    teller: str
    code: str
    unit: str
    name: str
    number: int
    people: int
    first: date
    last: date
    lowest: float | None
    highest: float | None
    key: int


@dataclass(frozen=True, slots=True)
class Tried:
    """A meaning tried on what waits: how much could be taken in, its span in our unit, and why the rest could not."""

    question: Question
    number: int
    usable: int
    lowest: float | None
    highest: float | None
    examples: tuple[tuple[str, str], ...]
    refused: Mapping[str, int]
    odd: int


def meanings(service: Service) -> dict[Key, LabCode]:
    """What stands, by sender, code and unit."""
    rows = LabCode.objects.filter(service=service, ended_at=None)
    return {(row.teller, row.code, row.unit): row for row in rows}


def key_of(reading: Rejection) -> Key:
    """Sender, code and unit of a result under its sender's own code."""
    sent = reading.unread
    assert sent is not None
    return sent.teller, sent.code, sent.unit


def as_meant(reading: Rejection, meaning: LabCode | None) -> Measured | Rejection:
    """The result by a meaning; as it came where there is none."""
    if meaning is None:
        return reading
    if not meaning.field:
        sent = reading.unread
        assert sent is not None
        return Rejection(reading.source, f"result {sent.name or sent.code}: {NO_USE}", reading.person)
    return as_mapped(reading, meaning.field, meaning.as_unit, our_catalogue())


def held(row: FeedRow, reading: Rejection, meaning: LabCode | None) -> HeldResult:
    """What was sent, to be kept; not saved yet."""
    teller, code, unit = key_of(reading)
    return HeldResult(
        row=row,
        service_id=row.service_id,
        teller=teller,
        code=code,
        unit=unit,
        reading=to_json(reading),
        lab_code=meaning,
    )


def waiting_of(service: Service, key: Key) -> list[HeldResult]:
    """What waits under a code, in the order in which it came."""
    return list(_waiting(service, key).select_related("row__service").order_by("row_id"))


def _waiting(service: Service, key: Key) -> QuerySet[HeldResult]:
    teller, code, unit = key
    return HeldResult.objects.filter(service=service, lab_code=None, teller=teller, code=code, unit=unit)


def groups(service: Service) -> list[Group]:
    """Everything that waits, by code, the most first."""
    counted = (
        HeldResult.objects.filter(service=service, lab_code=None)
        .values("teller", "code", "unit")
        .annotate(number=Count("pk"))
        .order_by("-number", "teller", "code")
    )
    found = [_group(service, (row["teller"], row["code"], row["unit"])) for row in counted]
    return [one for one in found if one is not None]


def group_of(service: Service, key: Key) -> Group | None:
    """What waits under one code; None where nothing does."""
    return _group(service, key)


def _group(service: Service, key: Key) -> Group | None:
    waiting = _waiting(service, key)
    rows = list(waiting.order_by("-row_id")[:LOOKED_AT])
    if not rows:
        return None
    sent = [_sent(row) for row in rows]
    days = [date.fromisoformat(each["on"]) for each in sent]
    values = [number for each in sent if (number := _number(each["value"])) is not None]
    people = {str(row.reading["person"]["identifiers"]) for row in rows}
    return Group(
        *key[:2],
        key[2],
        name=sent[0]["name"],
        number=len(rows) if len(rows) < LOOKED_AT else waiting.count(),
        people=len(people),
        first=min(days),
        last=max(days),
        lowest=min(values, default=None),
        highest=max(values, default=None),
        key=rows[0].pk,
    )


def _sent(row: HeldResult) -> dict[str, Any]:
    unread: dict[str, Any] = row.reading["unread"]
    return unread


def _number(value: str) -> float | None:
    try:
        return float(value.lstrip("<>= ").replace(",", ".").replace("−", "-"))
    except ValueError:
        return None


def tried(service: Service, key: Key, field: str, unit: str) -> Tried:
    """What a meaning would make of what waits. Nothing is written."""
    rows = waiting_of(service, key)
    question = by_field()[field]
    examples: list[tuple[str, str]] = []
    refused: dict[str, int] = {}
    values: list[float] = []
    usable = odd = 0
    for row in rows:
        reading = reading_from(row.reading)
        assert isinstance(reading, Rejection)
        found = as_mapped(reading, field, unit, our_catalogue())
        why, unusual = _why_not(found)
        if why:
            refused[why] = refused.get(why, 0) + 1
            continue
        assert isinstance(found, Measured)
        usable, odd = usable + 1, odd + unusual
        if isinstance(found.value, int | float):
            values.append(float(found.value))
        if len(examples) < 5:
            examples.append((found.as_sent, f"{found.comparator}{question.words(found.value)}"))
    return Tried(
        question,
        len(rows),
        usable,
        min(values, default=None),
        max(values, default=None),
        tuple(examples),
        refused,
        odd,
    )


def _why_not(found: Measured | Rejection) -> tuple[str, bool]:
    """Why a result cannot be taken in, empty where it can, and whether it is unusual."""
    if isinstance(found, Rejection):
        return found.reason.partition(": ")[2] or found.reason, False
    if found.field not in ranges() or isinstance(found.value, str):
        return "", False
    check = check_value(found.field, float(found.value))
    if check.verdict is Verdict.REFUSE:
        limits = ranges()[found.field]
        return f"not within {limits.refuse_below:g} to {limits.refuse_above:g} {limits.unit}".strip(), False
    return "", check.verdict is Verdict.QUERY


def fields() -> dict[str, Question]:
    """The fields that a number of a laboratory may mean, in the order of the questions."""
    numbers = {
        name for name, one in our_catalogue().quantities.items() if not one.words and one.grades is None
    }
    return {name: question for name, question in by_field().items() if name in numbers}


def units(field: str, sent: str = "") -> tuple[str, ...]:
    """The units that are converted for a field, one for each factor; the empty one for a quantity without.

    Where ``sent`` is a unit that we know, only the same one: none where the field is not told in it.
    """
    first: dict[float, str] = {}
    factors = our_catalogue().quantity(field).factors
    for unit, factor in factors.items():
        first.setdefault(factor, unit)
    key = unit_key(sent)
    if key and key in factors:
        return (first[factors[key]],)
    return () if key and key in _every_unit() else tuple(first.values())


def unit_words(field: str, unit: str) -> str:
    """A unit of ours as a reader writes it."""
    return our_catalogue().quantity(field).spelt.get(unit, unit)


def _every_unit() -> frozenset[str]:
    return frozenset(unit for one in our_catalogue().quantities.values() for unit in one.factors)


def unit_like(field: str, sent: str) -> str | None:
    """The unit of ours that a sender's is written like; None where it is not among them."""
    factors = our_catalogue().quantity(field).factors
    factor = factors.get(unit_key(sent))
    return next((unit for unit in units(field) if factors[unit] == factor), None)
