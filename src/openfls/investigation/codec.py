"""Pictures and evaluations as JSON, the same bytes each time, so that an old decision can be replayed.

A picture is written with every field that is known, and read by its field names; what is not known is left
out, so that a field added later does not change an old record.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from openfls.investigation.guideline import Evaluation, evaluate
from openfls.investigation.packs import build
from openfls.record.errors import BadInput
from openfls.record.picture import Picture

FORMAT = 1


def _plain(value: Any, real: bool = False) -> Any:
    """A value as JSON knows it; fields at their default are left out. ``real``: a whole number is written
    12.0."""
    if real and value is not None:
        return float(value)
    if is_dataclass(value) and not isinstance(value, type):
        given: dict[str, Any] = {}
        for field in fields(value):
            part = getattr(value, field.name)
            if field.default is MISSING or part != field.default:
                given[field.name] = _plain(part, _is_real(type(value), field.name))
        return given
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


@cache
def _is_real(cls: type, name: str) -> bool:
    kind = _types(cls)[name]
    return kind is float or float in get_args(kind)


@cache
def _types(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)


def _read(kind: Any, value: Any, name: str) -> Any:  # noqa: PLR0911, PLR0912
    """A JSON value as ``kind``; BadInput names the field where it does not fit."""
    if get_origin(kind) in (Union, UnionType):
        if value is None:
            return None
        kind = next(one for one in get_args(kind) if one is not type(None))
    if get_origin(kind) is tuple:
        if not isinstance(value, list | tuple):
            raise BadInput("a list is needed", field=name)
        inner = get_args(kind)[0]
        return tuple(_read(inner, item, f"{name}[{index}]") for index, item in enumerate(value))
    if is_dataclass(kind):
        return _read_fields(kind, value, name)
    if kind is date and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise BadInput(f"{value!r} is not a date (YYYY-MM-DD)", field=name) from error
    if isinstance(kind, type) and issubclass(kind, Enum):
        try:
            return kind(value)
        except ValueError as error:
            raise BadInput(
                f"{value!r} is none of {', '.join(one.value for one in kind)}", field=name
            ) from error
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if kind is bool or kind is int:
        if type(value) is kind:
            return value
    elif isinstance(value, kind):
        return value
    raise BadInput(f"{value!r} is not of the kind {getattr(kind, '__name__', kind)}", field=name)


def _read_fields(cls: Any, values: Any, name: str) -> Any:
    if not isinstance(values, Mapping):
        raise BadInput("an object is needed", field=name)
    hints = _types(cls)
    for key in values:
        if key not in hints:
            raise BadInput("no such field", field=f"{name}.{key}" if name else key)
    read = {key: _read(hints[key], value, f"{name}.{key}" if name else key) for key, value in values.items()}
    lacking = [one.name for one in fields(cls) if one.default is MISSING and one.name not in read]
    if lacking:
        raise BadInput(f"{', '.join(lacking)} is needed", field=name)
    return cls(**read)


def picture_to_dict(picture: Picture) -> dict[str, Any]:
    """The known fields, in plain values."""
    plain: dict[str, Any] = _plain(picture)
    return plain


def picture_from_dict(values: Mapping[str, Any]) -> Picture:
    """The picture that `picture_to_dict` wrote.

    Raises:
        BadInput: a field is not one of a picture, or its value does not fit.
    """
    picture: Picture = _read_fields(Picture, values, "")
    return picture


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def picture_to_json(picture: Picture) -> str:
    """One line of JSON, the same for equal pictures."""
    return _text(picture_to_dict(picture))


def picture_from_json(text: str) -> Picture:
    """The picture of `picture_to_json`; BadInput where it is not one."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"not readable as JSON ({error})") from error
    return picture_from_dict(values)


def evaluation_to_json(evaluation: Evaluation) -> str:
    """The whole decision in one line: pack, settings, picture, advice and the trace of every rule."""
    return _text(
        {
            "format": FORMAT,
            "pack": evaluation.pack,
            "settings": dict(evaluation.settings),
            "picture": picture_to_dict(evaluation.picture),
            "advice": [
                {
                    "action": advice.action,
                    "text": advice.text,
                    "strength": advice.strength,
                    "source": advice.source,
                    "confidence": advice.confidence.value,
                    "rule": advice.trace.rule,
                }
                for advice in evaluation.advice
            ],
            "traces": [
                {
                    "rule": trace.rule,
                    "answer": trace.answer.value,
                    "inputs": [list(pair) for pair in trace.inputs],
                    "missing": list(trace.missing),
                }
                for trace in evaluation.traces
            ],
        }
    )


def replay(text: str) -> Evaluation:
    """Evaluate again what `evaluation_to_json` recorded, with the same pack, version, settings and picture.

    Compare ``evaluation_to_json(replay(text)) == text`` to prove that nothing has changed since.

    Raises:
        BadInput: the record is not readable, or its pack is not kept here.
    """
    try:
        record = json.loads(text)
        key, settings, picture = record["pack"], record["settings"], record["picture"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadInput(f"not a recorded evaluation ({error!r})") from error
    return evaluate(build(key, settings), picture_from_dict(picture))
