"""The small language of the wording: sentences with named fields, and what happens when a value is missing.

``{field}``
    The value. Several values read "a, b and c". A missing value takes the whole sentence with it.
``{field|not known yet}``
    The value, or these words where it is missing: for what must not be passed over in silence.
``{field*}``
    The sentence again for each of several values: for lists.
``{?field}`` ``{!field}``
    Print nothing; the sentence stands only if the value is there, or only if it is missing.

Values are put in as they are and never read as wording, whatever braces a name may hold.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from openfls.information.phrases import joined
from openfls.information.words import ENGLISH
from openfls.record.errors import BadInput

Value = str | tuple[str, ...]

_FIELD = re.compile(r"\{(?P<test>[?!]?)(?P<name>[a-z0-9_]+)(?P<each>\*?)(?:\|(?P<otherwise>[^{}]*))?\}")


def check_template(text: str, known: Collection[str], *, where: str) -> None:
    """Raise `BadInput` naming an unknown field, a stray brace, or two repeated fields in one sentence."""
    repeated = set()
    for found in _FIELD.finditer(text):
        if found["name"] not in known:
            raise BadInput(f"unknown field {{{found['name']}}}", where=where, field=text)
        if found["each"]:
            repeated.add(found["name"])
    if len(repeated) > 1:
        raise BadInput(f"only one field may repeat, not {joined(sorted(repeated))}", where=where, field=text)
    rest = _FIELD.sub("", text)
    if "{" in rest or "}" in rest:
        raise BadInput("a brace that belongs to no field", where=where, field=text)


def expand(text: str, values: Mapping[str, Value]) -> tuple[str, ...]:
    """The sentences that ``text`` becomes: none, one, or one for each value of a repeated field."""
    for found in _FIELD.finditer(text):
        present = bool(values[found["name"]])
        if (found["test"] == "?" and not present) or (found["test"] == "!" and present):
            return ()
    repeated = next((found["name"] for found in _FIELD.finditer(text) if found["each"]), None)
    if repeated is None:
        return _filled(text, values)
    value = values[repeated]
    each = (value,) if isinstance(value, str) and value else tuple(value)
    if not each:
        return _filled(text, values)
    return tuple(line for one in each for line in _filled(text, {**values, repeated: one}))


def first_standing(texts: Sequence[str], values: Mapping[str, Value]) -> str:
    """The first of ``texts`` that none of its missing values takes away; empty if none stands."""
    return next((line for text in texts for line in expand(text, values)), "")


def _filled(text: str, values: Mapping[str, Value]) -> tuple[str, ...]:
    """One sentence, or none where a value is missing and no other words are given."""
    parts: list[str] = []
    language = str(values.get("language") or ENGLISH)
    position = 0
    for found in _FIELD.finditer(text):
        parts.append(text[position : found.start()])
        position = found.end()
        if found["test"]:
            continue
        value = values[found["name"]]
        shown = value if isinstance(value, str) else joined(value, language)
        if not shown:
            if found["otherwise"] is None:
                return ()
            shown = found["otherwise"]
        parts.append(shown)
    parts.append(text[position:])
    return ("".join(parts),)
