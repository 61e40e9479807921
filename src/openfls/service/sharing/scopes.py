"""What a connection may be allowed: a scope for each kind of resource, and one for cards."""

from __future__ import annotations

from collections.abc import Iterable

from openfls.integration.fhir.parameters import PARAMETERS

CARDS = "system/cds-hooks.read"
"""Our own: CDS Hooks has no scope for a service."""
SCOPES: tuple[tuple[str, str], ...] = (
    *((f"system/{kind}.read", kind) for kind in PARAMETERS),
    (CARDS, "Cards (CDS Hooks)"),
)
"""Every scope with its words."""
KNOWN = frozenset(scope for scope, _ in SCOPES)
_COVERED = {"Binary": "DocumentReference", "Bundle": "DocumentReference"}


def scope_for(kind: str) -> str:
    """What reading a kind of resource needs; the PDF and the document of a letter go with its DocumentReference."""
    return f"system/{_COVERED.get(kind, kind)}.read"


def granted(allowed: Iterable[str], asked: str) -> frozenset[str] | None:
    """The scopes of a token: those asked for, or all that are allowed where none is named.

    ``system/*.read`` asks for all that may be read. None where nothing of what is asked for is allowed.
    """
    mine = frozenset(allowed)
    wanted = set(asked.split())
    if not wanted:
        return mine
    found = wanted & mine
    if "system/*.read" in wanted:
        found |= {scope for scope in mine if scope != CARDS}
    return frozenset(found) or None
