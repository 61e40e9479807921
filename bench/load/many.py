"""Makes many people out of a fictional year, inside PostgreSQL: each copy of the year is another set of people.

The shapes are those of the fictional hospital (answers, letters, tasks, feed rows, audit events, everything that hangs
on a person); keys, numbers and names are new, and each copy lies so many years back, closed and dealt with where it is
two years old or more. So one service has the people of ten years, and the work of two.

Not true to life: the hashes of copied audit events (`openfls audit verify` would find each of them).
"""

from __future__ import annotations

from django.db import connection
from django.db.models import DateField, DateTimeField, Field, ForeignKey, GeneratedField, Model, UUIDField

from openfls.service import models as m

COPIED: tuple[type[Model], ...] = (
    m.Person, m.PersonIdentifier, m.Delivery, m.FeedRow, m.Episode, m.Fracture, m.SourceRecord, m.TellsOf,
    m.ToldValue, m.Status, m.Verdict, m.Assessment, m.Answer, m.Plan, m.PlanDetail, m.Review, m.Treatment,
    m.TreatmentEntry, m.Dose, m.Task, m.Contact, m.Letter, m.LetterSent, m.Alert, m.PassedOver, m.FlsdbRow,
    m.AuditEvent,
)  # fmt: skip
SPAN = 1_000_000
"""Between the keys of two copies."""
YEARS = 10
NOT_LONG_AGO = (m.Treatment, m.TreatmentEntry, m.Dose)
"""Whoever takes a drug takes it now: a promise of ten years ago that nobody kept would be on every list."""
_CLOSED = "(k % 10) >= 2"
_BEGINNINGS = "ab br co da el fen gar hol ir jes kel lan mor nor ost pen rus sal tor wes"
_PART = f"(string_to_array('{_BEGINNINGS}', ' '))[1 + k % 20]"


def copy(first: int, last: int) -> None:
    """Add the copies ``first`` to ``last`` of the base, which `keep_base` has set aside."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # keys are right by the way they are made
        try:
            for model in COPIED:
                cursor.execute(_copying(model, first, last))
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")


def keep_base() -> dict[str, int]:
    """Set the rows of the base aside as they are; how many people, episodes and feed rows it has."""
    with connection.cursor() as cursor:
        for model in COPIED:
            table = model._meta.db_table
            cursor.execute(f'CREATE UNLOGGED TABLE "base_{table}" AS SELECT * FROM "{table}"')
    return counted()


def counted() -> dict[str, int]:
    """People, episodes and feed rows."""
    return {each._meta.db_table: each.objects.count() for each in (m.Person, m.Episode, m.FeedRow)}


def settle() -> None:
    """Bring the counters of keys and the planner's knowledge in line."""
    with connection.cursor() as cursor:
        for model in COPIED:
            table, key = model._meta.db_table, model._meta.pk
            if key.get_internal_type() == "BigAutoField":
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM \"{table}\") + 1)"
                )
        cursor.execute("VACUUM ANALYZE")  # as a database in use has been, by itself


def _copying(model: type[Model], first: int, last: int) -> str:
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, GeneratedField)]
    names = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(_value(model, field) for field in fields)
    table = model._meta.db_table
    where = "WHERE b.episode_id IS NOT NULL" if model is m.Alert else ""
    rows = f'generate_series({first}, {last}) k, "base_{table}" b {where}'
    return f'INSERT INTO "{table}" ({names}) SELECT {values} FROM {rows}'


def _value(model: type[Model], field: Field) -> str:
    own = _OWN.get((model, field.column))
    if own:
        return own
    column = f'b."{field.column}"'
    if isinstance(field, ForeignKey):
        target = field.related_model
        while isinstance(target._meta.pk, ForeignKey):
            target = target._meta.pk.related_model
        return _key(column, target._meta.pk) if field.related_model in COPIED else column
    if field.primary_key:
        return _key(column, field)
    if isinstance(field, DateTimeField | DateField) and model not in NOT_LONG_AGO:
        kind = "timestamptz" if isinstance(field, DateTimeField) else "date"
        return f"({column} - make_interval(days => 365 * (k % {YEARS})))::{kind}"
    return column


