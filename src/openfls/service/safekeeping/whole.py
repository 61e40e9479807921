"""All of an installation as JSON lines, a file a table: which tables, and each value on its way out and in again."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import BinaryField, Field, ForeignKey, GeneratedField, JSONField, Model

_NOT_KEPT = frozenset(
    {
        "django_content_type",  # made by the migrations, with other keys in each database
        "auth_permission",
        "auth_group_permissions",
        "app_user_user_permissions",
        "django_session",  # whoever was signed in signs in anew
        "usersessions_usersession",
        "openfls_cache",
        "installation",  # what an export goes into is another one
    }
)
"""Tables that belong to a database and not to the service."""


def models_kept() -> list[type[Model]]:
    """The model of every table that is taken along, by the name of its table."""
    every = apps.get_models(include_auto_created=True)
    kept = {
        model._meta.db_table: model
        for model in every
        if model._meta.managed and not model._meta.proxy and model._meta.db_table not in _NOT_KEPT
    }
    return [kept[name] for name in sorted(kept)]


def fields_of(model: type[Model]) -> list[Field[Any, Any]]:
    """The columns that are taken along; what the database works out by itself is not."""
    return [field for field in model._meta.concrete_fields if not isinstance(field, GeneratedField)]


def rows_of(model: type[Model]) -> Iterator[dict[str, Any]]:
    """Every row, as JSON, in the order of its key."""
    fields = fields_of(model)
    names = [field.attname for field in fields]
    plain = {field.attname for field in fields if isinstance(field, JSONField)}
    rows = model._base_manager.order_by("pk").values_list(*names)
    for row in rows.iterator(2000):
        yield {name: value if name in plain else told(value) for name, value in zip(names, row, strict=True)}


def told(value: Any) -> Any:
    """A value of a column as JSON holds it.

    Raises:
        TypeError: nobody has said how.
    """
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, timedelta):
        return value.total_seconds()
    raise TypeError(f"no way to write a {type(value).__name__}")


def made(model: type[Model], row: dict[str, Any]) -> Model:
    """The row again. Raises ValueError, TypeError or ValidationError where it is none of this table."""
    fields = {field.attname: field for field in fields_of(model)}
    if set(row) != set(fields):
        raise ValueError("its columns are others")
    return model(**{name: _read(fields[name], value) for name, value in row.items()})


def _read(field: Field[Any, Any], value: Any) -> Any:
    if value is None or isinstance(field, JSONField):
        return value
    if isinstance(field, BinaryField):
        return base64.b64decode(value, validate=True)
    return (field.target_field if isinstance(field, ForeignKey) else field).to_python(value)
