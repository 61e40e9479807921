"""The order of the site: what one does first, and why it is built so last. A page that is added stands in its folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

SECTIONS = {
    "How to": "how-to",
    "Reference": "reference",
    "Explanation": "explanation",
    "Safety": "safety",
    "Security": "safety/security",
    "Decisions": "decisions",
}


def on_config(config: Any) -> Any:
    """Called by mkdocs before it reads a page."""
    docs = Path(config["docs_dir"])
    config["nav"] = ["index.md", "tutorial.md"] + [
        {title: [page.relative_to(docs).as_posix() for page in sorted((docs / folder).glob("*.md"))]}
        for title, folder in SECTIONS.items()
    ]
    return config
