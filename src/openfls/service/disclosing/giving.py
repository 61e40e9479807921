"""Giving out everything that is held about a person: one file, and a line of the log that says so."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

import orjson

from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor, NotAllowed, check_may
from openfls.service.disclosing.gathering import NOT_FOLLOWED, NOT_GIVEN, NOT_IN_IT, Table, tables_of
from openfls.service.disclosing.looks import who_looked
from openfls.service.disclosing.papers import letters_pdf, record_pdf
from openfls.service.disclosing.parts import moment
from openfls.service.models import Person
from openfls.service.roles import May
from openfls.service.safekeeping.moment import one_moment

_LONG_AGO = timedelta(days=3653)


class Asked(StrEnum):
    """Who asks what is held."""

    HERSELF = "herself"
    FOR_HER = "for_her"
    BY_LAW = "by_law"

    @property
    def label(self) -> str:
        """The words a page shows."""
        return {
            Asked.HERSELF: "The person",
            Asked.FOR_HER: "Somebody who may ask for the person, whose authority was seen",
            Asked.BY_LAW: "A court, or another with a right by law",
        }[self]


def give(*, person: Person, asked: Asked, received_on: date, by: Actor) -> bytes:
    """Everything that is held about ``person`` as a ZIP: a PDF to read, the letters, every row as JSON, who looked.

    It is made outside of any action, as everything stood at one moment, while others go on writing; the file says which
    moment. Nobody has it before the log says that it was given.

    Raises:
        NotAllowed: the role does not allow it.
        NotPossible: nobody gives it, or the day of the request cannot be.
    """
    check_may(by, May.GIVE_EVERYTHING)
    if person.service_id != by.service.pk:
        raise NotAllowed("The person belongs to another service.")
    _check(person, received_on, by)
    with one_moment():
        made = made_of(person)
    return given(person=person, made=made, asked=asked, received_on=received_on, by=by)


@dataclass(frozen=True, slots=True)
class Made:
    """The file, the moment it speaks of, and what is in it."""

    content: bytes
    as_of: datetime
    rows: int
    letters: int


@action("person.disclose", May.GIVE_EVERYTHING)
def given(*, person: Person, made: Made, asked: Asked, received_on: date, by: Actor) -> bytes:
    """Write down that the file was given, and hand it out.

    Raises:
        NotPossible: nobody gives it, or the day of the request cannot be.
    """
    _check(person, received_on, by)
    note(
        by,
        "person.disclose",
        person=person,
        subject="everything",
        asked=asked,
        received_on=received_on.isoformat(),
        as_of=made.as_of.isoformat(timespec="seconds"),
        rows=made.rows,
        letters=made.letters,
        sha256=hashlib.sha256(made.content).hexdigest(),
    )
    return made.content


def _check(person: Person, received_on: date, by: Actor) -> None:
    if by.user is None:
        raise NotPossible("A person gives it out.")
    if received_on > clock.today():
        raise NotPossible("The day on which it was asked for lies in the future.")
    if received_on < clock.today() - _LONG_AGO or (person.birth_date and received_on < person.birth_date):
        raise NotPossible("The day on which it was asked for lies many years back: check the year.")


def made_of(person: Person) -> Made:
    """The file about ``person`` as her record stands now."""
    as_of = clock.now()
    tables = tables_of(person)
    letters = list(letters_pdf(person))
    words = moment(as_of)
    content = _zipped(
        {
            "read-me-first.txt": _read_me(person, words).encode(),
            "record.pdf": record_pdf(person, tables, words),
            **{f"letters/{name}": content for name, content in letters},
            "everything.json": _as_json(tables, as_of),
            "who-looked.csv": who_looked(person),
        }
    )
    return Made(content, as_of, sum(len(table.rows) for table in tables), len(letters))


def _as_json(tables: list[Table], as_of: datetime) -> bytes:
    return orjson.dumps(
        {
            "as_of": as_of.isoformat(),
            "tables": {
                table.name: {"about": table.about, "columns": table.columns, "rows": table.rows}
                for table in tables
            },
            "left_out": {"tables": NOT_GIVEN, "elsewhere": NOT_FOLLOWED},
        },
        option=orjson.OPT_INDENT_2,
        default=str,
    )


def _zipped(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


_READ_ME = """Everything that {service} holds about one person in openfls,
as it stood on {as_of}. What was written since is not in it.

record.pdf        to read: who it is, what happened, plans, safety alerts, openings in an emergency, results
letters/          the letters; a draft was never sent
everything.json   every entry of every table about this person, for a program to read
who-looked.csv    when the record was looked at or changed, and in which role of that time. Of a list of many people
                  the log names 5,000; whether this person was among the others it does not say: "perhaps"

Staff who wrote into the record are named, as in any health record. Who only looked is told by role, or by service; the
organisation has the names. Times are those of the clock on the wall, but in everything.json, where each says its zone.

Before it is handed over, somebody who may decide reads it: what names somebody else, what was told in confidence and
what could do serious harm may have to be held back. The app does not judge that.

It does not hold:
{not_in_it}
"""


def _read_me(person: Person, as_of: str) -> str:
    not_in_it = "\n".join(f"- {line}" for line in NOT_IN_IT)
    return _READ_ME.format(service=person.service.name, as_of=as_of, not_in_it=not_in_it)
