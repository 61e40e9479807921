"""Letters as JSON for the record, and back. Equal letters give equal text."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import Any

from openfls.information.letter import (
    ActionBox,
    Addition,
    Block,
    Heading,
    ItemList,
    KeyValueTable,
    Letter,
    LetterKind,
    Paragraph,
    Sender,
    TextSize,
)
from openfls.record.errors import BadInput

FORMAT = 1
"""The number of this layout. A later layout gets the next number and this one stays readable."""

_NAMES: dict[type[Block], str] = {
    Heading: "heading",
    Paragraph: "paragraph",
    ItemList: "list",
    KeyValueTable: "table",
    ActionBox: "box",
    Addition: "addition",
}


def letter_to_dict(letter: Letter) -> dict[str, Any]:
    """``letter`` as plain values that JSON knows."""
    data = asdict(letter)
    data["on"] = letter.on.isoformat()
    data["blocks"] = [block_to_dict(block) for block in letter.blocks]
    return {"format": FORMAT, **data}


def block_to_dict(block: Block) -> dict[str, Any]:
    """``block`` as plain values; ``block`` among them says which it is."""
    return {"block": _NAMES[type(block)], **asdict(block)}


def letter_to_json(letter: Letter) -> str:
    """``letter`` as one line of JSON; equal letters give equal text."""
    return json.dumps(letter_to_dict(letter), ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def letter_from_json(text: str) -> Letter:
    """The letter that `letter_to_json` wrote. Raises `BadInput` for anything else."""
    try:
        data = json.loads(text)
        if data.pop("format") != FORMAT:
            raise BadInput("unknown letter format", where="letter")
        return _letter(data)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadInput(f"not a kept letter ({error})", where="letter") from error


def _letter(data: dict[str, Any]) -> Letter:
    sender = data.pop("sender")
    return Letter(
        kind=LetterKind(data.pop("kind")),
        recipient=tuple(data.pop("recipient")),
        sender=Sender(sender["name"], tuple(sender["letterhead"]), tuple(sender["lines"])),
        on=date.fromisoformat(data.pop("on")),
        blocks=tuple(_block(block) for block in data.pop("blocks")),
        about=tuple((label, value) for label, value in data.pop("about")),
        signature=tuple(data.pop("signature")),
        copies=tuple(data.pop("copies")),
        # Letters of the first months have none.
        enclosures=tuple(data.pop("enclosures", ())),
        text_size=TextSize(data.pop("text_size")),
        **data,
    )


def _block(data: dict[str, Any]) -> Block:
    name = data["block"]
    if name == "heading":
        return Heading(data["text"], data.get("picture", ""))
    if name == "paragraph":
        return Paragraph(data["text"])
    if name == "list":
        return ItemList(tuple(data["items"]), bool(data["numbered"]))
    if name == "table":
        left, right = data["header"]
        return KeyValueTable((left, right), tuple((label, value) for label, value in data["rows"]))
    if name == "box":
        return ActionBox(data["title"], tuple(data["items"]))
    if name == "addition":
        return Addition(data["title"], tuple(data["texts"]))
    raise ValueError(f"unknown block {name!r}")
