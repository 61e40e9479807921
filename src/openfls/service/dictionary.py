"""The tables of the database as a document: what each is for, and what each of its columns holds."""

from __future__ import annotations

import inspect
from typing import Any

from django.apps import apps
from django.db import models

KINDS = {
    models.BooleanField: "yes or no",
    models.CharField: "text",
    models.TextField: "text",
    models.DateTimeField: "moment",
    models.DateField: "day",
    models.JSONField: "JSON",
    models.UUIDField: "UUID",
    models.BinaryField: "bytes",
    models.FloatField: "number",
    models.DecimalField: "number",
    models.IntegerField: "whole number",
    models.AutoField: "whole number",
}
"""What a kind of column is called; the first that fits, the special before the general."""


def page() -> str:
    """Every table of ours in the order of its name, as Markdown. Tables of the libraries are theirs to describe."""
    ours = sorted(apps.get_app_config("service").get_models(), key=lambda model: model._meta.db_table)
    lines = [
        "# Tables",
        "",
        "Made from `service/models`. Whoever reads the database past openfls reads it at their own risk: no query is",
        "then scoped to a service, and nothing is entered in the audit log. Nothing may be written past it.",
        "",
    ]
    for model in ours:
        lines += [
            f"## `{model._meta.db_table}`",
            "",
            _said(model),
            "",
            "| Column | | Holds |",
            "|---|---|---|",
        ]
        lines += [_row(field) for field in model._meta.concrete_fields]
        lines += [f"| {name} | | {other} |" for name, other in _between(model)]
        lines.append("")
    return "\n".join(lines)


def _said(model: type[models.Model]) -> str:
    """What the model says of itself; a generated list of fields is no description."""
    said = inspect.cleandoc(model.__doc__ or "")
    return "" if said.startswith(f"{model.__name__}(") else said.replace("``", "`")


def _row(field: Any) -> str:
    about = [str(field.help_text).rstrip(".")] if field.help_text else []
    if field.primary_key:
        about.insert(0, "the key")
    elif field.unique:
        about.insert(0, "unique")
    if field.remote_field:
        about.append(f"points to `{field.related_model._meta.db_table}`")
    elif field.choices:
        about.append("one of " + ", ".join(f"`{value}`" for value, _ in field.flatchoices if value != ""))
    kind = _kind(field.target_field if field.remote_field else field)
    size = f", up to {field.max_length}" if getattr(field, "max_length", None) and not field.choices else ""
    may_be_empty = ", may be empty" if field.null or (field.blank and field.empty_strings_allowed) else ""
    return f"| `{field.column}` | {kind}{size}{may_be_empty} | {'; '.join(about).replace('|', '/')} |"


def _kind(field: Any) -> str:
    if field.remote_field:  # the key of a table whose key is the key of another
        return _kind(field.target_field)
    return next((words for kind, words in KINDS.items() if isinstance(field, kind)), type(field).__name__)


def _between(model: type[models.Model]) -> list[tuple[str, str]]:
    return [
        (f"({field.name})", f"through `{field.m2m_db_table()}` to `{field.related_model._meta.db_table}`")
        for field in model._meta.many_to_many
    ]
