"""Giving out everything that is held about a person: one file, and a line of the log that says so."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from datetime import date
from enum import StrEnum

import orjson

from openfls.record.cells import safe_cell
from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.auditing import reading
from openfls.service.disclosing.gathering import NOT_FOLLOWED, NOT_GIVEN, Table, tables_of
from openfls.service.disclosing.papers import letters_pdf, record_pdf
from openfls.service.models import Membership, Person
from openfls.service.roles import May, Role

_FIRST = date(2000, 1, 1)


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


@action("person.disclose", May.GIVE_EVERYTHING)
def give(*, person: Person, asked: Asked, received_on: date, by: Actor) -> bytes:
    """Everything that is held about ``person`` as a ZIP: a PDF to read, the letters, every row as JSON, who looked.

    Raises:
        NotPossible: nobody gives it, or the request is said to come from the future.
    """
    if by.user is None:
        raise NotPossible("A person gives it out.")
    if received_on > clock.today():
        raise NotPossible("The day on which it was asked for lies in the future.")
    tables = tables_of(person)
    letters = list(letters_pdf(person))
    made = _zipped(
        {
            "read-me-first.txt": _READ_ME.format(service=person.service.name).encode(),
            "record.pdf": record_pdf(person, tables),
            **{f"letters/{name}": content for name, content in letters},
            "everything.json": _as_json(tables),
            "who-looked.csv": _who_looked(person),
        }
    )
    note(
        by,
        "person.disclose",
        person=person,
        subject="everything",
        asked=asked,
        received_on=received_on.isoformat(),
        rows=sum(len(table.rows) for table in tables),
        letters=len(letters),
        sha256=hashlib.sha256(made).hexdigest(),
    )
    return made


def _as_json(tables: list[Table]) -> bytes:
    return orjson.dumps(
        {
            "made_at": clock.now().isoformat(),
            "tables": {
                table.name: {"about": table.about, "columns": table.columns, "rows": table.rows}
                for table in tables
            },
            "left_out": {"tables": NOT_GIVEN, "elsewhere": NOT_FOLLOWED},
        },
        option=orjson.OPT_INDENT_2,
        default=str,
    )


def _who_looked(person: Person) -> bytes:
    """When the record was looked at or changed, and by which role; the names of staff are for governance."""
    roles = {
        row.user.username: Role(row.role).label
        for row in Membership.ever.filter(service=person.service).select_related("user")
    }
    written = io.StringIO()
    lines = csv.writer(written)
    lines.writerow(("when", "by", "what was done", "with what", "in a list"))
    days = reading.Days(_FIRST, clock.today())
    for entry in reading.entries(reading.of_person(person, days), of=person):
        user = entry.event.user
        who = roles.get(user) or ("another system" if user.startswith("connection ") else "somebody else")
        lines.writerow(
            (
                entry.event.at.isoformat(timespec="seconds"),
                safe_cell(who if user else "the system itself"),
                safe_cell(entry.done),
                safe_cell(entry.what),
                "yes" if entry.in_list else "",
            )
        )
    return written.getvalue().encode()


def _zipped(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


_READ_ME = """Everything that {service} holds about one person in openfls.

record.pdf        to read: who it is, what happened, results
letters/          the letters; a draft was never sent
everything.json   every row of every table about this person, with what each column is
who-looked.csv    when the record was looked at or changed, and by which role

Before it is handed over, somebody who may decide reads it: what names somebody else, what was told in confidence and
what could do serious harm may have to be held back. The app does not judge that.

It does not hold: messages as other systems sent them, backups, the paper record and other systems of the hospital.
"""
