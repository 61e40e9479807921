"""The bone density scans of a person, and what changed between the last two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from openfls.investigation.dxa import Change, Genant, SiteScore, change_in_bmd, lowest_valid_site, site_scores
from openfls.record.picture import BoneDensity
from openfls.record.questions import Value, by_field
from openfls.service import rows
from openfls.service.claims import Known
from openfls.service.known import SCANNED_ON, of_a_scan, typed_scans
from openfls.service.models import Episode, ToldValue

SITES = ("lumbar_spine", "total_hip", "femoral_neck", "forearm")
COMPARED = SITES[:3]
LEVELS = tuple(field for field in by_field() if field.startswith("vfa."))


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan as its values by field name, for example ``dxa.total_hip_bmd`` in g/cm²."""

    on: date
    values: Mapping[str, Value]

    def number(self, field: str) -> float | None:
        """A figure of the scan."""
        value = self.values.get(field)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    @property
    def machine(self) -> str:
        """The machine, empty where it is not told."""
        return str(self.values.get("dxa.machine") or "").strip()

    @property
    def density(self) -> BoneDensity:
        """The scan as the rules read it."""
        vertebrae = self.number("bone_density.lumbar_spine_vertebrae")
        return BoneDensity(
            on=self.on,
            lumbar_spine_t=self.number("bone_density.lumbar_spine_t"),
            lumbar_spine_vertebrae=None if vertebrae is None else int(vertebrae),
            total_hip_t=self.number("bone_density.total_hip_t"),
            femoral_neck_t=self.number("bone_density.femoral_neck_t"),
            forearm_t=self.number("bone_density.forearm_t"),
            lowest_z=min(
                (z for site in SITES if (z := self.number(f"dxa.{site}_z")) is not None), default=None
            ),
        )

    @property
    def scores(self) -> tuple[SiteScore, ...]:
        """Every T-score and whether it counts."""
        return site_scores(self.density)

    @property
    def lowest(self) -> SiteScore | None:
        """The lowest T-score that certainly counts."""
        return lowest_valid_site(self.density)

    @property
    def broken(self) -> dict[str, str]:
        """The vertebrae with a fracture, by level, with Genant's grade."""
        return {
            field.removeprefix("vfa."): str(self.values[field])
            for field in LEVELS
            if self.values.get(field) not in (None, Genant.NONE)
        }

    @property
    def vfa_positive(self) -> bool | None:
        """Whether a vertebra is fractured; no only where every one was graded."""
        if self.broken:
            return True
        return False if all(self.values.get(field) == Genant.NONE for field in LEVELS) else None


def scans_of(episode: Episode, known: Mapping[str, Known], on: date) -> list[Scan]:
    """The scans up to a day, the oldest first, each of one day; of the newest what counts, of earlier ones what stands.

    Where two records of an earlier scan's day differ, that figure is not known.
    """
    by_day: dict[date, dict[str, Value]] = {}
    for row in rows.told_of(episode):
        if row.state == ToldValue.State.STANDING and row.taken_on <= on and of_a_scan(row.field):
            there = by_day.setdefault(row.taken_on, {})
            there[row.field] = row.value if there.get(row.field, row.value) == row.value else None
    for answers in (rows.answers_elsewhere(episode), rows.answers_of(episode)):
        for day, claims in typed_scans(answers).items():
            if day is not None and day <= on:
                by_day.setdefault(day, {}).update({field: claim.value for field, claim in claims.items()})
    day = known[SCANNED_ON].value if SCANNED_ON in known else None
    if day:
        newest = {field: one.value for field, one in known.items() if of_a_scan(field)}
        by_day[date.fromisoformat(str(day))] = newest
    return [Scan(each, by_day[each]) for each in sorted(by_day) if _says_something(by_day[each])]


def typed_days(episode: Episode) -> frozenset[date]:
    """The days of the scans that somebody typed into this episode."""
    return frozenset(day for day in typed_scans(rows.answers_of(episode)) if day is not None)


def _says_something(values: Mapping[str, Value]) -> bool:
    return any(value is not None for value in values.values())


def changes(scans: Sequence[Scan]) -> list[Change]:
    """Bone density of the newest scan against the one before, site by site, where both have it."""
    if len(scans) < 2:
        return []
    before, after = scans[-2], scans[-1]
    found = []
    for site in COMPARED:
        first, second = before.number(f"dxa.{site}_bmd"), after.number(f"dxa.{site}_bmd")
        if first and second:
            found.append(
                change_in_bmd(
                    site.replace("_", " "),
                    first,
                    second,
                    machine_before=before.machine,
                    machine_after=after.machine,
                )
            )
    return found


def falling(found: Sequence[Change]) -> bool | None:
    """Whether bone density fell by more than the least significant change; None where nothing could be compared."""
    judged = [change for change in found if change.significant is not None]
    if not judged:
        return None
    return any(change.significant and change.percent < 0 for change in judged)
