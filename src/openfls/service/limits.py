"""What the software is known not to do, or to do badly: one list for the page in the app and for the safety file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Limits:
    """The known limits of one part, in words for its users."""

    title: str
    limits: tuple[str, ...]


@cache
def known_limits() -> tuple[Limits, ...]:
    """Every known limit, by part, in the order of `data/limits.toml`."""
    text = resources.files("openfls.service").joinpath("data/limits.toml").read_text(encoding="utf-8")
    return tuple(Limits(group["title"], tuple(group["limits"])) for group in tomllib.loads(text)["group"])


def page() -> str:
    """The same for the safety file, as Markdown."""
    lines = [
        "# Known limits (draft)",
        "",
        "Made from `service/data/limits.toml`. The app shows them to everybody at `/about/`; every page links there.",
        "",
    ]
    for part in known_limits():
        lines += [f"## {part.title}", "", *(f"- {limit}" for limit in part.limits), ""]
    return "\n".join(lines)
