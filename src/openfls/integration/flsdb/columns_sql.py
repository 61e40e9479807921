"""SQL (DuckDB) that reads one column of somebody's file into the type of our row."""

from __future__ import annotations

from dataclasses import dataclass

from openfls.record.flsdb import Column, ColumnKind

_TYPE = {ColumnKind.DATE: "DATE", ColumnKind.INTEGER: "BIGINT", ColumnKind.NUMBER: "DOUBLE"}
_SAFE_SOURCES = {
    ColumnKind.DATE: ("DATE",),
    ColumnKind.INTEGER: ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"),
    ColumnKind.NUMBER: ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "FLOAT", "DOUBLE"),
}


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def sql_type(column: Column) -> str:
    """The DuckDB type of a column."""
    return _TYPE.get(column.kind, "VARCHAR")


@dataclass(frozen=True, slots=True)
class ColumnSql:
    """How a column is read.

    ``raw`` is the value as text; ``clean`` whether it can be taken as it stands (true for a blank);
    ``value`` the typed value where it is clean, null where not.
    """

    column: Column
    raw: str
    clean: str
    value: str

    def mended(self) -> str:
        """The typed value, looked up among the mended ones where it is not clean."""
        name = literal(self.column.name)
        looked_up = f"(SELECT m.value FROM mended AS m WHERE m.name = {name} AND m.raw = {self.raw})"
        return (
            f"CASE WHEN {self.clean} THEN {self.value} ELSE CAST({looked_up} AS {sql_type(self.column)}) END"
        )


def column_sql(column: Column, heading: str, source_type: str) -> ColumnSql:
    """The SQL for a column that stands under ``heading`` with ``source_type`` in the file."""
    given = identifier(heading)
    kind = sql_type(column)
    raw = f"CAST({given} AS VARCHAR)"
    if source_type in _SAFE_SOURCES.get(column.kind, ()):
        return ColumnSql(column, raw, "TRUE", f"CAST({given} AS {kind})")
    text = given if source_type == "VARCHAR" else raw
    blank = f"({text} IS NULL OR {text} = '')"
    if column.kind is ColumnKind.DATE:
        # The engine would also take "04/03/25" for the year 4 and "infinity" for a day: those go to be mended.
        dated = f"regexp_matches({text}, '^[0-9]{{4}}-[0-9]{{1,2}}-[0-9]{{1,2}}')"
        value = f"CASE WHEN {dated} THEN TRY_CAST({text} AS DATE) END"
        return ColumnSql(column, text, f"({blank} OR {value} IS NOT NULL)", value)
    if column.kind is ColumnKind.NUMBER:
        value = f"TRY_CAST({text} AS DOUBLE)"
        return ColumnSql(column, text, f"({blank} OR isfinite({value}))", value)
    if column.kind is ColumnKind.INTEGER:
        number = f"TRY_CAST({text} AS DOUBLE)"
        whole = f"coalesce({number} = floor({number}) AND {number} >= 0, FALSE)"
        return ColumnSql(column, text, f"({blank} OR {whole})", f"TRY_CAST({text} AS BIGINT)")
    if column.all_options:
        options = ", ".join(literal(option) for option in column.all_options)
        return ColumnSql(column, text, f"({blank} OR {text} IN ({options}))", f"nullif({text}, '')")
    return ColumnSql(column, text, "TRUE", f"nullif(trim({text}), '')")
