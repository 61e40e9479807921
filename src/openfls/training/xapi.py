"""What somebody did, as statements of the Experience API (xAPI 1.0.3) for a service's own learning record store.

Verbs are those of the ADL vocabulary. An actor is an account of this installation, never a name or an address.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

_NAMESPACE = uuid.UUID("5a5b7e52-0d3e-5f3c-9d2a-1f6f0b7c2a11")
"""Our own: the same doing always has the same statement id, so that a store takes a second export without doubles."""
_VERBS = "http://adlnet.gov/expapi/verbs/"
_ACTIVITIES = "http://adlnet.gov/expapi/activities/"
VERBS = ("registered", "completed", "answered", "passed", "failed", "commented", "experienced")


@dataclass(frozen=True, slots=True)
class Doing:
    """One thing done. ``key`` names it once and for all, such as ``attempt <id>``; ``score`` is from 0 to 1."""

    key: str
    account: str
    verb: str
    activity: str
    title: str
    kind: str
    at: datetime
    score: float | None = None
    success: bool | None = None
    within: str = ""


def statement(doing: Doing, home: str) -> dict[str, Any]:
    """A doing as a statement. ``home`` is the address of the installation.

    Raises:
        ValueError: the verb is none of `VERBS`.
    """
    if doing.verb not in VERBS:
        raise ValueError(doing.verb)
    made: dict[str, Any] = {
        "id": str(uuid.uuid5(_NAMESPACE, f"{home} {doing.key}")),
        "actor": {"objectType": "Agent", "account": {"homePage": home, "name": doing.account}},
        "verb": {"id": _VERBS + doing.verb, "display": {"en-GB": doing.verb}},
        "object": {
            "objectType": "Activity",
            "id": f"{home}/training/{doing.activity}",
            "definition": {"type": _ACTIVITIES + doing.kind, "name": {"en-GB": doing.title}},
        },
        "timestamp": doing.at.isoformat(),
    }
    result: dict[str, Any] = {}
    if doing.score is not None:
        result["score"] = {"scaled": round(doing.score, 4)}
    if doing.success is not None:
        result["success"] = doing.success
    if doing.verb in ("completed", "passed", "failed"):
        result["completion"] = True
    if result:
        made["result"] = result
    if doing.within:
        parent = {"objectType": "Activity", "id": f"{home}/training/{doing.within}"}
        made["context"] = {"contextActivities": {"parent": [parent]}}
    return made
