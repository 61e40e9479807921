"""The rows about one person in every table, found along the keys of the models: a table of tomorrow is in it too."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from importlib import resources
from typing import Any

from django.db.models import Field, ForeignObjectRel, Model

from openfls.service.models import Person, User

NOT_GIVEN = {
    "LetterInBatch": "in which print run a letter stood says nothing about the person",
    "LetterInRun": "in which print run a letter stood says nothing about the person",
    "NotSamePerson": "it names somebody else, from whose record hers is kept apart",
    "Stuck": "a fault of the program, without anything of the person",
}
"""Tables that lead to a person and are left out, with the reason, which is in the file."""
SOMEBODY_ELSES = {"MergedPerson": "split_at", "RowDecision": "undone_at"}
"""Tables of which a row with a moment in this column was, as it turned out, about somebody else: it names that one."""
ONLY_LOOKED = ("EmergencyAccess",)
"""Tables of who looked: nobody is named in them (decision 044)."""
NOT_FOLLOWED = (
    "records put together with this one by mistake, and decisions that were taken back: they name somebody else",
    "what waits until somebody decides whose it is, and results under numbers that are not on this record",
    "messages as other systems sent them: one may name several people; what it said of this one is in the tables",
    "files that wait to be loaded, and copies in backups",
    "the technical log, which names nobody",
)
"""What else is held that no key leads to, in words."""
NOT_IN_IT = (*NOT_FOLLOWED, "the paper record, and other systems of the hospital")
"""What a person must know is not in her file."""
_OPENS_SOMETHING = ("secret", "link_hash", "code_hash", "token", "password")


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one table about a person; ``about`` says what it holds, in words for that person. ``columns`` are
    their names with what each is, where the model says so."""

    name: str
    about: str
    columns: dict[str, str]
    rows: list[dict[str, Any]]


@cache
def what_is_held() -> Mapping[str, str]:
    """What each table holds, by its name."""
    text = resources.files("openfls.service").joinpath("data/held.toml").read_text(encoding="utf-8")
    return {name: str(words) for name, words in tomllib.loads(text).items()}


def tables_of(person: Person) -> list[Table]:
    """Every table with a row about ``person``, her own first, then in the order in which the keys lead to them."""
    found: dict[type[Model], dict[Any, Model]] = {Person: {person.pk: person}}
    ahead: list[Model] = [person]
    while ahead:
        row = ahead.pop(0)
        for each in _rows_behind(row):
            held = found.setdefault(type(each), {})
            if each.pk not in held:
                held[each.pk] = each
                ahead.append(each)
    # By name, as letters and timeline do: a user name is half of what signs somebody in.
    names = {user.pk: user.full_name for user in User.objects.all()}
    return [
        _table(model, list(rows.values()), {} if model.__name__ in ONLY_LOOKED else names)
        for model, rows in found.items()
    ]


def _rows_behind(row: Model) -> Iterator[Model]:
    """The rows of the service's tables that name ``row``."""
    for relation in row._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or relation.many_to_many:
            continue
        model: Any = relation.related_model
        if model._meta.app_label != "service" or model._meta.auto_created or model.__name__ in NOT_GIVEN:
            continue
        rows = model._base_manager.filter(**{relation.field.name: row})
        if ended := SOMEBODY_ELSES.get(model.__name__):
            rows = rows.filter(**{ended: None})
        yield from rows.order_by("pk")


def _table(model: type[Model], rows: list[Model], names: dict[int, str]) -> Table:
    fields: list[Any] = [each for each in model._meta.concrete_fields if not _opens_something(each.name)]
    return Table(
        model._meta.db_table,
        what_is_held()[model._meta.db_table],
        {each.name: str(each.help_text) for each in fields},
        [{each.name: _value(row, each, names) for each in fields} for row in rows],
    )


def _opens_something(column: str) -> bool:
    """Whether a column is a secret of a link, which tells nothing of the person."""
    return any(part in column for part in _OPENS_SOMETHING)


def _value(row: Model, field: Field[Any, Any], names: dict[int, str]) -> Any:
    value = field.value_from_object(row)
    if value is None:
        return None
    if field.related_model is User:
        return names.get(value, "a member of staff")
    if isinstance(value, (bool, int, float, str, dict, list)):
        return value
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    return str(value)
