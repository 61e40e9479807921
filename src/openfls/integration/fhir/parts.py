"""The small parts that every resource is made of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from openfls.integration.fhir.systems import DATA_ABSENT, DATA_ABSENT_EXTENSION, PROFILED, uk_core

Json = dict[str, Any]
"""A FHIR element or resource as JSON."""

_UNKNOWN_WORDS = "Not known"


def coding(system: str, code: str, display: str = "") -> Json:
    """One code of one system."""
    return without_empty({"system": system, "code": code, "display": display})


def concept(text: str, *codings: Json) -> Json:
    """A concept: always with words, and with the codes that are certain."""
    return without_empty({"coding": list(codings), "text": plain(text)})


def reference(kind: str, key: str, display: str = "") -> Json:
    """A reference to a resource of this server."""
    return without_empty({"reference": f"{kind}/{key}", "display": plain(display)})


def instant(moment: datetime) -> str:
    """A moment in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def day(value: date | None) -> str | None:
    """A day; None where it is not known."""
    return value.isoformat() if value else None


def absent(code: str = "unknown", words: str = _UNKNOWN_WORDS) -> Json:
    """Why there is no value."""
    return concept(words, coding(DATA_ABSENT, code))


def absent_extension(code: str = "unknown") -> Json:
    """The same, for an element that is a simple value or a whole group."""
    return {"extension": [{"url": DATA_ABSENT_EXTENSION, "valueCode": code}]}


def notes(*texts: str) -> list[Json] | None:
    """Annotations; None without any."""
    return [{"text": plain(text)} for text in texts if text.strip()] or None


def plain(text: str) -> str:
    """Text without characters that XML cannot hold and without space around it."""
    return "".join(c for c in text if c in "\n\t" or (ord(c) >= 32 and c not in "\ufffe\uffff")).strip()


def without_empty(values: Mapping[str, Any]) -> Json:
    """The entries that say something: FHIR has no empty text, list or group."""
    return {key: value for key, value in values.items() if value not in (None, "", [], {})}


def finished(resource: Mapping[str, Any], changed_at: datetime, profiles: Sequence[str] = ()) -> Json:
    """The resource with its ``meta``: profile, version (a hash of what it says) and when its record last changed."""
    said = without_empty(resource)
    kind = str(said["resourceType"])
    claimed = list(profiles) or ([uk_core(kind)] if kind in PROFILED else [])
    meta = without_empty(
        {"versionId": version_of(said), "lastUpdated": instant(changed_at), "profile": claimed}
    )
    return {"resourceType": kind, "id": said.get("id"), "meta": meta} | said


def version_of(resource: Mapping[str, Any]) -> str:
    """A hash of what a resource says, without its ``meta``."""
    said = {key: value for key, value in resource.items() if key != "meta"}
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]
