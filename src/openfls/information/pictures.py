"""The few pictures of easy read and of leaflets, drawn by us, and what each shows for those who do not see it."""

from __future__ import annotations

import base64
from functools import cache, lru_cache
from importlib.resources import files

from openfls.information.words import ENGLISH, say

_FOLDER = files("openfls.information") / "data" / "pictures"


@lru_cache(maxsize=1)
def picture_names() -> frozenset[str]:
    """Every picture."""
    return frozenset(file.name.removesuffix(".svg") for file in _FOLDER.iterdir())


def is_picture(name: str) -> bool:
    """Whether there is a picture of that name."""
    return name in picture_names()


def alt_text(name: str, language: str = ENGLISH) -> str:
    """What the picture shows, in words."""
    return say(f"pictures.{name}", language)


@cache
def picture_address(name: str) -> str:
    """The picture as an address that holds it (``data:``), for a page."""
    drawn = base64.b64encode((_FOLDER / f"{name}.svg").read_bytes()).decode()
    return f"data:image/svg+xml;base64,{drawn}"
