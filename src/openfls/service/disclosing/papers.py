"""The same for reading: one PDF of the record, and the letters as they are printed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib import resources

from openfls.service.access.emergency_reading import results_of
from openfls.service.disclosing.gathering import Table
from openfls.service.disclosing.parts import alerts_of, emergencies_of, plans_of
from openfls.service.letters import is_as_locked
from openfls.service.models import Letter, Person
from openfls.service.sharing.letters import pdf_of
from openfls.service.timeline import timeline_of
from openfls.toolkit.printable import typeset


def record_pdf(person: Person, tables: list[Table], as_of: str) -> bytes:
    """Who it is, what happened when, plans, alerts, every value that was told, and what else is in the file."""
    template = resources.files("openfls.service").joinpath("data", "everything.typ").read_bytes()
    return typeset(template, "record", _content(person, tables, as_of))


def letters_pdf(person: Person) -> Iterator[tuple[str, bytes]]:
    """The letters with their file names: approved ones, and drafts as what they are. One that is not what was locked is
    left out here; its words stand among the rows."""
    rows = Letter.objects.filter(person=person).select_related("replaced_by").order_by("written_at", "pk")
    for number, letter in enumerate(rows, start=1):
        if letter.approved_at is None:
            yield f"letter-{number:02}-draft.pdf", pdf_of(letter)
        elif is_as_locked(letter):
            yield f"letter-{number:02}.pdf", pdf_of(letter)


def _content(person: Person, tables: list[Table], as_of: str) -> dict[str, object]:
    numbers = [f"{each.label} {each.value}" for each in person.numbers]
    facts = [
        ("Name", person.name),
        ("Born", _day(person.birth_date)),
        ("Sex", str(person.sex)),
        ("Numbers", "; ".join(numbers)),
        ("Address", ", ".join(part for part in (person.address, person.postcode) if part)),
        ("Telephone", person.telephone),
        ("General practice", person.general_practice),
        ("Died", _day(person.deceased_on) if person.deceased else ""),
    ]
    return {
        "service": person.service.name,
        "on": as_of,
        "facts": [[label, words or "not known"] for label, words in facts if words or label != "Died"],
        "happened": [
            [_day(entry.on), entry.kind, ": ".join(filter(None, (entry.title, entry.detail))), entry.by]
            for entry in timeline_of(person)
        ],
        "plans": plans_of(person),
        "alerts": alerts_of(person),
        "emergencies": emergencies_of(person),
        "results": [[each.label, each.words, _day(each.on), each.source] for each in results_of(person)],
        "held": [[each.about, str(len(each.rows)), each.name] for each in tables],
    }


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""
