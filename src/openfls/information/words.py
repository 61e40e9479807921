"""The words that stand around letters and leaflets, one file a language: nothing that is printed stands in code.

Another language is another file of ``data/words`` and another folder each of ``data/wording`` and
``data/leaflets``; a letter carries its language, and the renderers ask for their words by it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files

from openfls.record.errors import BadInput

ENGLISH = "en-GB"
_FOLDER = files("openfls.information") / "data" / "words"


def languages() -> tuple[str, ...]:
    """The languages that there are words for, sorted."""
    return tuple(sorted(file.name.removesuffix(".toml") for file in _FOLDER.iterdir()))


def say(key: str, language: str = ENGLISH, **values: object) -> str:
    """The words of ``key`` (``group.name``) with ``values`` in their places; values are never read as wording.

    A letter in a language without words of its own is surrounded by English ones.
    """
    return _texts(language if language in _known() else ENGLISH)[key].format(**values)


def said(group: str, names: Iterable[str], language: str = ENGLISH) -> tuple[str, ...]:
    """The words of those names of a group that have any."""
    texts = _texts(language if language in _known() else ENGLISH)
    return tuple(texts[f"{group}.{name}"] for name in names if f"{group}.{name}" in texts)


def drug_words(key: str, language: str = ENGLISH) -> str:
    """A drug as a letter names it: its key, unless the language has other words for it."""
    return "".join(said("drugs", (key,), language)) or key


def months(language: str = ENGLISH) -> tuple[str, ...]:
    """The twelve months."""
    return _months(language if language in _known() else ENGLISH)


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(languages())


@cache
def _months(language: str) -> tuple[str, ...]:
    found = tuple(_read(language)["dates"]["months"])
    if len(found) != 12:
        raise BadInput("there are twelve months", where=f"words/{language}.toml", field="dates.months")
    return found


@cache
def _texts(language: str) -> Mapping[str, str]:
    return {
        f"{group}.{name}": text
        for group, texts in _read(language).items()
        for name, text in texts.items()
        if isinstance(text, str)
    }


def _read(language: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((_FOLDER / f"{language}.toml").read_text("utf-8"))
