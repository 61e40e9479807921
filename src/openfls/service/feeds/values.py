"""Readings as JSON and back, and the fingerprint by which a record delivered twice is known."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter

from openfls.record.feeds import Observation, Reading

_OBSERVATION = TypeAdapter(Observation)
_READING = TypeAdapter(Reading)


def to_json(reading: Reading) -> Any:
    """The reading as JSON values."""
    return _READING.dump_python(reading, mode="json")


def observation_from(data: Any) -> Observation:
    """An observation as it was kept."""
    return _OBSERVATION.validate_python(data)


def fingerprint(reading: Reading) -> str:
    """SHA-256 of what the record says, whatever file it came in and wherever it stood there."""
    plain = replace(reading, source=replace(reading.source, feed="", position="", version=""))
    text = json.dumps(to_json(plain), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
