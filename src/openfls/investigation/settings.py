"""The settings of a pack in words, and what a service types for one, read and held to what it can be."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from openfls.investigation.guideline import Pack, Setting
from openfls.investigation.packs import pack
from openfls.record.errors import BadInput


@dataclass(frozen=True, slots=True)
class SettingField:
    """One number or choice of a pack: its words, unit, and limits (both included) or options."""

    pack: str
    name: str
    default: Setting
    label: str
    unit: str = ""
    low: float = -math.inf
    high: float = math.inf
    whole: bool = False
    options: tuple[tuple[str, str], ...] = ()

    def words(self, value: Setting) -> str:
        """A value as a reader sees it, for example ``-2.5 SD``."""
        if isinstance(value, str):
            return dict(self.options).get(value, value)
        return f"{value:g} {self.unit}".strip()

    def read(self, typed: str) -> Setting:
        """What was typed, as a value; an empty field is the pack's own.

        Raises:
            BadInput: it is none of the options, no number, or outside the limits.
        """
        typed = typed.strip().replace("−", "-").replace(",", ".")
        if not typed:
            return self.default
        if self.options:
            if typed not in dict(self.options):
                raise BadInput("choose one of the options", where=self.pack, field=self.name)
            return typed
        try:
            value = float(typed)
        except ValueError as error:
            raise BadInput("Enter a number, without the unit", where=self.pack, field=self.name) from error
        if not self.low <= value <= self.high:  # also what is not a number at all
            raise BadInput(
                f"Enter a number between {self.low:g} and {self.high:g}", where=self.pack, field=self.name
            )
        if self.whole and not value.is_integer():
            raise BadInput("Enter a whole number", where=self.pack, field=self.name)
        return value


@cache
def _table() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    text = (files("openfls.investigation") / "data" / "settings.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _field(of: Pack, name: str) -> SettingField:
    row = _table()[of.id][name]
    low, high = row.get("limits", (-math.inf, math.inf))
    return SettingField(
        pack=of.key,
        name=name,
        default=of.settings[name],
        label=row["label"],
        unit=row.get("unit", ""),
        low=float(low),
        high=float(high),
        whole=row.get("whole", False),
        options=tuple((key, words) for key, words in row.get("options", ())),
    )


@cache
def setting_fields(key: str) -> tuple[SettingField, ...]:
    """The settings of the pack ``key``, in the order of the data file; KeyError where one is not described."""
    of = pack(key)
    described = [name for name in _table().get(of.id, {}) if name in of.settings]
    if lacking := set(of.settings) - set(described):
        raise KeyError(f"{key}: describe {', '.join(sorted(lacking))} in data/settings.toml")
    return tuple(_field(of, name) for name in described)
