"""Readings as JSON and back, and the fingerprint by which a record delivered twice is known."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from openfls.record.feeds import Measured, Notice, Observation, Reading, Rejection

_OBSERVATION = TypeAdapter(Observation)
_READING = TypeAdapter(Reading)
_OF: dict[type, TypeAdapter[Any]] = {
    each: TypeAdapter(each) for each in (Observation, Notice, Measured, Rejection)
}
R = TypeVar("R", Observation, Notice, Measured, Rejection)


def to_json(reading: Reading) -> Any:
    """The reading as JSON values."""
    return _OF[type(reading)].dump_python(reading, mode="json")


@dataclass(frozen=True, slots=True)
class Kept(Generic[R]):
    """A reading that any database can keep, as JSON values, and the fingerprint of what it says.

    PostgreSQL keeps no NUL character in a text: a replacement sign stands for it.
    """

    reading: R
    data: Any
    content: str


def as_kept(reading: R) -> Kept[R]:
    """All that is needed to keep a reading, worked out once."""
    data = to_json(reading)
    text = _plain(data)
    if "\\u0000" in text or _has_nul(data["source"]) or _has_nul(data.get("passed_over")):
        data = _without_nul(data)
        reading = _OF[type(reading)].validate_python(data)
        text = _plain(data)
    return Kept(reading, data, _digest(text))


def _plain(data: Any) -> str:
    """What a record says, whatever file it came in and wherever it stood there."""
    plain = {**data, "source": {**data["source"], "feed": "", "position": "", "version": ""}}
    if "passed_over" in plain:
        plain["passed_over"] = None
    if plain.get("unread", ...) is None:
        del plain["unread"]  # rows from before there was such a thing stay known
    return json.dumps(plain, sort_keys=True, ensure_ascii=False)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _has_nul(data: Any) -> bool:
    return data is not None and "\\u0000" in json.dumps(data)


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
    return _digest(_plain(to_json(reading)))
