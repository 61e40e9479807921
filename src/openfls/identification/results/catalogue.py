"""What a result may be called: by LOINC or SNOMED CT, by the sender's own code, or by its whole name."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as part
from functools import lru_cache
from importlib import resources

from openfls.record.errors import BadInput
from openfls.record.questions import by_field

_SYSTEMS = {
    **dict.fromkeys(("ln", "loinc", "lnc", "http://loinc.org", "2.16.840.1.113883.6.1"), "loinc"),
    **dict.fromkeys(
        ("sct", "snomed", "snomedct", "snomed ct", "snm", "snm3", "http://snomed.info/sct"), "snomed"
    ),
}
_LEVEL = re.compile(
    r"(?:vfa|genant|vertebra(?:l fracture)? grade)[\s:,-]*((?:T(?:[4-9]|1[0-2]))|L[1-4])", re.I
)
_NUMBER = re.compile(r"[<>]?=?\s*[-+−]?\d{1,7}(?:[.,]\d{1,20})?")
_BLANK = re.compile(r"\s+")
_MICRO = re.compile(r"\bu(?=mol|kat|g)")


@dataclass(frozen=True, slots=True)
class Quantity:
    """How one field is told: factors by unit, the limits of a test that may stand for a value, or plain words.

    ``spelt`` is each unit as a reader writes it.
    """

    field: str
    factors: Mapping[str, float]
    limits: str = ""
    words: bool = False
    grades: Mapping[str, str] | None = None
    spelt: Mapping[str, str] = part(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Coded:
    field: str
    must_say: str


@dataclass(frozen=True)
class Catalogue:
    """Every code and name that is known, and the quantity behind each."""

    quantities: Mapping[str, Quantity]
    _codes: Mapping[tuple[str, str], tuple[_Coded, ...]]
    _names: Mapping[str, str]

    def knows(self, codings: Iterable[tuple[str, str, str]], own: Mapping[str, str]) -> bool:
        """Whether any of the ``(system, code, name)`` is a result that we read."""
        return self.field_of(codings, own) is not None

    def field_of(self, codings: Iterable[tuple[str, str, str]], own: Mapping[str, str]) -> str | None:
        """The field that the codes mean; ``own`` is the site's mapping and goes first.

        None where it is no result of ours; empty where the code leaves open which site was measured.
        """
        listed = list(codings)
        said = " ".join(name for _, _, name in listed).lower()
        for _, code, name in listed:
            if found := own.get(code) or own.get(name):
                return found
        open_site = False
        for system, code, name in listed:
            entries = self._codes.get((_SYSTEMS.get(system.strip().lower(), ""), code), ())
            for entry in entries:
                if entry.must_say in said:
                    return entry.field
            open_site |= bool(entries)
            level = _LEVEL.fullmatch(bare(name) or bare(code))
            if level:
                return f"vfa.{level[1].upper()}"
        for _, code, name in listed:
            if found := self._names.get(bare(name)) or self._names.get(bare(code)):
                return found
        return "" if open_site else None

    def quantity(self, field: str) -> Quantity:
        """How a field is told."""
        return self.quantities["vfa" if field.startswith("vfa.") else field]


def local_code(codings: Iterable[tuple[str, str, str]]) -> tuple[str, str] | None:
    """Code and name of a test that its sender calls by a code of its own; None beside a code of LOINC or SNOMED CT."""
    listed = list(codings)
    if any(_SYSTEMS.get(system.strip().lower()) and code for system, code, _ in listed):
        return None
    return next(((code.strip(), name.strip()) for _, code, name in listed if code.strip()), None)


def is_number(value: str) -> bool:
    """Whether a value is a number, with or without the sign of a limit."""
    return _NUMBER.fullmatch(value.strip()) is not None


def _spelt(unit: str) -> str:
    """A unit as a reader writes it: without the brackets of UCUM, with the sign of micro."""
    return _MICRO.sub("µ", re.sub(r"[\[\]{}]", "", unit))


def bare(name: str) -> str:
    """A name without case and needless spaces."""
    return _BLANK.sub(" ", name).strip().lower()


def unit_key(unit: str) -> str:
    """A unit without case, spaces and the many ways of writing micro."""
    return _BLANK.sub("", unit.replace("µ", "u").replace("μ", "u")).lower()


@lru_cache(maxsize=1)
def our_catalogue() -> Catalogue:
    """Our own list."""
    data = resources.files("openfls.identification.results").joinpath("data")
    told = tomllib.loads(data.joinpath("fields.toml").read_text("utf-8"))
    names: dict[str, str] = {}
    quantities: dict[str, Quantity] = {}
    for field, one in told.items():
        quantities[field] = Quantity(
            field=field,
            factors={unit_key(unit): float(factor) for unit, factor in one.get("units", {}).items()},
            spelt={unit_key(unit): _spelt(unit) for unit in one.get("units", {})},
            limits=one.get("limits", ""),
            words=one.get("words", False),
            grades=one.get("grades"),
        )
        names |= {bare(name): field for name in one.get("names", ())}
    return Catalogue(quantities, _codes(data.joinpath("codes.csv").read_text("utf-8")), names)


def _codes(text: str) -> dict[tuple[str, str], tuple[_Coded, ...]]:
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    found: dict[tuple[str, str], tuple[_Coded, ...]] = {}
    for row in csv.DictReader(lines):
        key = (row["system"], row["code"])
        found[key] = (*found.get(key, ()), _Coded(row["field"], row["words_must_say"]))
    return found


def check_own(own: object, where: str) -> dict[str, str]:
    """A site's mapping from its code or name to a field, checked.

    Raises:
        BadInput: it is no mapping from text to text, or names a field that no result fills.
    """
    if not isinstance(own, dict) or not all(isinstance(each, str) for each in own.values()):
        raise BadInput("results must name one field for each code", where=where)
    known = {*our_catalogue().quantities, *(field for field in by_field() if field.startswith("vfa."))}
    for code, field in own.items():
        if field not in known:
            raise BadInput(f"{field} is no field that a result fills", where=where, field=str(code))
    return own