def _key(column: str, key: Field) -> str:
    return f"md5({column}::text || k)::uuid" if isinstance(key, UUIDField) else f"{column} + k * {SPAN}"


_GONE = f"CASE WHEN {_CLOSED} THEN coalesce({{0}}, now() - interval '1 year') ELSE {{0}} END"
_OWN: dict[tuple[type[Model], str], str] = {
    (m.Person, "family_name"): f"initcap({_PART} || lower(b.family_name))",
    (m.Person, "folded_name"): f"{_PART} || b.folded_name",
    (m.Person, "birth_date"): "(b.birth_date + (k * 37) % 700)",
    (m.PersonIdentifier, "value"): "b.value || lpad(k::text, 4, '0')",
    (m.FeedRow, "record"): "b.record || '~' || k",
    (m.Episode, "state"): (
        f"CASE WHEN {_CLOSED} AND b.state = 'found' THEN 'not_for_us' "
        f"WHEN {_CLOSED} AND b.state <> 'not_for_us' THEN 'closed' ELSE b.state END"
    ),
    (m.Task, "done_at"): _GONE.format("b.done_at"),
    (m.Alert, "ended_at"): _GONE.format("b.ended_at"),
    (m.Letter, "approved_at"): _GONE.format("b.approved_at"),
    (m.FlsdbRow, "record_id"): "(md5(b.episode_id::text || k)::uuid)::text",
    (m.FlsdbRow, "stamp"): "(random() * 1e12)::bigint",
    (m.AuditEvent, "number"): f"b.number + k * {SPAN}",
    (m.AuditEvent, "person"): "CASE WHEN b.person = '' THEN '' ELSE (md5(b.person || k)::uuid)::text END",
}  # fmt: skip
"""What is made otherwise than by its kind."""


def others(first: int, last: int, rows_each: int) -> None:
    """People ``first`` to ``last`` who were in a feed and have no fracture: so many rows of each were left out."""
    service = "(SELECT service_id FROM base_person LIMIT 1)"
    numbers = f"generate_series({first}, {last}) k"
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            f"""
            INSERT INTO person (id, service_id, family_name, given_name, birth_date, sex, deceased, address, postcode,
                telephone, general_practice, told_version, folded_name)
            SELECT md5('other' || k)::uuid, b.service_id, initcap({_PART} || lower(b.family_name)), b.given_name,
                b.birth_date + (k * 37) % 900, b.sex, false, b.address, b.postcode, b.telephone, b.general_practice,
                '', {_PART} || b.folded_name
            FROM {numbers}
            JOIN (SELECT *, row_number() OVER () - 1 AS n, count(*) OVER () AS c FROM base_person) b ON b.n = k % b.c
            """
        )
        cursor.execute(
            f"""
            INSERT INTO feed_row (service_id, delivery_id, person_id, kind, record, version, position, content,
                outcome, reason)
            SELECT {service}, d.ids[1 + (k * 31 + n) % array_length(d.ids, 1)], md5('other' || k)::uuid, 'radiology',
                'other~' || k || '~' || n, '', '', md5(k || '~' || n), 'rejected',
                'The report tells of no new fracture'
            FROM {numbers}, generate_series(1, {rows_each}) n,
                (SELECT array_agg(id) AS ids FROM feed_delivery) d
            """
        )
        cursor.execute(
            f"""
            INSERT INTO person_identifier (service_id, person_id, system, value, valid)
            SELECT {service}, md5('other' || k)::uuid, 'BGH', 'BO' || k, true FROM {numbers}
            """
        )
        cursor.execute("SET session_replication_role = DEFAULT")
