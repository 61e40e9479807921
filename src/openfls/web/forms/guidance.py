"""A proposed change of guidance as typed: packs, settings, whether advice is shown, the day, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from openfls.investigation import PACKS, pack
from openfls.investigation.guideline import Setting
from openfls.investigation.settings import SettingField, setting_fields
from openfls.record.errors import BadInput
from openfls.record.written_dates import read_date
from openfls.service.guidance import (
    LABELS,
    LIMITS,
    Guidance,
    choices_for,
    limit_fields,
    own_limits,
    own_settings,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One setting on the page: its words, what stands in it, and what is wrong with it."""

    setting: SettingField
    name: str
    typed: str
    error: str

    @property
    def id(self) -> str:
        """The identifier of its input."""
        return "id_" + self.name


@dataclass(slots=True)
class GuidanceForm:
    """What is in force, and what was typed over it; ``typed`` is None where the page is only shown."""

    now: Guidance
    today: date
    typed: Mapping[str, str] | None = None
    errors: dict[str, str] = field(default_factory=dict)
    after: Guidance | None = None
    wanted_from: date | None = None

    @property
    def reason(self) -> str:
        """Why, as typed."""
        return self._given("reason", "").strip()

    def is_valid(self) -> bool:
        """Read what was typed into ``after`` and ``wanted_from``; what is wrong is in ``errors``."""
        chosen = {role: self._choice(role, choices_for(role)) for role in LABELS}
        shown = self._choice("is_on", ("yes", "no"))
        settings = {key: self._settings(setting_fields(key)) for key in PACKS}
        limits = self._settings(limit_fields())
        if not self.errors and limits["calcium_low"] >= limits["calcium_high"]:
            self.errors["limits_calcium_low"] = "Low calcium lies below high calcium"
        if not self.errors and limits["denosumab_due_months"] >= limits["denosumab_late_months"]:
            self.errors["limits_denosumab_due_months"] = "Denosumab is due before it is late"
        typed = self._given("wanted_from", "").strip()
        day = read_date(typed) if typed else self.today
        if day is None:
            self.errors["wanted_from"] = "Enter a date, for example 1 12 2026"
        elif day < self.today:
            self.errors["wanted_from"] = "The date must be today or later"
        if not self.reason:
            self.errors["reason"] = "Say why this should change"
        if self.errors:
            return False
        self.after = Guidance(
            **chosen, settings=own_settings(settings), is_on=shown == "yes", limits=own_limits(limits)
        )
        self.wanted_from = day
        return True

    def roles(self) -> list[tuple[str, str, list[tuple[str, str]], str, str]]:
        """Each thing a pack is active for: name, label, options, the chosen one, error."""
        return [
            (
                role,
                label,
                [(key, f"{pack(key).title} ({pack(key).version})") for key in choices_for(role)],
                self._given(role, getattr(self.now, role)),
                self.errors.get(role, ""),
            )
            for role, label in LABELS.items()
        ]

    def settings(self) -> list[tuple[str, list[Asked]]]:
        """The settings of every pack that has some, under its title."""
        return [
            (pack(key).title, [self._asked(one) for one in setting_fields(key)])
            for key in PACKS
            if setting_fields(key)
        ] + [(f"Drugs and alerts ({LIMITS})", [self._asked(one) for one in limit_fields()])]

    @property
    def shown(self) -> str:
        """Whether advice is to be shown, as typed."""
        return self._given("is_on", "yes" if self.now.is_on else "no")

    @property
    def wanted(self) -> str:
        """The day, as typed."""
        return self._given("wanted_from", "")

    def _given(self, name: str, kept: str) -> str:
        return kept if self.typed is None else self.typed.get(name, "")

    def _choice(self, name: str, options: tuple[str, ...]) -> str:
        given = self._given(name, "")
        if given not in options:
            self.errors[name] = "Choose one"
        return given

    def _settings(self, fields: tuple[SettingField, ...]) -> dict[str, Setting]:
        read: dict[str, Setting] = {}
        for one in fields:
            name = name_of(one)
            try:
                read[one.name] = one.read(self._given(name, ""))
            except BadInput as error:
                self.errors[name] = error.reason
        return read

    def _asked(self, one: SettingField) -> Asked:
        name = name_of(one)
        kept = self.now.value(one.pack, one.name)
        typed = self._given(name, kept if isinstance(kept, str) else f"{kept:g}")
        return Asked(one, name, typed, self.errors.get(name, ""))


def name_of(one: SettingField) -> str:
    """The name of a setting's input."""
    return f"{one.pack.partition('@')[0].lower()}_{one.name}"
