"""Leaflets as values: our own plain words on one subject, each fact with where it comes from and how sure it is.

A leaflet is a TOML file of ``data/leaflets/<language>``: ``title``, ``summary``, ``picture``, ``written``, ``review``,
``medicine`` (which one it is about) and ``drugs`` (the drugs of a plan that it goes with), ``blocks`` as in a letter's
wording (``heading``, ``paragraph``, ``list``, ``numbered``), and ``facts`` with ``says``, ``source`` and
``confidence``. Nothing in it depends on a person.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from openfls.information.easy_read import one_sentence_a_line
from openfls.information.letter import Block, Heading, ItemList, KeyValueTable, Paragraph, TextSize
from openfls.information.phrases import uk_date
from openfls.information.words import ENGLISH, say
from openfls.record.advice import Confidence
from openfls.record.errors import BadInput

_FOLDER = files("openfls.information") / "data" / "leaflets"
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a leaflet says, where it was taken from, and how sure that is."""

    says: str
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Leaflet:
    """One leaflet. ``drugs`` are keys of `record.reasons.Drug`; ``medicine`` is empty where it is for everybody."""

    key: str
    title: str
    summary: str
    picture: str
    language: str
    written: date
    review: date
    drugs: tuple[str, ...]
    medicine: str
    body: tuple[Block, ...]
    facts: tuple[Fact, ...]

    @property
    def unsure(self) -> tuple[Fact, ...]:
        """The facts that have not been checked in their original."""
        return tuple(fact for fact in self.facts if fact.confidence is not Confidence.CHECKED)


def leaflets(language: str = ENGLISH) -> Mapping[str, Leaflet]:
    """Every leaflet of a language by its key: those for everybody first, then the medicines, each by title.

    Raises `BadInput` for a language without leaflets.
    """
    return _leaflets(language)


@cache
def _leaflets(language: str) -> Mapping[str, Leaflet]:
    folder = _FOLDER / language
    if not folder.is_dir():
        raise BadInput(f"no leaflets in {language!r}", where="leaflets")
    read = [
        leaflet_from(file.name.removesuffix(".toml"), file.read_text("utf-8"), language)
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    ]
    return {leaflet.key: leaflet for leaflet in sorted(read, key=lambda one: (bool(one.medicine), one.title))}


def leaflet_from(key: str, text: str, language: str = ENGLISH) -> Leaflet:
    """The leaflet that a TOML text is. Raises `BadInput` naming the file and the field."""
    where = f"leaflets/{language}/{key}.toml"
    if not _KEY.fullmatch(key):
        raise BadInput("a leaflet's name is small letters, digits and hyphens", where=where)
    try:
        data = tomllib.loads(text)
        return Leaflet(
            key=key,
            title=data["title"],
            summary=data["summary"],
            picture=data["picture"],
            language=language,
            written=_day(data["written"], where, "written"),
            review=_day(data["review"], where, "review"),
            drugs=tuple(data.get("drugs", ())),
            medicine=data.get("medicine", ""),
            body=tuple(_block(block, where) for block in data["blocks"]),
            facts=tuple(
                Fact(fact["says"], fact["source"], Confidence(fact["confidence"])) for fact in data["facts"]
            ),
        )
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"not TOML: {error}", where=where) from error
    except KeyError as error:
        raise BadInput("is missing", where=where, field=str(error.args[0])) from error
    except ValueError as error:
        raise BadInput(str(error), where=where) from error


def leaflets_for(drug: str, language: str = ENGLISH) -> tuple[Leaflet, ...]:
    """The leaflets that may go with a letter: those of the drug of the plan, then those for everybody."""
    every = leaflets(language).values()
    own = [leaflet for leaflet in every if drug and drug in leaflet.drugs]
    return (*own, *(leaflet for leaflet in every if not leaflet.medicine))


def printed_blocks(leaflet: Leaflet, text_size: TextSize = TextSize.NORMAL) -> tuple[Block, ...]:
    """Everything under the title: what must be known first, the leaflet, and where it comes from."""
    language = leaflet.language
    first = (Paragraph(say("leaflet.unsure", language)),) if leaflet.unsure else ()
    body = (Paragraph(leaflet.summary), *leaflet.body)
    if text_size is TextSize.EASY_READ:
        first, body = one_sentence_a_line(first), one_sentence_a_line(body)  # type: ignore[assignment]
    rows = tuple((fact.says, f"{fact.source} ({_mark(fact, language)})") for fact in leaflet.facts)
    header = (say("leaflet.fact", language), say("leaflet.source", language))
    return (
        *first,
        *body,
        Heading(say("leaflet.sources", language)),
        KeyValueTable(header, rows),
    )


def dated(leaflet: Leaflet) -> str:
    """When it was written, and by when it is to be looked at again."""
    language = leaflet.language
    return say(
        "leaflet.written",
        language,
        date=uk_date(leaflet.written, language),
        review=uk_date(leaflet.review, language),
    )


def _mark(fact: Fact, language: str) -> str:
    if fact.confidence is Confidence.CHECKED:
        return str(fact.confidence)
    key = "second_hand" if fact.confidence is Confidence.SECOND_HAND else "to_be_checked"
    return f"{fact.confidence}: {say(f'leaflet.{key}', language)}"


def _day(value: Any, where: str, field: str) -> date:
    if not isinstance(value, date):
        raise BadInput("must be a date", where=where, field=field)
    return value


def _block(data: dict[str, Any], where: str) -> Block:
    match data:
        case {"heading": str(text)}:
            return Heading(text, data.get("picture", ""))
        case {"paragraph": list(texts)}:
            return Paragraph(" ".join(texts))
        case {"list": list(items)}:
            return ItemList(tuple(items))
        case {"numbered": list(items)}:
            return ItemList(tuple(items), numbered=True)
    raise BadInput("a block is a heading, a paragraph, a list or numbered", where=where)
