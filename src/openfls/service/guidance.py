"""What advises a service on a day: its packs, its own settings, and whether it is advised at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from typing import Any

from openfls.intervention.packs import limits, version
from openfls.investigation import PACKS, Pack, build
from openfls.investigation.guideline import Setting
from openfls.investigation.packs import pack as with_defaults
from openfls.investigation.settings import SettingField, setting_fields
from openfls.service.models import GuidelineChange, Service
from openfls.service.remembering import remembered

Settings = Mapping[str, Mapping[str, Setting]]

ROLES: Mapping[str, tuple[str, ...]] = {
    "guideline": ("NG259", "NOGG"),
    "falls": ("NG249", "WFG"),
    "bloods": ("BLOODS",),
}
"""What a pack can be active for, and the packs that can be."""

LABELS = {"guideline": "Fracture risk and treatment", "falls": "Falls", "bloods": "Blood tests"}


LIMITS = version("limits")
"""The key of the numbers of drugs and alerts."""


@cache
def limit_fields() -> tuple[SettingField, ...]:
    """The limits of drugs and alerts as settings, in the order of the data file."""
    return tuple(
        SettingField(LIMITS, one.name, one.value, one.words, one.unit, one.low, one.high)
        for one in limits().values()
    )


def own_limits(values: Mapping[str, Setting]) -> dict[str, float]:
    """Those of ``values`` that differ from the pack's own."""
    return {name: float(value) for name, value in values.items() if float(value) != limits()[name].value}


def choices_for(role: str) -> tuple[str, ...]:
    """The keys of the packs that can be active for ``role``."""
    return tuple(key for key in PACKS if key.partition("@")[0] in ROLES[role])


@dataclass(frozen=True, slots=True)
class Guidance:
    """The active packs by key, the settings that differ from a pack's own, and whether advice is shown.

    ``limits`` are the numbers of drugs and alerts that differ from their pack's.
    """

    guideline: str
    falls: str
    bloods: str
    settings: Settings = field(default_factory=dict)
    is_on: bool = True
    limits: Mapping[str, float] = field(default_factory=dict)

    @property
    def active(self) -> tuple[str, ...]:
        """The keys of the active packs, in the order in which a page shows them."""
        return (self.guideline, self.falls, self.bloods)

    def pack(self, key: str) -> Pack:
        """A pack, active or not, with the settings of the service."""
        return _built(key, tuple(sorted(self.settings.get(key, {}).items())))

    def packs(self) -> tuple[Pack, ...]:
        """What advises: the active packs, none where decision support is off."""
        return tuple(self.pack(key) for key in self.active) if self.is_on else ()

    def value(self, key: str, name: str) -> Setting:
        """One setting or limit as it is in force."""
        if key == LIMITS:
            return self.limits.get(name, limits()[name].value)
        return self.pack(key).settings[name]

    def as_json(self) -> dict[str, Any]:
        """For a column."""
        return {
            "guideline": self.guideline,
            "falls": self.falls,
            "bloods": self.bloods,
            "settings": {key: dict(values) for key, values in sorted(self.settings.items()) if values},
            "is_on": self.is_on,
            "limits": dict(sorted(self.limits.items())),
        }


def from_json(row: Mapping[str, Any]) -> Guidance:
    """What `Guidance.as_json` wrote."""
    return Guidance(
        row["guideline"],
        row["falls"],
        row["bloods"],
        row["settings"],
        row["is_on"],
        _still(row.get("limits", {})),
    )


def _still(own: Mapping[str, float]) -> dict[str, float]:
    """Without a limit that there was once and that no rule compares with any more."""
    return {name: value for name, value in own.items() if name in limits()}


@lru_cache(maxsize=64)
def _built(key: str, settings: tuple[tuple[str, Setting], ...]) -> Pack:
    return build(key, dict(settings)) if settings else with_defaults(key)


def own_settings(values: Settings) -> dict[str, dict[str, Setting]]:
    """Those of ``values`` that differ from a pack's own."""
    differing = {
        key: {
            one.name: given[one.name]
            for one in setting_fields(key)
            if given.get(one.name, one.default) != one.default
        }
        for key, given in values.items()
    }
    return {key: given for key, given in differing.items() if given}


def first_of(service: Service) -> Guidance:
    """What a service begins with."""
    return Guidance(service.guideline, choices_for("falls")[0], choices_for("bloods")[0])


def change_in_force(service: Service, on: date) -> GuidelineChange | None:
    """The approved change that holds on a day: the newest that has taken effect."""
    return (
        GuidelineChange.objects.filter(
            service=service, state=GuidelineChange.State.APPROVED, effective_on__lte=on
        )
        .order_by("-effective_on", "-number")
        .select_related("proposed_by", "decided_by")
        .first()
    )


def guidance_of(service: Service, on: date) -> Guidance:
    """What advises ``service`` on a day."""
    return remembered(("guidance", service.pk, on), lambda: _guidance_of(service, on))


def _guidance_of(service: Service, on: date) -> Guidance:
    change = change_in_force(service, on)
    return from_json(change.after) if change else first_of(service)


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of a change: what it is about, and the words before and after."""

    about: str
    before: str
    after: str


def differences(before: Guidance, after: Guidance) -> Iterator[Difference]:
    """What a change changes, line by line."""
    for role, label in LABELS.items():
        was, will = getattr(before, role), getattr(after, role)
        if was != will:
            yield Difference(label, before.pack(was).title, after.pack(will).title)
    for key in PACKS:
        title = with_defaults(key).title
        for one in setting_fields(key):
            was, will = before.value(key, one.name), after.value(key, one.name)
            if was != will:
                yield Difference(f"{title}: {one.label}", one.words(was), one.words(will))
    for one in limit_fields():
        was, will = before.value(LIMITS, one.name), after.value(LIMITS, one.name)
        if was != will:
            yield Difference(f"Drugs and alerts: {one.label}", one.words(was), one.words(will))
    if before.is_on != after.is_on:
        words = {True: "shown", False: "not shown"}
        yield Difference("Advice on the pages", words[before.is_on], words[after.is_on])
