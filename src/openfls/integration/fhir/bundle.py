"""The answer to a search: a page of resources, with the links to itself and to the next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode

from openfls.integration.fhir.parts import Json, instant, without_empty
from openfls.integration.fhir.searching import Search
from openfls.integration.fhir.systems import uk_core


def searchset(
    search: Search,
    found: Sequence[Json],
    included: Sequence[Json],
    *,
    base: str,
    at: datetime,
    following: str,
    is_all: bool,
) -> Json:
    """A page. ``following`` is the cursor of the next one (empty: there is none); ``is_all``: nothing else was found,
    before or after."""
    links = [{"relation": "self", "url": _url(search, base, search.cursor)}]
    if following:
        links.append({"relation": "next", "url": _url(search, base, following)})
    entries = [(each, "match") for each in found] + [(each, "include") for each in included]
    return without_empty(
        {
            "resourceType": "Bundle",
            "meta": {"lastUpdated": instant(at), "profile": [uk_core("Bundle")]},
            "type": "searchset",
            "total": len(found) if is_all else None,
            "link": links,
            "entry": [
                {
                    "fullUrl": f"{base}/{each['resourceType']}/{each['id']}",
                    "resource": each,
                    "search": {"mode": mode},
                }
                for each, mode in entries
            ],
        }
    )


def _url(search: Search, base: str, cursor: str) -> str:
    said = [(name, value) for name, value in search.said if name != "_cursor"]
    query = urlencode([*said, *([("_cursor", cursor)] if cursor else [])])
    return f"{base}/{search.kind}" + (f"?{query}" if query else "")
