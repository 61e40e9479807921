"""Who a row of a hospital's table is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from openfls.identification.feeds.csvfile.cells import FieldFault, Row, date_of
from openfls.identification.feeds.csvfile.dates import is_short, read_birth
from openfls.identification.feeds.numbers import nhs_identifier
from openfls.identification.feeds.options import FeedOptions
from openfls.record.feeds import Source
from openfls.record.people import Demographics, Identifier, Sex

_SEXES = {"f": Sex.FEMALE, "female": Sex.FEMALE, "2": Sex.FEMALE, "w": Sex.FEMALE, "woman": Sex.FEMALE,
          "m": Sex.MALE, "male": Sex.MALE, "1": Sex.MALE, "man": Sex.MALE}  # fmt: skip
_YES = frozenset({"y", "yes", "true", "1", "t", "d", "dead", "deceased", "died"})
_NO = frozenset({"", "n", "no", "false", "0", "f", "alive", "living", "null", "none", "na", "n/a"})


def person_of(row: Row, options: FeedOptions, on: date | None, lenient: bool = False) -> Demographics:
    """The person of a row whose fracture was ``on`` that day. ``lenient`` leaves out the dates, which may be at fault.

    Raises:
        FieldFault: a date is none.
    """
    identifiers = []
    if number := row.one("hospital_number"):
        identifiers.append(Identifier(options.hospital_system, number))
    if (number := row.one("nhs_number")) and (nhs := nhs_identifier(number)) is not None:
        identifiers.append(nhs)
    family, given = row.one("family_name"), row.one("given_name")
    if not family and (whole := row.one("name")):
        family, given = _split_name(whole)
    dead = row.one("deceased").casefold()
    died_on = None if lenient else date_of(row, "deceased_on")
    if died_on is None and dead not in _YES | _NO and not lenient:
        died_on = date_of(row, "deceased")
    return Demographics(
        identifiers=tuple(identifiers),
        family_name=family,
        given_name=given,
        birth_date=None if lenient else _birth(row, on, options),
        sex=_SEXES.get(row.one("sex").casefold(), Sex.UNKNOWN),
        deceased=dead in _YES or died_on is not None,
        deceased_on=died_on,
        address=row.one("address"),
        postcode=row.one("postcode"),
        telephone=row.one("telephone"),
        general_practice=row.one("general_practice"),
    )


def _split_name(whole: str) -> tuple[str, str]:
    # "SMITH, Jane" or "Jane Smith"; a title in front does no harm to the family name.
    family, comma, given = whole.partition(",")
    if comma:
        return family.strip(), given.strip()
    given, _, family = whole.rpartition(" ")
    return family.strip(), given.strip()


def _birth(row: Row, on: date | None, options: FeedOptions) -> date | None:
    value = row.one("birth_date")
    try:
        return read_birth(value, min(on or date.max, options.today or date.max)) if value else None
    except (ValueError, OverflowError) as error:
        raise FieldFault(f"birth_date: {error}") from error


def with_birth_note(source: Source, row: Row, person: Demographics) -> Source:
    """The place of the row with how its year of birth was read, where the sender wrote two digits of it."""
    value = row.one("birth_date")
    if person.birth_date is None or not is_short(value):
        return source
    return replace(source, position=f"{source.position}; born “{value}” read as {person.birth_date.year}")
