"""What is wrong with a case, one line a fault, before anybody practises on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from openfls.record.people import nhs_number_digits
from openfls.training.checking import Fault
from openfls.training.patients.messages import BLOODS, SCAN
from openfls.training.patients.predicates import unknown
from openfls.training.patients.values import Case
from openfls.training.values import Bank

STAGES = ("find", "assess", "plan", "write", "follow up")
"""The stages of the way that a decision can fall in, in their order."""
MINUTES = (10, 15)


def check_cases(cases: Iterable[Case], bank: Bank) -> list[Fault]:
    """Every fault of every case."""
    return [Fault(case.where, id, reason) for case in cases for id, reason in _faults(case, bank)]


def _faults(case: Case, bank: Bank) -> Iterator[tuple[str, str]]:
    if not MINUTES[0] <= case.minutes <= MINUTES[1]:
        yield case.key, f"{case.minutes} minutes; a case takes {MINUTES[0]} to {MINUTES[1]}"
    yield from ((topic, "there is no such topic") for topic in case.topics if topic not in bank.topics)
    known = {one.id for topic in bank.topics.values() for one in topic.objectives}
    yield from ((one, "there is no such objective") for one in case.objectives if one not in known)
    for one in case.objectives:
        if one.partition(".")[0] not in case.topics:
            yield one, "its topic is none of the case's"
    for person in case.people:
        number = nhs_number_digits(person.nhs_number)
        if person.nhs_number and not number.startswith("999"):
            yield person.key, "an NHS number of a case is of the 999 test range"
    yield from _events(case)
    yield from _key(case)
    for path in ("expert", "careless"):
        if not case.paths.get(path):
            yield path, "the case does not say how it is played that way"


def _events(case: Case) -> Iterator[tuple[str, str]]:
    ids = [event.id for event in case.events]
    yield from ((id, "the id is used twice") for id in set(ids) if ids.count(id) > 1)
    if not any(event.day == 0 and event.has_feed and event.when is None for event in case.events):
        yield case.key, "nothing is delivered on the first day"
    for event in case.events:
        if not event.has_feed and not event.tells:
            yield event.id, "nothing happens in it"
        if event.person and event.person not in {person.key for person in case.people}:
            yield event.id, f"there is nobody called {event.person}"
        yield from (
            (event.id, f"the laboratory cannot send {name}")
            for name in event.bloods or ()
            if name not in BLOODS
        )
        yield from (
            (event.id, f"the scanner cannot send {name}") for name in event.scan or () if name not in SCAN
        )
        if event.when is not None:
            yield from ((event.id, reason) for reason in unknown(event.when))


def _key(case: Case) -> Iterator[tuple[str, str]]:
    ids = [*(one.id for one in case.decisions), *(one.id for one in case.dangers)]
    yield from ((id, "the id is used twice") for id in set(ids) if ids.count(id) > 1)
    if len(case.decisions) < 4:
        yield case.key, f"{len(case.decisions)} decisions; a case asks for at least four"
    if not case.dangers:
        yield case.key, "nothing in it is told as dangerous"
    for one in case.decisions:
        if one.stage not in STAGES:
            yield one.id, f"{one.stage!r} is none of {', '.join(STAGES)}"
        if one.weight < 1:
            yield one.id, "its weight is less than 1"
        if not one.sources:
            yield one.id, "it has no source"
        yield from ((one.id, reason) for reason in unknown(one.expect))
    for danger in case.dangers:
        if danger.penalty < 1:
            yield danger.id, "it costs nothing"
        if not danger.sources:
            yield danger.id, "it has no source"
        yield from ((danger.id, reason) for reason in unknown(danger.where))
