"""Easy read: the same words set one sentence a line, so that each thought stands by itself.

Headings and tables stay as they are; what somebody added by hand is theirs and is not cut up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from openfls.information.letter import ActionBox, Block, ItemList, Paragraph

# Not after an initial or a title ("P. Sandpiper", "Dr. Lark", "St. Bride"), where no sentence ends.
_BETWEEN = re.compile(r"(?<=[.!?])(?<!\b[A-Z]\.)(?<!\b[DMS][rt]\.)(?<!\bMrs\.)\s+(?=[A-Z])")


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of ``text`` in their order; together they are all of it but the blanks between them."""
    return tuple(_BETWEEN.split(text))


def one_sentence_a_line(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """``blocks`` with a block for each sentence of a paragraph, and an item for each sentence of a list."""
    out: list[Block] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            out.extend(Paragraph(sentence) for sentence in sentences(block.text))
        elif isinstance(block, ItemList):
            # A numbered step keeps its sentences: its number counts steps.
            items = block.items if block.numbered else _each(block.items)
            out.append(ItemList(items, block.numbered))
        elif isinstance(block, ActionBox):
            out.append(ActionBox(block.title, _each(block.items)))
        else:
            out.append(block)
    return tuple(out)


def _each(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(sentence for item in items for sentence in sentences(item))
