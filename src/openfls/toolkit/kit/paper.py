"""A paper as values: what a page shows, and what Word and PDF are made of."""

from __future__ import annotations

from dataclasses import dataclass

from openfls.toolkit.tables import Table


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a paper; level 1 is a section, 2 a part of one. In a presentation each section is a slide."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. ``quiet``: a source or a note."""

    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """A place where the user's own words are still missing: shown in square brackets, so that nobody overlooks it."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short lines."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing (SVG) with its title and what it says in words."""

    name: str
    svg: str

    @property
    def title(self) -> str:
        """Its title."""
        return _inside(self.svg, "title")

    @property
    def says(self) -> str:
        """What it shows, in words."""
        return _inside(self.svg, "desc")


Part = Heading | Text | Gap | Bullets | Table | Chart


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of the kit.

    Attributes:
        name: of its file, without an ending.
        slides: whether each section is a page of its own, wide, in large type.
    """

    name: str
    title: str
    subtitle: str
    parts: tuple[Part, ...]
    slides: bool = False

    @property
    def gaps(self) -> int:
        """Places that are still to be filled in."""
        return sum(isinstance(part, Gap) for part in self.parts)


def or_gap(text: str, wanted: str) -> Text | Gap:
    """The user's words, or the gap that asks for them."""
    return Text(text) if text.strip() else Gap(wanted)


def _inside(svg: str, tag: str) -> str:
    from html import unescape

    return unescape(svg.split(f"<{tag} ", 1)[1].split(">", 1)[1].split(f"</{tag}>", 1)[0])
