"""The lists in use: ours, and a trust's own laid over them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from openfls.identification.codes import icd10
from openfls.identification.codes.entries import CodeClass, CodeEntry, Pack
from openfls.identification.codes.packs import entry_of, pack_of, read_pack, read_trust_list
from openfls.identification.codes.systems import CodeSystem, system_named
from openfls.record.feeds import Energy
from openfls.record.sites import Side, Site

_PACKS = ("icd10_uk", "icd10_cm", "snomed_ct", "opcs4")
KEPT_ANSWERS = 20_000
"""A feed asks for the same codes over and over; so many answers are kept at hand."""
_CAUSES = ("external_cause", "snomed_cause")


@dataclass(frozen=True)
class _Cause:
    first: str
    last: str
    energy: Energy
    title: str


@dataclass(frozen=True)
class CodeLists:
    """Every list in use. Build it with `our_lists` and `with_entries`."""

    entries: Mapping[tuple[str, str], CodeEntry]
    causes: Mapping[str, tuple[_Cause, ...]] = field(default_factory=dict)
    site_characters: Mapping[str, Site] = field(default_factory=dict)
    _answers: dict[tuple[str, str], CodeEntry | None] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def with_entries(self, entries: Iterable[CodeEntry]) -> CodeLists:
        """These lists with ``entries`` over them: an own row wins over ours of the same code."""
        added = {(entry.system, _key(entry.system, entry.code)): entry for entry in entries}
        return replace(self, entries={**self.entries, **added})

    def lookup(self, system: str, code: str) -> CodeEntry | None:
        """What ``code`` of ``system`` (by any of its names) means here; None: not in the lists.

        Codes are matched whole: an entry answers for its own subdivisions in ICD-10 and OPCS-4, never for a
        part of a longer code.
        """
        if (system, code) not in self._answers:
            if len(self._answers) > KEPT_ANSWERS:
                self._answers.clear()
            self._answers[system, code] = self._lookup(system, code)
        return self._answers[system, code]

    def _lookup(self, system: str, code: str) -> CodeEntry | None:
        named = system_named(system)
        if named is CodeSystem.SNOMED:
            return self.entries.get((named, code.strip()))
        if named is CodeSystem.OPCS4:
            return self._narrowest(named, icd10.normal(code))
        if named is None or not (normal := icd10.normal(code)):
            return None
        if named is CodeSystem.ICD10_CM or icd10.encounter(normal):
            return self._clinical_modification(normal)
        return self._with_site_character(self._narrowest(CodeSystem.ICD10, normal), normal)

    def energy(self, system: str, code: str) -> Energy | None:
        """How hard the blow was, by an external-cause code; None: no such code."""
        named = system_named(system)
        if named is None or named is CodeSystem.OPCS4:
            return None
        clinical = named is CodeSystem.ICD10_CM
        category = code.strip() if named is CodeSystem.SNOMED else icd10.normal(code)[:3]
        for cause in self.causes.get(CodeSystem.ICD10 if clinical else named, ()):
            if cause.first == category or cause.first <= category <= cause.last:
                return cause.energy
        return None

    def _narrowest(self, system: str, normal: str) -> CodeEntry | None:
        candidates = (self.entries.get((system, code)) for code in icd10.wider(normal) if normal)
        return next((entry for entry in candidates if entry is not None), None)

    def _clinical_modification(self, normal: str) -> CodeEntry | None:
        entry = self._narrowest(CodeSystem.ICD10_CM, normal) or self._narrowest(CodeSystem.ICD10, normal)
        if entry is None or entry.site is None:
            return entry
        when = icd10.encounter(normal)
        if when == icd10.SEQUELA:
            note = "late effect of an old fracture"
            return replace(entry, code_class=CodeClass.EXCLUDE, note=note)
        if when in icd10.FOLLOW_UP and entry.code_class is CodeClass.INCLUDE:
            entry = replace(entry, code_class=CodeClass.REVIEW, note="code of a follow-up visit")
        side = icd10.side_of(normal)
        return replace(entry, side=side) if side is not Side.NONE else entry

    def _with_site_character(self, entry: CodeEntry | None, normal: str) -> CodeEntry | None:
        # Only a code one character longer than its own entry carries the site there: M80.05, M84.35.
        if (
            entry is None
            or entry.site is not Site.UNSPECIFIED
            or not normal.startswith(("M80", "M84.3", "M84.4"))
        ):
            return entry
        site = self.site_characters.get(normal.partition(".")[2][1:2], Site.UNSPECIFIED)
        if site is Site.HAND:
            note = "hand or carpal bone: outside a fracture liaison service"
            return replace(entry, site=site, code_class=CodeClass.EXCLUDE, note=note)
        return replace(entry, site=site)


def _key(system: str, code: str) -> str:
    return code.strip() if system == CodeSystem.SNOMED else icd10.normal(code)


@lru_cache(maxsize=1)
def our_lists() -> CodeLists:
    """The lists that openfls brings."""
    entries: dict[tuple[str, str], CodeEntry] = {}
    for name in _PACKS:
        header, rows = read_pack(name)
        pack, system = pack_of(header), header["system"]
        for _, row in rows:
            entry = entry_of(row, pack, system)
            entries[system, _key(system, entry.code)] = entry
    causes: dict[str, tuple[_Cause, ...]] = {}
    for name in _CAUSES:
        header, rows = read_pack(name)
        causes[header["system"]] = tuple(
            _Cause(row["code"], row["until"] or row["code"], Energy(row["energy"]), row["title"])
            for _, row in rows
        )
    characters = {row["character"]: Site(row["site"]) for _, row in read_pack("icd10_site_character")[1]}
    return CodeLists(entries, causes, characters)


def our_packs() -> list[tuple[Pack, str, int]]:
    """The lists that openfls brings: each with its code system and the number of its rows."""
    found = []
    for name in (*_PACKS, "icd10_site_character", *_CAUSES):
        header, rows = read_pack(name)
        found.append((pack_of(header), header["system"], sum(1 for _ in rows)))
    return found


def load_list(path: Path, over: CodeLists | None = None) -> CodeLists:
    """A trust's own CSV list laid over ``over`` (by default ours). Raises BadInput naming row and reason."""
    return (over or our_lists()).with_entries(read_trust_list(path))


def lookup(system: str, code: str) -> CodeEntry | None:
    """`CodeLists.lookup` on our own lists."""
    return our_lists().lookup(system, code)


def energy(system: str, code: str) -> Energy | None:
    """`CodeLists.energy` on our own lists."""
    return our_lists().energy(system, code)
