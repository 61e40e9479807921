"""A lesson as a tree of blocks: Markdown read once, for the page, the printed lesson and the measures of its text.

Raw HTML is no part of the tree: what looks like it stays text. A figure is a name; whether it exists is for `checking`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

CALL_OUTS = ("Remember", "Red flag", "In the clinic")
"""What the first bold words of a block quote make of it."""
_CITED = re.compile(r"\s?\[@[^\]]+\]")
_KEY = re.compile(r"@([\w-]+)")
_SAFE_LINK = re.compile(r"https?://|mailto:|#")
_reader = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text of one look; ``cites`` are the claims named right after it."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    link: str = ""
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list, call-out, table or figure.

    ``kind`` is one of heading, paragraph, bullets, numbers, quote, table, figure, code, rule. ``items`` are those of a
    list, each a tuple of blocks; ``rows`` those of a table, its heading first; ``inside`` the blocks of a quote.
    """

    kind: str
    runs: tuple[Run, ...] = ()
    level: int = 0
    items: tuple[tuple[Block, ...], ...] = ()
    rows: tuple[tuple[tuple[Run, ...], ...], ...] = ()
    inside: tuple[Block, ...] = ()
    label: str = ""
    name: str = ""
    alt: str = ""


@dataclass(slots=True)
class Notes:
    """Claims in the order in which they are first cited, numbered from one."""

    keys: list[str] = field(default_factory=list)

    def number(self, key: str) -> int:
        """The number of a claim, which it keeps."""
        if key not in self.keys:
            self.keys.append(key)
        return self.keys.index(key) + 1


def blocks_of(markdown: str) -> tuple[Block, ...]:
    """The blocks of a Markdown text."""
    return tuple(_blocks(SyntaxTreeNode(_reader.parse(markdown))))


def cited(blocks: tuple[Block, ...]) -> list[str]:
    """Every claim that the blocks cite, in order, each once."""
    return list(dict.fromkeys(key for run in runs(blocks) for key in run.cites))


def figures(blocks: tuple[Block, ...]) -> list[Block]:
    """Every figure of the blocks."""
    return [block for block in walk(blocks) if block.kind == "figure"]


def plain(blocks: tuple[Block, ...]) -> str:
    """What is read as sentences, one paragraph, list item or table cell a line; headings are left out."""
    lines = []
    for block in walk(blocks):
        if block.kind == "paragraph":
            lines.append("".join(run.text for run in block.runs))
    return "\n".join(lines)


def words(blocks: tuple[Block, ...]) -> int:
    """How many words are read: headings, sentences, lists and tables; no marks of citations, no figures."""
    texts = [block.runs for block in walk(blocks)]
    texts += [cell for block in walk(blocks) for row in block.rows for cell in row]
    said = " ".join("".join(run.text for run in one) for one in texts)
    return sum(any(letter.isalnum() for letter in word) for word in said.split())


def walk(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Every block, the inner ones after the one that holds them."""
    for block in blocks:
        yield block
        yield from walk(block.inside)
        for item in block.items:
            yield from walk(item)


def runs(blocks: tuple[Block, ...]) -> Iterator[Run]:
    """Every run of the blocks in the order of reading."""
    for block in walk(blocks):
        yield from block.runs
        for row in block.rows:
            for cell in row:
                yield from cell


def _blocks(node: SyntaxTreeNode) -> Iterator[Block]:
    for child in node.children:
        match child.type:
            case "heading":
                yield Block("heading", _inline(child), level=int(child.tag[1]))
            case "paragraph":
                yield from _paragraph(child)
            case "bullet_list" | "ordered_list":
                kind = "bullets" if child.type == "bullet_list" else "numbers"
                yield Block(kind, items=tuple(tuple(_blocks(item)) for item in child.children))
            case "blockquote":
                yield _quote(child)
            case "table":
                yield Block("table", rows=tuple(_rows(child)))
            case "fence" | "code_block":
                yield Block("code", (Run(child.content.rstrip("\n"), code=True),))
            case "hr":
                yield Block("rule")
            case _:
                yield Block("paragraph", (Run(child.content),))


def _paragraph(node: SyntaxTreeNode) -> Iterator[Block]:
    """A paragraph; a figure in it becomes a block of its own."""
    inline = node.children[0] if node.children else None
    pictures = [one for one in inline.children if one.type == "image"] if inline else []
    for one in pictures:
        yield Block("figure", name=str(one.attrs.get("src", "")), alt=_words(one))
    found = _inline(node)
    if any(run.text.strip() or run.cites for run in found):
        yield Block("paragraph", found)


def _quote(node: SyntaxTreeNode) -> Block:
    inside = tuple(_blocks(node))
    label = ""
    if inside and inside[0].kind == "paragraph" and inside[0].runs and inside[0].runs[0].bold:
        first = inside[0].runs[0].text.strip().rstrip(".:")
        label = first if first in CALL_OUTS else ""
        if label:
            rest = inside[0].runs[1:]
            if rest:
                rest = (_without_stop(rest[0]), *rest[1:])
            inside = (Block("paragraph", rest), *inside[1:]) if rest else inside[1:]
    return Block("quote", inside=inside, label=label)


def _without_stop(run: Run) -> Run:
    """The words after a label, without the stop or colon that parted them."""
    text = run.text.lstrip(" .:–-\n")
    return Run(text, run.bold, run.italic, run.code, run.link, run.cites)


def _rows(node: SyntaxTreeNode) -> Iterator[tuple[tuple[Run, ...], ...]]:
    for part in node.children:
        for row in part.children:
            yield tuple(_inline(cell) for cell in row.children)


def _inline(node: SyntaxTreeNode) -> tuple[Run, ...]:
    found: list[Run] = []
    for child in node.children:
        if child.type == "inline":
            _collect(child, Run(""), found)
    return tuple(found)


def _collect(node: SyntaxTreeNode, look: Run, found: list[Run]) -> None:
    for child in node.children:
        match child.type:
            case "text":
                found.extend(_with_notes(child.content, look))
            case "softbreak":
                found.append(Run(" ", look.bold, look.italic))
            case "hardbreak":
                found.append(Run("\n", look.bold, look.italic))
            case "strong":
                _collect(child, Run("", True, look.italic, look.code, look.link), found)
            case "em":
                _collect(child, Run("", look.bold, True, look.code, look.link), found)
            case "code_inline":
                found.append(Run(child.content, look.bold, look.italic, True, look.link))
            case "link":
                address = str(child.attrs.get("href", ""))
                safe = address if _SAFE_LINK.match(address) else ""
                _collect(child, Run("", look.bold, look.italic, look.code, safe), found)
            case "image":
                pass
            case _:
                found.append(Run(child.content, look.bold, look.italic))


def _with_notes(text: str, look: Run) -> Iterator[Run]:
    start = 0
    for match in _CITED.finditer(text):
        before = text[start : match.start()]
        yield Run(before, look.bold, look.italic, look.code, look.link, tuple(_KEY.findall(match.group())))
        start = match.end()
    if text[start:]:
        yield Run(text[start:], look.bold, look.italic, look.code, look.link)


def _words(node: SyntaxTreeNode) -> str:
    return "".join(child.content for child in node.children) or str(node.attrs.get("alt", ""))
