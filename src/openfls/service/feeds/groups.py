"""A group of evidence as the columns of what is kept of it: an event as an episode's, a fracture as a fracture's."""

from __future__ import annotations

from typing import Any

from openfls.identification.episodes.incidental import incidental_reason
from openfls.record.feeds import FoundFracture
from openfls.record.findings import Finding
from openfls.service.feeds.events import Event, Told


def columns_of_event(event: Event) -> dict[str, Any]:
    """Day, triage and reasons of the episode of an event, as it is told now."""
    first = event.told[0]
    observations = [one for each in event.told for one in each.found.observations]
    return {
        "index_date": first.on,
        "triage": first.found.triage,
        "reason": _reason(first.found),
        "incidental": incidental_reason(observations, {each.found.site for each in event.told})[:200],
    }


def columns_of_fracture(told: Told) -> dict[str, Any]:
    """Day, place and kind of a fracture, as it is told now."""
    found = told.found
    finding = _main_finding(found)
    return {
        "on": told.on,
        "kind": finding.kind,
        "age": finding.age,
        "site": found.site,
        "side": found.side,
        "levels": ";".join(found.levels),
    }


def is_dated(event: Event) -> bool:
    """Whether any record says when it happened."""
    return event.told[0].found.on is not None


def _main_finding(found: FoundFracture) -> Finding:
    findings = [finding for each in found.observations for finding in each.findings]
    at_site = [finding for finding in findings if finding.site is found.site]
    return (at_site or findings)[0]


def _reason(found: FoundFracture) -> str:
    undated = "" if found.on else "; day of the fracture not known, counted from the day it was found"
    return f"{found.reason}{undated}"[:500]
