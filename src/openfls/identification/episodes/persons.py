"""One person out of what many records say: which values hold, what to call them, and who is somebody else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from datetime import date
from typing import TypeVar

from openfls.record.people import NHS_NUMBER, Demographics, Identifier, Sex

INVALID_NHS_NUMBER = "nhs_number (fails its check digit)"
"""The system of an NHS number that cannot be right: it is kept to be shown, and never matched on."""

PATIENT_ID = "patient id"
"""How the system of a FHIR server's own id of a person begins."""

T = TypeVar("T", bound=Hashable)


def matchable(person: Demographics) -> tuple[Identifier, ...]:
    """The identifiers by which two records may be known to be of one person."""
    return tuple(each for each in person.identifiers if each.value and each.system != INVALID_NHS_NUMBER)


def merged(told: Iterable[Demographics]) -> Demographics:
    """What all records together say of one person, whatever their order.

    The value told most often holds; on a tie the one that sorts first. A death told once is a death.
    Identifiers are kept all.
    """
    people = list(told)
    deaths = [person.deceased_on for person in people if person.deceased_on]
    sexes: list[Sex] = [person.sex for person in people if person.sex is not Sex.UNKNOWN]

    def text(field: str) -> str:
        return _commonest([value for person in people if (value := getattr(person, field))]) or ""

    return Demographics(
        identifiers=tuple(sorted({each for person in people for each in person.identifiers}, key=_by_system)),
        family_name=text("family_name"),
        given_name=text("given_name"),
        birth_date=_commonest([person.birth_date for person in people if person.birth_date]),
        sex=_commonest(sexes) or Sex.UNKNOWN,
        deceased=any(person.deceased or person.deceased_on for person in people),
        deceased_on=_commonest(deaths),
        address=text("address"),
        postcode=text("postcode"),
        telephone=text("telephone"),
        general_practice=text("general_practice"),
    )


def birth_dates(told: Iterable[Demographics]) -> set[date]:
    """The different birth dates that records give one person."""
    return {person.birth_date for person in told if person.birth_date}


def name_of_person(person: Demographics) -> str:
    """The ``person_id`` of a person: the server's own id, else a hospital's number, else the NHS number."""

    def rank(each: Identifier) -> tuple[int, Identifier]:
        if each.system.startswith(PATIENT_ID):
            return 0, each
        if each.system == INVALID_NHS_NUMBER:
            return 3, each
        return (2 if each.system == NHS_NUMBER else 1), each

    ranked = sorted(
        (each for each in person.identifiers if each.value), key=lambda each: _ranked(*rank(each))
    )
    return ranked[0].value if ranked else ""


def nhs_number(person: Demographics) -> str:
    """The valid NHS number, the first where records disagree; empty where there is none."""
    return next((each.value for each in person.identifiers if each.system == NHS_NUMBER), "")


def partition(told: Sequence[Demographics]) -> list[list[int]]:
    """Records linked by a shared number, sorted into people: the indexes of each.

    Two records are of somebody else where the birth dates differ, and with them the family name, the given
    name or the sex. More than one part is an identity doubt for a person to look at. A record that has
    neither birth date nor family name goes with one that shares its other numbers, else alone.
    """
    seen = [_signature(person) for person in told]
    signatures = sorted({signature for signature in seen if any(signature[:2])}, key=str)
    parts = _joined(signatures)
    if len(parts) <= 1:
        return [list(range(len(told)))]
    indexes: list[list[int]] = [[at for at, mine in enumerate(seen) if mine in part] for part in parts]
    for at, mine in enumerate(seen):
        if any(mine[:2]):
            continue
        numbers = set(matchable(told[at]))
        shared = [
            len(numbers & {n for i in part for n in matchable(told[i])}) for part in indexes[: len(parts)]
        ]
        best = max(shared)
        if best and shared.count(best) == 1:
            indexes[shared.index(best)].append(at)
        else:
            indexes.append([at])
    return indexes


Signature = tuple[date | None, str, str, str]
"""Birth date, family name, first given name and sex; None or empty where not known."""


def _joined(signatures: list[Signature]) -> list[set[Signature]]:
    """Signatures that agree in birth date or name, or lack one of them, are one person's."""
    parts: list[set[Signature]] = []
    for mine in signatures:
        near = [part for part in parts if any(_agree(mine, other) for other in part)]
        parts = [part for part in parts if part not in near]
        parts.append({mine}.union(*near))
    return parts


def _agree(one: Signature, other: Signature) -> bool:
    born = one[0] is None or other[0] is None or one[0] == other[0]
    named = not one[1] or not other[1] or one[1] == other[1]
    both_known = (one[0] and other[0]) or (one[1] and other[1])
    # Mother and daughter, husband and wife: one family name is not one person where two things more differ.
    else_differs = _differ(one[1], other[1]) or _given_differ(one[2], other[2]) or _differ(one[3], other[3])
    return bool(both_known) and (born or named) and not (_differ(one[0], other[0]) and else_differs)


def _given_differ(one: str, other: str) -> bool:
    """Whether neither is the other shortened: ``J`` and ``Jane`` do not differ."""
    return _differ(one, other) and not (one.startswith(other) or other.startswith(one))


def _differ(one: object, other: object) -> bool:
    return bool(one) and bool(other) and one != other


def _signature(person: Demographics) -> Signature:
    first = next(iter(person.given_name.casefold().replace("-", " ").split()), "").strip(".,")
    sex = "" if person.sex is Sex.UNKNOWN else str(person.sex)
    return person.birth_date, _plain_name(person), first, sex


def _plain_name(person: Demographics) -> str:
    # The family name alone: given names are shortened, initials added, a maiden name is caught by the birth
    # date.
    return "".join(character for character in person.family_name.casefold() if character.isalnum())


def _commonest(values: list[T]) -> T | None:
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], str(value))) if counts else None


def _by_system(each: Identifier) -> tuple[str, str]:
    return each.system, each.value


def _ranked(rank: int, each: Identifier) -> tuple[int, str, str]:
    return rank, each.system, each.value
