"""The main navigation: the pages that a role may open."""

from __future__ import annotations

from openfls.service.actor import Actor, can
from openfls.service.roles import May

_PAGES = (
    ("today", "Today", May.SEE_PEOPLE),
    ("worklist", "Worklists", May.SEE_PEOPLE),
    ("tasks", "Tasks", May.SEE_PEOPLE),
    ("reviews", "Reviews", May.SEE_PEOPLE),
    ("alerts", "Alerts", May.SEE_PEOPLE),
    ("post", "Letters", May.SEE_PEOPLE),
    ("measures", "Measures", May.SEE_MEASURES),
    ("coverage", "Whom do we miss?", May.SEE_MEASURES),
    ("guidance", "Guidelines", May.SEE_PEOPLE),
    ("toolkit", "Toolkit", May.SEE_MEASURES),
    ("training", "Training", May.TRAIN),
    ("feeds", "Feeds", May.LOAD_FEEDS),
    ("access", "Access", May.GIVE_ACCESS),
    ("audit", "Who looked", May.SEE_AUDIT),
)


def navigation(actor: Actor) -> list[tuple[str, str]]:
    """Names and words of the pages, in their order."""
    return [(name, words) for name, words, needs in _PAGES if can(actor, needs)]


def first_page(actor: Actor) -> str:
    """The name of the first page that a role may open; empty where there is none."""
    return next((name for name, _ in navigation(actor)), "")
