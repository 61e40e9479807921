"""The door for what a person says of herself: it waits beside the field until somebody of the service accepts it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from openfls.record.people import age_on
from openfls.record.questions import NotAnAnswer, Question, Value, by_field
from openfls.service import clock
from openfls.service.checks import contradictions, query_of
from openfls.service.claims import Claim, Known, same_value
from openfls.service.models import Episode, Person, ToldValue

THE_PERSON = "said by the person"


def person_says(
    *, person: Person, field: str, value: Value, on: date, reference: str, source: str = THE_PERSON
) -> ToldValue | None:
    """Keep what the person said of a field, waiting to be accepted; called within an action, which writes its event.

    ``value`` is typed (`record.questions.read_answer`), ``reference`` names the questionnaire. What was said under the
    same reference before and still waits is replaced; None takes it back and keeps nothing.

    Raises:
        KeyError: there is no such question.
    """
    by_field()[field]
    waiting = ToldValue.objects.filter(
        person=person, field=field, reference=reference, state=ToldValue.State.WAITING
    )
    same: ToldValue | None = waiting.filter(value=value, taken_on=on).first()
    if same is not None:
        return same
    waiting.update(state=ToldValue.State.REPLACED)
    if value is None:
        return None
    made: ToldValue = ToldValue.objects.create(
        service_id=person.service_id,
        person=person,
        field=field,
        value=value,
        taken_on=on,
        origin=ToldValue.Origin.PERSON,
        source=source[:200],
        reference=reference[:400],
        recorded_at=clock.now(),
        state=ToldValue.State.WAITING,
    )
    return made


def waiting_for(episode: Episode) -> list[ToldValue]:
    """What the person said and nobody has looked at, in the order of the questions."""
    order = {field: number for number, field in enumerate(by_field())}
    rows = ToldValue.objects.filter(person=episode.person_id, state=ToldValue.State.WAITING)
    return sorted(rows, key=lambda row: (order.get(row.field, len(order)), row.pk))


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why one answer of the person is not taken over with the others.

    ``instead`` names what counts now and would be replaced (`Claim.key`); whoever accepts must have seen it. ``clash``:
    it contradicts other answers, and cannot be accepted before one of them is mended.
    """

    words: str
    instead: str = ""
    clash: bool = False


def doubts(known: Mapping[str, Known], today: date, age: int | None = None) -> dict[str, Doubt]:
    """The doubts about what waits, by the key of its claim; what is not in it may be accepted with all others."""
    clashing = _clashes(known, today)
    found: dict[str, Doubt] = {}
    for field, one in known.items():
        question = by_field().get(field)
        if question is None:
            continue
        for claim in one.waiting:
            doubt = _doubt(question, one, claim, clashing.get(field, ""), age)
            if doubt is not None:
                found[claim.key] = doubt
    return found


def doubts_of(episode: Episode, known: Mapping[str, Known], today: date) -> dict[str, Doubt]:
    """The same, with the age of the episode's person."""
    born = episode.person.birth_date
    return doubts(known, today, age_on(born, today) if born else None)


def agrees(known: Known | None, value: Value) -> bool:
    """Whether the person says what counts already."""
    return known is not None and known.counts is not None and same_value(known.value, value)


def _doubt(question: Question, one: Known, claim: Claim, clash: str, age: int | None) -> Doubt | None:
    instead = "+".join(sorted(rival.key for rival in one.rivals)) or (
        (one.counts.key or one.counts.kind) if one.counts and not agrees(one, claim.value) else ""
    )
    if clash:
        return Doubt(clash, instead, clash=True)
    words = []
    if one.rivals:
        words.append("Other sources disagree about this already.")
    elif instead and one.counts is not None:
        words.append(_differs(question, one.counts, claim))
    if any(not same_value(other.value, claim.value) for other in one.waiting):
        words.append("The person has given different answers to this.")
    try:
        odd = "" if agrees(one, claim.value) else query_of(question.field, claim.value, age)
    except NotAnAnswer as error:
        return Doubt(str(error), instead, clash=True)
    words += [odd] if odd else []
    return Doubt(" ".join(words), instead) if words else None


def _differs(question: Question, counts: Claim, claim: Claim) -> str:
    who = f"{counts.source} by {counts.by}" if counts.by else counts.source
    day = f"{counts.on.day} {counts.on:%B %Y}"
    age = "" if counts.on == claim.on else ", newer" if counts.on > claim.on else ", older"
    return f"On record stands {counts.words(question)} ({who}, {day}{age}). Choose which of the two counts."


def _goes_against(field: str, values: Mapping[str, Value]) -> str:
    question = by_field()[field]
    return f"This does not go with “{question.label}: {question.words(values.get(field))}”."


def _clashes(known: Mapping[str, Known], today: date) -> dict[str, str]:
    """Of the fields that wait, those whose answer goes against another one, with the words of it."""
    stands = {field: one.value for field, one in known.items()}
    told = {field: one.waiting[-1].value for field, one in known.items() if one.waiting}
    before = contradictions(stands, today)
    together = contradictions({**stands, **told}, today)
    found: dict[str, str] = {}
    for field, why in together.items():
        if before.get(field) == why:
            continue
        for part in told:
            without = contradictions({**stands, **{f: v for f, v in told.items() if f != part}}, today)
            if without.get(field) != why:
                found.setdefault(part, why if part == field else _goes_against(field, {**stands, **told}))
    return found
