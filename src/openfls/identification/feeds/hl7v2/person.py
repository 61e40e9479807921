"""PID and PD1 as demographics, MRG as the person said to be the same."""

from __future__ import annotations

from openfls.identification.feeds.hl7v2.message import Message, Segment
from openfls.identification.feeds.numbers import NOT_A_PERSONS, compact_date, is_nhs_system, nhs_identifier
from openfls.record.people import Demographics, Identifier, Sex, is_valid_nhs_number

_SEXES = {"F": Sex.FEMALE, "M": Sex.MALE}


def person_of(message: Message) -> Demographics:
    """What the first PID of a message says; empty where there is none."""
    segment = message.first("PID")
    return demographics(segment, message) if segment is not None else Demographics()


def demographics(pid: Segment, message: Message) -> Demographics:
    """A PID segment as demographics."""
    numbers = [*identifiers(pid, 3, message)]
    if not numbers:
        numbers = [*identifiers(pid, 2, message), *identifiers(pid, 4, message)]
    if is_valid_nhs_number(pid.component(19, 1)):
        # Some UK senders put the NHS number in the field that elsewhere holds a social security number.
        numbers += filter(None, [nhs_identifier(pid.component(19, 1))])
    names = pid.repetitions(5)
    name = next((each for each in names if pid.part(each, 7) == "L"), names[0] if names else "")
    died_on = compact_date(pid.component(29, 1))
    practice = message.first("PD1")
    return Demographics(
        identifiers=tuple(dict.fromkeys(numbers)),
        family_name=pid.part(name, 1),
        given_name=" ".join(filter(None, [pid.part(name, 2), pid.part(name, 3)])),
        birth_date=compact_date(pid.component(7, 1)),
        sex=_SEXES.get(pid.component(8, 1).upper(), Sex.UNKNOWN),
        deceased=died_on is not None or pid.component(30, 1).upper() == "Y",
        deceased_on=died_on,
        address=", ".join(filter(None, [pid.component(11, 1), pid.component(11, 2), pid.component(11, 3)])),
        postcode=pid.component(11, 5),
        telephone=pid.component(13, 12) or pid.component(13, 1),
        general_practice=practice.component(3, 1) or practice.component(3, 3) if practice else "",
    )


def identifiers(segment: Segment, field: int, message: Message) -> list[Identifier]:
    """The numbers in a field of type CX that may name a person, under their assigning authority."""
    kept: list[Identifier] = []
    for repetition in segment.repetitions(field):
        value, kind = segment.part(repetition, 1), segment.part(repetition, 5).upper()
        authorities = [segment.part(repetition, 4, sub) for sub in (1, 2)]
        if not value or kind in NOT_A_PERSONS:
            continue
        if kind in ("NH", "NHS") or any(map(is_nhs_system, authorities)):
            kept += filter(None, [nhs_identifier(value)])
        else:
            sender = message.header.component(4, 1) or message.header.component(3, 1)
            kept.append(Identifier(next(filter(None, authorities), sender) or "hl7", value))
    return kept


def others(message: Message) -> list[Demographics]:
    """The people that MRG segments say are the same as the message's."""
    return [Demographics(identifiers=tuple(identifiers(each, 1, message))) for each in message.all("MRG")]
