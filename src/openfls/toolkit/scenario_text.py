"""A scenario written as TOML again: the same values give the same text, and reading it gives the same values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from openfls.toolkit.scenario import Scenario


def text_of(scenario: Scenario) -> str:
    """The scenario as TOML, every number to its last digit. Whatever is None is left out."""
    data = scenario.model_dump(mode="json", exclude_none=True)
    return "\n".join(_table(data, ())).strip() + "\n"


def _table(data: Mapping[str, Any], path: tuple[str, ...]) -> list[str]:
    lines, inner = [], []
    for key, value in data.items():
        if isinstance(value, dict) and not _is_figure(value):
            inner.append((key, value))
        else:
            lines.append(f"{_key(key)} = {_value(value)}")
    if path and (lines or not inner):
        lines.insert(0, f"\n[{'.'.join(map(_key, path))}]")
    for key, value in inner:
        lines.extend(_table(value, (*path, key)))
    return lines


def _is_figure(value: Mapping[str, Any]) -> bool:
    return "value" in value


def _key(key: str) -> str:
    plain = key.replace("_", "").replace("-", "")
    return key if plain.isascii() and plain.isalnum() else _value(key)


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            # A basic string of TOML escapes as JSON does, but for the delete character.
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case dict():
            return "{ " + ", ".join(f"{_key(key)} = {_value(each)}" for key, each in value.items()) + " }"
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case _:
            return repr(value)
