"""The columns of a batch as the reader needs them: names as text, texts as text, and what is wrong with each row."""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

NO_VALUE: Final = "no value"
NOT_TEXT: Final = "not text"
NOT_UTF8: Final = "not UTF-8"
Faults = dict[int, str]
"""What is wrong with a row, by its number in the batch from 0."""


def names_of(column: pa.Array) -> tuple[pa.Array, Faults]:
    """The ids as text, null where one cannot be told.

    A null and an empty id are faults. A number is written as Python writes it.
    """
    names, faults = _valid_text(_plain(column), "id")
    if not _is_text(names.type):
        if pa.types.is_integer(names.type):
            names = names.cast(pa.string())
        else:
            names = pa.array([None if each is None else str(each) for each in names.to_pylist()], pa.string())
    names = names.cast(pa.string())
    empty = pc.fill_null(pc.equal(names, ""), True)
    return names, _at(empty, f"id: {NO_VALUE}") | faults


def texts_of(column: pa.Array) -> tuple[pa.Array, Faults]:
    """The texts, null where there is none to read: no value, not text, or bytes that are no UTF-8."""
    texts = _plain(column)
    if not _is_text(texts.type):
        faults = _at(texts.is_valid(), f"text: {NOT_TEXT}") | _at(texts.is_null(), f"text: {NO_VALUE}")
        return pa.nulls(len(texts), pa.string()), faults
    valid, faults = _valid_text(texts, "text")
    return valid, _at(texts.is_null(), f"text: {NO_VALUE}") | faults


def _plain(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        return column.dictionary_decode()
    if column.type == pa.string_view():
        return column.cast(pa.large_string())
    return column


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _valid_text(column: pa.Array, field: str) -> tuple[pa.Array, Faults]:
    """The column with null for what is no UTF-8: Parquet files and Spark may hold such strings unchecked."""
    if not _is_text(column.type):
        return column, {}
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        raw = column.cast(pa.large_binary()).to_pylist()
        texts = [_decoded(each) for each in raw]
        broken = {
            row: f"{field}: {NOT_UTF8}"
            for row, (one, text) in enumerate(zip(raw, texts, strict=True))
            if one is not None and text is None
        }
        return pa.array(texts, column.type), broken
    return column, {}


def _decoded(raw: bytes | None) -> str | None:
    try:
        return None if raw is None else raw.decode()
    except UnicodeDecodeError:
        return None


def _at(where: pa.BooleanArray, fault: str) -> Faults:
    return dict.fromkeys(pc.indices_nonzero(where).to_pylist(), fault)
