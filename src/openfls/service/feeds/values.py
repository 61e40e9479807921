"""Readings as JSON and back, and the fingerprint by which a record delivered twice is known."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import TypeAdapter

from openfls.record.feeds import Measured, Notice, Observation, Reading, Rejection

_OBSERVATION = TypeAdapter(Observation)
_READING = TypeAdapter(Reading)
R = TypeVar("R", Observation, Notice, Measured, Rejection)


def to_json(reading: Reading) -> Any:
    """The reading as JSON values."""
    return _READING.dump_python(reading, mode="json")


def storable(reading: R) -> R:
    """The reading without the NUL character, which PostgreSQL keeps in no text: a replacement sign stands for it."""
    data = to_json(reading)
    if "\\u0000" not in json.dumps(data):
        return reading
    return TypeAdapter(type(reading)).validate_python(_without_nul(data))


def _without_nul(data: Any) -> Any:
    match data:
        case str():
            return data.replace("\x00", "\ufffd")
        case list():
            return [_without_nul(each) for each in data]
        case dict():
            return {key: _without_nul(each) for key, each in data.items()}
        case _:
            return data


def observation_from(data: Any) -> Observation:
    """An observation as it was kept."""
    return _OBSERVATION.validate_python(data)


def reading_from(data: Any) -> Reading:
    """A reading of any kind as it was kept."""
    return _READING.validate_python(data)


def fingerprint(reading: Reading) -> str:
    """SHA-256 of what the record says, whatever file it came in and wherever it stood there."""
    plain = replace(reading, source=replace(reading.source, feed="", position="", version=""))
    if isinstance(plain, Rejection):
        plain = replace(plain, passed_over=None)
    text = json.dumps(to_json(plain), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
