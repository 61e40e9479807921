"""The wording of each kind of letter, read from TOML: the project's own, and a service's in place of it.

A file is named after its kind (``person.toml``); ``common.toml`` holds what all kinds share. Every key that a
service's file gives replaces that key of the default; the rest stays. Fields in braces are explained in
`template`.

Keys: ``subject`` (a list: the first that stands is taken), ``recipient``, ``sender_name``, ``letterhead``,
``sender_lines``, ``about`` (label and value), ``salutation``, ``closing``, ``signature``, ``copies``,
``blocks``. A block has one of ``heading``, ``paragraph`` (a list of sentences), ``list``, ``numbered``,
``table`` (rows) or ``table_of`` (fields with rows) with ``header``, or ``box`` with ``items`` and ``empty``,
said when no item stands.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from openfls.information.fields import FIELD_NAMES, PAIR_FIELDS
from openfls.information.letter import LetterKind
from openfls.information.template import check_template
from openfls.information.words import ENGLISH
from openfls.record.errors import BadInput

Texts = tuple[str, ...]
Pairs = tuple[tuple[str, str], ...]

COMMON = "common"
_PACK = "pack.toml"
_FOLDER = files("openfls.information") / "data" / "wording"
_BLOCK_KEYS = {
    "heading": ("picture",),
    "paragraph": (),
    "list": (),
    "numbered": (),
    "table": ("header",),
    "table_of": ("header",),
    "box": ("items", "empty"),
}


@dataclass(frozen=True, slots=True)
class BlockWording:
    """One block before the fields are filled. ``kind`` is its key in the file; ``texts`` its sentences or
    items.
    """

    kind: str
    texts: Texts = ()
    pairs: Pairs = ()
    rows_of: Texts = ()
    header: tuple[str, str] = ("", "")
    title: str = ""
    empty: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class LetterWording:
    """The wording of one kind of letter."""

    subject: Texts = ()
    recipient: Texts = ()
    sender_name: Texts = ()
    letterhead: Texts = ()
    sender_lines: Texts = ()
    about: Pairs = ()
    salutation: Texts = ()
    closing: Texts = ()
    signature: Texts = ()
    copies: Texts = ()
    blocks: tuple[BlockWording, ...] = ()


Wording = Mapping[LetterKind, LetterWording]


@dataclass(frozen=True, slots=True)
class WordingPack:
    """Which wording of the project's this is: its language, its version and its day."""

    language: str
    version: str
    dated: date


@cache
def wording_pack(language: str = ENGLISH) -> WordingPack:
    """The pack that the default wording of ``language`` is."""
    data = tomllib.loads((_FOLDER / language / _PACK).read_text("utf-8"))
    return WordingPack(language, data["version"], data["dated"])


@cache
def default_wording(language: str = ENGLISH) -> Wording:
    """The project's own wording, every kind. Raises `BadInput` for a language that there is none in."""
    return wording_from({}, language)


def read_wording(folder: Path) -> Wording:
    """The default wording with the files of ``folder`` in its place. Raises `BadInput`: file and field."""
    if not folder.is_dir():
        raise BadInput("no such folder", where=str(folder))
    return wording_from({path.stem: path.read_text("utf-8") for path in sorted(folder.glob("*.toml"))})


def wording_from(texts: Mapping[str, str], language: str = ENGLISH) -> Wording:
    """The default wording with a service's own in its place: the TOML text of each file by name, no ending.

    What a kind says for itself goes before what is common to all, in the default too: a service's
    ``common.toml`` does not reach the address block of a letter to the GP.
    Raises `BadInput` for an unknown kind, key or field, and for text that is not TOML.
    """
    own, default = _parsed(texts), _default_parts(language)
    return {
        kind: LetterWording(
            **{**default[COMMON], **own.get(COMMON, {}), **default[kind], **own.get(kind, {})}
        )
        for kind in LetterKind
    }


@cache
def _default_parts(language: str) -> dict[str, dict[str, Any]]:
    folder = _FOLDER / language
    if not folder.is_dir():
        known = sorted(each.name for each in _FOLDER.iterdir())
        raise BadInput(f"no wording in {language!r}; there is {', '.join(known)}", where="wording")
    return _parsed({name: (folder / f"{name}.toml").read_text("utf-8") for name in (COMMON, *LetterKind)})


def _parsed(texts: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The checked keys of each file, by the file's name."""
    parsed: dict[str, dict[str, Any]] = {}
    for name, text in texts.items():
        where = f"{name}.toml"
        if name != COMMON and name not in set(LetterKind):
            raise BadInput(f"no such letter; known are {', '.join(LetterKind)}", where=where)
        try:
            parsed[name] = _parts(tomllib.loads(text), where)
        except tomllib.TOMLDecodeError as error:
            raise BadInput(f"not TOML: {error}", where=where) from error
    return parsed


def _parts(data: dict[str, Any], where: str) -> dict[str, Any]:
    """The keys of one file as parts of a `LetterWording`, every template checked."""
    parts: dict[str, Any] = {}
    for key, value in data.items():
        if key not in LetterWording.__slots__:
            raise BadInput("unknown key", where=where, field=key)
        if key == "blocks":
            if not isinstance(value, list):
                raise BadInput("must be a list of blocks", where=where, field=key)
            parts[key] = tuple(
                _block(block, f"{where}, block {row}") for row, block in enumerate(value, start=1)
            )
        elif key == "about":
            parts[key] = _pairs(value, where, key)
        else:
            parts[key] = _texts(value, where, key)
    return parts


def _block(data: Any, where: str) -> BlockWording:
    kinds = [key for key in _BLOCK_KEYS if isinstance(data, dict) and key in data]
    if len(kinds) != 1:
        raise BadInput(f"a block has one of {', '.join(_BLOCK_KEYS)}", where=where)
    kind = kinds[0]
    for key in data:
        if key != kind and key not in _BLOCK_KEYS[kind]:
            raise BadInput("unknown key", where=where, field=key)
    value = data[kind]
    header = _pairs([data.get("header", ["", ""])], where, "header")[0]
    if kind == "table":
        return BlockWording(kind, pairs=_pairs(value, where, kind), header=header)
    if kind == "table_of":
        names = _texts(value, where, kind)
        unknown = [name for name in names if name not in PAIR_FIELDS]
        if unknown:
            raise BadInput(
                f"unknown field {unknown[0]!r}; rows come from {', '.join(PAIR_FIELDS)}",
                where=where,
                field=kind,
            )
        return BlockWording(kind, rows_of=names, header=header)
    if kind == "box":
        empty = _texts(data.get("empty", ""), where, "empty")[0]
        title = _texts(value, where, kind)[0]
        return BlockWording(kind, _texts(data.get("items", []), where, "items"), title=title, empty=empty)
    return BlockWording(kind, _texts(value, where, kind), picture=data.get("picture", ""))


def _texts(value: Any, where: str, field: str) -> Texts:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise BadInput("must be text or a list of texts", where=where, field=field)
    for text in texts:
        check_template(text, FIELD_NAMES, where=f"{where}, {field}")
    return tuple(texts)


def _pairs(value: Any, where: str, field: str) -> Pairs:
    if not isinstance(value, list) or not all(isinstance(row, list) and len(row) == 2 for row in value):
        raise BadInput("must be a list of pairs", where=where, field=field)
    rows = [_texts(row, where, field) for row in value]
    return tuple((row[0], row[1]) for row in rows)
